import math

import pytest

from streamer.messages import Radiometry
from streamer.thermal.scale import Scale, Unit

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


@pytest.mark.parametrize("broken", [0.0, math.nan, math.inf])
def test_a_radiometry_that_cannot_be_turned_back_is_none(broken):
    assert Scale.of(Radiometry(broken, 0.0), Unit.CELSIUS).radiometry is None
    assert Scale.of(CENTIKELVIN, Unit.CELSIUS).radiometry is CENTIKELVIN


def test_counts_to_temperatures_and_back():
    camera = Radiometry(gain_k=0.04, offset_k=100.0)
    assert camera.kelvin(5000) == pytest.approx(300.0)
    assert camera.celsius(5000) == pytest.approx(26.85)
    assert camera.counts_of_kelvin(camera.kelvin(1234.5)) == pytest.approx(1234.5)


@pytest.mark.parametrize(
    ("unit", "sigma", "text"),
    [
        (Unit.CELSIUS, 80, "36.6 ± 0.8 °C"),
        (Unit.KELVIN, 4, "309.8 ± 0.04 K"),
        (Unit.FAHRENHEIT, 100, "97.9 ± 1.8 °F"),
        (Unit.CELSIUS, None, "36.6 °C"),
    ],
)
def test_a_reading_says_how_far_it_may_be_off(unit, sigma, text):
    assert Scale(CENTIKELVIN, unit).text(30975, sigma) == text


def test_what_is_relative_is_off_by_counts():
    assert Scale(None, Unit.CELSIUS).text(8123, 11.6) == "rel. 8123 ± 12"
    inverted = Radiometry(gain_k=-0.01, offset_k=500.0)
    assert Scale(inverted, Unit.KELVIN).text(20000, 80) == "300.0 ± 0.8 K"
