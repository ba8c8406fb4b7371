"""Panels beside the picture: shown and hidden by their keys, kept, and quiet while hidden."""

import logging

import msgspec
import pytest
from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QTabBar

from gui.controllers.preferences import PreferencesFile
from gui.controllers.presenters import panels as presenting
from gui.state.viewer_state import ViewerState
from gui.widgets.main_window import MainWindow
from gui.widgets.theme import apply_theme
from streamer.logs.run_log import RunLog
from streamer.messages import CameraInfo, PixelFormat
from tests.gui import feeder as make

KEYS = {
    "cameras": Qt.Key.Key_F6,
    "model": Qt.Key.Key_F7,
    "log": Qt.Key.Key_F8,
    "health": Qt.Key.Key_H,
}
WORDS = {"cameras": "Thermal camera", "model": "openvino", "health": "Age by stage"}


@pytest.fixture
def run_log(tmp_path):
    log = RunLog(tmp_path / "logs", level="info", format="text", max_mb=1, keep_runs=2)
    yield log
    log.handler.close()


@pytest.fixture
def spec(spec, run_log):
    return msgspec.structs.replace(spec, log=run_log.file)


def say(run_log, level, words):
    run_log.handler.handle(logging.LogRecord("x", level, "x.py", 1, words, None, None))


@pytest.fixture
def fresh(qtbot, qapp):
    apply_theme(qapp)

    def window():
        made = MainWindow(60.0)
        qtbot.addWidget(made)
        return made

    return window


@pytest.mark.parametrize("name", list(WORDS))
def test_a_panel_is_hidden_at_first_and_its_key_shows_and_hides_it(viewer, name):
    window = viewer.window
    panel = window.panels[name]
    assert panel.isHidden()
    QTest.keyClick(window, KEYS[name])
    assert panel.isVisible()
    assert window.qactions[name].isChecked()
    viewer.feed(make.session(dropped={"visible/gap": 30}), make.result(0), make.thermal())
    viewer.until(lambda: WORDS[name] in window.panels.facts[name].text)
    label = window.panels.facts[name].findChild(QLabel)
    assert WORDS[name] in label.text()  # what is painted, not only what is known
    QTest.keyClick(window, KEYS[name])
    assert panel.isHidden()
    assert not window.qactions[name].isChecked()


def test_all_panels_are_below_one_entry_of_the_view_menu(viewer):
    titles = {
        menu.text().replace("&", ""): menu.menu() for menu in viewer.window.menuBar().actions()
    }
    panels = next(a.menu() for a in titles["View"].actions() if a.text() == "Panels")
    assert [action.text() for action in panels.actions()] == [
        "Cameras",
        "Model and engine",
        "Log",
        "Health",
    ]


def test_closing_a_panel_by_its_cross_is_told_to_its_action(viewer):
    window = viewer.window
    QTest.keyClick(window, KEYS["model"])
    window.panels["model"].close()
    assert not window.qactions["model"].isChecked()


def test_nothing_is_worked_out_for_a_panel_that_nobody_sees(viewer, monkeypatch):
    asked = []
    for name in ("camera_sections", "model_sections", "health_sections"):
        monkeypatch.setattr(presenting, name, lambda *_, name=name: asked.append(name) or ())
    window = viewer.window
    viewer.feed(make.session(), make.result(0))
    shown = []
    for sequence in range(1, 12):
        viewer.feed(make.session(), make.result(sequence))
    assert asked == shown == []
    for name in ("cameras", "health"):  # one lies over the other
        QTest.keyClick(window, KEYS[name])
    QApplication.processEvents()
    asked.clear()
    viewer.until(lambda: asked.count("health_sections") >= 2)
    assert set(asked) == {"health_sections"}
    QTest.keyClick(window, KEYS["cameras"])  # brings it before the other
    assert window.panels["cameras"].isVisible()
    QApplication.processEvents()
    asked.clear()
    viewer.until(lambda: asked.count("camera_sections") >= 2)
    assert set(asked) == {"camera_sections"}


def test_cameras_are_told_with_no_picture_of_them_in_the_window(viewer):
    window = viewer.window
    QTest.keyClick(window, Qt.Key.Key_0)  # no small pictures
    QTest.keyClick(window, KEYS["cameras"])
    info = CameraInfo(
        name="Lepton 3.5",
        width=160,
        height=120,
        pixel_format=PixelFormat.MONO16,
        rate_hz=9.0,
        live=True,
    )
    viewer.feeder.send(make.thermal())
    statuses = [make.worker_status(), make.status("capture.thermal", camera=info)]
    viewer.feed(make.session(statuses=statuses), make.result(0))
    text = window.panels.facts["cameras"]
    viewer.until(lambda: "Lepton 3.5" in text.text and "span of the picture" in text.text)


def test_the_log_comes_live_is_filtered_and_copied(viewer, run_log):
    window = viewer.window
    log = window.panels.log
    say(run_log, logging.INFO, "before anybody looked")
    QTest.keyClick(window, KEYS["log"])
    viewer.until(lambda: "before anybody looked" in log.lines.toPlainText())
    say(run_log, logging.WARNING, "the lens cap is on")
    viewer.until(lambda: "lens cap" in log.lines.toPlainText())
    QTest.keyClicks(log.words, "LENS")
    assert log.lines.toPlainText().count("\n") == 0
    assert "corefusion WARNING the lens cap is on" in log.lines.toPlainText()
    QTest.mouseClick(log.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == log.lines.toPlainText()
    log.words.clear()
    log.level.setCurrentIndex(log.level.findData("error"))
    log.level.activated.emit(log.level.currentIndex())
    assert log.lines.toPlainText() == ""
    say(run_log, logging.INFO, "nothing of note")
    say(run_log, logging.ERROR, "it is broken")
    viewer.until(lambda: "it is broken" in log.lines.toPlainText())
    assert "of note" not in log.lines.toPlainText()


def test_who_reads_further_up_is_left_there(viewer, run_log):
    QTest.keyClick(viewer.window, KEYS["log"])
    for number in range(200):
        say(run_log, logging.INFO, f"line {number}")
    log = viewer.window.panels.log
    bar = log.lines.verticalScrollBar()
    viewer.until(lambda: "line 199" in log.lines.toPlainText())
    assert bar.value() == bar.maximum() > 0
    bar.setValue(10)
    say(run_log, logging.INFO, "one more")
    viewer.until(lambda: "one more" in log.lines.toPlainText())
    assert bar.value() == 10


def test_a_wheel_over_the_level_and_keys_typed_into_the_filter_change_nothing_else(viewer):
    QTest.keyClick(viewer.window, KEYS["log"])
    log, palette = viewer.window.panels.log, viewer.state.palette
    log.words.setFocus()
    QTest.keyClicks(log.words, "pap")
    assert log.words.text() == "pap"
    assert viewer.state.palette == palette


@pytest.mark.parametrize("size", [(480, 320), (400, 260)])
def test_in_a_small_window_a_panel_stands_beside_the_picture(viewer, size):
    window = viewer.window
    QTest.keyClick(window, KEYS["cameras"])
    assert not window.panels["cameras"].isFloating()
    window.resize(*size)
    viewer.until(lambda: window.size() == QSize(*size))
    assert window.panels["cameras"].isHidden()  # it makes way
    viewer.until(lambda: viewer.large.width() > size[0] // 2)
    QTest.keyClick(window, KEYS["health"])
    health = window.panels["health"]
    assert health.isVisible()
    assert health.isFloating()
    assert health.screen().availableGeometry().contains(health.geometry())
    viewer.until(lambda: viewer.large.width() > size[0] // 2)
    window.resize(1280, 800)
    viewer.until(lambda: window.panels["cameras"].isVisible())
    assert not window.panels["cameras"].isFloating()


def test_docked_panels_take_room_from_everything_and_the_words_stay_whole(viewer):
    window = viewer.window
    window.resize(640, 480)
    for name in ("cameras", "log"):
        QTest.keyClick(window, KEYS[name])
    viewer.feed(make.session(), make.result(0))
    viewer.until(lambda: window.panels["cameras"].isVisible())
    QApplication.processEvents()
    assert window.size() == QSize(640, 480)
    for inside in (window.control_bar, window.header, window.large_views[0]):
        area = inside.rect().translated(inside.mapTo(window, inside.rect().topLeft()))
        assert window.rect().contains(area)
        docked = [window.panels[name].geometry() for name in ("cameras", "log")]
        assert not any(panel.intersects(area) for panel in docked)
    assert not window.views[1].isVisible()  # small pictures have no room beside it


def test_which_panels_are_up_and_where_is_kept(fresh):
    window = fresh()
    window.show()
    for name in ("cameras", "log"):
        window.panels.toggle(name)
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, window.panels["log"])
    PreferencesFile().save(ViewerState(), window)
    again = fresh()
    PreferencesFile().restore(ViewerState(), again)
    again.show()
    up = {name: again.panels[name].isVisible() for name in KEYS}
    assert up == {"cameras": True, "model": False, "log": True, "health": False}
    assert again.dockWidgetArea(again.panels["log"]) is Qt.DockWidgetArea.LeftDockWidgetArea
    assert again.qactions["log"].isChecked()
    assert not again.qactions["model"].isChecked()


def test_what_made_way_for_the_picture_is_kept_as_wanted(fresh):
    window = fresh()
    window.show()
    window.panels.toggle("model")
    window.resize(480, 320)
    assert window.panels["model"].isHidden()
    PreferencesFile().save(ViewerState(), window)
    again = fresh()
    PreferencesFile().restore(ViewerState(), again)
    again.resize(1280, 800)
    again.show()
    assert again.panels["model"].isVisible()


@pytest.mark.parametrize("broken", [QByteArray(b"not a state"), "words", 7, QByteArray()])
def test_a_broken_state_is_told_once_and_ignored(fresh, broken, caplog):
    file = PreferencesFile()
    file._settings.setValue("viewer/panels", broken)
    file._settings.sync()
    window = fresh()
    with caplog.at_level(logging.WARNING):
        PreferencesFile().restore(ViewerState(), window)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "where the panels were" in caplog.text
    window.show()
    assert all(window.panels[name].isHidden() for name in KEYS)


def test_a_first_start_says_nothing_of_panels(fresh, caplog):
    PreferencesFile().restore(ViewerState(), fresh())
    assert caplog.records == []


def test_panels_of_one_edge_are_tabs(viewer):
    for name in ("cameras", "model", "health"):
        QTest.keyClick(viewer.window, KEYS[name])
    QApplication.processEvents()
    bars = [bar for bar in viewer.window.findChildren(QTabBar) if bar.isVisible()]
    assert [bar.count() for bar in bars] == [3]


@pytest.mark.usefixtures("german")
def test_panels_speak_german(request, qtbot):
    viewer = request.getfixturevalue("viewer")
    for name in ("cameras", "model", "health"):
        viewer.window.qactions[name].trigger()
        viewer.feed(make.session(dropped={"visible/gap": 3}), make.result(0), make.thermal())
        text = viewer.window.panels.facts[name]
        viewer.until(lambda text=text: text.text)
    told = {name: view.text for name, view in viewer.window.panels.facts.items()}
    assert "Verschluss (FFC): offen" in told["cameras"]
    assert "Gewichte" not in told["model"]
    assert "Genauigkeit: int8" in told["model"]
    assert "Alter nach Abschnitten" in told["health"]
    assert "fehlt beim Empfänger: " in told["health"]
