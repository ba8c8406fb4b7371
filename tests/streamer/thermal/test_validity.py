import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.messages import Radiometry
from streamer.thermal.readings import extremes, mean_of
from streamer.thermal.span import robust_span
from streamer.thermal.validity import count_invalid, valid_pixels

LEPTON = Radiometry(0.01, 0.0)


def scene(rows: int = 24, columns: int = 32) -> np.ndarray:
    y, x = np.mgrid[:rows, :columns]
    return (29500 + 40 * x + 11 * y).astype(np.uint16)


def test_a_row_of_telemetry_is_no_reading():
    picture = scene(25)
    picture[24] = 60000
    picture[24, :3] = 0, 1, 2
    valid = valid_pixels(picture)
    assert valid is not None
    assert valid[:24].all()
    assert not valid[24].any()
    found = extremes(picture, LEPTON)
    assert (found.hottest.counts, found.coldest.counts) == (picture[23, 31], 29500)
    assert robust_span(picture, 1.0).high <= picture[23, 31]
    assert mean_of(picture) == pytest.approx(picture[:24].mean())


def test_dead_rows_and_pixels_are_no_readings():
    picture = scene()
    picture[7] = 0
    picture[12, 20] = 65535
    assert count_invalid(picture) == 33
    found = extremes(picture, LEPTON)
    assert LEPTON.celsius(found.hottest.counts) < 40
    assert LEPTON.celsius(found.coldest.counts) > 20
    span = robust_span(picture, 1.0)
    assert scene().min() <= span.low
    assert span.high <= scene().max()


def test_what_is_saturated_does_not_vanish():
    picture = scene()
    picture[4:7, 4:7] = 65535  # a fire
    assert valid_pixels(picture) is None
    assert extremes(picture).hottest.counts == 65535
    picture[:, 30:] = 65535  # two dead columns are none
    assert count_invalid(picture) == 48


def test_pictures_that_reach_the_ends_are_as_they_are():
    for picture in (
        np.tile(np.linspace(0, 65535, 32).astype(np.uint16), (24, 1)),
        (scene() - 29500).astype(np.uint16),
        (scene() >> 8).astype(np.uint8),
        np.zeros((24, 32), np.uint16),
        np.full((3, 3), 65535, np.uint16),
        np.zeros((0, 0), np.uint16),
    ):
        assert valid_pixels(picture) is None


@given(
    rows=st.integers(12, 40),
    columns=st.integers(2, 40),
    low=st.integers(12500, 30000),
    span=st.integers(0, 9000),
    above=st.integers(0, 4),
    below=st.integers(0, 4),
    dead=st.integers(0, 9),
    seed=st.integers(0, 2**32 - 1),
)
def test_no_reading_is_taken_for_none_and_no_other_for_one(
    rows, columns, low, span, above, below, dead, seed
):
    rng = np.random.default_rng(seed)
    picture = rng.integers(low, low + span + 1, (rows, columns)).astype(np.uint16)
    wanted = np.ones(picture.shape, bool)
    for _ in range(dead):
        at = rng.integers(4, rows - 4), rng.integers(columns)
        picture[at], wanted[at] = 0, False
    picture[:above], wanted[:above] = 65000, False
    picture[rows - below :], wanted[rows - below :] = rng.integers(0, 200), False
    if not wanted[4 : rows - 4].any():
        return
    valid = valid_pixels(picture)
    assert ((valid if valid is not None else np.ones_like(wanted)) == wanted).all()
