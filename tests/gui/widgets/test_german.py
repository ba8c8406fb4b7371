"""The whole window in another language: nothing of the first is left, and nothing is cut."""

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QMenu,
    QTableWidget,
    QWidget,
)

from gui.language import tr
from gui.language.translation import CATALOGUES
from gui.status.diagnosis import Diagnosis, Severity
from gui.status.wording import MODES, PROCESS_STATES, STREAM_STATES
from gui.widgets.header import ElidedLabel
from streamer.messages import Mode, ProcessState, StreamState
from tests.gui import feeder as make
from tools.translate.catalogue import read


@pytest.fixture
def german_viewer(german, request):
    return request.getfixturevalue("viewer")


def texts_of(widget):
    """Everything that a widget and what it holds say, or would say if they were pointed at."""
    for one in [widget, *widget.findChildren(QWidget)]:
        yield from (one.toolTip(), one.accessibleName(), one.windowTitle())
        if isinstance(one, QLabel | QAbstractButton):
            yield one.text()
        if isinstance(one, QMenu):
            yield one.title()
        if isinstance(one, QComboBox):
            yield from (one.itemText(n) for n in range(one.count()))
        if isinstance(one, QTableWidget):
            items = (one.horizontalHeaderItem(n) for n in range(one.columnCount()))
            yield from (text for item in items for text in (item.text(), item.toolTip()))
        for action in one.actions():
            yield from (action.text(), action.toolTip().rpartition(" (")[0])


def english_texts():
    """What a text is only before it is translated."""
    entries = read(CATALOGUES / "de.po").entries.values()
    translated = {form for entry in entries for form in entry.forms}
    return {each.text for each in entries} - translated


def test_no_english_is_left_in_the_window(german_viewer):
    viewer = german_viewer
    viewer.feed(make.session(dropped={"visible/gap": 30}), make.result(0))
    for name in ("help", "health", "object_parameters", "alarms", "align"):
        viewer.window.qactions[name].trigger()
    viewer.presenter.refresh()
    windows = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
    assert len(windows) >= 5
    seen = {text.replace("&", "") for window in windows for text in texts_of(window)}
    assert {"Datei", "Aufnehmen", "Emissionsgrad", "Isotherme"} <= seen
    assert seen & english_texts() == set()
    keys = next(each for each in windows if each.windowTitle() == "Tasten")
    lines = [label.text() for label in keys.findChildren(QLabel)]
    assert "Isotherme: Alles markieren, was heißer ist als unter dem Zeiger" in lines
    health = viewer.window.panels.facts["health"]
    viewer.until(lambda: "Datenströme" in health.text)
    assert "fehlt beim Empfänger" in health.text


def test_what_is_said_of_a_run_is_in_german(german_viewer):
    viewer = german_viewer
    viewer.feed(make.session(), make.result(0))
    assert viewer.presenter.diagnosis.badge == "GEFÜHRT"
    assert viewer.large.annotations.caption == "Superaufgelöst"
    viewer.until(lambda: "SR: max. " in viewer.window.control_bar.readout)
    QTest.keyClick(viewer.window, Qt.Key.Key_Space)
    assert viewer.large.annotations.stamp == "STANDBILD"


@pytest.mark.parametrize("size", [(480, 320), (720, 480), (1280, 800)])
def test_no_word_is_cut(german_viewer, size):
    viewer = german_viewer
    viewer.feed(make.session(), make.result(0))
    viewer.window.resize(*size)
    viewer.until(lambda: viewer.window.size() == QSize(*size))
    QTest.keyClick(viewer.window, Qt.Key.Key_L)  # "locked" is the longer word
    texts = [
        each
        for kind in (QLabel, QAbstractButton)
        for each in viewer.window.findChildren(kind)
        if not isinstance(each, ElidedLabel) and each.parent() is not viewer.window.tool_column
    ]  # whose buttons show pictures
    assert len(texts) > 5

    QApplication.sendPostedEvents()
    viewer.presenter.refresh()
    QApplication.processEvents()
    assert [each.text() for each in texts if each.isVisible() and lacks_room(each)] == []


@pytest.mark.parametrize("badge", ["WAITING FOR CAMERA", "NETWORK RESTARTING", "NO NEW PICTURE"])
def test_a_long_badge_is_whole_in_a_small_window(german_viewer, badge):
    window = german_viewer.window
    window.resize(480, 320)
    words = tr(badge)
    assert words != badge
    window.header.set_diagnosis(Diagnosis(badge=words, severity=Severity.ERROR))
    label = next(each for each in window.header.findChildren(QLabel) if each.text() == words)
    QApplication.processEvents()
    assert not lacks_room(label)


def lacks_room(widget):
    """Whether a text is wider than what shows it; the hint of a label has its margins."""
    return widget.fontMetrics().horizontalAdvance(widget.text()) > widget.width()


def test_modes_have_a_word(german):
    assert (set(MODES), set(PROCESS_STATES)) == (set(Mode), set(ProcessState))
    assert set(STREAM_STATES) == set(StreamState)
    assert tr(MODES[Mode.THERMAL_ONLY]).upper() == tr("THERMAL ONLY") == "NUR THERMISCH"
