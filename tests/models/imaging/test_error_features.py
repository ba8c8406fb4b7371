import numpy as np
import pytest

from models.imaging import error_features as module
from models.imaging.error_features import cells_of, error_features, names

CANVAS = (96, 128)


def features(measured, missed=None, detail=None, guide=None, cells=None):
    rows, columns = measured.shape
    missed = np.zeros_like(measured) if missed is None else missed
    detail = np.zeros((rows * 8, columns * 8), np.float32) if detail is None else detail
    cells = cells or measured.shape
    planes = error_features(measured, missed, detail, guide, cells)
    return dict(zip(names(guide is not None), planes, strict=True))


def noise(sigma: float, shape=(12, 16), seed: int = 0) -> np.ndarray:
    drawn = np.random.default_rng(seed).normal(100, sigma, shape)
    return drawn.astype(np.float32)


@pytest.mark.parametrize(
    ("sensor", "canvas", "cells"),
    [
        ((60, 80), (480, 640), (60, 80)),
        ((120, 160), (480, 640), (60, 80)),
        ((240, 320), (480, 640), (60, 80)),
        ((24, 32), (384, 512), (24, 32)),
        ((512, 640), (1024, 1280), (128, 160)),
        ((50, 70), (100, 140), (12, 18)),
    ],
)
def test_cells_are_sensor_pixels_or_about_eight_pixels_of_the_canvas(sensor, canvas, cells):
    assert cells_of(sensor, canvas) == cells


def test_a_quiet_frame_has_nothing_but_the_floor():
    quiet = features(np.full((12, 16), 77.0, np.float32))
    for name, plane in quiet.items():
        assert plane == pytest.approx(np.log(module.FLOOR), abs=1e-3), name


@pytest.mark.parametrize("level", [0.0, 250.0])
def test_contrast_and_noise_are_mean_squares_whatever_the_level(level):
    found = features(noise(3.0, (60, 80)) + np.float32(level))
    # Eight ninths of the variance are left about the mean of nine.
    assert np.exp(found["contrast"]).mean() == pytest.approx(9 * 8 / 9 + module.FLOOR, rel=0.1)
    assert np.exp(found["frame_noise"]).mean() == pytest.approx(9 + module.FLOOR, rel=0.15)


def test_what_was_missed_and_added_is_seen_where_it_is():
    missed = np.zeros((12, 16), np.float32)
    missed[3, 4] = -6.0
    detail = np.zeros(CANVAS, np.float32)
    detail[5 * 8 : 6 * 8, 9 * 8 : 10 * 8] = 10 / 255
    found = features(np.full((12, 16), 9.0, np.float32), missed, detail)
    peaks = {name: np.exp(plane) - module.FLOOR for name, plane in found.items()}
    assert peaks["missed"][3, 4] == pytest.approx(36, rel=1e-3)
    assert peaks["missed_around"][3, 4] == pytest.approx(4, rel=1e-3)
    assert peaks["frame_missed"][0, 0] == pytest.approx(36 / 192, rel=1e-2)
    assert peaks["detail"][5, 9] == pytest.approx(100, rel=1e-3)
    assert peaks["detail_around"][6, 10] == pytest.approx(100 / 9, rel=1e-3)
    assert peaks["detail"].max() == peaks["detail"][5, 9]


def test_a_guide_agrees_that_has_the_measurements_pattern():
    measured = noise(30.0)
    own = np.repeat(np.repeat(255 - measured, 8, axis=0), 8, axis=1).clip(0, 255)
    other = np.repeat(np.repeat(noise(30.0, seed=5), 8, axis=0), 8, axis=1).clip(0, 255)
    own, other = (np.repeat(each[:, :, None], 3, axis=2).astype(np.uint8) for each in (own, other))
    agreed = np.exp(features(measured, guide=own)["agreement"])
    apart = np.exp(features(measured, guide=other)["agreement"])
    assert agreed.min() > 0.9  # whatever the sign: warm things may be dark
    assert np.median(apart) < 0.3
    padded = np.pad(own, ((0, 5), (0, 11), (0, 0)), constant_values=7)
    assert np.array_equal(np.exp(features(measured, guide=padded)["agreement"]), agreed)


def test_cells_gather_sensor_pixels():
    missed = np.zeros((24, 32), np.float32)
    missed[6:8, 4:6] = 2.0
    detail = np.zeros(CANVAS, np.float32)
    planes = error_features(np.zeros((24, 32), np.float32), missed, detail, None, (12, 16))
    assert planes.shape == (8, 12, 16)
    square = np.exp(planes[names(False).index("missed")]) - module.FLOOR
    assert square[3, 2] == pytest.approx(4, rel=1e-3)
    assert square.sum() == pytest.approx(4, rel=1e-3)


def test_the_smallest_frames_have_features():
    assert features(np.zeros((1, 2), np.float32))["frame_noise"].shape == (1, 2)
