import cv2
import numpy as np
import pytest

from models.imaging.agreement.consistency import averaged, make_consistent, missed_of


@pytest.mark.parametrize("scale", [2, 3, 4, 5, 8, 16])
@pytest.mark.parametrize(("limit", "amplitude"), [(255, 40), (255, 200), (65535, 9000)])
def test_averages_equal_the_measurement(scale, limit, amplitude):
    rng = np.random.default_rng(scale)
    measured = rng.integers(0, limit + 1, (12, 15)).astype(np.float32)
    size = (15 * scale, 12 * scale)
    picture = cv2.resize(measured, size, interpolation=cv2.INTER_LINEAR)
    picture = (picture + rng.normal(0, amplitude, picture.shape)).astype(np.float32)
    missed = missed_of(picture, measured)
    blocks = picture.astype(np.float64).reshape(12, scale, 15, scale).mean(axis=(1, 3))
    assert np.abs(missed - (measured - blocks)).max() < 1e-3 * (1 + amplitude)
    make_consistent(picture, measured, missed, (0.0, float(limit)))
    assert picture.min() >= 0
    assert picture.max() <= limit
    rounded = np.rint(picture.astype(np.float64))
    means = rounded.reshape(12, scale, 15, scale).mean(axis=(1, 3))
    assert np.abs(means - measured).max() <= 0.5


def test_the_correction_is_mostly_smooth():
    # An offset that varies slowly must not come back as steps at the block borders.
    y, x = np.mgrid[0:20, 0:20].astype(np.float32)
    measured = 100 + 20 * np.sin(x / 4) + 20 * np.cos(y / 5)
    picture = np.full((160, 160), 100, dtype=np.float32)
    make_consistent(picture, measured, missed_of(picture, measured), (0.0, 255.0))
    steps = np.abs(np.diff(picture, axis=1))
    borders = steps[:, 7::8]
    assert borders.max() < 2.5 * np.delete(steps, np.s_[7::8], axis=1).max()


def test_a_consistent_picture_stays_as_it_is():
    y, x = np.mgrid[0:64, 0:64].astype(np.float32)
    picture = 100 + 40 * np.sin(x / 20) + 20 * np.cos(y / 15)
    kept = picture.copy()
    measured = averaged(picture, (8, 8))
    missed = missed_of(picture, measured)
    assert not missed.any()
    make_consistent(picture, measured, missed, (0.0, 255.0))
    assert np.allclose(picture, kept, atol=1e-3)
