"""The whole window by the keyboard: Tab from control to control, single keys everywhere."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from gui.widgets.main_window import MainWindow
from gui.widgets.theme import apply_theme
from streamer.measuring.shapes import Box, Spot
from streamer.measuring.tool_set import ToolSet
from tests.gui import feeder as make
from tests.gui.conftest import wait_until

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def active(window):
    window.activateWindow()
    wait_until(lambda: QApplication.processEvents() or QApplication.activeWindow() is window)
    return window


def press(window, key, modifier=Qt.KeyboardModifier.NoModifier):
    """A key, as it comes: to what has the keyboard."""
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


def walk(window, key=Qt.Key.Key_Tab, modifier=Qt.KeyboardModifier.NoModifier):
    """Everything that Tab comes to until it is round."""
    stops = []
    for _ in range(100):
        press(window, key, modifier)
        stop = QApplication.focusWidget()
        if stop in stops:
            return stops
        if stop is not window.centralWidget():
            stops.append(stop)
    raise AssertionError("Tab does not come round")


def name_of(widget):
    return widget.accessibleName() or widget.text()


@pytest.fixture
def replay(qtbot, qapp):
    apply_theme(qapp)
    window = MainWindow(60.0, replay=True)
    qtbot.addWidget(window)
    window.playback_bar.setEnabled(True)
    window.resize(1280, 800)
    window.show()
    return active(window)


@pytest.fixture
def measured(viewer):
    tools = ToolSet(
        tools=(
            Spot(name="Sp1", points=((0.2, 0.2),)),
            Box(name="Bx1", points=((0.4, 0.4), (0.6, 0.6))),
            Spot(name="Sp2", points=((0.7, 0.7),)),
        )
    )
    viewer.state.measuring.begin(tools)
    viewer.window.resize(1280, 800)
    viewer.feed(make.session(), make.result(0))
    active(viewer.window)
    return viewer


def test_tab_goes_through_the_window_from_the_left_to_the_right_and_down(measured):
    window = measured.window
    assert [name_of(stop) for stop in walk(window)] == [
        *("Spot", "Line", "Box", "Ellipse", "Polygon"),
        "Hottest value with a colour of its own",
        "Coldest value with a colour of its own",
        "Span: auto",
        *("Measurements", "Time of the curves", "CSV", "Copy curves"),
        *("Palette", "Unit"),
        *("Markers", "Split", "Side pictures", "Plots", "Freeze", "Snapshot", "Keys"),
    ]


def test_shift_tab_goes_the_same_way_back(measured):
    window = measured.window
    there, back = walk(window), walk(window, Qt.Key.Key_Backtab, SHIFT)
    start = there.index(back[0])
    assert back == [there[(start - step) % len(there)] for step in range(len(there))]


def test_each_stop_lies_right_of_or_below_the_one_before_in_its_row(measured):
    """What the eye expects: no stop jumps back up, but for the next column of the same row."""
    window = measured.window
    places = [stop.mapTo(window, QPoint(0, 0)) for stop in walk(window)]
    for before, after in pairwise(places):
        assert after.x() > before.x() or after.y() > before.y()


def test_of_a_replay_tab_goes_through_its_bar_too(replay):
    names = [name_of(stop) for stop in walk(replay)]
    bar = names.index("Mark before")
    assert names[bar : bar + 5] == [
        "Mark before",
        "Step back",
        "Play or pause",
        "Step on",
        "Next mark",
    ]
    seek = names.index("Time in the recording")
    assert names[seek : seek + 3] == ["Time in the recording", "Rate of playing", "Palette"]


def test_panels_come_after_the_window_and_only_while_they_are_seen(viewer):
    window = active(viewer.window)
    before = walk(window)
    for name in ("cameras", "log"):
        window.qactions[name].trigger()
    QApplication.processEvents()
    window.centralWidget().setFocus()
    stops = walk(window)
    names = [name_of(stop) for stop in stops]
    assert names[-5:] == [
        *("Cameras", "How bad", "Words that are in the line", "Copy", "Lines of the log")
    ]
    kept = [stop for stop in before if stop in stops]  # some buttons have no room any more
    assert [stop for stop in stops if stop in before] == kept


def test_single_keys_work_wherever_tab_has_gone(measured):
    window, state = measured.window, measured.state
    for stop in walk(window):
        if stop in window.span_panel.stops[:2]:
            continue  # in a field they are typed
        stop.setFocus(Qt.FocusReason.TabFocusReason)
        assert QApplication.focusWidget() is stop
        palette, unit = state.palette, state.unit
        press(window, Qt.Key.Key_P)
        press(window, Qt.Key.Key_U)
        assert state.palette != palette, name_of(stop)
        assert state.unit is not unit, name_of(stop)


def test_space_freezes_until_tab_has_reached_a_button_which_it_presses_then(measured):
    window, state = measured.window, measured.state
    press(window, Qt.Key.Key_Space)
    assert state.frozen
    press(window, Qt.Key.Key_Space)
    assert not state.frozen
    press(window, Qt.Key.Key_Tab)
    assert name_of(QApplication.focusWidget()) == "Spot"
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return):
        before = state.measuring.kind
        press(window, key)
        assert not state.frozen
        assert state.measuring.kind != before
    press(window, Qt.Key.Key_Escape)  # the keyboard is the window's again
    assert QApplication.focusWidget() is window.centralWidget()
    press(window, Qt.Key.Key_Space)
    assert state.frozen


def test_arrows_choose_in_a_box_and_move_the_span_elsewhere(measured):
    window, state = measured.window, measured.state
    measured.until(lambda: measured.presenter.large_picture() is not None)
    box = next(one for one in window.findChildren(QComboBox) if one.accessibleName() == "Palette")
    box.setFocus(Qt.FocusReason.TabFocusReason)
    palette = state.palette
    press(window, Qt.Key.Key_Down)
    assert state.palette != palette
    assert state.locked is None
    press(window, Qt.Key.Key_Up)
    assert state.palette == palette
    press(window, Qt.Key.Key_Space)
    assert box.view().isVisible()
    box.hidePopup()
    press(window, Qt.Key.Key_Escape)
    press(window, Qt.Key.Key_Up)
    assert state.locked is not None


def test_arrows_in_the_table_select_a_tool(measured):
    window, editor = measured.window, measured.state.measuring
    window.measuring_panel.table.setFocus(Qt.FocusReason.TabFocusReason)
    chosen = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up):
        press(window, key)
        measured.presenter.refresh()
        chosen.append(editor.selected)
    assert chosen == ["Sp1", "Bx1", "Sp1", "Sp1", "Sp1"]
    assert measured.state.locked is None


def test_a_click_on_a_button_leaves_the_keyboard_where_it_was(measured):
    window = measured.window
    button = next(stop for stop in window.control_bar.stops if name_of(stop) == "Markers")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is window.centralWidget()
    press(window, Qt.Key.Key_Space)
    assert measured.state.frozen


def test_coming_back_to_the_window_no_control_has_taken_the_keyboard(measured, qtbot):
    window = measured.window
    high = window.span_panel.stops[0]
    QTest.mouseClick(high, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is high
    press(window, Qt.Key.Key_Escape)
    other = MainWindow(60.0)
    qtbot.addWidget(other)
    other.show()
    active(other)
    active(window)
    assert QApplication.focusWidget() is window.centralWidget()


def test_tab_goes_through_the_windows_beside_it(viewer):
    viewer.feed(make.session(), make.result(0))
    found = {}
    for name in ("alarms", "object_parameters", "align"):
        viewer.window.qactions[name].trigger()
        side = next(
            each
            for each in QApplication.topLevelWidgets()
            if each.isVisible() and each.windowTitle() not in ("CoReFusion Live", *found)
        )
        active(side)
        assert QApplication.focusWidget() is side  # its single keys are the window's
        found[side.windowTitle()] = [name_of(stop) for stop in walk_of(side)]
        side.hide()
    alarms, parameters, align = found.values()
    assert alarms[:7] == [
        *("Alarms", "Remove", "Tool that is watched", "Value that is watched"),
        *("Above or below the limit", "Limit", "Holds for"),
    ]
    assert alarms[-1] == "Add"
    assert parameters[:3] == ["Of the picture, or of which tool", "Material", "Emissivity"]
    assert {"Blend", "Edges", "Points", "Find by itself"} <= {*align}


def walk_of(side):
    stops = []
    for _ in range(60):
        press(side, Qt.Key.Key_Tab)
        stop = QApplication.focusWidget()
        if stop in stops:
            return stops
        if stop is not side:
            stops.append(stop)
    raise AssertionError("Tab does not come round")


def test_the_log_scrolls_by_the_keyboard_and_copies_what_is_selected(viewer, qapp):
    window = active(viewer.window)
    window.qactions["log"].trigger()
    log = window.panels.log
    log.lines.setPlainText("\n".join(f"line {number}" for number in range(300)))
    log.lines.setFocus(Qt.FocusReason.TabFocusReason)
    bar = log.lines.verticalScrollBar()
    at_start = bar.value()
    press(window, Qt.Key.Key_PageDown)
    assert bar.value() > at_start
    assert viewer.state.locked is None
    log.lines.selectAll()
    press(window, Qt.Key.Key_C, CTRL)
    assert qapp.clipboard().text().startswith("line 0")
