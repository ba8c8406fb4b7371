import math

import numpy as np
import pytest

from streamer.supervision.metrics.quantile_sketch import QuantileSketch

RNG = np.random.default_rng(5)


@pytest.mark.parametrize(
    "values",
    [
        RNG.lognormal(2.5, 0.6, 20_000),
        RNG.uniform(0.01, 5000, 3_000),
        np.concatenate([RNG.normal(12, 0.5, 5_000), RNG.normal(400, 3, 200)]),
        RNG.exponential(5, 7),
        np.array([3.0]),
        np.array([5.0, 25.0]),
    ],
)
def test_percentiles_are_those_of_all_values_within_half_a_percent(values: np.ndarray) -> None:
    sketch = QuantileSketch()
    sketch.extend(values)
    for percent in (0, 5, 50, 95, 99.9, 100):
        true = float(np.percentile(values, percent))
        assert sketch.percentile(percent) == pytest.approx(true, rel=0.005001)
    assert sketch.count == len(values)
    assert sketch.largest == values.max()


def test_what_is_beyond_the_bins_still_counts() -> None:
    sketch = QuantileSketch()
    sketch.extend([-5.0, 0.0, math.nan, 2.0, 1e12, 1e13, math.inf])
    assert sketch.count == 7
    assert sketch.percentile(0) == -5
    assert sketch.percentile(50) == pytest.approx(2.0, rel=0.005)
    assert sketch.largest == math.inf


def test_there_is_a_bound_to_its_bins() -> None:
    sketch = QuantileSketch()
    sketch.extend(np.geomspace(1e-6, 1e12, 100_000))
    assert len(sketch._bins) <= 2764


def test_no_values_have_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        QuantileSketch().percentile(50)
