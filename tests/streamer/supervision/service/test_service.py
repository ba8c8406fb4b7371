"""What systemd is told: on real sockets of both kinds, and only while the work goes on."""

import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from streamer.messages import ProcessHealth, ProcessState, RecordingState, Status
from streamer.supervision.processes import child
from streamer.supervision.service.service_manager import VARIABLES, ServiceManager
from streamer.supervision.service.service_watch import ServiceWatch

S = 1_000_000_000


class Systemd:
    """The end of the socket that systemd holds."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address)
        self.socket.setblocking(False)
        self.name = f"@{address[1:]}" if address[:1] == "\0" else address

    def told(self) -> list[str]:
        """Every variable since the last call."""
        lines = []
        while True:
            try:
                lines += self.socket.recv(4096).decode().splitlines()
            except BlockingIOError:
                return lines


@pytest.fixture(params=["path", "abstract"])
def systemd(request: pytest.FixtureRequest, tmp_path_factory) -> Iterator[Systemd]:
    short = Path(f"/tmp/cf-notify-{tmp_path_factory.getbasetemp().name}-{id(request)}")
    one = Systemd(str(short) if request.param == "path" else f"\0{short}")
    yield one
    one.socket.close()
    short.unlink(missing_ok=True)


def test_variables_arrive_as_they_are_meant(systemd: Systemd) -> None:
    manager = ServiceManager({"NOTIFY_SOCKET": systemd.name})
    assert manager.tell(READY=1, STATUS="two\nlines\x20of it")
    assert systemd.told() == ["READY=1", "STATUS=two lines of it"]


@pytest.mark.parametrize("name", ["", "vsock:2:1234", "/nowhere/at/all"])
def test_without_a_socket_nothing_happens(name: str) -> None:
    told = ServiceManager({"NOTIFY_SOCKET": name} if name else {}).tell(READY=1)
    assert told is (not name.startswith("/"))


def test_children_are_not_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, "x")
    assert not set(VARIABLES) & set(child._environment())


class Run:
    """The state of a run, as the test says it is."""

    def __init__(self, systemd: Systemd, *, records: bool) -> None:
        self.frames = 0
        self.told: dict[str, Status] = {}
        self.children = {"inference": SimpleNamespace(alive=True)}
        self._now_ns = 0
        self._systemd = systemd
        manager = ServiceManager({"NOTIFY_SOCKET": systemd.name})
        self._watch = ServiceWatch(manager, self, self, records=records)

    def statuses(self) -> dict[str, Status]:
        return self.told

    def health(self) -> dict[str, ProcessHealth]:
        return {
            name: ProcessHealth(status.state, status.detail, 0, True)
            for name, status in self.told.items()
        }

    def status(self, name: str, recording: RecordingState | None = None) -> None:
        self.told[name] = Status(
            process=name,
            pid=1,
            timestamp_ns=self._now_ns + 1,
            state=ProcessState.RUNNING,
            recording=recording,
        )

    def recorded(self, pictures: int, handled: int) -> None:
        told = RecordingState("a", 1.0, 1.0, pictures=pictures, handled=handled)
        self.status("recorder", told)

    def second(self) -> list[str]:
        """What is told in the next second, but for its words."""
        self._now_ns += S
        self._watch.look(self._now_ns)
        self._watch.look(self._now_ns + S // 2)
        return [line for line in self._systemd.told() if not line.startswith("STATUS=")]


def test_a_recording_is_ready_when_something_is_recorded(systemd: Systemd) -> None:
    run = Run(systemd, records=True)
    assert run.second() == []
    run.status("inference")
    run.frames = 10
    assert run.second() == []  # results are not what it is there for
    run.recorded(0, 3)
    assert run.second() == ["WATCHDOG=1"]
    run.recorded(1, 4)
    assert run.second() == ["READY=1", "WATCHDOG=1"]
    run.recorded(2, 5)
    assert run.second() == ["WATCHDOG=1"]


def test_the_watchdog_hears_of_progress_alone(systemd: Systemd) -> None:
    run = Run(systemd, records=True)
    run.recorded(5, 50)
    assert run.second() == ["READY=1", "WATCHDOG=1"]
    for _ in range(3):  # it reports, and writes nothing: the disk hangs
        run.recorded(5, 50)
        assert run.second() == []
    run.recorded(5, 51)  # no picture comes; what happens is recorded all the same
    assert run.second() == ["WATCHDOG=1"]
    run.recorded(6, 60)
    run.children["inference"].alive = False
    assert run.second() == []
    run.told.clear()  # the recorder is being started again
    run.children["inference"].alive = True
    assert run.second() == []
    run.recorded(1, 1)
    assert run.second() == ["WATCHDOG=1"]


def test_what_records_nothing_is_judged_by_its_worker(systemd: Systemd) -> None:
    run = Run(systemd, records=False)
    run.status("inference")
    assert run.second() == ["WATCHDOG=1"]
    assert run.second() == []  # no heartbeat since
    run.frames = 1
    run.status("inference")
    assert run.second() == ["READY=1", "WATCHDOG=1"]


def test_ready_is_said_again_until_it_is_taken(systemd: Systemd) -> None:
    run = Run(systemd, records=True)
    run.recorded(1, 1)
    tell, answers = run._watch._manager.tell, iter([False])
    run._watch._manager.tell = lambda **told: next(answers, None) is None and tell(**told)
    run.second()
    run.recorded(2, 2)
    assert "READY=1" in run.second()
