"""What a training sample's pictures go through, one function a step."""

from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.dataset import Picture
from models.imaging import degradation
from models.imaging.degradation import PointSampling

Generator = np.random.Generator
Pixel = TypeVar("Pixel", np.uint8, np.float32)


def resampled(pair: Picture, side: int, zoom: float, rng: Generator) -> Picture:
    """A square from anywhere in the pair, `side` pixels once it is magnified or shrunk.

    A frame comes with one sensor grid and one focal length. Without this a network learns them by
    heart; one sample in four is only moved off the grid, which costs no interpolation.

    Args:
        pair: at least `side` pixels a side.
        side: of the square returned, in pixels.
        zoom: the largest magnification, a factor of 1 or more; the smallest is its inverse.
        rng: drawn from.

    Returns:
        A picture without a low resolution of its own, its thermal in 8-bit levels, float32.
    """
    shortest = min(pair.thermal.shape)
    factor = zoom ** rng.uniform(-1, 1) if rng.random() < 0.75 else 1.0
    taken = min(round(side / factor), shortest)
    rows, columns = pair.thermal.shape
    row, column = int(rng.integers(rows - taken + 1)), int(rng.integers(columns - taken + 1))
    way = cv2.INTER_AREA if taken > side else cv2.INTER_CUBIC

    def square(image: NDArray[Any]) -> NDArray[Any]:
        window = cropped(image, row, column, (taken, taken))
        if taken == side:
            return window
        return np.asarray(cv2.resize(window, (side, side), interpolation=way))

    visible = None if pair.visible is None else square(pair.visible)
    return Picture(pair.name, visible, square(to_levels(pair.thermal)), None)


def visible_as_thermal(pair: Picture) -> Picture:
    """The visible picture in grey as if it were thermal, without a guide: natural detail."""
    assert pair.visible is not None  # the caller has seen to it
    levels = np.asarray(cv2.cvtColor(pair.visible, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    return Picture(pair.name, None, levels, None)


def grid_window(length: int, size: int, scale: int, rng: Generator) -> tuple[int, int]:
    """(start, length) of a stretch on the sensor's grid, a sensor pixel wider than the crop.

    The margin gives most crops a real neighbourhood to interpolate from; where the stretch meets
    the picture's border the crop sees what a deployed frame's border looks like.

    Args:
        length: pixels of the picture along one side.
        size: pixels of the crop; 0 takes the whole side.
        scale: pixels of the picture to a sensor pixel.
        rng: drawn from.

    Raises:
        ValueError: if the side holds no such crop on the grid.
    """
    sensor_pixels = length // scale
    if size == 0:
        return 0, sensor_pixels * scale
    wanted = min(-(-size // scale) + 2, sensor_pixels)
    if wanted * scale < size:
        raise ValueError(f"{length} pixels hold no crop of {size} on a grid of {scale}")
    return int(rng.integers(sensor_pixels - wanted + 1)) * scale, wanted * scale


def cropped(
    image: NDArray[Pixel], row: int, column: int, size_hw: tuple[int, int]
) -> NDArray[Pixel]:
    """A view of `size_hw` pixels whose first one is at (row, column)."""
    return image[row : row + size_hw[0], column : column + size_hw[1]]


def to_levels(thermal: NDArray[Any], spanned: NDArray[Any] | None = None) -> NDArray[np.float32]:
    """Counts as 8-bit levels; 16-bit counts are stretched to them.

    Args:
        thermal: (H, W) counts.
        spanned: of any shape; whose least and largest count become 0 and 255 where there are 16
            bits: `thermal` itself, or the picture that it is the low resolution of.
    """
    image = thermal.astype(np.float32)
    if thermal.dtype == np.uint16:
        whole = thermal if spanned is None else spanned
        low, high = float(whole.min()), float(whole.max())
        image = (image - low) * np.float32(255 / max(high - low, 1.0))
    return image


def affine(
    levels: NDArray[np.float32], gain: float, centre: float, offset: float
) -> NDArray[np.float32]:
    """Levels in another gain (around `centre`) and offset, clipped to 0..255.

    A negative gain mirrors the 8-bit range first.
    """
    if gain < 0:
        levels, centre, gain = 255 - levels, 255 - centre, -gain
    moved = levels * np.float32(gain) + np.float32(centre * (1 - gain) + offset)
    return np.asarray(np.clip(moved, 0, 255), dtype=np.float32)


def degraded(
    truth: NDArray[np.float32],
    scale: int,
    sampling: PointSampling | None,
    noise: str | None,
    rng: Generator,
) -> NDArray[np.float32]:
    """(H / scale, W / scale) levels: a benchmark's point samples, else a sensor's averages.

    Args:
        truth: (H, W) levels.
        scale: pixels of a side to a sensor pixel.
        sampling: of point samples; None has averages.
        noise: of averages, see `AugmentationConfig.noise`; None has none.
        rng: drawn from.
    """
    if sampling is not None:
        low = degradation.sampled(truth, scale, sampling)
    elif noise == "microbolometer":
        low = degradation.sensor_noisy(truth, scale, rng.bit_generator)
    elif noise == "plain":
        low = degradation.plain_noise(truth, scale, rng)
    else:
        low = degradation.sensor(truth, scale)
    return low.astype(np.float32)


def turned(image: NDArray[Pixel], turn: int) -> NDArray[Pixel]:
    """One of the eight symmetries of the square: quarter turns, from 4 on mirrored before."""
    flipped = image[:, ::-1] if turn >= 4 else image
    return np.ascontiguousarray(np.rot90(flipped, turn % 4))
