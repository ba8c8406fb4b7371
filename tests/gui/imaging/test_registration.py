import numpy as np
import pytest

from gui.imaging.registration import Registration
from streamer.calibration.calibration import Calibration, View
from streamer.calibration.warp import GuideWarp

SIZE, CANVAS = (120, 160), (96, 128)
VIEWS = {"visible": View(width=160, height=120), "thermal": View(width=128, height=96)}


def calibration(matrix):
    return Calibration(method="points", matrix=matrix, **VIEWS)


@pytest.fixture
def visible():
    rows, columns = np.mgrid[:120, :160]
    return np.stack([columns, rows * 2, 255 - columns], axis=-1).astype(np.uint8)


@pytest.mark.parametrize(
    "matrix",
    [
        ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
        ((0.8, 0.05, 0.1), (-0.05, 0.8, -0.04), (0.02, 0.01, 1.0)),
    ],
)
def test_it_lies_where_the_workers_guide_does(visible, matrix):
    """A lookup of the nearest pixel beside OpenCV's interpolation: a level or two apart."""
    ours = Registration(calibration(matrix)).aligned(visible, CANVAS)
    theirs = GuideWarp(calibration(matrix))(visible, CANVAS)
    assert ours.shape == theirs.shape
    assert np.abs(ours.astype(int) - theirs.astype(int)).max() <= 3


def test_without_a_calibration_it_is_left_alone(visible):
    assert Registration(None).aligned(visible, CANVAS) is visible


def test_large_results_take_no_more_than_is_seen(visible):
    matrix = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    assert Registration(calibration(matrix)).aligned(visible, (2048, 2560)).shape == (480, 600, 3)
