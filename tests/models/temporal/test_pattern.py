"""A sensor's fixed pattern: learnt from motion alone, never from what is seen."""

import numpy as np
import pytest

from models.imaging.agreement.consistency import averaged
from models.temporal import Past, grey_of_guide
from tests.models.temporal.test_motion import textured
from tests.support.scenes import scene

MS = 1_000_000
CANVAS, SENSOR, ROOM = (240, 320), (30, 40), 40
NOISE = 1.0
COLUMNS = np.random.default_rng(5).normal(0, 2.0, (1, SENSOR[1])).astype(np.float32)
SHAKEN = [
    (round(ROOM / 2 * (1 + np.sin(1.1 * n))), round(ROOM / 2 * (1 + np.cos(0.7 * n))))
    for n in range(60)
]
STILL = [(7, 9)] * 60


def seen(thermal: np.ndarray, way, guide_way=None, pattern=COLUMNS, guided=True) -> Past:
    """A past that has seen a large scene along a way."""
    past = Past(8, pattern=True)
    visible = textured(1)[:280, :360]
    rng = np.random.default_rng(0)
    for number, ((x, y), (gx, gy)) in enumerate(zip(way, guide_way or way, strict=True)):
        truth = averaged(thermal[y : y + CANVAS[0], x : x + CANVAS[1]], SENSOR)
        counts = np.rint(truth + pattern + rng.normal(0, NOISE, SENSOR)).astype(np.float32)
        guide = np.ascontiguousarray(visible[gy : gy + CANVAS[0], gx : gx + CANVAS[1]])
        moment_ns = 100 * MS * number
        measured = past.without_pattern(counts, moment_ns)
        picture = np.repeat(np.repeat(measured, 8, axis=0), 8, axis=1)
        grey = grey_of_guide(guide, CANVAS) if guided else None
        past.keep(past.fused(picture, measured, grey, moment_ns).picture)
    return past


@pytest.fixture(scope="module")
def yard() -> np.ndarray:
    return scene(1, 280, 360)[1].astype(np.float32) + 100


@pytest.fixture(scope="module")
def shaken(yard) -> Past:
    return seen(yard, SHAKEN)


def test_a_moving_camera_tells_its_columns_from_the_scene(shaken):
    columns = COLUMNS - COLUMNS.mean()
    left = shaken.pattern.offsets - columns
    assert left.mean(axis=0).std() < 0.6 * columns.std()
    assert left.std() < 0.8 * columns.std()


def test_temperatures_keep_their_mean_and_no_reading_is_moved_far(shaken):
    offsets = shaken.pattern.offsets
    assert abs(float(offsets.mean())) < 1e-3
    assert np.abs(offsets).max() < 4 * 2.5  # four standard deviations of noise, as it is known


def test_what_is_taken_out_is_told(shaken, yard):
    measured = averaged(yard[: CANVAS[0], : CANVAS[1]], SENSOR)
    picture = np.repeat(np.repeat(measured, 8, axis=0), 8, axis=1)
    fused = shaken.fused(picture, measured, None, 6_000 * MS)
    assert fused.pattern_counts == pytest.approx(float(np.std(shaken.pattern.offsets)))


@pytest.mark.parametrize("contrast", [1.0, 4.0, 40.0])
def test_a_scene_that_stands_still_keeps_its_upright_edges(contrast):
    stripes = np.zeros((280, 360), np.float32) + 100
    stripes[:, ::32] += contrast
    stripes[:, 16::32] -= contrast
    assert seen(np.repeat(stripes[:, ::8], 8, axis=1)[:, :360], STILL).pattern.offsets is None


@pytest.mark.parametrize("contrast", [1.0, 4.0, 40.0])
def test_nor_does_a_guide_that_moves_alone_take_them(contrast):
    stripes = np.repeat(100 + contrast * (np.arange(45) % 2), 8).astype(np.float32)
    past = seen(np.tile(stripes, (280, 1)), STILL, guide_way=SHAKEN, pattern=0)
    assert past.pattern.offsets is None


def test_nothing_is_learnt_without_a_guide(yard):
    assert seen(yard, SHAKEN, guided=False).pattern.offsets is None


@pytest.mark.parametrize("cause", ["pause", "jump", "size", "let go"])
def test_the_pattern_is_forgotten_with_the_sensor_it_was_of(yard, cause):
    past = seen(yard, SHAKEN[:30])
    assert past.pattern.offsets is not None
    measured = averaged(yard[: CANVAS[0], : CANVAS[1]], SENSOR)
    at_ms = {"pause": 4_000, "jump": 100}.get(cause, 3_000)
    if cause == "size":
        measured = averaged(yard[: CANVAS[0], : CANVAS[1]], (60, 80))
    if cause == "let go":
        past.let_go()
    assert past.without_pattern(measured, at_ms * MS) is measured
    assert past.pattern.offsets is None


def test_a_cut_leaves_the_sensor_what_it_was(yard):
    past = seen(yard, SHAKEN[:30])
    known = past.pattern.offsets
    guide = grey_of_guide(textured(9)[: CANVAS[0], : CANVAS[1]], CANVAS)
    measured = averaged(scene(9, *CANVAS)[1].astype(np.float32) + 900, SENSOR)
    picture = np.repeat(np.repeat(measured, 8, axis=0), 8, axis=1)
    assert past.without_pattern(measured, 3_000 * MS) is not measured
    assert past.fused(picture, measured, guide, 3_000 * MS).let_go == "scene"
    assert past.pattern.offsets is known
