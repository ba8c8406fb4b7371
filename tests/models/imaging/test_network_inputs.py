import cv2
import numpy as np
import pytest

from models.imaging.network_inputs import (
    LIMITS,
    base_of_counts,
    base_of_levels,
    guide_planes,
    upsampled,
)
from models.imaging.normalisation import AffineMap, affine_map


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_a_low_resolution_of_any_type_is_brought_to_the_canvas(dtype):
    low = np.random.default_rng(0).integers(0, 200, (6, 8)).astype(dtype)
    base = upsampled(low, (48, 64))
    assert base.dtype == np.float32
    assert np.array_equal(base, cv2.resize(low.astype(np.float32), (64, 48)))
    assert np.array_equal(upsampled(low, (48, 64), "nearest")[::8, ::8], low.astype(np.float32))


def test_levels_and_counts_of_8_bits_are_the_same_base():
    levels = np.arange(256, dtype=np.float32).reshape(16, 16)
    by_levels = base_of_levels(levels)
    assert (by_levels.min(), by_levels.max()) == (0, 1)
    assert by_levels.dtype == np.float32
    by_counts = base_of_counts(levels, affine_map(levels.astype(np.uint8)))
    assert np.abs(by_counts - by_levels).max() < 1e-6


def test_counts_of_16_bits_stay_within_what_a_network_knows():
    counts = np.array([[7000, 7400, 60000, 0]], dtype=np.float32)
    base = base_of_counts(counts, AffineMap(7000.0, 400.0))
    assert base.ravel() == pytest.approx([0, 1, LIMITS[1], LIMITS[0]])


def test_guides_become_planes():
    guides = np.zeros((2, 4, 6, 3), np.uint8)
    guides[1, 2, 5] = 0, 51, 255
    planes = guide_planes(guides)
    assert planes.shape == (2, 3, 4, 6)
    assert planes.dtype == np.float32
    assert planes[1, :, 2, 5] == pytest.approx([0, 0.2, 1])
