"""Nothing in the window can be read as another temperature, or as another moment's."""

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QLocale, QSize, Qt
from PySide6.QtTest import QTest

from gui.panes import Pane
from streamer.messages import FrameFlag, Mode, StreamState
from tests.gui import feeder as make

LOST = StreamState.LOST


def press(viewer, key):
    QTest.keyClick(viewer.window, key)


@pytest.fixture
def german():
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    yield
    QLocale.setDefault(before)


def type_end(viewer, text, then=Qt.Key.Key_Return):
    """Types the upper end of the span as a user does; returns the field."""
    end = viewer.window.span_panel._high
    viewer.window.activateWindow()
    QTest.mouseClick(end, Qt.MouseButton.LeftButton)
    viewer.until(end.hasFocus)
    end.selectAll()
    QTest.keyClicks(end, text)
    if then is not None:
        QTest.keyClick(end, then)
    return end


def span_end(viewer):
    picture = viewer.presenter.large_picture()
    return picture.scale.value(picture.span.high)


@pytest.mark.parametrize("locale", ["de_DE", "en_US", "C"])
@pytest.mark.parametrize("text", ["40,5", "40.5", " 40,5 °C"])
def test_a_comma_is_a_decimal_point(viewer, text, locale):
    before = QLocale()
    QLocale.setDefault(QLocale(locale))
    try:
        viewer.feed(make.session(), make.result(0))
        end = type_end(viewer, text)
    finally:
        QLocale.setDefault(before)
    assert span_end(viewer) == pytest.approx(40.5)
    assert end.text() == "40.5 °C"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1.000", "can mean"),
        ("40,5,3", "is no number"),
        ("warm", "is no number"),
        ("4000", "nothing this camera can measure: -273.1 °C to 382.2 °C wanted"),
        ("-300", "nothing this camera can measure"),
        ("-20", "is not above the other end"),
    ],
)
def test_a_number_that_cannot_be_meant_is_refused(viewer, german, text, why):
    viewer.feed(make.session(), make.result(0))
    before = span_end(viewer)
    end = type_end(viewer, text)
    assert viewer.state.locked is None
    assert span_end(viewer) == before
    assert end.text() == f"{before:.1f} °C"
    assert not end.hasFocus()
    viewer.presenter.refresh()
    assert why in viewer.window.control_bar._readout.text()


@pytest.mark.parametrize("way", ["escape", "click"])
def test_what_was_not_confirmed_is_left_alone(viewer, way):
    viewer.feed(make.session(), make.result(0))
    end = type_end(viewer, "30", Qt.Key.Key_Escape if way == "escape" else None)
    if way == "click":
        QTest.mouseClick(viewer.large, Qt.MouseButton.LeftButton, pos=viewer.large.rect().center())
    assert not end.hasFocus()
    assert end.text() == f"{span_end(viewer):.1f} °C"
    assert viewer.state.locked is None
    palette = viewer.state.palette
    QTest.keyClick(viewer.window.focusWidget() or viewer.window, Qt.Key.Key_P)
    assert viewer.state.palette != palette  # the keyboard is the window's again


def test_what_is_no_measurement_is_none_when_it_is_frozen(viewer):
    worker = make.worker_status(Mode.VISIBLE_ONLY, thermal=LOST)
    guess = make.result(0, mode=Mode.VISIBLE_ONLY)
    viewer.feed(make.session(statuses=[worker]), make.thermal(), guess)
    viewer.until(lambda: Pane.THERMAL in viewer.presenter.pictures.frames)
    viewer.presenter.refresh()
    raw = viewer.window.views[2]
    assert raw.annotations.stamp.startswith("LOST")
    press(viewer, Qt.Key.Key_Space)
    assert viewer.large.annotations.stamp == "FROZEN · NOT A MEASUREMENT"
    assert raw.annotations.stamp.startswith("FROZEN · LOST")
    assert raw.annotations.dimmed
    viewer.feeder.send(make.session(), make.result(1))  # the camera is back behind it
    viewer.until(lambda: viewer.presenter.diagnosis.badge == "GUIDED")
    assert viewer.large.annotations.stamp == "FROZEN · NOT A MEASUREMENT"
    press(viewer, Qt.Key.Key_Space)
    viewer.feed(make.session(), make.result(2))
    assert viewer.large.annotations.stamp == ""


def test_a_frozen_measurement_stays_one_while_the_camera_is_lost(viewer):
    viewer.feed(make.session(), make.result(0))
    press(viewer, Qt.Key.Key_Space)
    worker = make.worker_status(Mode.VISIBLE_ONLY, thermal=LOST)
    viewer.feeder.send(make.session(statuses=[worker]), make.result(1, mode=Mode.VISIBLE_ONLY))
    viewer.until(lambda: viewer.presenter.diagnosis.badge == "VISIBLE ONLY")
    viewer.presenter.refresh()
    assert viewer.large.annotations.stamp == "FROZEN"


def test_what_is_no_measurement_is_none_when_the_network_ends(viewer):
    viewer.feed(make.session(), make.result(0, mode=Mode.VISIBLE_ONLY))
    gone = make.health(make.ProcessState.STARTING, "starting again", 1, False)
    viewer.feed(make.session({"inference": gone}, [make.status("viewer")]))
    assert viewer.large.annotations.stamp.startswith("NOT A MEASUREMENT · OLD PICTURE")
    assert viewer.large.annotations.caption == "Guessed from the visible picture"


def test_a_closed_shutter_says_so_on_its_picture(viewer):
    closed = msgspec.structs.replace(make.thermal(), flags=(FrameFlag.FFC,))
    viewer.feed(make.session(), make.result(0))
    viewer.feeder.send(closed)
    raw = viewer.window.views[2]
    viewer.until(lambda: raw.annotations.stamp == "SHUTTER")
    assert raw.annotations.dimmed


BADGES = {
    Mode.GUIDED: "GUIDED",
    Mode.THERMAL_ONLY: "THERMAL ONLY",
    Mode.VISIBLE_ONLY: "VISIBLE ONLY",
    Mode.NO_SIGNAL: "NO SIGNAL",
}


@pytest.mark.parametrize("width", [400, 480, 720, 1280])
def test_the_badge_is_whole_and_no_figure_is_cut(viewer, width):
    header = viewer.window.header
    again = {"inference": make.health(restarts=12), "capture.visible": make.health(restarts=3)}
    for mode, badge in BADGES.items():
        worker = make.worker_status(mode)
        viewer.window.resize(QSize(width, 480))
        viewer.feed(make.session(again, [worker], {"visible/gap": 99999}), make.result(mode=mode))
        viewer.until(lambda: "restarts" in header._labels["restarts"].text())
        assert header._badge.text() == badge
        viewer.until(lambda: header._badge.width() >= header._badge.sizeHint().width())
        assert viewer.window.width() == width
        for name, label in header._labels.items():
            if label.isVisible() and name != "network":
                viewer.until(lambda label=label: label.width() >= label.sizeHint().width())


def test_relative_counts_have_no_unit_to_choose(viewer):
    viewer.feed(make.session(), make.result(0, make.scene() // 200, radiometry=None))
    bar = viewer.window.control_bar
    assert not bar._unit.isEnabled()
    assert bar._unit.currentIndex() == -1
    press(viewer, Qt.Key.Key_U)
    assert bar._unit.currentIndex() == -1
    viewer.feed(make.result(1))
    assert bar._unit.isEnabled()
    assert bar._unit.currentText() == "°F"


def test_a_narrow_pane_keeps_the_figure_of_what_the_guide_added(viewer):
    viewer.feed(make.session(), make.result(0))
    viewer.feeder.send(make.influence(0, np.full((480, 640), 40)))
    pane = viewer.window.views[3]
    viewer.until(lambda: "±" in pane.annotations.caption)
    assert pane.annotations.caption.startswith("±0.45 K")
