"""Training samples: an aligned crop, its low resolution, and everything that may go wrong.

What is changed on purpose, and why: the guide's light, colour and sharpness (a network trained on
one camera's colours learns nothing that holds for another); thermal and target together in gain,
offset and polarity (so that output follows input in any unit); the guide's position and identity
(cameras are never registered perfectly); and either modality's presence.

The order of the draws is part of a run's result: a sample is a function of pair, settings and the
generator's state.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.data.augmentation_config import AugmentationConfig
from models.data.composites import cut_blurred
from models.data.dataset import Picture
from models.data.guide_augmentation import augment_guide
from models.data.guide_geometry import moved_guide
from models.data.transforms import (
    affine,
    cropped,
    degraded,
    grid_window,
    resampled,
    to_levels,
    turned,
    visible_as_thermal,
)
from models.imaging.degradation import PointSampling
from models.imaging.network_inputs import base_of_levels, upsampled

Generator = np.random.Generator

MARGIN_PX = 32
"""A pair must be larger than the crop by this: room for the sensor's grid around it."""

BENCHMARK_SCALE = 8


@dataclass(frozen=True, slots=True)
class Sample:
    """One crop, before it is stacked with others.

    Attributes:
        name: the pair's.
        base: (H, W) float32, the low resolution up-sampled, 0..1.
        guide: (H, W, 3) uint8 BGR; black where the picture has none.
        guided: whether the picture has a guide at all, shown or not.
        target: (H, W) float32 in 0..1.
        present: whether the network is shown the guide, and the base.
    """

    name: str
    base: NDArray[np.float32]
    guide: NDArray[np.uint8]
    target: NDArray[np.float32]
    present: tuple[bool, bool]
    guided: bool = True


@dataclass(frozen=True, slots=True)
class _Sensor:
    """How a sample's low resolution comes about, and which modalities are there.

    Attributes:
        sampling: of a benchmark's point samples; None has a sensor's averages.
    """

    sampling: PointSampling | None
    scale: int
    visible_there: bool
    thermal_there: bool


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of a pair on the sensor's grid, in pixels of the pair."""

    top: int
    left: int
    height: int
    width: int


@dataclass(frozen=True, slots=True)
class _Levels:
    """A window's pictures in 8-bit levels; `low` is None as long as it is yet to be made."""

    truth: NDArray[np.float32]
    target: NDArray[np.float32]
    low: NDArray[np.float32] | None


def draw_sample(pair: Picture, augmentation: AugmentationConfig, rng: Generator) -> Sample:
    """Draw one training sample from a pair, or from a thermal picture without a partner.

    Raises:
        ValueError: if the pair is smaller than the crop.
    """
    as_thermal = augmentation.visible_as_thermal
    # A switch that is off draws nothing: a seed stands for the samples that it always stood for.
    if as_thermal > 0 and pair.visible is not None and rng.random() < as_thermal:
        pair = visible_as_thermal(pair)
    side = augmentation.crop_px + MARGIN_PX
    if min(pair.thermal.shape) >= side and rng.random() < augmentation.resampled:
        pair = resampled(pair, side, augmentation.zoom, rng)
    sensor = _draw_sensor(augmentation, rng)
    if pair.visible is None:
        sensor = replace(sensor, visible_there=False, thermal_there=True)
    window = _draw_window(pair, augmentation.crop_px, sensor.scale, rng)
    levels = _window_levels(pair, window, sensor)
    # Without a thermal frame nobody can know gain, offset or polarity.
    if sensor.thermal_there and rng.random() < augmentation.jitter:
        levels = _jittered(levels, augmentation.inverted, rng)
    base = _base_of(levels, sensor, augmentation, rng)
    cutblur = augmentation.composites.cutblur
    if cutblur > 0 and sensor.thermal_there and rng.random() < cutblur:
        base = cut_blurred(base, levels.truth, rng)

    size = augmentation.crop_px
    crop_hw = (size, size) if size else (window.height, window.width)
    row, column = _draw_crop(base.shape, crop_hw, sensor.scale if augmentation.on_grid else 1, rng)
    guide = _draw_guide(pair, (window.top + row, window.left + column), crop_hw, augmentation, rng)
    # Turns 0, 2, 4 and 6 are the flips: none, both, horizontal, vertical.
    turn = int(rng.integers(8)) if augmentation.dihedral else 2 * int(rng.integers(4))
    return Sample(
        name=pair.name,
        base=base_of_levels(turned(cropped(base, row, column, crop_hw), turn)),
        guide=turned(guide, turn),
        target=base_of_levels(turned(cropped(levels.target, row, column, crop_hw), turn)),
        present=(sensor.visible_there, sensor.thermal_there),
        guided=pair.visible is not None,
    )


def _draw_sensor(augmentation: AugmentationConfig, rng: Generator) -> _Sensor:
    point_sampled = rng.random() < augmentation.benchmark
    scale = BENCHMARK_SCALE
    if not point_sampled:
        scale = int(rng.choice(augmentation.scales, p=augmentation.scale_weights))
    visible_there = rng.random() >= augmentation.no_visible
    thermal_there = not visible_there or rng.random() >= augmentation.no_thermal
    sampling = augmentation.sampling if point_sampled else None
    return _Sensor(sampling, scale, visible_there, thermal_there)


def _draw_window(pair: Picture, size: int, scale: int, rng: Generator) -> _Window:
    rows, columns = pair.thermal.shape
    if min(rows, columns) < max(size, scale):
        raise ValueError(f"{pair.name}: {columns}x{rows} is smaller than a crop of {size}")
    top, height = grid_window(rows, size, scale, rng)
    left, width = grid_window(columns, size, scale, rng)
    return _Window(top, left, height, width)


def _window_levels(pair: Picture, window: _Window, sensor: _Sensor) -> _Levels:
    """Truth, target and, where the pair has the benchmark's real one, the low resolution."""
    size_hw = window.height, window.width
    truth = to_levels(cropped(pair.thermal, window.top, window.left, size_hw))
    # Given low resolutions are those of the benchmark, whichever way they are imitated.
    given = sensor.sampling in ("linear", "blurred")
    if not given or pair.thermal_lr is None:
        return _Levels(truth, truth, None)
    top, left, height, width = (
        side // sensor.scale for side in (window.top, window.left, window.height, window.width)
    )
    low = to_levels(
        cropped(pair.thermal_lr, top, left, (height, width)),
        cropped(pair.thermal, window.top, window.left, size_hw),
    )
    target = truth
    if pair.soft_target is not None:
        target = cropped(pair.soft_target, window.top, window.left, size_hw)
    return _Levels(truth, target, low)


def _jittered(levels: _Levels, inverted: float, rng: Generator) -> _Levels:
    """All pictures of a window in another gain, offset and perhaps polarity."""
    gain, offset = rng.uniform(0.6, 1.4), rng.uniform(-30, 30)
    if rng.random() < inverted:
        gain = -gain
    centre = float(levels.truth.mean())
    truth = affine(levels.truth, gain, centre, offset)
    soft = levels.target is not levels.truth
    return _Levels(
        truth,
        affine(levels.target, gain, centre, offset) if soft else truth,
        None if levels.low is None else affine(levels.low, gain, centre, offset),
    )


def _base_of(
    levels: _Levels, sensor: _Sensor, augmentation: AugmentationConfig, rng: Generator
) -> NDArray[np.float32]:
    """(H, W) of the window: its low resolution, made where there is none, up-sampled."""
    low = levels.low
    if low is None:
        noise = augmentation.noise if rng.random() < augmentation.noisy else None
        low = degraded(levels.truth, sensor.scale, sensor.sampling, noise, rng)
    rows, columns = levels.truth.shape
    return upsampled(low, (rows, columns))


def _draw_crop(
    window_hw: tuple[int, ...], crop_hw: tuple[int, int], step: int, rng: Generator
) -> tuple[int, int]:
    """(row, column) of a crop in its window, a multiple of `step` each."""
    row = int(rng.integers((window_hw[0] - crop_hw[0]) // step + 1)) * step
    column = int(rng.integers((window_hw[1] - crop_hw[1]) // step + 1)) * step
    return row, column


def _draw_guide(
    pair: Picture,
    place: tuple[int, int],
    crop_hw: tuple[int, int],
    augmentation: AugmentationConfig,
    rng: Generator,
) -> NDArray[np.uint8]:
    """The visible picture at the crop's place or not quite there, augmented; else black."""
    if pair.visible is None:
        return np.zeros((*crop_hw, 3), dtype=np.uint8)
    dx = dy = 0
    if rng.random() < augmentation.shifted:
        reach = augmentation.shift_px
        dx, dy = (int(shift) for shift in rng.integers(-reach, reach + 1, 2))
    rows, columns = pair.thermal.shape
    row = int(np.clip(place[0] + dy, 0, rows - crop_hw[0]))
    column = int(np.clip(place[1] + dx, 0, columns - crop_hw[1]))
    moved = moved_guide(pair.visible, (row, column), crop_hw, augmentation.geometry, rng)
    guide = cropped(pair.visible, row, column, crop_hw) if moved is None else moved
    return augment_guide(guide, augmentation, rng)
