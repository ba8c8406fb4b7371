"""One contract for every tool, and what each is besides."""

import msgspec
import numpy as np
import pytest

from streamer.measuring.shapes import KINDS, AnyTool, Box, Ellipse, Line, Polygon, Spot, region_of
from streamer.measuring.tool import Size

POINTS = {
    "spot": ((0.5, 0.5),),
    "line": ((0.2, 0.3), (0.7, 0.6)),
    "box": ((0.2, 0.3), (0.7, 0.6)),
    "ellipse": ((0.2, 0.3), (0.7, 0.6)),
    "polygon": ((0.2, 0.3), (0.7, 0.3), (0.5, 0.6)),
}
SCREEN = Size(640, 480)


def pixels_of(tool, height=48, width=64):
    picture = np.zeros((height, width), bool)
    region = tool.region(height, width)
    picture[region.rows, region.columns] = True if region.inside is None else region.inside
    return picture


@pytest.fixture(params=list(KINDS))
def tool(request):
    return KINDS[request.param](name="it", points=POINTS[request.param])


class TestEveryTool:
    def test_is_the_same_after_being_written(self, tool):
        again = msgspec.json.decode(msgspec.json.encode(tool), type=AnyTool)
        assert again == tool
        assert type(again) is type(tool)

    def test_covers_a_pixel_of_any_picture(self, tool):
        for height, width in ((1, 1), (3, 200), (60, 80), (480, 640)):
            assert pixels_of(tool, height, width).any()

    def test_a_tiny_one_covers_a_pixel(self, tool):
        tiny = type(tool)(name="it", points=tuple((0.5, 0.5) for _ in tool.points))
        assert 1 <= pixels_of(tiny).sum() <= 4

    def test_its_outline_is_where_it_is(self, tool):
        for place in tool.outline():
            assert tool.distance(place, SCREEN) == pytest.approx(0, abs=1e-6)
        assert tool.distance((0.95, 0.95), SCREEN) > 50

    def test_distances_are_those_on_the_screen(self, tool):
        left = min(u for u, _ in tool.outline())
        at = next(place for place in tool.outline() if place[0] == left)
        assert tool.distance((left - 10 / 640, at[1]), SCREEN) == pytest.approx(10, abs=0.5)

    def test_moved_it_keeps_its_shape(self, tool):
        before, after = pixels_of(tool), pixels_of(tool.moved((4 / 64, -8 / 48)))
        assert np.array_equal(np.roll(before, (-8, 4), (0, 1)), after)

    def test_it_stops_at_the_border(self, tool):
        for by in ((5, 5), (-5, 0), (0.9, -0.9)):
            moved = tool.moved(by)
            assert all(0 <= share <= 1 for point in moved.points for share in point)
            widths = [
                max(u for u, _ in each.points) - min(u for u, _ in each.points)
                for each in (tool, moved)
            ]
            assert widths[0] == pytest.approx(widths[1])

    def test_every_handle_is_found_and_follows(self, tool):
        for number, handle in enumerate(tool.handles()):
            assert tool.handle_at(handle, SCREEN, 8) == number
            reshaped = tool.reshaped(number, (handle[0] + 0.05, handle[1] - 0.05))
            assert reshaped != tool
            assert reshaped.name == tool.name
        assert tool.handle_at((0.99, 0.01), SCREEN, 8) is None

    def test_a_handle_beyond_the_picture_is_at_its_border(self, tool):
        reshaped = tool.reshaped(0, (-3, 1.7))
        assert all(0 <= share <= 1 for point in reshaped.points for share in point)

    @pytest.mark.parametrize("points", [(), ((0.5, 1.2),) * 3, ((float("nan"), 0.1),) * 3])
    def test_points_that_make_no_sense_are_refused_in_one_line(self, tool, points):
        with pytest.raises(ValueError, match="points") as refused:
            type(tool)(name="it", points=points)
        assert "\n" not in str(refused.value)

    @pytest.mark.parametrize("name", ["", "  ", "x" * 41, "a\nb"])
    def test_names_are_short_words(self, tool, name):
        with pytest.raises(ValueError, match="a name"):
            type(tool)(name=name, points=tool.points)

    def test_its_pixels_are_found_once(self, tool):
        assert region_of(tool, 48, 64) is region_of(tool, 48, 64)


def test_a_spot_is_the_pixel_under_it():
    picture = pixels_of(Spot(name="it", points=((0.5, 0.999),)))
    assert np.argwhere(picture).tolist() == [[47, 32]]


def test_a_line_has_its_pixels_in_order():
    rows, columns = Line(name="it", points=((1.0, 0.0), (0.0, 1.0))).path(48, 64)
    assert (rows[0], columns[0], rows[-1], columns[-1]) == (0, 63, 47, 0)
    assert len(rows) == 64
    assert max(np.abs(np.diff(rows))) == 1


def test_a_box_takes_every_pixel_it_touches():
    picture = pixels_of(Box(name="it", points=((0.44, 0.35), (0.25, 0.25))), 10, 10)
    assert np.argwhere(picture).tolist() == [[r, c] for r in (2, 3) for c in (2, 3, 4)]


def test_an_ellipse_has_the_area_of_one():
    picture = pixels_of(Ellipse(name="it", points=((0.1, 0.2), (0.9, 0.8))), 480, 640)
    assert picture.sum() == pytest.approx(np.pi / 4 * 0.8 * 640 * 0.6 * 480, rel=0.01)
    assert not Ellipse(name="it", points=((0.1, 0.2), (0.9, 0.8))).contains((0.12, 0.22))


def test_a_polygon_has_the_area_of_one():
    triangle = Polygon(name="it", points=((0.1, 0.1), (0.9, 0.1), (0.1, 0.9)))
    assert pixels_of(triangle, 480, 640).sum() == pytest.approx(0.32 * 480 * 640, rel=0.01)
    assert triangle.contains((0.2, 0.2))
    assert not triangle.contains((0.8, 0.8))
