import numpy as np
import pytest

from models.errors import ModelError
from models.imaging import degradation
from tests.support.scenes import scene


@pytest.mark.parametrize("name", ["benchmark", "sensor", "sensor-noisy"])
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


def test_benchmark_is_the_challenges_own_low_resolution(shared_data):
    from models.data.dataset import find_pairs, read_pair

    pair = read_pair(find_pairs(shared_data / "pbvs23" / "train")[0])
    made = degradation.benchmark(pair.thermal, 8)
    assert np.abs(made.astype(int) - pair.thermal_lr).mean() < 0.4


def test_what_does_not_divide_is_refused():
    with pytest.raises(ValueError, match="160x128 pixels do not divide by a scale of 7"):
        degradation.sensor(scene(0)[1], 7)


def test_an_unknown_name_is_refused():
    with pytest.raises(ModelError, match="got 'blurry'"):
        degradation.named("blurry")
