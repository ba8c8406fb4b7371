"""Actions are found by typing, and done."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from streamer.thermal.scale import Unit
from tests.gui import feeder as make


def open_palette(viewer):
    QTest.keyClick(viewer.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    return viewer.actions.palette


def test_an_action_is_typed_and_done(viewer):
    viewer.feed(make.session(), make.result(0))
    palette = open_palette(viewer)
    assert set(palette.found()) == set(viewer.window.qactions)
    QTest.keyClicks(palette.line, "free")
    assert palette.found() == ["freeze"]
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert viewer.state.frozen
    assert not palette.isVisible()


def test_arrows_choose_and_escape_does_nothing(viewer):
    before = viewer.state.palette
    palette = open_palette(viewer)
    QTest.keyClicks(palette.line, "palette")
    QTest.keyClick(palette.line, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert viewer.state.palette == before
    open_palette(viewer)
    assert palette.line.text() == ""
    QTest.keyClicks(palette.line, "next")
    QTest.keyClick(palette.line, Qt.Key.Key_Down)
    assert palette.list.currentRow() == 1
    assert palette.found()[1] == "next_unit"
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert viewer.state.unit is Unit.FAHRENHEIT


def test_a_click_does_it_and_nothing_found_does_nothing(viewer):
    palette = open_palette(viewer)
    QTest.keyClicks(palette.line, "zzz")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert palette.isVisible()
    palette.line.clear()
    QTest.keyClicks(palette.line, "time on")
    at = palette.list.visualItemRect(palette.list.item(0)).center()
    QTest.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert viewer.state.time_shown
