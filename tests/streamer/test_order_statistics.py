"""Medians and percentiles are numpy's to the last bit: results depend on them."""

import numpy as np
import pytest

from streamer.order_statistics import median, percentile

SHARES = (0.0, 0.5, 2.5, 25.0, 50.0, 95.0, 99.5, 100.0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_they_are_numpys(dtype: type[np.floating]) -> None:
    rng = np.random.default_rng(4)
    for rows in (*range(1, 9), 60):
        values = rng.normal(0, 10.0 ** rng.integers(-3, 6), (rows, 1 + rows % 3)).astype(dtype)
        before = values.copy()
        assert median(values) == float(np.median(values))
        wanted = np.percentile(values, SHARES).tolist()
        assert [percentile(values, share) for share in SHARES] == wanted
        assert (values == before).all()


def test_equal_values_have_no_other_between_them() -> None:
    values = np.full((3, 4), 0.1, np.float32)
    assert median(values) == percentile(values, 99.5) == float(np.float32(0.1))
