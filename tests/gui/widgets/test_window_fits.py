"""The window on any screen, and what must not surprise whoever works in it."""

import re

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.controllers.preferences import PreferencesFile
from gui.panes import Pane
from gui.state.shortcuts import available_actions
from gui.state.viewer_state import ViewerState
from gui.widgets.header import ElidedLabel
from gui.widgets.main_window import MainWindow
from gui.widgets.theme import apply_theme, font, scale_for
from streamer.messages import Mode, StreamState
from streamer.thermal.palettes import PALETTES
from streamer.thermal.scale import Scale, Unit
from streamer.thermal.span import Span
from tests.gui import feeder as make


def press(viewer, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(viewer.window, key, modifier)


@pytest.mark.parametrize("screen", [(480, 320), (1024, 700), (1280, 800)])
def test_the_first_window_lies_on_the_screen(qtbot, screen):
    window = MainWindow(60.0)
    qtbot.addWidget(window)
    available = QRect(0, 24, screen[0], screen[1] - 24)
    window.fit(available)
    assert available.contains(QRect(window.pos(), window.size()))


def test_a_maximised_window_keeps_what_it_goes_back_to(qtbot):
    window = MainWindow(60.0)
    qtbot.addWidget(window)
    window.setWindowState(Qt.WindowState.WindowMaximized)
    before = window.size()
    window.fit(QRect(0, 0, 640, 480))
    assert window.size() == before


def test_a_size_that_was_asked_for_is_taken(qtbot):
    window = MainWindow(60.0)
    qtbot.addWidget(window)
    window.fit(QRect(0, 0, 640, 480), QSize(1920, 1080))
    assert window.size() == QSize(1920, 1080)


@pytest.mark.parametrize("size", [(480, 320), (720, 480), (1280, 800), (3840, 2160)])
def test_everything_that_is_shown_lies_in_the_window(viewer, size):
    viewer.feed(make.session(), make.result(0))
    viewer.window.resize(*size)
    viewer.until(lambda: viewer.window.size() == QSize(*size))
    bar, header = viewer.window.control_bar, viewer.window.header

    def inside():
        children = [*bar.children(), *header.children()]
        shown = [one for one in children if hasattr(one, "isVisible") and one.isVisible()]
        within = [one.parentWidget().rect().contains(one.geometry()) for one in shown]
        return all(within) and viewer.window.rect().contains(
            QRect(bar.mapTo(viewer.window, QPoint(0, 0)), bar.size())
        )

    viewer.until(inside)
    assert viewer.large.height() >= size[1] // 2
    assert viewer.window.views[1].isVisible() == (size[0] >= 640)
    menu = bar._menu if size[1] < 420 else viewer.window.menuBar()
    assert menu.isVisible()  # everything is somewhere


def test_the_menus_hold_every_action(viewer):
    def listed_in(menu):
        for action in menu.actions():
            yield action
            yield from listed_in(action.menu()) if action.menu() else ()

    listed = list(listed_in(viewer.window.menuBar()))
    assert {id(action) for action in viewer.window.qactions.values()} <= set(map(id, listed))


def test_text_grows_with_a_screen_that_is_not_scaled(qapp):
    assert scale_for(1920, 1080) == scale_for(480, 320) == 1.0
    assert scale_for(3840, 2160) == 2.0
    plain = font(10).pointSizeF()
    apply_theme(qapp, 2.0)
    try:
        assert font(10).pointSizeF() == 2 * plain
    finally:
        apply_theme(qapp)
    assert font(10).pointSizeF() == plain


def test_no_number_of_the_readout_is_cut(qtbot):
    label = ElidedLabel(breaks=("\N{MIDDLE DOT}", ", ", "  ("))
    qtbot.addWidget(label)
    label.setText(
        "13.6 °C  (super-resolved pixel 320, 240)   ·   hottest 36.0 °C, coldest -18.3 °C"
    )
    whole = set(re.findall(r"-?[0-9.]+", label.text()))
    for width in range(80, 700, 7):
        assert set(re.findall(r"-?[0-9.]+", label.fitting(width))) <= whole, width


def test_full_screen_gives_a_maximised_window_back(viewer):
    viewer.window.showMaximized()
    press(viewer, Qt.Key.Key_F11)
    assert viewer.window.isFullScreen()
    press(viewer, Qt.Key.Key_F11)
    assert viewer.window.isMaximized()
    assert not viewer.window.isFullScreen()


def test_a_side_window_takes_no_key_away(viewer):
    viewer.feed(make.session(dropped={"visible/gap": 30}), make.result(0))
    press(viewer, Qt.Key.Key_F1)
    side = viewer.actions._shortcuts
    assert side.isVisible()
    side.activateWindow()
    viewer.until(side.isActiveWindow)
    palette = viewer.state.palette
    QTest.keyClick(side, Qt.Key.Key_P)
    assert viewer.state.palette != palette
    QTest.keyClick(side, Qt.Key.Key_F1)
    assert not side.isVisible()


def test_a_panel_of_its_own_takes_no_key_away(viewer):
    press(viewer, Qt.Key.Key_H)
    panel = viewer.window.panels["health"]
    panel.setFloating(True)
    panel.show()
    panel.activateWindow()
    viewer.until(panel.isActiveWindow)
    palette = viewer.state.palette
    QTest.keyClick(panel, Qt.Key.Key_P)
    assert viewer.state.palette != palette
    QTest.keyClick(panel, Qt.Key.Key_H)
    assert not panel.isVisible()


def test_the_health_panel_says_what_the_header_does_not(viewer):
    press(viewer, Qt.Key.Key_H)
    viewer.feed(make.session(dropped={"visible/gap": 30}), make.result(0, stage_ms={"infer": 6.5}))
    health = viewer.window.panels.facts["health"]
    viewer.until(lambda: "34 mK" in health.text)
    assert "visible: missing at the reader: " in health.text
    assert "(30)" in health.text
    assert "the network: 6.5 ms" in health.text
    assert "guided: 0" in health.text


def test_small_pictures_keep_their_order(viewer):
    order = []
    for key in (Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_1):
        press(viewer, key)
        order.append(viewer.state.slots[1:])
    for small in order:
        assert small == sorted(small, key=list(Pane).index)


def test_a_locked_span_is_not_remembered(viewer):
    state = ViewerState()
    state.lock(Span(20000.0, 65000.0), Scale.of(make.RADIOMETRY, Unit.CELSIUS))
    file = PreferencesFile()
    file.save(state, viewer.window)
    fresh = ViewerState()
    PreferencesFile().restore(fresh, viewer.window)
    assert fresh.locked is None


def test_preferences_with_a_locked_span_of_before_still_open(viewer):
    file = PreferencesFile()
    state = ViewerState(palette="magma")
    file.save(state, viewer.window)
    kept = msgspec.json.decode(file._settings.value("viewer/choices"))
    kept["locked"] = {"low": 300.0, "high": 639.0, "radiometric": True}
    file._settings.setValue("viewer/choices", msgspec.json.encode(kept).decode())
    fresh = ViewerState()
    PreferencesFile().restore(fresh, viewer.window)
    assert (fresh.palette, fresh.locked) == ("magma", None)


@pytest.mark.usefixtures("own_palettes")
def test_a_palette_whose_file_is_gone_takes_nothing_else_along(viewer, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("0,0,0\n255,255,255\n")
    own = str(path)
    state = ViewerState(palette=own, own_palettes=(own,), unit=Unit.KELVIN)
    PreferencesFile().save(state, viewer.window)
    fresh = ViewerState()
    PreferencesFile().restore(fresh, viewer.window)
    assert (fresh.palette, fresh.unit) == (own, Unit.KELVIN)
    del PALETTES[own]
    path.unlink()
    fresh = ViewerState()
    PreferencesFile().restore(fresh, viewer.window)
    assert (fresh.palette, fresh.unit) == ("iron", Unit.KELVIN)


def test_another_unit_keeps_the_curve(viewer):
    press(viewer, Qt.Key.Key_G)
    viewer.feed(make.session(), make.result(0))
    values = viewer.window.charts._values
    viewer.until(lambda: values["hottest"] and values["hottest"][-1] == pytest.approx(36, abs=1))
    samples = len(values["hottest"])
    press(viewer, Qt.Key.Key_U)
    viewer.until(lambda: viewer.window.charts._symbol == "°F")
    turned = list(viewer.window.charts._values["hottest"])[:samples]
    assert np.nanmax(turned) == pytest.approx(96.8, abs=1.0)


def test_nothing_opens_over_the_picture_by_itself(viewer):
    assert all(view.toolTip() == "" for view in viewer.window.large_views)


def test_a_moment_of_silence_sends_nobody_to_the_cable(viewer):
    worker = make.worker_status(
        Mode.THERMAL_ONLY, visible=StreamState.STALE, ages_ms={"visible": 150.0, "thermal": 20.0}
    )
    viewer.feed(make.session(statuses=[worker]), make.result(0, mode=Mode.THERMAL_ONLY))
    assert "cable" not in " ".join(viewer.notice.lines)
    assert " 0." not in " ".join(viewer.notice.lines)


def test_a_wheel_going_by_changes_no_palette(viewer):
    box = viewer.window.control_bar._palette
    before = box.currentText()
    QTest.keyClick(viewer.window, Qt.Key.Key_P)
    assert box.currentText() != before
    before, centre = box.currentText(), QPointF(box.rect().center())
    none = Qt.KeyboardModifier.NoModifier
    wheel = QWheelEvent(
        *(centre, box.mapToGlobal(centre), QPoint(0, 0), QPoint(0, -120)),
        *(Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False),
    )
    QApplication.sendEvent(box, wheel)
    assert box.currentText() == before


@pytest.mark.parametrize("replay", [False, True])
def test_no_key_means_two_things(replay):
    keys = [key for action in available_actions(replay=replay) for key in action.keys]
    assert len(keys) == len(set(keys))
