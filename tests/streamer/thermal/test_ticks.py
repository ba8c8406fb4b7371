import pytest

from streamer.thermal.ticks import ticks


@pytest.mark.parametrize(
    ("low", "high", "most", "wanted"),
    [
        (18.3, 36.2, 4, [20, 25, 30, 35]),
        (-0.4, 0.4, 5, [-0.4, -0.2, 0, 0.2, 0.4]),
        (29031, 31000, 5, [29500, 30000, 30500, 31000]),
        (5, 5, 5, []),
    ],
)
def test_ticks_are_round(low, high, most, wanted):
    assert ticks(low, high, most) == pytest.approx(wanted)
