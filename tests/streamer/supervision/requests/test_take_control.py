"""The recorder that a window starts and stops, without processes: what it is told, and tells."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from streamer.clock import NS_PER_S, HostNs, after
from streamer.config.recording import ASKED
from streamer.config.schema import Config, RecordingConfig
from streamer.messages import (
    ProcessState,
    RecordingState,
    RunAction,
    RunCommand,
    Status,
    TakeState,
)
from streamer.runtime.process import ProcessSpec
from streamer.runtime.roles import RecorderRole
from streamer.supervision.requests.take_control import TakeControl
from streamer.transport import Addresses

NOW = HostNs(50 * NS_PER_S)
STREAMS = ("visible", "thermal", "sr")


class Children:
    """The supervisor, as far as a recorder is concerned."""

    def __init__(self) -> None:
        self.children: dict[str, Any] = {}
        self.begun: list[ProcessSpec] = []
        self.told: list[str] = []

    def add(self, spec: ProcessSpec, now_ns: HostNs) -> Any:
        self.begun.append(spec)
        child = SimpleNamespace(alive=True, ended=False, final_error=None, status=None, spec=spec)
        self.children[spec.name] = child
        return child

    def remove(self, name: str) -> None:
        del self.children[name]

    def stop(self, names: list[str]) -> None:
        self.told += names

    def kill_overdue(self, names: list[str], since_s: float) -> None:
        if since_s > 30:
            self.told += [f"kill {name}" for name in names]


class Rig:
    def __init__(self, folder: Path, **config: float) -> None:
        self.children = Children()
        settings = RecordingConfig(directory=str(folder), **{"stop_mb": 0.0} | config)
        self.takes = TakeControl(
            self.children,  # type: ignore[arg-type]
            lambda order: ProcessSpec(
                name="recorder",
                config=Config(),
                addresses=Addresses("x"),
                role=RecorderRole(settings=order, amid=True),
            ),
            STREAMS,
            settings,
        )

    def ask(self, action: RunAction, value: float = 0.0, at_ns: HostNs = NOW) -> None:
        self.takes.handle(RunCommand(action, value), at_ns)

    @property
    def order(self) -> Any:
        return self.children.begun[-1].role_as(RecorderRole).settings

    def report(self, state: ProcessState = ProcessState.RUNNING, **recording: Any) -> None:
        told = RecordingState(self.order.output, 1.5, 20.0, **recording)
        status = Status(
            process="recorder", pid=1, timestamp_ns=NOW, state=state, detail="a", recording=told
        )
        self.children.children["recorder"].status = status
        self.takes.on_status(status)

    def end(self, **recording: Any) -> None:
        self.report(ProcessState.ENDED, **recording)
        child = self.children.children["recorder"]
        child.alive, child.ended = False, True
        self.takes.poll(after(NOW, NS_PER_S))


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path / "videos")


def test_from_off_through_a_recording_to_off(rig: Rig) -> None:
    assert rig.takes.take().state is TakeState.OFF
    rig.ask(RunAction.RECORD)
    assert rig.takes.take().state is TakeState.STARTING
    assert (rig.order.streams, rig.order.when) == (STREAMS, ())
    rig.ask(RunAction.RECORD)  # what is so already is left alone
    assert len(rig.children.begun) == 1
    rig.report()
    assert rig.takes.take().state is TakeState.RECORDING
    assert rig.takes.take().since_ns == NOW
    rig.ask(RunAction.STOP_RECORDING)
    assert rig.children.told == ["recorder"]
    assert rig.takes.take().state is TakeState.STOPPING
    rig.end()
    take = rig.takes.take()
    assert (take.state, take.problem, take.since_ns) == (TakeState.OFF, "", None)
    assert take.file == rig.order.output
    assert rig.takes.files == [rig.order.output]


def test_a_recording_that_the_end_of_the_run_ends_is_named_too(rig: Rig) -> None:
    rig.ask(RunAction.RECORD)
    rig.report()
    rig.takes.stop(NOW)
    rig.report(ProcessState.ENDED)
    rig.children.children["recorder"].alive = False  # and nobody looks after it any more
    rig.takes.close()
    assert rig.takes.files == [rig.order.output]
    assert not rig.takes.active
    rig.takes.close()
    assert rig.takes.files == [rig.order.output]


def test_the_last_word_of_a_recorder_is_waited_for_that_exited_before_it_came(rig: Rig) -> None:
    rig.ask(RunAction.RECORD)
    rig.report()
    rig.ask(RunAction.STOP_RECORDING)
    child = rig.children.children["recorder"]
    child.alive, child.ended = False, True
    gone = after(NOW, NS_PER_S)
    rig.takes.poll(gone)
    assert rig.takes.take().state is TakeState.STOPPING
    rig.report(ProcessState.ENDED)
    rig.takes.poll(after(gone, NS_PER_S // 50))
    assert (rig.takes.take().state, rig.takes.take().problem) == (TakeState.OFF, "")


def test_a_last_word_that_never_comes_holds_nothing_up(rig: Rig) -> None:
    rig.ask(RunAction.RECORD)
    rig.report()
    rig.ask(RunAction.STOP_RECORDING)
    child = rig.children.children["recorder"]
    child.alive, child.ended = False, True
    for passed_ns in (0, NS_PER_S):
        rig.takes.poll(after(NOW, passed_ns))
    assert rig.takes.take().state is TakeState.OFF
    assert "removed or moved" in rig.takes.take().problem


def test_what_is_kept_begins_the_next_recording_and_is_kept_again(rig: Rig) -> None:
    rig.ask(RunAction.KEEP, 10.0)
    assert (rig.order.when, rig.order.before_s) == ((ASKED,), 10.0)
    rig.report()
    assert rig.takes.take().state is TakeState.KEEPING
    rig.ask(RunAction.STOP_RECORDING)  # nothing is recorded
    assert rig.children.told == []
    rig.ask(RunAction.RECORD)
    assert len(rig.children.begun) == 1
    assert rig.takes.take().state is TakeState.RECORDING
    rig.ask(RunAction.STOP_RECORDING)
    rig.end()
    assert len(rig.children.begun) == 2
    assert rig.takes.take().state is TakeState.STARTING
    rig.ask(RunAction.KEEP, 0.0)
    rig.end()
    assert rig.takes.take().state is TakeState.OFF
    assert len(rig.children.begun) == 2


def test_a_disk_that_gets_full_is_told(rig: Rig) -> None:
    rig.ask(RunAction.KEEP, 10.0)
    rig.ask(RunAction.RECORD)
    rig.report()
    rig.end(full=True)
    take = rig.takes.take()
    assert take.state is TakeState.OFF
    assert "the disk is nearly full" in take.problem
    assert take.kept_s == 0.0  # or it would begin again and again
    assert len(rig.children.begun) == 1
    rig.ask(RunAction.RECORD)  # there is room again
    assert rig.takes.take().problem == ""


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "videos").write_text("in the way")
    rig = Rig(tmp_path / "videos")
    rig.ask(RunAction.RECORD)
    assert "videos" in rig.takes.take().problem
    assert rig.children.begun == []


def test_a_recorder_that_fails_for_good_is_told(rig: Rig) -> None:
    rig.ask(RunAction.RECORD)
    child = rig.children.children["recorder"]
    child.alive, child.final_error = False, "recorder ended with exit code 1, 3 times"
    rig.takes.poll(NOW)
    assert rig.takes.take().problem == "recorder ended with exit code 1, 3 times"
    assert rig.children.children == {}


def test_one_that_does_not_end_is_killed(rig: Rig) -> None:
    rig.ask(RunAction.RECORD)
    rig.ask(RunAction.STOP_RECORDING)
    rig.takes.poll(after(NOW, 31 * NS_PER_S))
    assert rig.children.told == ["recorder", "kill recorder"]


@pytest.mark.parametrize("value", [-3.0, 0.0, 1e9, float("nan"), float("inf")])
def test_any_length_to_keep_is_borne(rig: Rig, value: float) -> None:
    rig.ask(RunAction.KEEP, value)
    assert not rig.takes.take().kept_s > 60.0
    assert rig.takes.take().state in (TakeState.OFF, TakeState.STARTING)
