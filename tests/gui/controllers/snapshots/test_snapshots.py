"""Snapshots are made into files while the window goes on."""

import threading

import msgspec
import pytest
from PySide6.QtGui import QImage

from gui.controllers.snapshots import snapshots as made
from streamer.messages.alarms import AlarmState
from tests.gui import feeder as make
from tests.support.fake_session import DEADLINE_S


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(made, "user_pictures_path", lambda: tmp_path)
    return tmp_path / "CoReFusion Live"


@pytest.fixture
def gate(monkeypatch):
    """Nothing is written until it is set; who writes is noted."""
    gate, real = threading.Event(), made.save_image
    gate.writers = []

    def save(*arguments):
        gate.writers.append(threading.current_thread())
        assert gate.wait(DEADLINE_S)
        return real(*arguments)

    monkeypatch.setattr(made, "save_image", save)
    yield gate
    gate.set()


def alarmed(at):
    alarm = AlarmState(name="hot", text="hot", since_ns=at, snapshot=True)
    return msgspec.structs.replace(make.session(), alarms=(alarm,))


def test_an_alarms_snapshot_does_not_hold_the_window(viewer, folder, gate):
    viewer.feed(make.session(), make.result(0))
    viewer.feeder.send(alarmed(1))
    viewer.until(lambda: gate.writers)
    for sequence in range(1, 6):  # the window goes on while it is written
        viewer.feed(alarmed(1), make.result(sequence))
    assert list(folder.glob("*")) == []
    gate.set()
    viewer.until_saved()
    assert threading.main_thread() not in gate.writers
    (counts,) = folder.glob("*.counts.png")
    assert QImage(str(counts)).text("sequence") == "0"  # of the moment of the alarm
    assert len(list(folder.glob("*"))) == 4


def test_what_cannot_be_written_is_counted_and_told(viewer, folder, caplog):
    folder.write_text("in the way")
    viewer.feed(make.session(), make.result(0))
    for _ in range(2):
        viewer.actions.snapshot()
        viewer.until_saved()
    viewer.presenter.refresh()
    assert viewer.window.control_bar.readout.endswith("(2 so far)")
    assert viewer.actions.snapshots.failed == 2
    assert caplog.text.count("is not saved: it could not be written") == 2


def test_more_than_can_be_written_are_left_out_and_counted(viewer, folder, gate, caplog):
    viewer.feed(make.session(), make.result(0))
    for _ in range(made._MOST_WAITING + 3):
        viewer.actions.snapshot()
    assert viewer.actions.snapshots.failed == 3
    assert "others are still being written" in caplog.text
    gate.set()
    viewer.until_saved()
    assert len(list(folder.glob("*.counts.png"))) == made._MOST_WAITING


def test_what_is_being_written_when_the_window_closes_is_written(viewer, folder, gate):
    viewer.feed(make.session(), make.result(0))
    viewer.actions.snapshot()
    viewer.until(lambda: gate.writers)
    gate.set()
    viewer.actions.close()
    assert len(list(folder.glob("*"))) == 4
