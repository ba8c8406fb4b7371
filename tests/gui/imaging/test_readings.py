import numpy as np
import pytest

from gui.imaging.readings import box_reading, extremes, reading_at
from gui.imaging.ticks import ticks
from gui.imaging.units import Scale, Unit
from streamer.messages import Radiometry

CENTIKELVIN = Radiometry(gain_k=0.01, offset_k=0.0)


@pytest.mark.parametrize(
    ("unit", "text"),
    [(Unit.CELSIUS, "36.6 °C"), (Unit.FAHRENHEIT, "97.9 °F"), (Unit.KELVIN, "309.8 K")],
)
def test_a_count_in_words(unit, text):
    assert Scale(CENTIKELVIN, unit).text(30975) == text


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("radiometry", [CENTIKELVIN, Radiometry(0.04, 100.0), None])
def test_values_go_back_to_their_counts(unit, radiometry):
    scale = Scale(radiometry, unit)
    assert scale.counts(scale.value(12345.5)) == pytest.approx(12345.5)


def test_without_radiometry_no_degrees():
    scale = Scale(None, Unit.CELSIUS)
    assert scale.text(8123) == "rel. 8123"
    assert "°" not in scale.symbol + scale.difference_text(3)


def test_differences_have_no_zero_point():
    assert Scale(CENTIKELVIN, Unit.CELSIUS).difference_text(-50) == "0.50 K"
    assert Scale(CENTIKELVIN, Unit.FAHRENHEIT).difference_text(50) == "0.90 °F"


def test_the_pixel_under_a_point():
    pixels = np.arange(12, dtype=np.uint16).reshape(3, 4)
    assert reading_at(pixels, 0.0, 0.0).counts == 0
    assert reading_at(pixels, 0.49, 0.5).counts == 5
    assert reading_at(pixels, 1.0, 1.0).counts == 11
    assert reading_at(pixels, -3, 7).counts == 8


def test_hottest_and_coldest():
    pixels = np.full((30, 40), 500, np.uint16)
    pixels[7, 11], pixels[20, 3] = 900, 100
    found = extremes(pixels)
    assert (found.hottest.column, found.hottest.row, found.hottest.counts) == (11, 7, 900)
    assert (found.coldest.column, found.coldest.row, found.coldest.counts) == (3, 20, 100)
    assert (found.hottest.u, found.hottest.v) == (11.5 / 40, 7.5 / 30)


def test_a_falling_camera_has_its_hottest_at_the_least_count():
    pixels = np.array([[1, 9]], np.uint16)
    assert extremes(pixels, Radiometry(-1.0, 400.0)).hottest.counts == 1


def test_a_box_takes_every_pixel_it_touches_and_at_least_one():
    pixels = np.arange(100, dtype=np.uint16).reshape(10, 10)
    box = box_reading(pixels, (0.25, 0.25, 0.44, 0.35))
    assert (box.columns, box.rows) == (3, 2)
    assert (box.coldest, box.hottest, box.mean) == (22, 34, 28)
    assert box_reading(pixels, (0.5, 0.5, 0.5, 0.5)).mean == 55


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
