"""The recorder of a run with a window: started and stopped while the run goes on.

It is the process of `corefusion record`, looked after as every other: killed, it comes back and
goes on beside what it left. What ends it for good (no room, a folder that cannot be written) is
told to the window, and the run goes on.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
from platformdirs import user_videos_path

from streamer.clock import NS_PER_S, HostNs, since
from streamer.config.recording import ASKED, RecordSettings
from streamer.config.schema import RecordingConfig
from streamer.errors import CorefusionError
from streamer.messages import ProcessState, RunAction, RunCommand, Status, Take, TakeState
from streamer.recording import check_free
from streamer.recording.writing.output_name import OutputName
from streamer.recording.writing.takes import take_name
from streamer.runtime.process import ProcessSpec
from streamer.supervision.processes.child import Child
from streamer.supervision.processes.supervisor import Supervisor
from streamer.supervision.recorder_monitor import RecorderMonitor

log = logging.getLogger(__name__)

NAME = "recorder"
MOST_KEPT_S = 60.0
_LAST_WORD_NS = NS_PER_S // 5  # from its exit on: what it said is here by then


class TakeControl:
    """Starts, arms and stops the recorder as the window asks.

    Args:
        supervisor: of the run's processes.
        spec_of: what a recorder of these settings is told.
        streams: what there is to record.
        config: how, and where.
        rig: its name, where there are several: their recordings lie in one folder.
    """

    def __init__(
        self,
        supervisor: Supervisor,
        spec_of: Callable[[RecordSettings], ProcessSpec],
        streams: tuple[str, ...],
        config: RecordingConfig,
        rig: str = "",
    ) -> None:
        self._supervisor = supervisor
        self._spec_of = spec_of
        self._streams = streams
        self._config = config
        self._rig = rig
        self._monitor: RecorderMonitor | None = None  # of the present recorder
        self._kept_s = 0.0
        self._armed = False  # whether the present one waits to be asked
        self._since_ns: HostNs | None = None
        self._stopped_ns: HostNs | None = None
        self._gone_ns: HostNs | None = None  # when it was first found to have ended
        self._problem = self._file = ""
        self.files: list[str] = []

    @property
    def asked(self) -> bool:
        """Whether what comes is wanted, for a recorder that keeps the last seconds."""
        return self._since_ns is not None

    @property
    def active(self) -> bool:
        """Whether there is a recorder."""
        return self._monitor is not None

    def handle(self, command: RunCommand, now_ns: HostNs) -> None:
        """Does what the window asks; what is so already is left alone."""
        match command.action:
            case RunAction.RECORD:
                self._problem = ""
                if self.active and self._stopped_ns is None:
                    self._since_ns = self._since_ns or now_ns
                elif not self.active:
                    self._begin(now_ns, armed=False)
            case RunAction.STOP_RECORDING:
                if self.active and self.asked:
                    self.stop(now_ns)
            case RunAction.KEEP:
                self._kept_s = min(max(command.value, 0.0), MOST_KEPT_S)
                if self.active and self._armed and not self.asked:
                    self.stop(now_ns)  # what is kept from now on has another length
            case _:
                pass
        self.poll(now_ns)

    def stop(self, now_ns: HostNs) -> None:
        """Tells the recorder to complete what it has."""
        if self.active and self._stopped_ns is None:
            self._stopped_ns = now_ns
            self._supervisor.stop([NAME])

    def close(self) -> None:
        """The run ends, and its recorder has ended: what it recorded is told with the others."""
        if self._monitor is not None:
            self._end(self._monitor)

    def poll(self, now_ns: HostNs) -> None:
        """Looks after it once: takes it away when it has ended, and keeps what is to be kept."""
        child = self._supervisor.children.get(NAME)
        if self._monitor is not None and child is not None:
            files = self._monitor.files
            self._file = files[-1] if files and self.asked else self._file
            if self._stopped_ns is not None and child.alive:
                passed_s = since(now_ns, self._stopped_ns) / NS_PER_S
                self._supervisor.kill_overdue([NAME], passed_s)
            elif self._is_over(child, now_ns):
                self._end(self._monitor)
        if self._kept_s and not self.active and not self._problem:
            self._begin(now_ns, armed=True)

    def on_status(self, status: Status) -> None:
        """Takes note of a heartbeat of the recorder."""
        if self._monitor is not None:
            self._monitor.on_status(status)

    def take(self) -> Take:
        """Where it stands, for the window."""
        child = self._supervisor.children.get(NAME)
        status = None if child is None else child.status
        working = status is not None and status.state in (ProcessState.READY, ProcessState.RUNNING)
        if not self.active:
            state = TakeState.OFF
        elif self._stopped_ns is not None:
            state = TakeState.STOPPING if self.asked else TakeState.KEEPING
        elif not self.asked:
            state = TakeState.KEEPING if working else TakeState.STARTING
        else:
            state = TakeState.RECORDING if working else TakeState.STARTING
        return Take(state, self._since_ns, self._kept_s, self._problem, self._file)

    def _begin(self, now_ns: HostNs, *, armed: bool) -> None:
        try:
            settings = self._settings(armed=armed)
            check_free(Path(settings.output), settings.stop_mb)
        except (CorefusionError, OSError) as error:
            self._problem = str(error)
            self._kept_s = 0.0
            log.warning("no recording: %s", error)
            return
        self._armed, self._stopped_ns, self._gone_ns = armed, None, None
        self._since_ns = None if armed else now_ns
        child = self._supervisor.add(self._spec_of(settings), now_ns)
        self._monitor = RecorderMonitor(child)

    def _settings(self, *, armed: bool) -> RecordSettings:
        folder = self._config.directory
        place = Path(folder).expanduser() if folder else user_videos_path() / "CoReFusion Live"
        place.mkdir(parents=True, exist_ok=True)
        name = take_name(datetime.now().astimezone(), self._rig)
        order = RecordSettings.ordered(
            OutputName(place / name).free(),
            streams=",".join(self._streams),
            segment=None,
            when=[ASKED] if armed else [],
            before=f"{self._kept_s:g}s" if armed else "0s",
            after="1000000s",
            every=None,
            config=self._config,
        )
        return msgspec.structs.replace(order, take=True)

    def _is_over(self, child: Child, now_ns: HostNs) -> bool:
        """Whether the recorder has ended, and what it said last has come or will not any more."""
        if child.final_error is not None:
            return True
        if not child.ended:
            return False
        if child.status is not None and child.status.state is ProcessState.ENDED:
            return True
        self._gone_ns = now_ns if self._gone_ns is None else self._gone_ns
        return since(now_ns, self._gone_ns) >= _LAST_WORD_NS

    def _end(self, monitor: RecorderMonitor) -> None:
        """Takes an ended recorder away; what kept it from its work is told."""
        failure = monitor.failure() if self.asked or not self._armed else None
        self._supervisor.remove(NAME)
        if failure is not None:
            log.warning("the recording ended: %s", failure)
            self._problem, self._kept_s = failure, 0.0
        self.files += monitor.files
        self._file = self.files[-1] if self.files else ""
        self._monitor = self._since_ns = self._stopped_ns = None
