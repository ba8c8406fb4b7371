import hashlib

import cv2
import numpy as np
import pytest

from models.imaging import microbolometer as recipe
from models.imaging.degradation import named, sensor
from models.imaging.microbolometer import microbolometer

# What seed 7 makes of the picture below, at release 0.2. Whole numbers alone: no machine and no
# release of numpy or OpenCV may round them another way. Another digest is another recipe.
DIGESTS = {
    np.uint8: "36f2ff9ea4772122",
    np.uint16: "3d29302d4d622c7f",
}


def picture(dtype, rows: int = 96, columns: int = 120) -> np.ndarray:
    """A made picture of whole numbers, without any library's random numbers."""
    y, x = np.mgrid[0:rows, 0:columns].astype(np.int64)
    levels = (x * y // 7 + 5 * x + 90 * ((x // 13 + y // 17) % 2)) % 256
    return (levels if dtype == np.uint8 else 7000 + levels).astype(dtype)


@pytest.mark.parametrize("dtype", DIGESTS)
def test_a_seed_makes_the_same_frame_everywhere(dtype):
    low = named("sensor-noisy", seed=7)(picture(dtype), 8)
    digest = hashlib.sha256(low.astype("<u2").tobytes()).hexdigest()[:16]
    assert digest == DIGESTS[dtype]


def frames(rows: int = 240, columns: int = 320, count: int = 40, level: int = 100) -> np.ndarray:
    """Frames of an even scene, less its level."""
    even = np.full((rows, columns), level, dtype=np.uint8)
    made = [microbolometer(even, 2, np.random.PCG64(seed)) - level for seed in range(count)]
    return np.array(made)


def test_strengths_are_those_of_the_recipe():
    found = frames()
    # Fixed patterns fall out of second differences within a row and within a column.
    inner = found[:, 1:, 1:] - found[:, :-1, 1:] - found[:, 1:, :-1] + found[:, :-1, :-1]
    netd = np.median(np.abs(inner), axis=(1, 2)) / 0.6745 / 2 * recipe.LEVEL_MK
    assert recipe.NETD_MK[0] - 2 < netd.min() < 40
    assert 120 < netd.max() < recipe.NETD_MK[1] + 2
    columns = np.diff(np.median(found, axis=1), axis=1).std(axis=1) / np.sqrt(2) * recipe.LEVEL_MK
    rows = np.diff(np.median(found, axis=2), axis=1).std(axis=1) / np.sqrt(2) * recipe.LEVEL_MK
    assert 40 < columns.max() < 75
    assert columns.min() < 20
    assert 18 < rows.max() < 45
    level = np.median(found, axis=(1, 2)) * recipe.LEVEL_MK
    # Offset, gain (1 % of 100 levels is 50 mK) and shading.
    assert 20 < np.abs(level).max() < 50 + 50 + 3 * recipe.SHADING_MK[1]


def test_bad_pixels_are_hot_or_dead_and_few():
    found = frames() + 100
    hot, dead = (found == 255).sum(axis=(1, 2)), (found == 0).sum(axis=(1, 2))
    share = (hot + dead) / found[0].size
    assert 0 < share.max() <= recipe.BAD_PIXELS[1] + 1 / found[0].size  # rounded
    assert hot.sum() > 20
    assert dead.sum() > 20


def test_without_faults_it_is_the_average_over_the_area(monkeypatch):
    for name in ("NETD_MK", "COLUMNS_MK", "ROWS_MK", "SHADING_MK", "OFFSET_MK", "BAD_PIXELS"):
        monkeypatch.setattr(recipe, name, (0.0, 0.0))
    monkeypatch.setattr(recipe, "GAIN", (1.0, 1.0))
    monkeypatch.setattr(recipe, "OPTICS", (1e-3, 1e-3))
    for dtype in (np.uint8, np.uint16, np.float32):
        image = picture(np.uint8).astype(dtype)
        frame = microbolometer(image, 8, np.random.PCG64(0))
        assert np.abs(frame - image.reshape(12, 8, 15, 8).mean(axis=(1, 3))).max() < 1e-3
        assert np.abs(np.rint(frame) - sensor(image, 8)).max() <= 1  # rounded from the other side


def test_optics_blur_before_the_area_is_averaged(monkeypatch):
    monkeypatch.setattr(recipe, "OPTICS", (0.4, 0.4))
    frame = recipe._averaged(picture(np.uint8), 8, 0.4)
    blurred = cv2.GaussianBlur(picture(np.uint8).astype(np.float32), (0, 0), 3.2)
    expected = blurred.reshape(12, 8, 15, 8).mean(axis=(1, 3))
    assert np.abs(frame - expected).max() < 1.5


def test_training_draws_anew():
    image, rng = picture(np.uint8).astype(np.float32), np.random.default_rng(3)
    first, second = (microbolometer(image, 8, rng.bit_generator) for _ in range(2))
    assert np.abs(first - second).max() > 0.5
