"""What a window asks of the run as a whole: to record, line up, play again, open another.

Another network is asked for without a window too: by a program of the same user.
"""

import logging
from pathlib import Path

from streamer.clock import HostNs
from streamer.messages import (
    CalibrationChange,
    NetworkChange,
    RunAction,
    RunCommand,
    capture_process,
)
from streamer.paths import PathError, PathKind, kind_of
from streamer.supervision.processes.supervisor import Supervisor
from streamer.supervision.requests.calibration_control import CalibrationControl
from streamer.supervision.requests.network_control import NetworkControl
from streamer.supervision.requests.take_control import TakeControl
from streamer.supervision.run_plan import RunPlan
from streamer.supervision.termination import TerminationCheck

log = logging.getLogger(__name__)


class WindowCommands:
    """Does what the window of a run asks; without a window nobody asks.

    Attributes:
        opened: the recording that is to be seen next, once one was asked for; the run then ends.

    Args:
        plan: of the run.
        supervisor: of its processes.
        takes: the recordings that the window can ask for, if it can.
        calibration: what both cameras are lined up by.
        network: what makes the results.
    """

    def __init__(
        self,
        plan: RunPlan,
        supervisor: Supervisor,
        takes: TakeControl | None,
        calibration: CalibrationControl,
        network: NetworkControl,
    ) -> None:
        self.opened: Path | None = None
        self._network = network
        self._calibration = calibration
        self._plan = plan
        self._supervisor = supervisor
        self._takes = takes
        self._sources = [capture_process(stream) for stream in plan.streams]

    def handle(self, command: RunCommand, now_ns: HostNs) -> None:
        """Records, keeps, lines up, opens or changes the network, as the command says."""
        if command.network is not None:
            self._network.take(command.network)
        if self._plan.headless:
            return
        if command.action is RunAction.OPEN:
            self._open(Path(command.path))
        elif command.action is RunAction.ALIGN:
            self._calibration.take(Path(command.path))
        elif self._takes is not None:
            self._takes.handle(command, now_ns)

    def on_change(self, change: CalibrationChange | NetworkChange) -> None:
        """The worker does what was asked for, or what its recording says."""
        if isinstance(change, NetworkChange):
            self._network.on_change(change)
        else:
            self._calibration.used = change

    def play_again(self, end: TerminationCheck, now_ns: HostNs) -> bool:
        """Starts sources that have come to their end anew.

        Args:
            end: knows whether they have.
            now_ns: the present.

        Returns:
            Whether they begin again, for which the run needs another time zero.
        """
        if not end.at_end or self._supervisor.alive(self._sources):
            return False
        end.begin_again()
        self._supervisor.start_again(self._sources, now_ns)
        return True

    def stand_at_end(self) -> None:
        """Ends the longer of two sources: what it would show now has no partner."""
        self._supervisor.stop(self._sources)

    def _open(self, recording: Path) -> None:
        try:
            missing = kind_of(recording) not in (PathKind.FILE, PathKind.FOLDER)
        except PathError as error:
            log.warning("nothing is opened: %s", error)
            return
        if missing:
            log.warning("nothing is opened: %s is not there", recording)
        else:
            self.opened = recording
