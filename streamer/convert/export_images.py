"""What an export makes of a recorded picture: temperatures, colours, figures. Arrays in and out."""

from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.messages import Frame, Mode, Radiometry, SuperResolvedFrame
from streamer.palettes import colours

_ROBUST = (0.5, 99.5)  # percentiles: one hot pixel does not darken the film

Message = Frame | SuperResolvedFrame


class Span(NamedTuple):
    """What becomes the first and the last colour: degrees Celsius, or counts where unknown."""

    low: float
    high: float


class Extremes(NamedTuple):
    """Minimum, maximum and mean of a picture, and where the first two are (x, y)."""

    low: float
    high: float
    mean: float
    coldest: tuple[int, int]
    hottest: tuple[int, int]


def is_measurement(message: Message) -> bool:
    """Whether its numbers are counts of the sensor; a picture made of the visible alone is not."""
    return isinstance(message, Frame) or message.mode is not Mode.VISIBLE_ONLY


def in_unit(value: float, radiometry: Radiometry | None) -> float:
    """Counts as degrees Celsius where the camera knows them."""
    return value if radiometry is None else radiometry.celsius(value)


def extremes(message: Message) -> Extremes:
    """The figures of a thermal picture, in degrees Celsius or counts."""
    low, high, coldest, hottest = cv2.minMaxLoc(message.pixels)
    mean, radiometry = float(message.pixels.mean()), message.radiometry
    return Extremes(
        in_unit(low, radiometry),
        in_unit(high, radiometry),
        in_unit(mean, radiometry),
        (int(coldest[0]), int(coldest[1])),
        (int(hottest[0]), int(hottest[1])),
    )


def robust_span(messages: list[Message]) -> Span:
    """The span that shows nearly all of these thermal pictures."""
    ends = [
        [in_unit(float(end), one.radiometry) for end in np.percentile(one.pixels, _ROBUST)]
        for one in messages
        if is_measurement(one)
    ]
    if not ends:
        return Span(0.0, 1.0)
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    return Span(low, high if high > low else low + 1.0)


def coloured(message: Message, span: Span, palette: str) -> NDArray[np.uint8]:
    """A picture as (H, W, 3) BGR: the visible as it is, a thermal one in colours of a span.

    What is no measurement is grey from 0 to 65535.
    """
    pixels: NDArray[Any] = message.pixels
    if pixels.ndim == 3:
        return pixels
    low, high = span
    radiometry = message.radiometry
    if not is_measurement(message):
        low, high, radiometry, palette = 0.0, 65535.0, None, "white_hot"
    if radiometry is not None and radiometry.gain_k:
        low, high = (
            (celsius + 273.15 - radiometry.offset_k) / radiometry.gain_k for celsius in (low, high)
        )
    counts = np.arange(np.iinfo(pixels.dtype).max + 1, dtype=np.float32)
    level = np.clip((counts - low) / (high - low), 0, 1) * 255
    table = colours(palette)[np.rint(level).astype(np.uint8)][:, ::-1]
    return np.ascontiguousarray(table[pixels])


def enlarged(picture: NDArray[np.uint8], width: int) -> NDArray[np.uint8]:
    """At least `width` wide by repeating pixels, and of even sides, as video codecs want it."""
    times = max(1, -(-width // picture.shape[1]))
    if times > 1:
        picture = picture.repeat(times, axis=0).repeat(times, axis=1)
    return even(picture)


def even(picture: NDArray[Any]) -> NDArray[Any]:
    """With the last row and column repeated where a side is odd."""
    below, right = picture.shape[0] % 2, picture.shape[1] % 2
    if not below and not right:
        return picture
    return np.asarray(cv2.copyMakeBorder(picture, 0, below, 0, right, cv2.BORDER_REPLICATE))
