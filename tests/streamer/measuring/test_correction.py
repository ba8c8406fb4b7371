"""The measurement formula, against published figures."""

import math

import numpy as np
import pytest

from streamer.measuring.correction import (
    Correction,
    air_transmission,
    kelvin_of_signal,
    signal_of_kelvin,
)
from streamer.measuring.materials import MATERIALS, material_of
from streamer.measuring.object_parameters import ObjectParameters

ZERO = 273.15


def test_nothing_is_changed_bit_for_bit_by_a_black_body():
    correction = Correction(ObjectParameters(reflected_celsius=900, window_celsius=-40))
    kelvins = np.random.default_rng(1).uniform(1, 2000, 1000)
    assert correction.object_kelvins(kelvins) is kelvins
    for kelvin in (*kelvins[:50], math.nan, 0.0, -3.0):
        assert str(correction.object_kelvin(kelvin)) == str(kelvin)
        assert str(correction.apparent_kelvin(kelvin)) == str(kelvin)


def raw2temp(raw, emissivity, reflected_celsius):
    """Thermimage's raw2temp.R, of a FLIR with these constants, without air and window."""
    r1, r2, b, f, offset = 21106.77, 0.012545258, 1501, 1, -7340

    def raw_of(celsius):
        return r1 / (r2 * (math.exp(b / (celsius + ZERO)) - f)) - offset

    own = raw / emissivity - (1 - emissivity) / emissivity * raw_of(reflected_celsius)
    return b / math.log(r1 / (r2 * (own + offset)) + f) - ZERO


@pytest.mark.parametrize("emissivity", [0.95, 0.8, 0.5])
def test_emissivity_as_published_for_raw_values(emissivity):
    apparent = raw2temp(18109, 1, 20)
    assert apparent == pytest.approx(23.62, abs=0.01)  # the example of its manual
    wanted = raw2temp(18109, emissivity, 20)
    parameters = ObjectParameters(emissivity=emissivity, reflected_celsius=20)
    assert Correction(parameters, 1501).object_kelvin(apparent + ZERO) - ZERO == pytest.approx(
        wanted, abs=1e-6
    )
    # The constant of another camera hardly matters: the formula compares signals of one camera.
    assert Correction(parameters).object_kelvin(apparent + ZERO) - ZERO == pytest.approx(
        wanted, abs=0.02
    )


def test_the_example_of_the_manuals():
    """4.5 V at an emittance of 0.75 through 0.92, the rest 0.5 V: 4.5 / 0.75 / 0.92 - 0.5 = 6.0."""
    rest = kelvin_of_signal(0.5 * 0.75 * 0.92 / (0.92 * 0.25 + 0.08)) - ZERO
    correction = Correction(
        ObjectParameters(
            emissivity=0.75,
            window_transmission=0.92,  # a window weakens as the air does
            reflected_celsius=rest,
            window_celsius=rest,
        )
    )
    own = signal_of_kelvin(correction.object_kelvin(kelvin_of_signal(4.5)))
    assert own == pytest.approx(6.02, abs=0.01)


def test_air_lets_through_what_cameras_take_it_for():
    # Minkina and Dudzik, chapter 2: little is lost over metres, a tenth over 100 m of humid air.
    assert air_transmission(0, 50, 20) == 1
    assert air_transmission(1, 50, 20) == pytest.approx(0.994, abs=0.001)
    assert air_transmission(10, 50, 20) == pytest.approx(0.981, abs=0.001)
    assert air_transmission(100, 80, 30) == pytest.approx(0.889, abs=0.001)
    assert air_transmission(100, 20, 0) > air_transmission(100, 90, 35)


def test_an_object_as_warm_as_everything_around_it_looks_as_it_is():
    parameters = ObjectParameters(emissivity=0.3, distance_m=50, window_transmission=0.7)
    assert Correction(parameters).object_kelvin(20 + ZERO) == pytest.approx(20 + ZERO, abs=1e-9)


def test_there_and_back():
    parameters = ObjectParameters(
        emissivity=0.6, reflected_celsius=-15, distance_m=30, window_transmission=0.9
    )
    correction = Correction(parameters)
    for celsius in (-30, 0, 25, 100, 900):
        apparent = correction.apparent_kelvin(celsius + ZERO)
        assert correction.object_kelvin(apparent) == pytest.approx(celsius + ZERO, abs=1e-6)
    several = correction.object_kelvins(np.array([[300.0, 310.0]]))
    assert several[0, 1] == pytest.approx(correction.object_kelvin(310.0))


def test_less_than_reflection_alone_has_no_temperature():
    correction = Correction(ObjectParameters(emissivity=0.2, reflected_celsius=60))
    assert math.isnan(correction.object_kelvin(0 + ZERO))
    assert np.isnan(correction.object_kelvins(np.array([ZERO, -1.0, 0.0]))).all()


def test_every_material_has_a_source_and_an_emissivity():
    assert all(0 < each.emissivity <= 1 and each.source for each in MATERIALS)
    assert len({each.name for each in MATERIALS}) == len(MATERIALS)
    assert material_of(0.96).name == "Electrical tape, vinyl"
    assert material_of(0.123) is None
