"""Samples made of two pictures, or of two resolutions of one: more scenes than there are.

`pasted` and `alpha` as in SwinPaste (PBVS 2025): a rectangle of another picture of the same folder,
opaque or shining through, at the same place in thermal and guide; `mixup` as in Zhang et al. 2018:
two whole pictures, weighted; `cutblur` as in Yoo et al. 2020: a rectangle of the low resolution is
the truth already (or all but it), so that a network learns where to sharpen and how much.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.data.augmentation_config import Composites
from models.data.dataset import Picture
from models.data.transforms import cropped, to_levels

Generator = np.random.Generator
Window = tuple[slice, slice]

GRID_PX = 16
"""Squares are cut at multiples of this: on the sensor's grid at x2, x4, x8 and x16."""

OPACITY = (0.3, 0.8)
"""Of a rectangle that shines through."""

SIDES = (0.2, 0.7)
"""Of a rectangle, as parts of the square's."""

BETA = 1.2
"""Of the Beta distribution that Mixup's weight is drawn from, the CutBlur paper's."""


def composed(
    picture: Picture, other: Picture, side: int, composites: Composites, rng: Generator
) -> Picture:
    """A square made of two pictures, or the first as it is.

    Args:
        picture: with a guide or without.
        other: of the same source; without a guide no guide is made.
        side: of the square, in pixels; where either picture is smaller nothing is made.
        composites: how often.
        rng: drawn from, twice at least: whether, and how.

    Returns:
        `picture`, or a square without a low resolution of its own, its thermal in 8-bit levels.
    """
    drawn = rng.random()
    ways = (
        (composites.pasted, _pasted),
        (composites.alpha, _shining_through),
        (composites.mixup, _mixed),
    )
    for chance, way in ways:
        if drawn < chance:
            return _made(picture, other, side, way, rng)
        drawn -= chance
    return picture


Way = Callable[[int, Generator], NDArray[np.float32]]
"""(side, rng) -> (side, side) weights of the other picture."""


def _made(picture: Picture, other: Picture, side: int, way: Way, rng: Generator) -> Picture:
    if min(*picture.thermal.shape, *other.thermal.shape) < side:
        return picture
    weight = way(side, rng)
    first, second = (_square(each, side, rng) for each in (picture, other))
    thermal = _blended(first.thermal, second.thermal, weight)
    visible = None
    if first.visible is not None and second.visible is not None:
        colours = _blended(first.visible, second.visible, weight[:, :, None])
        visible = np.rint(colours).astype(np.uint8)
    return Picture(f"{picture.name}+{other.name}", visible, thermal, None)


def _square(picture: Picture, side: int, rng: Generator) -> Picture:
    row, column = (
        int(rng.integers((length - side) // GRID_PX + 1)) * GRID_PX
        for length in picture.thermal.shape
    )
    visible = picture.visible
    return Picture(
        picture.name,
        None if visible is None else cropped(visible, row, column, (side, side)),
        to_levels(cropped(picture.thermal, row, column, (side, side)), picture.thermal),
        None,
    )


def _blended(
    first: NDArray[Any], second: NDArray[Any], weight: NDArray[np.float32]
) -> NDArray[np.float32]:
    one = first.astype(np.float32)
    return np.asarray(one + weight * (second.astype(np.float32) - one), dtype=np.float32)


def _pasted(side: int, rng: Generator) -> NDArray[np.float32]:
    weight = np.zeros((side, side), dtype=np.float32)
    weight[draw_rectangle((side, side), rng)] = 1
    return weight


def _shining_through(side: int, rng: Generator) -> NDArray[np.float32]:
    return _pasted(side, rng) * np.float32(rng.uniform(*OPACITY))


def _mixed(side: int, rng: Generator) -> NDArray[np.float32]:
    return np.full((side, side), rng.beta(BETA, BETA), dtype=np.float32)


def cut_blurred(
    base: NDArray[np.float32], truth: NDArray[np.float32], rng: Generator
) -> NDArray[np.float32]:
    """The low resolution, up-sampled, with a rectangle of the truth, or the other way round."""
    window = draw_rectangle((base.shape[0], base.shape[1]), rng)
    inside = bool(rng.integers(2))
    under, over = (base, truth) if inside else (truth, base)
    mixed = under.copy()
    mixed[window] = over[window]
    return mixed


def draw_rectangle(size_hw: tuple[int, int], rng: Generator) -> Window:
    """A rectangle somewhere in a picture, a fifth to seven tenths of it a side."""
    spans = []
    for length in size_hw:
        taken = max(1, round(length * rng.uniform(*SIDES)))
        start = int(rng.integers(length - taken + 1))
        spans.append(slice(start, start + taken))
    return spans[0], spans[1]
