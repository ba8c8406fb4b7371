"""The curve of Xtherm cores: what has to hold of it, and its published form, number by number."""

import math

import numpy as np
import pytest

from capture.formats import FORMATS, FormatChoice, LayoutError
from capture.formats.xtherm_curve import XthermConstants, kelvin_of_counts
from streamer.messages import Radiometry
from tests.support import thermal_frames as frames
from tests.support.thermal_frames import as_words

CALIBRATION = (0.0035, 1.95, 0.00001, -0.0006, 0.0355)
SETTINGS = (0.5, 22.0, 24.0, 0.45)  # correction, reflected, air, humidity


def constants(**changes) -> XthermConstants:
    fields = {
        "shutter_count": 4000,
        "calibration": CALIBRATION,
        "shutter_celsius": 26.0,
        "fpa_celsius": 30.0,
        "shutter_shift": (0.0, 0.0),
        "correction": 0.0,
        "reflected_celsius": 26.0,
        "air_celsius": 26.0,
        "humidity": 0.4,
        "emissivity": 1.0,
        "distance_m": 0.0,
    }
    return XthermConstants(**{**fields, **changes})


def published(count: int, known: XthermConstants) -> float:
    """Celsius, in the steps of the programs that published it, one count at a time."""
    c1, c2, c3, c4, c5 = known.calibration
    shift, by_degree = known.shutter_shift
    table_offset = known.shutter_count - max(round(shift - known.fpa_celsius * by_degree), 0)
    cal_c = c1 * known.shutter_celsius**2 + known.shutter_celsius * c2
    cal_d = c3 * known.fpa_celsius**2 + c4 * known.fpa_celsius + c5
    n = math.sqrt(((count - table_offset) * cal_d + cal_c) / c1 + c2 * c2 / (c1 * c1 * 4))
    seen = n - c2 / (c1 + c1) + 273.15
    w = math.sqrt(
        known.humidity
        * math.exp(
            1.5587
            + 0.06939 * known.air_celsius
            - 0.00027816 * known.air_celsius**2
            + 0.00000068455 * known.air_celsius**3
        )
    )
    d = -math.sqrt(known.distance_m)
    atm = 1.9 * math.exp(d * (0.006569 - 0.002276 * w)) - 0.9 * math.exp(
        d * (0.01262 - 0.00667 * w)
    )
    stray = (1 - known.emissivity) * atm * (known.reflected_celsius + 273.15) ** 4
    stray += (1 - atm) * (known.air_celsius + 273.15) ** 4
    total = ((seen**4 - stray) / (known.emissivity * atm)) ** 0.25 - 273.15
    spread = known.distance_m * 0.85 - 1.125
    return total + spread * (total - known.air_celsius) / 100 + known.correction


def test_at_the_shutters_count_it_is_the_shutters_temperature():
    assert kelvin_of_counts(constants())[4000] == pytest.approx(26.0 + 273.15, abs=1e-9)


def test_it_rises_with_the_counts_and_has_no_holes():
    table = kelvin_of_counts(constants(emissivity=0.9, distance_m=3.0, reflected_celsius=20.0))
    assert np.isfinite(table).all()
    assert (np.diff(table) >= 0).all()


@pytest.mark.parametrize("count", [3500, 4000, 4500, 6000])
def test_it_is_the_published_curve(count):
    known = constants(
        emissivity=0.95,
        distance_m=2.0,
        reflected_celsius=22.0,
        air_celsius=24.0,
        correction=0.5,
        shutter_shift=(390.0, 7.05),
    )
    kelvin = kelvin_of_counts(known)[count]
    assert kelvin - 273.15 == pytest.approx(published(count, known), abs=1e-6)


def test_named_it_makes_degrees_of_a_frame():
    counts = np.tile(np.arange(3500, 4500, dtype=np.uint16), 111)[: 384 * 288].reshape(288, 384)
    words = as_words(
        frames.xtherm(
            counts,
            fpa=7_440,
            block_row=3,
            shutter_count=4000,
            shutter=2991,
            calibration=CALIBRATION,
            settings=SETTINGS,
            distance=2,
        ),
        384,
    )
    assert FormatChoice("camera", "auto").decode(words).radiometry is None
    decoded = FormatChoice("camera", "xtherm_kelvin").decode(words)
    assert decoded.radiometry == Radiometry(0.02, 0.0)
    known = constants(
        shutter_celsius=25.95,
        shutter_shift=(390.0, 7.05),
        correction=0.5,
        reflected_celsius=22.0,
        air_celsius=24.0,
        humidity=0.45,
        emissivity=0.95,
        distance_m=2.0,
    )
    for row, column in ((0, 0), (7, 300), (287, 383)):
        celsius = decoded.radiometry.celsius(int(decoded.counts[row, column]))
        assert celsius == pytest.approx(published(int(counts[row, column]), known), abs=0.011)


def test_constants_that_cannot_be_are_refused():
    words = as_words(frames.xtherm(np.zeros((288, 384), np.uint16), fpa=7_440, block_row=3), 384)
    with pytest.raises(LayoutError, match="no temperatures come of the constants"):
        FORMATS["xtherm_kelvin"].decode(words)
