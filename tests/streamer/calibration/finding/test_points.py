import numpy as np
import pytest

from streamer.calibration.errors import CalibrationError
from streamer.calibration.finding.points import from_points
from streamer.calibration.geometry import pixels_of, points_of, projected, seen, similarity

SENSOR, GUIDE = (120, 160), (720, 1280)
PLACES = np.array([[10, 10], [150, 12], [20, 110], [140, 100], [80, 60], [60, 20], [110, 90.0]])


def shown(places, lens=(0.0, 0.0)):
    """Where a camera of another scale and turn sees places of the thermal picture."""
    matrix = similarity(0.7, 2.0, (0.05, -0.03))
    return pixels_of(seen(projected(matrix, points_of(places, SENSOR)), lens), GUIDE)


@pytest.mark.parametrize(("count", "lens"), [(4, (0.0, 0.0)), (7, (-0.03, 0.0))])
def test_the_map_of_clicked_pairs_leads_from_one_to_the_other(count, lens):
    found = from_points(PLACES[:count], shown(PLACES, lens)[:count], SENSOR, GUIDE)
    assert found.residual_px < 0.6
    there = seen(projected(found.fit.matrix, points_of(PLACES, SENSOR)), found.fit.lens)
    assert pixels_of(there, GUIDE) == pytest.approx(shown(PLACES, lens), abs=3)


def test_one_wrong_click_among_many_moves_the_map_little():
    clicked = shown(PLACES)
    clicked[2] += (60, -40)
    found = from_points(PLACES, clicked, SENSOR, GUIDE)
    there = seen(projected(found.fit.matrix, points_of(PLACES, SENSOR)), found.fit.lens)
    assert np.delete(pixels_of(there, GUIDE) - shown(PLACES), 2, axis=0) == pytest.approx(0, abs=3)


@pytest.mark.parametrize(
    ("thermal", "visible", "words"),
    [
        (PLACES[:3], shown(PLACES)[:3], "4 pairs of points at least wanted, 3 came"),
        (
            np.array([[10, 10], [50, 40], [90, 70], [130, 100.0]]),
            shown(PLACES)[:4],
            "the thermal points lie on a line",
        ),
        (PLACES[:4] + 300, shown(PLACES)[:4], "lies outside the thermal picture of 160x120"),
        (PLACES, shown(PLACES)[:, ::-1] * (1, 0.5), "no map fits the points"),
    ],
)
def test_points_that_make_no_map_are_refused_in_one_sentence(thermal, visible, words):
    with pytest.raises(CalibrationError, match=words):
        from_points(thermal, visible, SENSOR, GUIDE)
