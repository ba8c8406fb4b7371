"""What pointer and keys do to tools, without a window."""

import pytest

from gui.state.measuring.editor import ToolEditor
from streamer.measuring.object_parameters import ObjectParameters
from streamer.measuring.shapes import Box, Ellipse, Line, Polygon, Spot
from streamer.measuring.tool import Size

SCREEN = Size(1000, 1000)


def click(editor, *at):
    editor.press(at, SCREEN)
    editor.release(at, SCREEN)


def drag(editor, start, *ends):
    editor.press(start, SCREEN)
    for end in ends:
        editor.drag(end, SCREEN)
    editor.release(ends[-1], SCREEN)


def names(editor):
    return [tool.name for tool in editor.tools.tools]


@pytest.fixture
def editor():
    return ToolEditor()


def test_a_click_pins_a_spot_and_a_drag_draws_a_box(editor):
    click(editor, 0.3, 0.4)
    drag(editor, (0.9, 0.9), (0.7, 0.6))
    spot, box = editor.tools.tools
    assert (type(spot), spot.points) == (Spot, ((0.3, 0.4),))
    assert (type(box), box.bounds()) == (Box, ((0.7, 0.6), (0.9, 0.9)))
    assert editor.selected == "Bx1"


def test_a_hand_that_shakes_clicks(editor):
    drag(editor, (0.5, 0.5), (0.505, 0.503))
    assert [type(tool) for tool in editor.tools.tools] == [Spot]


def test_two_spots_stand_near_each_other(editor):
    click(editor, 0.5, 0.5)
    click(editor, 0.515, 0.5)
    assert names(editor) == ["Sp1", "Sp2"], "a click beside a spot is another one"
    click(editor, 0.5, 0.5)
    assert (names(editor), editor.selected) == (["Sp1", "Sp2"], "Sp1"), "a click on it selects it"
    editor.choose("spot")
    click(editor, 0.501, 0.5)
    assert editor.tools.tools[-1].points == ((0.501, 0.5),), "a pixel apart, where that is wanted"


def test_a_box_that_leaves_the_picture_ends_at_its_border(editor):
    drag(editor, (0.6, 0.5), (0.7, 0.6), (3.0, 1.4))
    assert editor.tools.tools[0].bounds() == ((0.6, 0.5), (1.0, 1.0))
    drag(editor, (-0.2, 0.2), (0.3, -0.5))
    assert editor.tools.tools[1].bounds() == ((0.0, 0.0), (0.3, 0.2))


def test_a_click_beside_the_picture_does_nothing(editor):
    click(editor, 1.2, 0.5)
    assert editor.tools.tools == ()


def test_every_kind_is_drawn_once_then_the_pointer_points_again(editor):
    for kind, of_kind in (("line", Line), ("ellipse", Ellipse), ("box", Box)):
        editor.choose(kind)
        drag(editor, (0.2, 0.2), (0.6, 0.5))
        assert type(editor.tools.tools[-1]) is of_kind
        assert editor.kind == ""
    editor.choose("line")
    editor.choose("line")
    assert editor.kind == "", "the same again is none"


def test_while_it_is_drawn_it_is_shown_and_kept_only_at_the_end(editor):
    editor.press((0.1, 0.1), SCREEN)
    editor.drag((0.5, 0.5), SCREEN)
    assert [tool.name for tool in editor.shown()] == ["Bx1"]
    assert names(editor) == []
    editor.cancel()
    editor.release((0.5, 0.5), SCREEN)
    assert (editor.shown(), names(editor)) == ((), [])


def test_a_polygon_is_clicked_and_closed(editor):
    editor.choose("polygon")
    for corner in ((0.1, 0.1), (0.5, 0.1), (0.5, 0.5)):
        click(editor, *corner)
    editor.hover((0.2, 0.6))
    assert editor.sketch()[-1] == (0.2, 0.6)
    editor.delete()
    assert len(editor.corners) == 2, "the last corner is taken back"
    click(editor, 0.4, 0.6)
    click(editor, 0.102, 0.1)  # the first corner again
    (polygon,) = editor.tools.tools
    assert isinstance(polygon, Polygon)
    assert polygon.points == ((0.1, 0.1), (0.5, 0.1), (0.4, 0.6))
    editor.choose("polygon")
    for corner in ((0.6, 0.6), (0.9, 0.6), (0.9, 0.9)):
        click(editor, *corner)
    assert editor.double_click((0.9, 0.9), SCREEN) == ""
    assert names(editor) == ["Po1", "Po2"]
    editor.choose("polygon")
    click(editor, 0.5, 0.5)
    editor.finish()
    assert names(editor) == ["Po1", "Po2"], "one corner is no area"


def test_a_tool_is_moved_by_its_outline(editor):
    drag(editor, (0.2, 0.2), (0.4, 0.4))
    editor.cancel()
    drag(editor, (0.3, 0.2), (0.4, 0.3))
    assert editor.tools.tools[0].bounds()[0] == pytest.approx((0.3, 0.3))
    assert names(editor) == ["Bx1"]


def test_a_selected_area_is_moved_by_its_inside_and_a_click_there_is_a_spot(editor):
    drag(editor, (0.2, 0.2), (0.6, 0.6))
    drag(editor, (0.35, 0.4), (0.45, 0.5))
    assert editor.tools.tools[0].bounds()[0] == pytest.approx((0.3, 0.3))
    click(editor, 0.5, 0.45)
    assert names(editor) == ["Bx1", "Sp1"]
    editor.selected = ""
    drag(editor, (0.4, 0.4), (0.5, 0.5))
    assert names(editor) == ["Bx1", "Sp1", "Bx2"], "inside one that is not selected one draws"


def test_a_handle_reshapes(editor):
    drag(editor, (0.2, 0.2), (0.6, 0.6))
    drag(editor, (0.6, 0.6), (0.1, 0.1))  # across the opposite corner
    assert editor.tools.tools[0].bounds() == ((0.1, 0.1), (0.2, 0.2))
    drag(editor, (0.2, 0.15), (0.5, 0.7))  # the middle of a side
    assert editor.tools.tools[0].bounds() == ((0.1, 0.1), (0.5, 0.2))


def test_keys_act_on_the_selected_tool(editor):
    click(editor, 0.2, 0.2)
    click(editor, 0.8, 0.8)
    editor.select_next(1)
    assert editor.selected == "Sp1"
    editor.select_next(-1)
    assert editor.selected == "Sp2"
    editor.nudge(2, -1, Size(100, 100))
    assert editor.tools.tools[1].points[0] == pytest.approx((0.82, 0.79))
    editor.rename("Sp2", "fuse")
    assert (names(editor), editor.selected) == (["Sp1", "fuse"], "fuse")
    editor.compare()
    assert editor.tools.reference == "fuse"
    editor.set_parameters(ObjectParameters(emissivity=0.9), "fuse")
    assert editor.tools.tool("fuse").parameters.emissivity == 0.9
    editor.delete()
    assert (names(editor), editor.selected, editor.tools.reference) == (["Sp1"], "", "")
    editor.delete()
    assert names(editor) == ["Sp1"], "nothing is selected"


def test_every_step_is_taken_back(editor):
    click(editor, 0.2, 0.2)
    drag(editor, (0.2, 0.2), (0.5, 0.5))
    editor.rename("Sp1", "fuse")
    editor.clear()
    seen = []
    for _ in range(5):
        seen.append([(tool.name, tool.points) for tool in editor.tools.tools])
        editor.undo()
    moved = (("Sp1", ((0.5, 0.5),)), ("fuse", ((0.5, 0.5),)))
    assert seen[1] == [moved[1]]
    assert seen[2] == [moved[0]]
    assert seen[3] == [("Sp1", ((0.2, 0.2),))]
    assert seen[4] == []
    for _ in range(4):
        editor.redo()
    assert names(editor) == []


def test_escape_lets_go_step_by_step(editor):
    click(editor, 0.2, 0.2)
    editor.choose("polygon")
    click(editor, 0.5, 0.5)
    editor.cancel()
    assert (editor.corners, editor.kind) == ((), "polygon")
    editor.cancel()
    assert (editor.kind, editor.selected) == ("", "Sp1")
    editor.cancel()
    assert editor.selected == ""


def test_a_double_click_asks_for_a_name(editor):
    drag(editor, (0.2, 0.2), (0.6, 0.6))
    assert editor.double_click((0.4, 0.4), SCREEN) == "Bx1"
    assert editor.double_click((0.9, 0.9), SCREEN) == ""
