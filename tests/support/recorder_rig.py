"""A recorder in a thread of the test, fed and heard through real sockets."""

import threading
from collections.abc import Callable

import msgspec

from streamer.clock import StreamNs, now_ns
from streamer.config.recording import RecordSettings
from streamer.config.schema import Config
from streamer.messages import ModeChange, ProcessHealth, ProcessState, SessionStatus
from streamer.recorder.process import Recorder
from streamer.recording import RecordingError
from streamer.recording.schema import Recordable
from streamer.recording.wall_clock import ClockNote, read_clocks
from streamer.runtime.process import ProcessSpec, SupervisorLink
from streamer.runtime.roles import RecorderRole
from streamer.transport import Addresses, Subscriber
from tests.support.fake_session import DEADLINE_S, FakeSession
from tests.support.recordings import session


class CountingRecorder(Recorder):
    """Counts what it has taken of that which a test sends."""

    taken = 0
    drains = False

    def _take(self, subscriber: Subscriber) -> None:
        super()._take(subscriber)
        self.taken += subscriber is not self._session

    def _take_session(self, message: object, now: StreamNs) -> None:
        super()._take_session(message, now)
        self.taken += isinstance(message, ModeChange)

    def _drain(self) -> None:
        self.drains = True
        super()._drain()


class RecorderRig(FakeSession):
    """A recorder in a thread, fed and heard by the test."""

    def __init__(self, addresses: Addresses, settings: RecordSettings, restarts: int = 0) -> None:
        super().__init__(addresses, ("visible", "thermal", "truth", "sr", "session"))
        self._restarts = restarts
        self._sent = 0
        self._open = True
        self.error: Exception | None = None
        self.sources: dict[str, int | None] = {}
        """What publishes, and the last sequence of who has ended."""
        self.told: dict[str, object] = {}
        """What the state of the run tells besides."""
        self.recorder: CountingRecorder | None = None
        self.clock_set_by_ns = 0
        self.stop = threading.Event()
        role = RecorderRole(settings=settings)
        spec = ProcessSpec(name="recorder", config=Config(), addresses=addresses, role=role)
        self._thread = threading.Thread(target=self._run, args=(spec, settings), daemon=True)
        self._thread.start()
        self.wait(lambda: self.last is not None and self.last.state is not ProcessState.STARTING)
        wanted = {*settings.streams, "session"}
        self.wait(lambda: self.ended or all(self.out[one].listening() >= 1 for one in wanted))

    @property
    def ended(self) -> bool:
        return self.last is not None and self.last.state is ProcessState.ENDED

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def send(self, message: Recordable) -> None:
        name = getattr(message, "stream", None)
        if name is None:
            name = "sr" if hasattr(message, "published_ns") else "session"
        self._sent += not isinstance(message, SessionStatus)
        self.out[name].send(message)

    def wait(self, holds: Callable[[], object], deadline_s: float = DEADLINE_S) -> None:
        super().wait(lambda: self.error is not None or holds(), deadline_s)

    def step(self) -> None:
        super().step()
        self.out["session"].send(self.session())

    def wait_taken(self) -> None:
        """Goes on until the recorder has taken all that was sent."""
        assert self.recorder is not None
        self.wait(lambda: self.ended or self.recorder.taken == self._sent)

    def session(self, origin_ns: int | None = None) -> Recordable:
        told = msgspec.structs.replace(session(now_ns()), origin_ns=origin_ns)
        status = told.statuses["inference"]
        status = msgspec.structs.replace(
            status, model="fast:sensor", engine="openvino", precision="bf16"
        )
        recorder = ProcessHealth(ProcessState.RUNNING, "", self._restarts, True)
        sources = {
            name: ProcessHealth(ProcessState.RUNNING, "", 0, alive=last is None)
            for name, last in self.sources.items()
        }
        told_last = {
            name: msgspec.structs.replace(status, process=name, last_sequence=last)
            for name, last in self.sources.items()
        }
        told = msgspec.structs.replace(
            told,
            statuses={"inference": status, **told_last},
            processes={"recorder": recorder, **sources},
        )
        return msgspec.structs.replace(told, **self.told)

    def clocks(self) -> ClockNote:
        """Those of the host, its time of day set to another one."""
        note = read_clocks()
        return msgspec.structs.replace(note, wall_ns=note.wall_ns + self.clock_set_by_ns)

    def end(self) -> None:
        """Tells it to stop once it has taken everything, and hears its last words."""
        if self._open:
            self._open = False
            if not self.stop.is_set():
                self.wait_taken()
                self.stop.set()
            self.wait(lambda: self.ended)
            self._thread.join(DEADLINE_S)
            self.close()
        assert not self.alive

    def _run(self, spec: ProcessSpec, settings: RecordSettings) -> None:
        link = SupervisorLink(spec)
        try:
            self.recorder = CountingRecorder(spec, settings, link, self.clocks)
            self.recorder.run(self.stop)
        except RecordingError as error:
            self.error = error
        finally:
            link.close()


Make = Callable[..., RecorderRig]
"""Makes one that records into a file, with changes of its settings; it ends with the test."""
