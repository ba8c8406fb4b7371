"""Zoomed, moved and turned pictures in the real window."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from gui.state.framing.orientation import Orientation
from gui.state.framing.zoom import Zoom
from streamer.measuring.shapes import Spot
from tests.gui import feeder as make


def scroll(view, at, notches):
    """Turns the wheel over a view."""
    event = QWheelEvent(
        QPointF(at),
        QPointF(view.mapToGlobal(at)),
        QPoint(),
        QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


QUARTERS = np.array([[29000, 29500], [30000, 31000]], np.uint16)


@pytest.fixture
def quartered(viewer):
    """A result of four flat quarters, coldest at the upper left, hottest at the lower right."""
    viewer.state.markers = False
    viewer.feed(make.session(), make.result(0, np.kron(QUARTERS, np.ones((240, 320), np.uint16))))
    return viewer


def key(viewer, name):
    viewer.window.qactions[name].trigger()


def lightness(view, x, y):
    """Of the screen at a share of the view; a hotter quarter is lighter."""
    image = view.grab().toImage()
    area = view.seen_area()
    colour = image.pixelColor(
        area.x() + int(x * (area.width() - 1)), area.y() + int(y * (area.height() - 1))
    )
    return colour.lightness()


def corners(view):
    """The four corners of what is seen, in the order of reading."""
    near, far = 0.12, 0.88
    return [lightness(view, x, y) for y in (near, far) for x in (near, far)]


def test_the_wheel_magnifies_what_is_under_the_pointer(quartered):
    view = quartered.large
    area = view.picture_area()
    hot = QPoint(area.x() + area.width() * 3 // 4, area.y() + area.height() * 3 // 4)
    under = lightness(view, 0.75, 0.75)
    for _ in range(12):
        scroll(view, hot, 1)
    assert quartered.state.zoom.factor == pytest.approx(1.25**12)
    assert len(set(corners(view)[:3])) == 1  # a map of the whole is in the fourth
    assert lightness(view, 0.5, 0.5) == under
    scroll(view, hot, -30)
    assert quartered.state.zoom == Zoom()


def test_values_and_tools_are_those_of_the_place_that_is_seen(quartered, qtbot):
    view = quartered.large
    for _ in range(8):
        key(quartered, "zoom_in")
    for _ in range(12):
        key(quartered, "move_right")
        key(quartered, "move_down")
    qtbot.mouseMove(view, QPoint(view.width() // 3, view.height() // 3))
    assert quartered.state.cursor is not None
    assert min(quartered.state.cursor) > 0.7
    quartered.presenter.refresh()
    text = quartered.window.control_bar.readout
    assert "36.9" in text  # 31000 counts
    placement = view.placement()  # a first tool takes some of the view for its panel
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(9, 9))
    (spot,) = quartered.state.measuring.tools.tools
    assert isinstance(spot, Spot)
    assert placement.on_screen(spot.points[0]) == pytest.approx((9, 9), abs=2)
    key(quartered, "zoom_to_fit")
    assert min(view.placement().on_screen(spot.points[0])) > 100


def test_dragging_moves_the_picture_and_draws_nothing(quartered, qtbot):
    view = quartered.large
    for _ in range(6):
        key(quartered, "zoom_in")
    for button, held in (
        (Qt.MouseButton.MiddleButton, Qt.KeyboardModifier.NoModifier),
        (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier),
    ):
        before = view.picture_area()
        qtbot.mousePress(view, button, held, QPoint(200, 200))
        qtbot.mouseMove(view, QPoint(230, 190))
        qtbot.mouseRelease(view, button, held, QPoint(230, 190))
        moved = view.picture_area().topLeft() - before.topLeft()
        assert (moved.x(), moved.y()) == (30, -10)
    assert quartered.state.measuring.tools.tools == ()


def test_the_small_map_leads_anywhere(quartered, qtbot):
    view = quartered.large
    assert view._mini_map.place is None
    for _ in range(10):
        key(quartered, "zoom_in")
    view.grab()
    place = view._mini_map.place
    assert place is not None
    assert view.rect().contains(place)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place.topLeft() + QPoint(2, 2))
    assert (quartered.state.zoom.u, quartered.state.zoom.v) < (0.2, 0.2)
    assert quartered.state.measuring.tools.tools == ()
    key(quartered, "pixel_for_pixel")
    assert view.picture_area().width() == pytest.approx(640 / view.devicePixelRatioF(), abs=1)


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        (("turn",), (2, 0, 3, 1)),
        (("flip_sideways",), (1, 0, 3, 2)),
        (("flip_over",), (2, 3, 0, 1)),
        (("turn", "flip_sideways"), (0, 2, 1, 3)),
    ],
)
def test_turned_pictures_read_as_they_are_seen(quartered, qtbot, keys, order):
    view = quartered.large
    before = corners(view)
    for each in keys:
        key(quartered, each)
    assert corners(view) == [before[number] for number in order]
    hottest = corners(view).index(max(before))
    area = view.picture_area()
    at = QPoint(
        area.x() + area.width() * (1 + 2 * (hottest % 2)) // 4,
        area.y() + area.height() * (1 + 2 * (hottest // 2)) // 4,
    )
    qtbot.mouseMove(view, at)
    quartered.presenter.refresh()
    assert "36.9" in quartered.window.control_bar.readout
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    (spot,) = quartered.state.measuring.tools.tools
    assert spot.points[0] == pytest.approx((0.75, 0.75), abs=0.01)
    key(quartered, "nudge_right")
    (moved,) = quartered.state.measuring.tools.tools
    on_screen = view.placement().on_screen
    assert on_screen(moved.points[0])[0] > on_screen(spot.points[0])[0]
    assert on_screen(moved.points[0])[1] == pytest.approx(on_screen(spot.points[0])[1])


def test_cameras_keep_their_way_up():
    from gui.controllers.saved_tools import SavedTools
    from streamer.config.schema import CaptureConfig

    SavedTools(CaptureConfig()).write_orientation(Orientation(2, True))
    assert SavedTools(CaptureConfig()).read_orientation() == Orientation(2, True)
