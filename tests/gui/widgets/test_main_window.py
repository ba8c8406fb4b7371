import re
from datetime import datetime, timedelta

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from gui.panes import Pane
from gui.state.shortcuts import ACTIONS
from gui.status.diagnosis import Severity
from gui.widgets.theme import SEVERITY_COLOURS
from streamer.clock import NS_PER_S, now_ns
from streamer.messages import Mode, ProcessState, StreamState, Uncertainty
from streamer.thermal.colouring import ISOTHERM
from streamer.thermal.scale import Unit
from tests.gui import feeder as make


def pixel(view, u, v):
    """The colour on the screen at a place of the picture."""
    area = view.picture_area()
    image = view.grab().toImage()
    at = QPoint(area.x() + int(u * area.width()), area.y() + int(v * area.height()))
    return image.pixelColor(at * image.devicePixelRatio())


def large_colours(viewer):
    picture = viewer.presenter.large_picture()
    return viewer.presenter.pictures.colours(picture, viewer.large.width())


def test_the_picture_is_painted_in_its_palette(viewer):
    viewer.state.markers = False
    counts = np.full((480, 640), 29000, np.uint16)
    counts[:, 320:] = 31000
    viewer.feed(make.session(), make.result(0, counts))
    table = viewer.presenter.large_picture().table
    assert pixel(viewer.large, 0.2, 0.5) == QColor.fromRgb(int(table[0]) & 0xFFFFFF)
    assert pixel(viewer.large, 0.8, 0.5) == QColor.fromRgb(int(table[-1]) & 0xFFFFFF)


def test_every_painted_result_is_reported_once(viewer):
    for sequence in range(20):
        viewer.feed(make.result(sequence))
        viewer.until(lambda: viewer.large._unpainted_ns is None)
        viewer.window.repaint()  # painting again is no new picture
    viewer.until(lambda: len(viewer.feeder.painted_ages_ms) >= 20)
    assert len(viewer.feeder.painted_ages_ms) == 20
    assert all(0 < age < 5000 for age in viewer.feeder.painted_ages_ms)
    assert viewer.feeder.statuses[-1].state is ProcessState.RUNNING
    assert viewer.feeder.statuses[-1].last_sequence == 19


def test_a_result_in_a_small_pane_counts_as_painted_too(viewer):
    viewer.press(Qt.Key.Key_3)
    viewer.feed(make.result(0))
    viewer.until(lambda: viewer.feeder.painted_ages_ms)


def test_keys_change_the_state(viewer):
    viewer.feed(make.session(), make.result(0))
    viewer.press(Qt.Key.Key_P)
    assert viewer.state.palette == "rainbow"
    viewer.press(Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier)
    assert viewer.state.palette == "iron"
    viewer.press(Qt.Key.Key_U)
    assert viewer.state.unit is Unit.FAHRENHEIT
    viewer.press(Qt.Key.Key_M)
    assert viewer.state.markers is False
    viewer.press(Qt.Key.Key_4)
    assert viewer.state.large is Pane.INFLUENCE
    viewer.press(Qt.Key.Key_1)
    assert viewer.state.slots == list(Pane)
    viewer.press(Qt.Key.Key_0)
    assert not viewer.window.views[1].isVisible()
    viewer.press(Qt.Key.Key_0)
    assert viewer.window.views[1].isVisible()


def test_span_keys_lock_and_release(viewer):
    viewer.feed(make.session(), make.result(0))
    before = viewer.presenter.large_picture().span
    viewer.press(Qt.Key.Key_L)
    assert viewer.presenter.large_picture().span.width == pytest.approx(before.width)
    viewer.press(Qt.Key.Key_Minus)
    assert viewer.presenter.large_picture().span.width == pytest.approx(0.9 * before.width)
    viewer.press(Qt.Key.Key_Up)
    assert viewer.presenter.large_picture().span.low > before.low
    assert viewer.window.span_panel._lock.isChecked()
    viewer.press(Qt.Key.Key_A)
    assert viewer.state.locked is None


def test_typing_an_end_locks_the_span(viewer):
    viewer.feed(make.session(), make.result(0))
    end = viewer.window.span_panel._high
    viewer.window.activateWindow()
    end.setFocus()
    viewer.until(end.hasFocus)
    end.selectAll()
    QTest.keyClicks(end, "50")
    QTest.keyClick(end, Qt.Key.Key_Return)
    span, scale = viewer.presenter.large_picture().span, viewer.presenter.large_picture().scale
    assert scale.value(span.high) == pytest.approx(50.0)
    assert not end.hasFocus()  # the keyboard is the window's again


def test_freeze_holds_the_picture_while_results_are_taken(viewer):
    viewer.feed(make.session(), make.result(0))
    viewer.press(Qt.Key.Key_Space)
    viewer.feeder.send(make.result(1))
    viewer.until(lambda: viewer.receiver.models[0].last_sequence == 1)
    assert viewer.shows_result(0)
    assert viewer.large.annotations.stamp == "FROZEN"
    assert viewer.receiver.dropped == {}
    viewer.press(Qt.Key.Key_Space)
    viewer.feed(make.result(2))


def test_isotherm_from_the_value_under_the_pointer(viewer):
    viewer.feed(make.session(), make.result(0))
    viewer.large.hovered.emit((0.5, 0.5))
    viewer.press(Qt.Key.Key_I)
    assert "green from 36.0 °C" in viewer.window.control_bar._readout.text()
    assert large_colours(viewer)[240, 320] == ISOTHERM
    viewer.press(Qt.Key.Key_I)
    assert large_colours(viewer)[240, 320] != ISOTHERM


def test_a_key_lays_fog_over_what_may_be_far_off(viewer):
    sigma = np.full((6, 8), 0.01, np.float32)
    sigma[:, 4:] = 5000.0
    viewer.feed(make.session(), make.result(0, uncertainty=Uncertainty.of(sigma)))
    viewer.press(Qt.Key.Key_M)  # nothing drawn where colours are looked at
    before = [pixel(viewer.large, u, 0.6) for u in (0.2, 0.8)]
    assert viewer.large.annotations.caption == "Super-resolved"
    viewer.press(Qt.Key.Key_E)
    assert viewer.window.qactions["fog"].isChecked()
    after = [pixel(viewer.large, u, 0.6) for u in (0.2, 0.8)]
    assert after[0] == before[0]
    assert after[1] != before[1]
    assert viewer.large.annotations.caption.startswith("Super-resolved, fog full at ±")
    viewer.feed(make.result(1))
    assert viewer.large.annotations.caption == "Super-resolved, no errors foretold"
    assert pixel(viewer.large, 0.8, 0.6) == before[1]
    viewer.press(Qt.Key.Key_E)
    assert viewer.large.annotations.caption == "Super-resolved"


def test_pointing_reads_a_value(viewer):
    viewer.feed(make.session(), make.result(0))
    viewer.large.hovered.emit((0.5, 0.5))
    viewer.presenter.refresh()
    assert viewer.window.control_bar._readout.text().startswith("36.0 °C  (super-resolved pixel")


def test_clicking_a_small_pane_enlarges_it(viewer):
    small = viewer.window.views[2]
    QTest.mouseClick(small, Qt.MouseButton.LeftButton, pos=small.rect().center())
    assert viewer.state.large is Pane.THERMAL
    assert viewer.large.annotations.caption == "Raw thermal"


def test_the_influence_is_asked_for_only_while_it_is_shown(viewer):
    assert viewer.feeder.commands[0].name == "influence"
    viewer.press(Qt.Key.Key_0)
    heard = len(viewer.feeder.statuses)
    viewer.until(lambda: len(viewer.feeder.statuses) > heard + 1)  # what was under way has come
    viewer.feeder.commands.clear()
    heard = len(viewer.feeder.statuses)
    viewer.until(lambda: len(viewer.feeder.statuses) > heard + 3)
    assert viewer.feeder.commands == []


def test_an_influence_that_does_not_come_says_what_it_waits_for(viewer):
    pane = viewer.window.views[viewer.state.slots.index(Pane.INFLUENCE)]
    viewer.feed(make.session(), make.result(0, mode=Mode.THERMAL_ONLY))
    assert pane.annotations.empty == "comes while both cameras send pictures"
    viewer.feed(make.result(1, mode=Mode.GUIDED))
    assert pane.annotations.empty == "comes when the network has time between frames"


def badge_colour(viewer):
    badge = viewer.window.header._badge
    return badge.palette().color(badge.backgroundRole())


LOST, STALE, FFC = StreamState.LOST, StreamState.STALE, StreamState.FFC


@pytest.mark.parametrize(
    ("mode", "states", "badge", "severity", "title"),
    [
        (Mode.GUIDED, {}, "GUIDED", Severity.OK, None),
        (Mode.THERMAL_ONLY, {"visible": LOST}, "THERMAL ONLY", Severity.CAUTION, "Thermal only"),
        (
            Mode.HOLD,
            {"thermal": STALE},
            "HOLD",
            Severity.HELD,
            "Picture held: no fresh thermal frame",
        ),
        (Mode.HOLD, {"thermal": FFC}, "HOLD", Severity.HELD, "Shutter closed (calibrating)"),
        (
            Mode.VISIBLE_ONLY,
            {"thermal": LOST},
            "VISIBLE ONLY",
            Severity.RELATIVE,
            "No thermal camera",
        ),
        (
            Mode.NO_SIGNAL,
            {"thermal": LOST, "visible": LOST},
            "NO SIGNAL",
            Severity.ERROR,
            "No signal",
        ),
    ],
)
def test_each_mode_is_said_in_words_and_colour(viewer, mode, states, badge, severity, title):
    viewer.feed(make.result(0))
    viewer.feed(make.session(statuses=[make.worker_status(mode, **states)]))
    assert viewer.window.header._badge.text() == badge
    assert badge_colour(viewer) == SEVERITY_COLOURS[severity]
    assert (viewer.notice.title if viewer.notice else None) == title
    assert not viewer.large._image.isNull()  # an old picture stays
    assert viewer.large.annotations.dimmed == (mode is Mode.NO_SIGNAL)


def test_visible_only_shows_no_degree_anywhere(viewer):
    viewer.feed(make.session(), make.result(0))
    pixels = np.linspace(0, 65535, 480 * 640).reshape(480, 640).astype(np.uint16)
    worker = make.worker_status(Mode.VISIBLE_ONLY, thermal=LOST)
    viewer.feed(make.session(statuses=[worker]), make.result(1, pixels, Mode.VISIBLE_ONLY))
    assert viewer.large.annotations.stamp == "NOT A MEASUREMENT"
    assert viewer.large.annotations.marks == ()
    assert "°" not in viewer.window.control_bar._readout.text()
    assert "°" not in viewer.window.span_panel._high.text()
    assert viewer.window.span_panel._bar._span is None


def test_before_the_first_picture_there_are_words(viewer):
    compiling = make.status("inference", state=ProcessState.STARTING, detail="compiling 640x480")
    viewer.feed(make.session(statuses=[compiling], started=False))
    assert viewer.notice.title == "Starting"
    assert "Network: compiling 640x480" in viewer.notice.lines
    assert viewer.feeder.statuses[-1].state is ProcessState.WAITING


def test_the_worker_ends_and_comes_back(viewer):
    viewer.feed(make.session(), make.result(0))
    gone = make.health(ProcessState.STARTING, "starting again", 1, False)
    viewer.feed(make.session({"inference": gone}, [make.status("viewer")]))
    assert viewer.notice.title == "The network's process ended; starting it again (2nd time)"
    assert viewer.large.annotations.dimmed
    viewer.feed(make.session({"inference": make.health(restarts=2)}), make.result(0))
    assert viewer.notice is None
    restarts = viewer.window.header._labels["restarts"]
    viewer.until(lambda: restarts.text() == "restarts: inference 2")


def test_figures(viewer):
    viewer.feed(make.session(dropped={"visible/gap": 30}), make.result(0))
    viewer.feed(make.result(4))
    network = viewer.window.header._labels["network"]
    viewer.until(lambda: network.text().endswith("640 x 480"))
    texts = {name: label.text() for name, label in viewer.window.header._labels.items()}
    assert texts["network"].startswith("fast:sensor")
    assert texts["network"].endswith("640 x 480")
    assert texts["age"].endswith("ms")


def test_plots_are_built_when_wanted(viewer):
    assert not viewer.window.charts.ready
    viewer.press(Qt.Key.Key_G)
    assert viewer.window.charts.ready
    viewer.feed(make.session(), make.result(0))
    curve = viewer.window.charts._curves["hottest"]
    viewer.until(lambda: len(curve.getData()[1] if curve.getData()[1] is not None else ()) >= 2)
    assert curve.getData()[1][-1] == pytest.approx(36, abs=0.5)


def test_a_frozen_picture_keeps_its_own_time(viewer):
    then = now_ns() - 5 * NS_PER_S
    viewer.feed(make.session(), make.result(7, at_ns=then))
    viewer.press(Qt.Key.Key_Space)
    taken = datetime.fromisoformat(viewer.presenter.facts()["captured"])
    viewer.feeder.send(make.result(8))
    viewer.until(lambda: viewer.presenter._newest[0].sequence == 8)
    facts = viewer.presenter.facts()
    assert facts["thermal_sequence"] == "7"
    assert abs(datetime.fromisoformat(facts["captured"]) - taken) < timedelta(seconds=1)


def test_the_time_is_written_on_the_picture_if_wanted(viewer):
    viewer.feed(make.session(), make.result(0))
    bare = viewer.large.annotations.caption
    viewer.press(Qt.Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    assert re.fullmatch(
        re.escape(bare) + r"   \d{4}-\d\d-\d\d \d\d:\d\d:\d\d", viewer.large.annotations.caption
    )
    assert viewer.window.qactions["time_stamp"].isChecked()
    viewer.press(Qt.Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    assert viewer.large.annotations.caption == bare


def test_every_action_has_its_method_its_key_and_its_tip(viewer):
    for action in ACTIONS:
        owner, name = viewer.actions, action.name
        if action.run:
            owner, name = viewer.run_actions, f"_on_{name}"
        assert callable(getattr(owner, name))
        qaction = viewer.window.qactions[action.name]
        assert qaction.shortcuts()
        assert action.tip in qaction.toolTip()
    keys = [key for action in ACTIONS for key in action.keys]
    assert len(keys) == len(set(keys))


def test_the_dialog_of_keys_opens_and_closes(viewer):
    viewer.press(Qt.Key.Key_F1)
    assert viewer.actions._shortcuts.isVisible()
    viewer.press(Qt.Key.Key_F1)
    assert not viewer.actions._shortcuts.isVisible()


def test_full_screen_and_back(viewer):
    viewer.press(Qt.Key.Key_F)
    assert viewer.window.isFullScreen()
    viewer.press(Qt.Key.Key_F)
    assert not viewer.window.isFullScreen()


def test_the_window_may_be_small(viewer):
    viewer.window.resize(10, 10)
    viewer.feed(make.session(), make.result(0))
    assert viewer.window.width() <= 480
    assert viewer.window.height() <= 320
    worker = make.worker_status(Mode.NO_SIGNAL, LOST, LOST)
    viewer.feed(make.session(statuses=[worker]))
    viewer.window.grab()
