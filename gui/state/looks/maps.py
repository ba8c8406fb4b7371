"""Maps over the large picture, each with its own bar: how sure it is, and what is left over."""

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from gui.state.looks.look import Layer, Legend
from gui.state.picture import Picture
from streamer.messages import Frame, Mode, PastUse, SuperResolvedFrame
from streamer.thermal.colouring import NO_READING
from streamer.thermal.palettes import diverging, table
from streamer.thermal.validity import Mask, valid_pixels

_OF_THE_PAST = "cividis"  # not that of uncertainty: there bright is bad
_MEASURED = (Mode.GUIDED, Mode.THERMAL_ONLY)
_HALF_COUNT = (
    0.5  # what rounding to counts leaves; a bar narrower than that would show nothing else
)


def uncertainty_layer(picture: Picture) -> Layer | None:
    """How far each cell of a result may be off, one sigma; None where that was not foretold."""
    if picture.uncertainty is None or picture.scale is None:
        return None
    sigma = picture.uncertainty.sigma_counts()
    most = max(float(sigma.max()), 1e-6)
    colours = table("viridis")
    index = np.rint(sigma * ((len(colours) - 1) / most)).astype(np.intp)
    ends = ("\N{PLUS-MINUS SIGN}0", f"\N{PLUS-MINUS SIGN}{picture.scale.difference_text(most)}")
    return Layer(
        pixels=np.ascontiguousarray(colours[index]), smooth=False, legend=Legend(colours, *ends)
    )


def past_layer(past: PastUse | None) -> Layer | None:
    """How much of each place of a result was measured before it; None where that was not told."""
    if past is None or past.shares is msgspec.UNSET:
        return None
    colours = table(_OF_THE_PAST)
    index = np.rint(past.shares.shares() * (len(colours) - 1)).astype(np.intp)
    legend = Legend(colours, "0%", "100%")  # of every picture the same: they can be compared
    return Layer(pixels=np.ascontiguousarray(colours[index]), smooth=False, legend=legend)


def residual_layer(
    picture: Picture, result: SuperResolvedFrame, raw: Frame, bad: Mask | None = None
) -> Layer | None:
    """By how much a result, averaged to the sensor's pixels, differs from what they measured.

    Args:
        picture: the result as it is shown.
        result: the same.
        raw: the sensor's frame that it was made from.
        bad: pixels of the sensor that were found to be no readings.

    Returns:
        None where that cannot be compared: another frame, or a size that is no multiple.
    """
    made_from = result.thermal
    (height, width), (rows, columns) = result.pixels.shape, raw.pixels.shape
    if made_from is None or made_from.sequence != raw.sequence or result.mode not in _MEASURED:
        return None
    if picture.scale is None or height % rows or width % columns:
        return None
    blocks = result.pixels.reshape(rows, height // rows, columns, width // columns)
    left: NDArray[Any] = blocks.mean(axis=(1, 3)) - raw.pixels
    valid = valid_pixels(raw.pixels, bad)
    known = left if valid is None else left[valid]
    most = max(_HALF_COUNT, float(np.abs(known).max(initial=0.0)))
    colours = diverging()
    middle = (len(colours) - 1) / 2
    index = np.rint(np.clip(left / most, -1, 1) * middle + middle).astype(np.intp)
    pixels = np.ascontiguousarray(colours[index])
    if valid is not None:
        pixels[~valid] = NO_READING
    reach = picture.scale.difference_text(most)
    legend = Legend(colours, f"-{reach}", f"+{reach}")
    return Layer(pixels=pixels, smooth=False, legend=legend)
