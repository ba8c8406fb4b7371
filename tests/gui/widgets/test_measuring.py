"""Measuring in the real window, with mouse and keyboard."""

import json

import msgspec
import numpy as np
import pytest
import tifffile
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from gui.panes import Pane
from gui.widgets.overlay import _labels
from gui.widgets.theme import ALARM
from streamer.clock import NS_PER_S
from streamer.measuring.object_parameters import ObjectParameters
from streamer.measuring.shapes import Box, Spot
from streamer.measuring.tool_set import ToolSet
from streamer.messages import Mode, StreamState, Uncertainty
from streamer.messages.alarms import AlarmState
from tests.gui import feeder as make

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def press(viewer, key, modifier=NONE):
    QTest.keyClick(viewer.window, key, modifier)


def at(viewer, u, v):
    area = viewer.large.picture_area()
    return QPoint(area.x() + round(u * area.width()), area.y() + round(v * area.height()))


def click(viewer, u, v):
    QTest.mouseClick(viewer.large, LEFT, pos=at(viewer, u, v))


def drag(viewer, start, *ends):
    QTest.mousePress(viewer.large, LEFT, pos=at(viewer, *start))
    for end in ends:
        QTest.mouseMove(viewer.large, at(viewer, *end))
    QTest.mouseRelease(viewer.large, LEFT, pos=at(viewer, *ends[-1]))


def names(viewer):
    return [tool.name for tool in viewer.state.measuring.tools.tools]


def cell(viewer, row, title):
    table = viewer.window.measuring_panel.table
    titles = [table.horizontalHeaderItem(n).text() for n in range(table.columnCount())]
    return table.item(row, titles.index(title)).text()


@pytest.fixture
def measuring(viewer):
    viewer.feeder.send(make.thermal())
    viewer.feed(make.session(), make.result(0))
    viewer.until(lambda: Pane.THERMAL in viewer.presenter.pictures.frames)
    return viewer


def test_a_click_pins_a_spot_that_says_which_pixel_gave_its_value(measuring):
    click(measuring, 0.5, 0.5)
    (tool,) = measuring.large.annotations.tools
    assert tool.labels[0] == "Sp1  36.0 °C SR"
    assert tool.handles, "it is selected"
    assert cell(measuring, 0, "SR mean") == "36.0 °C"
    assert cell(measuring, 0, "Sensor mean") == "36.0 °C"
    press(measuring, Qt.Key.Key_3)
    measuring.presenter.refresh()
    assert measuring.large.annotations.tools[0].labels[0] == "Sp1  36.0 °C sensor"
    press(measuring, Qt.Key.Key_2)
    measuring.presenter.refresh()
    assert measuring.large.annotations.tools[0].labels == ("Sp1",), "the visible measures nothing"


def test_a_value_of_the_network_says_how_far_it_may_be_off(measuring):
    click(measuring, 0.5, 0.5)
    sigma = np.full((6, 8), 30.0, np.float32)
    measuring.feed(make.result(1, uncertainty=Uncertainty.of(sigma)))
    assert measuring.large.annotations.tools[0].labels[0] == "Sp1  36.0 ± 0.3 °C SR"
    assert cell(measuring, 0, "SR max") == "36.0 ± 0.3 °C"
    assert cell(measuring, 0, "Sensor max") == "36.0 °C"


def test_tools_are_drawn_moved_and_taken_back(measuring):
    press(measuring, Qt.Key.Key_O)
    assert measuring.window.qactions["tool_ellipse"].isChecked()
    drag(measuring, (0.2, 0.2), (0.3, 0.3), (0.4, 0.5))
    drag(measuring, (0.6, 0.6), (0.7, 0.7), (0.8, 0.9))
    assert names(measuring) == ["El1", "Bx1"]
    assert cell(measuring, 1, "Name") == "Bx1"
    before = measuring.state.measuring.tools.tools[1]
    drag(measuring, (0.7, 0.75), (0.75, 0.75), (0.75, 0.8))
    moved = measuring.state.measuring.tools.tools[1]
    assert moved.bounds()[0][0] == pytest.approx(before.bounds()[0][0] + 0.05, abs=0.01)
    press(measuring, Qt.Key.Key_Z, CTRL)
    assert measuring.state.measuring.tools.tools[1] == before
    press(measuring, Qt.Key.Key_Z, CTRL | SHIFT)
    assert measuring.state.measuring.tools.tools[1] == moved
    press(measuring, Qt.Key.Key_Delete)
    assert names(measuring) == ["El1"]
    press(measuring, Qt.Key.Key_C)
    assert names(measuring) == []
    assert not measuring.window.measuring_panel.isVisible()
    press(measuring, Qt.Key.Key_Z, CTRL)
    assert names(measuring) == ["El1"]
    assert measuring.window.measuring_panel.isVisible()


def test_two_spots_stand_fifteen_pixels_apart(measuring):
    area = measuring.large.picture_area()
    for right in (0, 15):
        QTest.mouseClick(measuring.large, LEFT, pos=area.center() + QPoint(right, 0))
        QTest.qWait(QGuiApplication.styleHints().mouseDoubleClickInterval() // 40)
    assert names(measuring) == ["Sp1", "Sp2"]


def test_a_box_ends_at_the_border_when_the_pointer_leaves_it(measuring):
    drag(measuring, (0.6, 0.6), (0.8, 0.8), (1.4, 1.3))
    assert measuring.state.measuring.tools.tools[0].bounds()[1] == (1.0, 1.0)


def test_m_hides_tools_too(measuring):
    click(measuring, 0.3, 0.3)
    press(measuring, Qt.Key.Key_M)
    assert (measuring.large.annotations.tools, measuring.large.annotations.marks) == ((), ())
    press(measuring, Qt.Key.Key_M)
    assert len(measuring.large.annotations.tools) == 1


def test_a_double_click_names_a_tool_and_keys_are_the_windows_again(measuring):
    measuring.window.activateWindow()
    click(measuring, 0.3, 0.3)
    QTest.mouseDClick(measuring.large, LEFT, pos=at(measuring, 0.3, 0.3))
    table = measuring.window.measuring_panel.table
    measuring.until(lambda: QGuiApplication.focusObject() not in (None, table))
    editor = QGuiApplication.focusObject()
    QTest.keyClicks(editor, "motor p")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    measuring.until(lambda: names(measuring) == ["motor p"])
    assert measuring.state.palette == "iron", "the letters were the name's"
    press(measuring, Qt.Key.Key_P)
    assert measuring.state.palette == "rainbow"
    assert measuring.large.annotations.tools[0].labels[-1] == "motor p"


def test_all_are_compared_with_the_reference(measuring):
    click(measuring, 0.5, 0.5)
    press(measuring, Qt.Key.Key_D)
    click(measuring, 0.1, 0.02)
    assert cell(measuring, 0, "Δ") == "reference"
    assert cell(measuring, 1, "Δ") == "-17.9 K"
    press(measuring, Qt.Key.Key_U)
    assert cell(measuring, 1, "Δ") == "-32.3 °F"


def test_the_table_goes_to_the_clipboard(measuring):
    click(measuring, 0.5, 0.5)
    press(measuring, Qt.Key.Key_T, CTRL)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("Name (°C)\tSR mean\t")
    assert lines[1].startswith("Sp1\t36.0 °C\t")


def test_emissivity_is_said_beside_every_degree(measuring):
    tape = ObjectParameters(emissivity=0.8, reflected_celsius=20)
    tools = ToolSet(
        tools=(
            Spot(name="a", points=((0.5, 0.5),)),
            Spot(name="b", points=((0.5, 0.51),), parameters=tape),
        ),
        parameters=ObjectParameters(emissivity=0.95, reflected_celsius=20),
    )
    measuring.state.measuring.begin(tools)
    measuring.presenter.refresh()
    one, other = (tool.labels[0] for tool in measuring.large.annotations.tools)
    assert other.endswith("°C SR ε 0.80")
    assert 36.0 < float(one.split()[1]) < float(other.split()[1])
    assert "ε 0.95, reflected 20 °C" in measuring.window.control_bar._readout.text()
    assert measuring.large.annotations.caption.endswith("ε 0.95, reflected 20 °C")
    assert [cell(measuring, row, "ε") for row in (0, 1)] == ["0.95", "0.80 own"]


def test_counts_never_become_degrees(viewer):
    pixels = np.full((480, 640), 77, np.uint8)
    viewer.state.measuring.begin(
        ToolSet(
            tools=(Box(name="b", points=((0.1, 0.1), (0.5, 0.5))),),
            parameters=ObjectParameters(emissivity=0.5),
        )
    )
    viewer.feed(make.session(), make.result(0, pixels, radiometry=None))
    assert "°" not in "".join(viewer.large.annotations.tools[0].labels)
    assert cell(viewer, 0, "SR mean") == "rel. 77"
    assert "ε" not in viewer.window.control_bar._readout.text()


def test_what_is_no_measurement_has_tools_without_values(measuring):
    click(measuring, 0.5, 0.5)
    pixels = np.linspace(0, 65535, 480 * 640).reshape(480, 640).astype(np.uint16)
    worker = make.worker_status(Mode.VISIBLE_ONLY, thermal=StreamState.LOST)
    measuring.feed(make.session(statuses=[worker]), make.result(1, pixels, Mode.VISIBLE_ONLY))
    assert measuring.large.annotations.tools[0].labels == ("Sp1",)
    assert cell(measuring, 0, "SR mean") == "–"


def test_emissivity_is_set_of_the_picture_and_of_a_tool(measuring):
    click(measuring, 0.5, 0.5)
    press(measuring, Qt.Key.Key_Escape)
    press(measuring, Qt.Key.Key_J)
    form = measuring.actions._measuring._parameters
    assert form._of.currentText() == "The whole picture"

    def type_into(name, text):
        field = form._fields[name]
        form.activateWindow()
        field.setFocus()
        measuring.until(field.hasFocus)
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    type_into("emissivity", "0,8")
    assert measuring.state.measuring.tools.parameters.emissivity == 0.8
    assert "ε 0.80" in measuring.large.annotations.caption
    type_into("emissivity", "8")
    assert measuring.state.measuring.tools.parameters.emissivity == 0.8
    readout = measuring.window.control_bar._readout
    measuring.until(lambda: readout.text() == "Emissivity: <= 1.0 wanted, 8 came")
    click(measuring, 0.5, 0.5)
    assert form._of.currentText() == "Sp1", "what is selected is shown"
    tape = form._material.findText("Electrical tape, vinyl  0.96")
    form._material.activated.emit(tape)
    assert measuring.state.measuring.tools.tools[0].parameters.emissivity == 0.96
    assert "FLIR" in form._source.text()
    type_into("reflected_celsius", "25")
    assert measuring.state.measuring.tools.tools[0].parameters.reflected_celsius == 25
    form._own.click()
    assert measuring.state.measuring.tools.tools[0].parameters is None
    press(measuring, Qt.Key.Key_Z, CTRL)
    assert measuring.state.measuring.tools.tools[0].parameters.reflected_celsius == 25


def test_curves_run_and_are_read_and_saved(measuring, tmp_path, monkeypatch):
    click(measuring, 0.5, 0.5)
    at_ns = measuring.presenter.pictures.result.timestamp_ns
    for sequence in range(1, 5):
        at_ns += NS_PER_S // 5
        warmer = make.scene() + np.uint16(100 * sequence)
        measuring.feed(make.result(sequence, warmer, at_ns=at_ns))
    panel = measuring.window.measuring_panel
    measuring.until(lambda: panel.plot.plot.lines and max(panel.plot.plot.lines[0].y) > 39.9)
    QTest.mouseMove(panel.plot, QPoint(panel.plot.width() - 7, 20))
    moment, (text, _) = (panel.plot.legend()[n] for n in (0, 1))
    assert moment[0].endswith(" s")
    assert text == "Sp1  40.0 °C"
    monkeypatch.setattr(
        "gui.controllers.actions.measuring_actions.user_pictures_path", lambda: tmp_path
    )
    press(measuring, Qt.Key.Key_S, CTRL)
    (saved,) = (tmp_path / "CoReFusion Live").glob("*curves.csv")
    assert saved.read_text().splitlines()[-1].endswith("40.00,40.00,40.00")
    press(measuring, Qt.Key.Key_T, CTRL | SHIFT)
    assert "\tSp1 max (°C)" in QGuiApplication.clipboard().text()
    press(measuring, Qt.Key.Key_W)
    assert not panel.plot.isVisible()


def test_a_line_has_its_profile(measuring):
    press(measuring, Qt.Key.Key_N)
    drag(measuring, (0.1, 0.5), (0.5, 0.5), (0.9, 0.5))
    panel = measuring.window.measuring_panel
    panel._span.setCurrentIndex(panel._span.count() - 1)
    panel._span.activated.emit(panel._span.count() - 1)
    measuring.until(lambda: len(panel.plot.plot.lines) == 2)
    assert [line.name for line in panel.plot.plot.lines] == ["Li1 SR", "Li1 sensor"]
    assert max(panel.plot.plot.lines[0].y) == pytest.approx(36.0, abs=0.1)


def test_an_alarm_is_seen_heard_and_snapped_once(measuring, monkeypatch, tmp_path):
    monkeypatch.setattr("gui.controllers.snapshots.snapshots.user_pictures_path", lambda: tmp_path)
    heard = []
    measuring.presenter.alarm_signals._beep = lambda: heard.append(1)
    click(measuring, 0.5, 0.5)
    alarm = AlarmState(
        name="too hot", tool="Sp1", text="Sp1 max above 30 °C: 36.0 °C", since_ns=1, snapshot=True
    )
    loud = msgspec.structs.replace(make.session(), alarms=(alarm,))
    measuring.feed(loud, make.result(1))
    measuring.until(lambda: heard)
    (words,) = measuring.large.annotations.alarms
    assert words[0] == "ALARM  too hot, Sp1 max above 30 °C: 36.0 °C"
    assert words[1] == "ALARM  too hot, 36.0 °C"
    assert measuring.large.annotations.tools[0].alarmed
    area = measuring.large.picture_area()
    corner = measuring.large.grab().toImage().pixelColor(area.right() - 2, area.bottom() - 2)
    assert corner == ALARM
    again = msgspec.structs.replace(make.session(), alarms=(alarm,))
    measuring.feed(again, make.result(2))
    assert len(heard) == 1
    measuring.until_saved()
    assert len(list((tmp_path / "CoReFusion Live").glob("*.counts.png"))) == 1
    measuring.feed(make.session(), make.result(3))
    assert measuring.large.annotations.alarms == ()
    cannot = AlarmState(name="too hot", problem="there is no tool called x")
    measuring.feed(msgspec.structs.replace(make.session(), alarms=(cannot,)))
    readout = measuring.window.control_bar._readout
    measuring.until(lambda: readout.text().startswith("Alarm too hot cannot hold: there is no"))


def test_an_alarm_is_made_in_the_window_and_told_to_the_run(measuring):
    click(measuring, 0.5, 0.5)
    press(measuring, Qt.Key.Key_K)
    form = measuring.actions._measuring._alarms
    assert form._tool.currentText() == "Sp1", "the selected tool is offered"
    form._limit.typed.emit(35.5)
    form._does["record"].setChecked(True)
    add = next(b for b in form.findChildren(QPushButton) if b.text() == "Add")
    add.click()
    (rule,) = measuring.state.alarms
    assert (rule.tool, rule.above, rule.record, rule.command) == ("Sp1", 35.5, True, ())
    assert form._list.item(0).text() == "Sp1 max above 35.5 °C  (sound, record)"
    measuring.until(lambda: measuring.feeder.statuses[-1].alarms == (rule,))
    form._quantity.setCurrentIndex(form._quantity.findData("delta"))
    form._tool.setCurrentIndex(0)
    add.click()
    readout = measuring.window.control_bar._readout
    measuring.until(lambda: readout.text() == "No alarm: a tool wanted that has a delta")
    form._list.setCurrentRow(0)
    next(b for b in form.findChildren(QPushButton) if b.text() == "Remove").click()
    assert measuring.state.alarms == ()
    measuring.until(lambda: measuring.feeder.statuses[-1].alarms == ())


def test_a_snapshot_has_the_degrees_and_the_tools_that_are_shown(measuring, tmp_path, monkeypatch):
    monkeypatch.setattr("gui.controllers.snapshots.snapshots.user_pictures_path", lambda: tmp_path)
    parameters = ObjectParameters(emissivity=0.8)
    tools = ToolSet(tools=(Spot(name="a", points=((0.5, 0.5),)),), parameters=parameters)
    measuring.state.measuring.begin(tools)
    press(measuring, Qt.Key.Key_S)
    measuring.until_saved()
    (saved,) = (tmp_path / "CoReFusion Live").glob("*.celsius.tiff")
    with tifffile.TiffFile(saved) as tiff:
        degrees, facts = tiff.asarray(), json.loads(tiff.pages[0].description)
    shown = measuring.presenter.measuring.values[0].result.maximum
    assert degrees[240, 320] == pytest.approx(shown - 273.15, abs=1e-3)
    assert degrees[240, 320] > 36.5
    assert facts["object"] == "ε 0.80, reflected 20 °C"
    assert msgspec.json.decode(facts["measuring"], type=ToolSet) == tools
    assert facts["values"].splitlines()[1].startswith(f"a\t{shown - 273.15:.1f} °C")


SIZES = [(1280, 800), (720, 480), (480, 320), (3840, 2160)]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_ten_tools_fit_any_window(measuring, size):
    spots = [Spot(name=f"s{n}", points=((0.08 + 0.2 * n, 0.03 + 0.23 * n),)) for n in range(5)]
    boxes = [
        Box(name=f"b{n}", points=((0.6 + 0.05 * n, 0.1 * n), (0.99, 0.2 + 0.15 * n)))
        for n in range(5)
    ]
    measuring.state.measuring.begin(ToolSet(tools=(*spots, *boxes)))
    measuring.window.resize(QSize(*size))
    measuring.presenter.refresh()
    measuring.window.grab()
    painter = measuring.large._annotation_painter
    area = measuring.large.picture_area()
    assert len(list(_labels(measuring.large.placement(), measuring.large.annotations))) == 12
    placed = [place.at for _, place in painter._placed if place is not None]
    assert len(placed) >= (8 if size[0] < 600 else 12)
    assert not any(a.overlaps(b) for n, a in enumerate(placed) for b in placed[:n])
    assert all(
        area.contains(round(each.x), round(each.y))
        and each.x + each.width <= area.x() + area.width()
        and each.y + each.height <= area.y() + area.height()
        for each in placed
    )
