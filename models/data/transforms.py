"""Training samples: an aligned crop, its low resolution, and everything that may go wrong.

What is changed on purpose, and why: the guide's light, colour and sharpness (a network trained on
one camera's colours learns nothing that holds for another); thermal and target together in gain,
offset and polarity (so that output follows input in any unit); the guide's position and identity
(cameras are never registered perfectly); and either modality's presence.
"""

from dataclasses import dataclass
from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.augmentation_config import Recipe
from models.data.dataset import Pair
from models.data.guide_augmentation import guide_changed
from models.imaging import degradation

Generator = np.random.Generator
Pixel = TypeVar("Pixel", np.uint8, np.float32)


MARGIN_PX = 32
"""A pair must be larger than the crop by this: room for the sensor's grid around it."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One crop. base and target (H, W) float32 in 0..1; guide (H, W, 3) uint8 BGR."""

    name: str
    base: NDArray[np.float32]
    guide: NDArray[np.uint8]
    target: NDArray[np.float32]
    present: tuple[bool, bool]


@dataclass(frozen=True, slots=True)
class Batch:
    """base, target (B, 1, H, W); guide (B, 3, H, W), all float32; present (B, 2) float32."""

    names: tuple[str, ...]
    base: NDArray[np.float32]
    guide: NDArray[np.float32]
    target: NDArray[np.float32]
    present: NDArray[np.float32]


def draw_sample(pair: Pair, recipe: Recipe, rng: Generator) -> Sample:
    """Draw one training sample from a pair.

    Raises:
        ValueError: if the pair is smaller than the crop.
    """
    size = recipe.crop_px
    if min(pair.thermal.shape) >= size + MARGIN_PX and rng.random() < recipe.resampled:
        pair = _resampled(pair, size + MARGIN_PX, recipe.zoom, rng)
    point_sampled = rng.random() < recipe.benchmark
    scale = 8 if point_sampled else int(rng.choice(recipe.scales, p=recipe.scale_weights))
    visible_there = rng.random() >= recipe.no_visible
    thermal_there = not visible_there or rng.random() >= recipe.no_thermal

    rows, columns = pair.thermal.shape
    if min(rows, columns) < max(size, scale):
        raise ValueError(f"{pair.name}: {columns}x{rows} is smaller than a crop of {size}")
    top, height = _window(rows, size, scale, rng)
    left, width = _window(columns, size, scale, rng)
    size_hw = (size, size) if size else (height, width)
    truth = _levels(pair.thermal[top : top + height, left : left + width])

    wanted = truth
    # The given low resolution is the benchmark's real one; use it where the pair has it.
    low: NDArray[np.float32] | None = None
    if point_sampled and pair.thermal_lr is not None:
        low = _levels(
            pair.thermal_lr[
                top // scale : (top + height) // scale, left // scale : (left + width) // scale
            ]
        )
        if pair.taught is not None:
            wanted = pair.taught[top : top + height, left : left + width]
    # Without a thermal frame nobody can know gain, offset or polarity.
    if thermal_there and rng.random() < recipe.jitter:
        gain, offset = rng.uniform(0.6, 1.4), rng.uniform(-30, 30)
        if rng.random() < recipe.inverted:
            gain = -gain
        centre = float(truth.mean())
        taught = wanted is not truth
        truth = _affine(truth, gain, centre, offset)
        wanted = _affine(wanted, gain, centre, offset) if taught else truth
        low = None if low is None else _affine(low, gain, centre, offset)
    if low is None:
        low = _degraded(truth, scale, point_sampled, rng.random() < recipe.noisy, rng)
    base: NDArray[np.float32] = np.asarray(
        cv2.resize(low, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.float32
    )

    step = scale if recipe.on_grid else 1
    row = int(rng.integers((height - size_hw[0]) // step + 1)) * step
    column = int(rng.integers((width - size_hw[1]) // step + 1)) * step
    dx = dy = 0
    if rng.random() < recipe.shifted:
        dx, dy = (int(v) for v in rng.integers(-recipe.shift_px, recipe.shift_px + 1, 2))
    guide_row = int(np.clip(top + row + dy, 0, rows - size_hw[0]))
    guide_column = int(np.clip(left + column + dx, 0, columns - size_hw[1]))
    guide = _cut(pair.visible, guide_row, guide_column, size_hw)
    guide = guide_changed(guide, recipe, rng)

    # Turns 0, 2, 4 and 6 are the flips: none, both, horizontal, vertical.
    turn = int(rng.integers(8)) if recipe.dihedral else 2 * int(rng.integers(4))
    return Sample(
        name=pair.name,
        base=_turned(_cut(base, row, column, size_hw), turn) / np.float32(255),
        guide=_turned(guide, turn),
        target=_turned(_cut(wanted, row, column, size_hw), turn) / np.float32(255),
        present=(visible_there, thermal_there),
    )


def _resampled(pair: Pair, side: int, zoom: float, rng: Generator) -> Pair:
    """A square from anywhere in the pair, `side` pixels once it is magnified or shrunk.

    A frame comes with one sensor grid and one focal length. Without this a network learns them by
    heart; one sample in four is only moved off the grid, which costs no interpolation.
    """
    shortest = min(pair.thermal.shape)
    factor = zoom ** rng.uniform(-1, 1) if rng.random() < 0.75 else 1.0
    taken = min(round(side / factor), shortest)
    rows, columns = pair.thermal.shape
    row, column = int(rng.integers(rows - taken + 1)), int(rng.integers(columns - taken + 1))
    way = cv2.INTER_AREA if taken > side else cv2.INTER_CUBIC

    def square(image: NDArray[Any]) -> NDArray[Any]:
        window = _cut(image, row, column, (taken, taken))
        if taken == side:
            return window
        return np.asarray(cv2.resize(window, (side, side), interpolation=way))

    return Pair(pair.name, square(pair.visible), square(_levels(pair.thermal)), None)


def collate(samples: list[Sample], recipe: Recipe, rng: Generator) -> Batch:
    """Stack samples; now and then a sample gets the guide of its neighbour, a wrong one."""
    guides = [sample.guide for sample in samples]
    for index in range(len(samples)):
        if rng.random() < recipe.wrong_guide and all(samples[index].present):
            guides[index] = samples[index - 1].guide
    guide = np.stack(guides).transpose(0, 3, 1, 2).astype(np.float32) / np.float32(255)
    return Batch(
        names=tuple(s.name for s in samples),
        base=np.stack([s.base for s in samples])[:, None],
        guide=guide,
        target=np.stack([s.target for s in samples])[:, None],
        present=np.array([s.present for s in samples], dtype=np.float32),
    )


def _window(length: int, size: int, scale: int, rng: Generator) -> tuple[int, int]:
    """(start, length) of a stretch on the sensor's grid, a sensor pixel wider than the crop.

    The margin gives most crops a real neighbourhood to interpolate from; where the stretch meets
    the picture's border the crop sees what a deployed frame's border looks like.
    """
    cells = length // scale
    if size == 0:
        return 0, cells * scale
    wanted = min(-(-size // scale) + 2, cells)
    if wanted * scale < size:
        raise ValueError(f"{length} pixels hold no crop of {size} on a grid of {scale}")
    return int(rng.integers(cells - wanted + 1)) * scale, wanted * scale


def _cut(image: NDArray[Pixel], row: int, column: int, size_hw: tuple[int, int]) -> NDArray[Pixel]:
    return image[row : row + size_hw[0], column : column + size_hw[1]]


def _levels(thermal: NDArray[Any]) -> NDArray[np.float32]:
    """Counts as 8-bit levels; a 16-bit picture is stretched to them by its own span."""
    image = thermal.astype(np.float32)
    if thermal.dtype == np.uint16:
        low, high = float(image.min()), float(image.max())
        image = (image - low) * np.float32(255 / max(high - low, 1.0))
    return image


def _affine(
    image: NDArray[np.float32], gain: float, centre: float, offset: float
) -> NDArray[np.float32]:
    # Inversion mirrors the 8-bit range; gain works around the crop's own mean.
    if gain < 0:
        image, centre, gain = 255 - image, 255 - centre, -gain
    moved = image * np.float32(gain) + np.float32(centre * (1 - gain) + offset)
    return np.asarray(np.clip(moved, 0, 255), dtype=np.float32)


def _degraded(
    truth: NDArray[np.float32], scale: int, point_sampled: bool, noisy: bool, rng: Generator
) -> NDArray[np.float32]:
    if point_sampled:
        low = degradation.benchmark(truth, scale)
    elif noisy:
        low = degradation.sensor_noisy(truth, scale, rng)
    else:
        low = degradation.sensor(truth, scale)
    return low.astype(np.float32)


def _turned(image: NDArray[Pixel], turn: int) -> NDArray[Pixel]:
    """One of the eight symmetries of the square."""
    flipped = image[:, ::-1] if turn >= 4 else image
    return np.ascontiguousarray(np.rot90(flipped, turn % 4))
