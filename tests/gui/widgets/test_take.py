"""Recording, playing again and opening, by the window's keys; what it is told of them."""

import msgspec
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

from gui.status.diagnosis import Severity
from gui.status.run_status import RunStatus
from gui.status.take_text import take_text
from gui.widgets.theme import SEVERITY_COLOURS
from streamer.clock import NS_PER_S, ClockReading, live_stream, now_ns
from streamer.config.schema import Config
from streamer.messages import (
    Correction,
    ProcessState,
    RecordingState,
    RunAction,
    RunCommand,
    Take,
    TakeState,
)
from tests.gui import feeder as make
from tests.support.recordings import recorded

FILE = "/videos/2026-11-29 01-20-00.mcap"


def session(take, recording=None, **fields):
    statuses = [make.worker_status()]
    if recording is not None:
        statuses.append(make.status("recorder", recording=recording))
    told = make.session(statuses=statuses, processes={"recorder": make.health()})
    return msgspec.structs.replace(told, take=take, **fields)


def commands(viewer):
    viewer.feeder.listen()
    return [one for one in viewer.feeder.others if isinstance(one, RunCommand)]


def press(viewer, key, modifier=Qt.KeyboardModifier.NoModifier):
    """Presses a key; returns the command that it sends."""
    sent = len(commands(viewer))
    QTest.keyClick(viewer.window, key, modifier)
    viewer.until(lambda: len(commands(viewer)) > sent)
    return commands(viewer)[-1]


def test_the_key_asks_for_a_shutter_correction_and_the_answer_is_shown(viewer):
    def told(answer):
        camera = make.status("capture.thermal", correction=answer)
        return make.session(statuses=[make.worker_status(), camera])

    viewer.feed(told(None), make.result(0))
    assert press(viewer, Qt.Key.Key_F, Qt.KeyboardModifier.ShiftModifier) == RunCommand(
        RunAction.CORRECT
    )
    viewer.feed(told(Correction(1)), make.result(1))
    viewer.until(lambda: "asked to correct itself" in viewer.window.control_bar.readout)
    viewer.feed(told(Correction(2, "it has none")), make.result(2))
    viewer.until(lambda: "No shutter correction: it has none" in viewer.window.control_bar.readout)


def test_the_key_records_and_stops(viewer):
    viewer.feed(session(Take()), make.result(0))
    viewer.until(lambda: viewer.window.qactions["record"].isEnabled())
    assert press(viewer, Qt.Key.Key_V) == RunCommand(RunAction.RECORD)
    began_ns = now_ns() - 42 * NS_PER_S
    take = Take(TakeState.RECORDING, began_ns, 0.0, "", FILE)
    viewer.feed(session(take, RecordingState(FILE, 312.4, 1.25)), make.result(1))
    header = viewer.window.header
    viewer.until(lambda: header._take.text().startswith("REC 0:4"))  # a word, not a colour alone
    assert header._take.isVisible()
    assert header._take.palette().window().color() == SEVERITY_COLOURS[Severity.ERROR]
    assert header._labels["take"].text() == "312.4 MB, disk nearly full, 1.2 GB left"
    assert viewer.window.qactions["record"].isChecked()
    viewer.window.resize(720, 480)
    figures = header._labels["take"]
    viewer.until(lambda: figures.fitting(figures.width()) in (figures.text(), "312.4 MB …"))
    assert press(viewer, Qt.Key.Key_V) == RunCommand(RunAction.STOP_RECORDING)
    viewer.feed(session(Take(TakeState.STOPPING, began_ns, 0.0, "", FILE)), make.result(2))
    viewer.until(lambda: header._take.text() == "COMPLETING")
    viewer.feed(session(Take(file=FILE)), make.result(3))
    viewer.until(lambda: not header._take.isVisible())
    viewer.presenter.refresh()
    assert "Recorded 2026-11-29 01-20-00.mcap" in viewer.presenter._message[0]
    assert not viewer.window.control_bar._yielding["open_take"].isHidden()


def test_the_last_seconds_are_kept_on_request(viewer):
    viewer.feed(session(Take()), make.result(0))
    kept = press(viewer, Qt.Key.Key_V, Qt.KeyboardModifier.ShiftModifier)
    assert kept == RunCommand(RunAction.KEEP, 10.0)
    viewer.feed(session(Take(TakeState.KEEPING, None, 10.0)), make.result(1))
    viewer.until(lambda: viewer.window.header._take.text() == "KEEPING 10 s")
    assert viewer.window.qactions["keep"].isChecked()
    no_more = press(viewer, Qt.Key.Key_V, Qt.KeyboardModifier.ShiftModifier)
    assert no_more == RunCommand(RunAction.KEEP, 0.0)


def test_a_full_disk_is_said_and_the_view_goes_on(viewer):
    take = Take(TakeState.RECORDING, now_ns(), 0.0, "", FILE)
    viewer.feed(session(take), make.result(0))
    viewer.until(lambda: viewer.presenter.take is not None)
    why = f"the disk is nearly full (recording.stop_mb): recording {FILE} ended early, complete"
    viewer.feed(session(Take(problem=why, file=FILE)), make.result(1))
    viewer.until(lambda: viewer.window.header._take.text() == "NOT RECORDING")
    viewer.presenter.refresh()
    assert "the disk is nearly full" in viewer.presenter._message[0]
    assert viewer.presenter.diagnosis.badge == "GUIDED"
    viewer.feed(make.result(2))
    assert press(viewer, Qt.Key.Key_V) == RunCommand(RunAction.RECORD)


def test_the_end_of_files_says_so_and_plays_again(viewer):
    viewer.feed(session(Take()), make.result(0))
    ended = make.health(ProcessState.ENDED, "end of the source", 0, False)
    told = make.session({"capture.visible": ended, "capture.thermal": ended})
    viewer.feed(msgspec.structs.replace(told, at_end=True), make.result(1))
    assert viewer.presenter.diagnosis.badge == "END"
    assert "plays it again" in viewer.notice.lines[0]
    assert viewer.large.annotations.stamp == ""
    assert not viewer.large._image.isNull()
    viewer.until(lambda: not viewer.window.control_bar._yielding["play_again"].isHidden())
    assert press(viewer, Qt.Key.Key_Home) == RunCommand(RunAction.PLAY_AGAIN)


def test_what_was_recorded_opens_in_its_place(viewer, tmp_path):
    file = recorded(tmp_path / "a.mcap", 12)
    viewer.feed(session(Take(file=str(file))), make.result(0))
    viewer.until(lambda: viewer.presenter.take is not None)
    opened = press(viewer, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert opened == RunCommand(RunAction.OPEN, path=str(file.resolve()))


def drop(viewer, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    viewer.window.dropEvent(QDropEvent(QPointF(50, 50), copy, data, left, none))


def test_a_recording_is_opened_by_dropping_it(viewer, tmp_path):
    drop(viewer, recorded(tmp_path / "a.mcap", 12))
    viewer.until(lambda: commands(viewer))
    assert commands(viewer)[0].action is RunAction.OPEN


def test_what_was_seen_last_is_offered(viewer, tmp_path):
    menu = viewer.window.recent
    menu.aboutToShow.emit()
    assert [action.isEnabled() for action in menu.actions()] == [False]
    first, second, gone = (recorded(tmp_path / f"{name}.mcap", 12) for name in "abc")
    for file in (first, gone, second, first):
        viewer.run_actions.open(str(file))
    gone.unlink()
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == ["a.mcap", "b.mcap"]
    viewer.until(lambda: len(commands(viewer)) == 4)
    menu.actions()[1].trigger()
    viewer.until(lambda: len(commands(viewer)) > 4)
    assert commands(viewer)[-1].path == str(second.resolve())


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.mcap", b"no recording", "a.mcap"),
        ("a.mp4", b"", "is no recording"),
        ("gone.mcap", None, "gone.mcap"),
    ],
)
def test_what_is_no_recording_ends_nothing(viewer, tmp_path, name, content, why):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    viewer.run_actions.open(str(tmp_path / name))
    viewer.presenter.refresh()
    assert why in viewer.presenter._message[0]
    assert commands(viewer) == []


def test_the_words_of_a_recording():
    now = now_ns()
    run = {"now_ns": now, "since_ns": now, "result": None, "config": Config()}

    def words(take, health=None):
        told = session(take)
        if health is not None:
            told.processes["recorder"] = health
        reading = ClockReading(now, live_stream(now))
        return take_text(RunStatus(session=told, reading=reading, **run))

    hours = Take(TakeState.RECORDING, now - 3723 * NS_PER_S, 0.0, "", FILE)
    assert words(hours).badge == "REC 1:02:03"
    gone = make.health(ProcessState.STARTING, "starting again", 1, False)
    assert words(hours, gone).badge == "REC RESTARTING"
    assert words(Take()).badge == ""
    assert words(None).badge == ""
