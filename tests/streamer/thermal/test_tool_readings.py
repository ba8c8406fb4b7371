import numpy as np
import pytest

from streamer.measuring.object_parameters import ObjectParameters
from streamer.measuring.shapes import Box, Line, Polygon, Spot
from streamer.messages import Radiometry, Uncertainty
from streamer.thermal.scale import Scale, Unit
from streamer.thermal.tool_readings import ExtremeTracker, profile_along, read_tool

KELVIN = Radiometry(0.01, 0.0)
SCALE = Scale.of(KELVIN, Unit.CELSIUS)
ALL = Box(name="all", points=((0.0, 0.0), (1.0, 1.0)))
PICTURE = np.arange(30000, 30000 + 48 * 64, dtype=np.uint16).reshape(48, 64)


def test_statistics_are_those_of_its_pixels():
    tool = Polygon(name="p", points=((0.1, 0.1), (0.9, 0.1), (0.1, 0.9)))
    rows, columns = np.mgrid[:48, :64]
    inside = [
        PICTURE[row, column]
        for row, column in zip(rows.ravel(), columns.ravel(), strict=True)
        if tool.contains(((column + 0.5) / 64, (row + 0.5) / 48))
    ]
    reading = read_tool(tool, PICTURE, SCALE)
    assert reading.pixels == len(inside)
    assert reading.minimum == pytest.approx(min(inside) * 0.01)
    assert reading.maximum == pytest.approx(max(inside) * 0.01)
    assert reading.mean == pytest.approx(np.mean(inside) * 0.01)
    assert reading.deviation == pytest.approx(np.std(inside) * 0.01)
    for place, counts in ((reading.hottest, max(inside)), (reading.coldest, min(inside))):
        assert PICTURE[int(place[1] * 48), int(place[0] * 64)] == counts


def test_emissivity_is_taken_into_account_pixel_by_pixel():
    scale = Scale.of(KELVIN, Unit.CELSIUS, ObjectParameters(emissivity=0.5))
    reading = read_tool(ALL, PICTURE, scale)
    kelvins = [scale.kelvin(float(counts)) for counts in PICTURE.ravel()]
    assert reading.mean == pytest.approx(np.mean(kelvins), abs=1e-6)
    assert reading.maximum == pytest.approx(max(kelvins), abs=1e-6)
    assert reading.deviation > read_tool(ALL, PICTURE, SCALE).deviation


def test_a_scale_that_changes_nothing_has_the_same_bits():
    plain = read_tool(ALL, PICTURE, SCALE)
    neutral = ObjectParameters(emissivity=1.0, reflected_celsius=77)
    assert read_tool(ALL, PICTURE, Scale.of(KELVIN, Unit.CELSIUS, neutral)) == plain


def test_without_radiometry_there_are_counts_whatever_the_emissivity():
    scale = Scale.of(None, Unit.CELSIUS, ObjectParameters(emissivity=0.5))
    reading = read_tool(ALL, PICTURE, scale)
    assert (reading.minimum, reading.maximum) == (30000, 30000 + 48 * 64 - 1)
    assert scale.kelvin_text(reading.maximum) == "rel. 33071"


def test_pixels_that_are_no_reading_count_only_where_there_is_no_other():
    picture, valid = PICTURE.copy(), np.ones(PICTURE.shape, bool)
    picture[12, 20], valid[12, 20] = 65535, False
    assert read_tool(ALL, picture, SCALE, valid=valid).maximum == pytest.approx(330.71)
    assert read_tool(ALL, picture, SCALE, valid=valid).pixels == picture.size - 1
    spot = Spot(name="s", points=((20.5 / 64, 12.5 / 48),))
    assert read_tool(spot, picture, SCALE, valid=valid).maximum == pytest.approx(655.35)


def test_a_falling_camera_is_hottest_where_its_counts_are_least():
    scale = Scale.of(Radiometry(-0.01, 800.0), Unit.CELSIUS)
    reading = read_tool(ALL, PICTURE, scale)
    assert reading.maximum == pytest.approx(500.0)
    assert reading.hottest == (0.5 / 64, 0.5 / 48)


def test_how_far_it_may_be_off_is_told_of_the_very_pixel():
    sigma = np.full((48, 64), 10.0, np.float32)
    sigma[47, 63] = 80.0
    reading = read_tool(ALL, PICTURE, SCALE, uncertainty=Uncertainty.of(sigma))
    assert reading.hottest_sigma == pytest.approx(0.8, rel=0.02)
    assert reading.coldest_sigma == pytest.approx(0.1, rel=0.02)


def test_extremes_do_not_jump_from_noise_pixel_to_noise_pixel():
    noise, tracker = np.random.default_rng(3), ExtremeTracker()
    places = set()
    for _ in range(50):  # a flat wall at 50 mK: another pixel is the hottest in every picture
        picture = np.rint(noise.normal(30000, 5, (48, 64))).astype(np.uint16)
        places.add(read_tool(ALL, picture, SCALE, tracker=tracker, key="x").hottest)
    assert len(places) <= 4
    picture[5, 5] += 100  # a kelvin is no noise
    reading = read_tool(ALL, picture, SCALE, tracker=tracker, key="x")
    assert reading.hottest == (5.5 / 64, 5.5 / 48)


def test_a_held_place_is_let_go_when_the_tool_leaves_it():
    tracker, picture = ExtremeTracker(), np.full((48, 64), 30000, np.uint16)
    left = Box(name="b", points=((0.0, 0.0), (0.4, 1.0)))
    read_tool(left, picture, SCALE, tracker=tracker)
    right = read_tool(left.moved((0.6, 0)), picture, SCALE, tracker=tracker)
    assert right.hottest[0] > 0.5


def test_a_profile_runs_from_the_first_point_to_the_last():
    line = Line(name="l", points=((0.999, 0.0), (0.0, 0.0)))
    profile = profile_along(line, PICTURE, SCALE)
    assert profile[0] > profile[-1]
    assert np.allclose(profile, PICTURE[0, ::-1] * 0.01)
