import numpy as np
import pytest

from models.errors import ModelError
from models.imaging import degradation
from tests.support.scenes import scene


@pytest.mark.parametrize("name", ["benchmark", "challenge24", "sensor", "sensor-noisy"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_size_and_dtype(name, dtype):
    image = scene(0)[1].astype(dtype)
    low = degradation.named(name)(image, 8)
    assert low.shape == (16, 20)
    assert low.dtype == dtype


def test_a_sensor_pixel_is_the_mean_over_its_area():
    image = scene(1)[1]
    means = image.reshape(16, 8, 20, 8).mean(axis=(1, 3))
    assert np.abs(degradation.sensor(image, 8) - means).max() <= 0.5


def test_noise_is_seeded():
    image = scene(2)[1]
    first, again = (degradation.named("sensor-noisy", seed=3)(image, 4) for _ in range(2))
    other = degradation.named("sensor-noisy", seed=4)(image, 4)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("scale", [2, 3, 4, 5, 6, 7, 8, 16])
def test_benchmark_is_the_middle_of_each_block(scale):
    picture = np.random.default_rng(scale).integers(0, 256, (13 * scale, 11 * scale), np.uint8)
    blocks = picture.reshape(13, scale, 11, scale).astype(int)
    half = scale // 2
    if scale % 2:
        expected = blocks[:, half, :, half]
    else:  # a half is rounded up
        expected = (
            blocks[:, half - 1 : half + 1, :, half - 1 : half + 1].sum(axis=(1, 3)) + 2
        ) // 4
    assert np.array_equal(degradation.benchmark(picture, scale), expected)
    # Levels in floating point, as training has them, are sampled alike.
    assert np.array_equal(degradation.benchmark(picture.astype(np.float32), scale), expected)


@pytest.mark.parametrize("scale", [4, 8])
def test_challenge24_weighs_four_pixels_a_side(scale):
    picture = np.random.default_rng(scale).integers(0, 256, (13 * scale, 11 * scale), np.uint8)
    taps = np.zeros(scale)
    taps[scale // 2 - 2 : scale // 2 + 2] = np.array([-3, 19, 19, -3]) / 32
    blocks = picture.reshape(13, scale, 11, scale).astype(float)
    exact = np.einsum("rycx,y,x->rc", blocks, taps, taps).clip(0, 255)
    found = degradation.challenge24(picture, scale)
    assert np.abs(found - exact).max() <= 0.5
    assert np.abs(degradation.challenge24(picture.astype(np.float32), scale) - exact).max() <= 0.5


@pytest.mark.parametrize("part", ["train", "val"])
def test_benchmark_is_the_challenges_own_low_resolution_bit_for_bit(shared_data, part):
    from models.data.dataset import find_pairs, read_thermal

    pairs = find_pairs(shared_data / "pbvs23" / part)
    assert pairs
    for pair in pairs:
        assert pair.thermal_lr is not None
        made = degradation.benchmark(read_thermal(pair.thermal), 8)
        assert np.array_equal(made, read_thermal(pair.thermal_lr)), pair.name


def test_what_does_not_divide_is_refused():
    with pytest.raises(ValueError, match="160x128 pixels do not divide by a scale of 7"):
        degradation.sensor(scene(0)[1], 7)


def test_an_unknown_name_is_refused():
    with pytest.raises(ModelError, match="got 'blurry'"):
        degradation.named("blurry")
