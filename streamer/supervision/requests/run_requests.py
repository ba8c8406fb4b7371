"""All that is asked of a run while it goes on: by its window, by programs, and by alarms."""

from collections.abc import Callable, Container, Iterable
from pathlib import Path
from typing import Any

from streamer.clock import HostNs, now_ns
from streamer.config.recording import RecordSettings
from streamer.messages import (
    CalibrationChange,
    NetworkChange,
    RunAction,
    RunCommand,
    Status,
    SuperResolvedFrame,
)
from streamer.runtime.process import ProcessSpec
from streamer.supervision.metrics.network_log import NetworkLog
from streamer.supervision.processes.supervisor import Supervisor
from streamer.supervision.requests.alarm_control import AlarmControl
from streamer.supervision.requests.calibration_control import CalibrationControl
from streamer.supervision.requests.network_control import NetworkControl
from streamer.supervision.requests.take_control import TakeControl
from streamer.supervision.requests.window_commands import WindowCommands
from streamer.supervision.run_plan import RunPlan
from streamer.supervision.termination import TerminationCheck


class RunRequests:
    """Passes each on to what does it, and tells what came of all.

    Args:
        plan: of the run.
        supervisor: of its processes.
        recorder_spec: a recorder that the window asks for.
        networks: where changes of the network are noted for the report.

    Attributes:
        takes: the recordings that the window asks for; None where it cannot ask for any.
    """

    def __init__(
        self,
        plan: RunPlan,
        supervisor: Supervisor,
        recorder_spec: Callable[[RecordSettings], ProcessSpec],
        networks: NetworkLog,
    ) -> None:
        config = plan.config
        self.takes: TakeControl | None = None
        if not plan.headless and plan.record is None and plan.replay is None:
            self.takes = TakeControl(
                supervisor, recorder_spec, (*plan.streams, "sr"), config.recording, plan.rig
            )
        self._lockstep = plan.lockstep
        self._calibration = CalibrationControl(config.calibration)
        self._network = NetworkControl(supervisor, plan, networks)
        self._window = WindowCommands(
            plan, supervisor, self.takes, self._calibration, self._network
        )
        self._alarms = AlarmControl(config, acts=plan.replay is None)
        self._corrections = 0

    @property
    def opened(self) -> Path | None:
        """The recording that the window asked to see next, if it did."""
        return self._window.opened

    def handle(self, command: RunCommand, end: TerminationCheck, now: HostNs) -> bool:
        """Does what is asked of the run as a whole.

        Args:
            command: what.
            end: knows whether the sources have come to their end.
            now: the present.

        Returns:
            Whether the sources begin again, for which the run needs another time zero.
        """
        if command.action is RunAction.CORRECT:
            # with a window and without: a program of the same user asks it as well
            self._corrections += 1
        elif command.action is not RunAction.PLAY_AGAIN:
            self._window.handle(command, now)
        else:
            return self._window.play_again(end, now)
        return False

    def on_change(self, change: CalibrationChange | NetworkChange) -> None:
        """The worker does what was asked for, or what its recording says."""
        self._window.on_change(change)

    def on_status(self, status: Status) -> None:
        """Takes what a process answers."""
        self._alarms.on_status(status)
        self._network.on_status(status)

    def on_results(self, results: Iterable[SuperResolvedFrame]) -> bool:
        """Judges every result that has come; whether an alarm has begun."""
        self._alarms.reap()
        begun = [alarm for result in results for alarm in self._alarms.on_result(result)]
        if self.takes is not None and any(alarm.rule.record for alarm in begun):
            self.takes.handle(RunCommand(action=RunAction.RECORD), now_ns())
        return bool(begun)

    def stand_at_end(self) -> None:
        """The sources have come to their end, and the run goes on."""
        self._window.stand_at_end()

    def poll(self, happened: Container[str], now: HostNs) -> bool:
        """Looks after all of it once; whether there is something to be told.

        Args:
            happened: who has just ended, and is started again.
            now: the present.
        """
        if self.takes is not None:
            self.takes.poll(now)
        changed = False
        if not self._lockstep:  # what is made twice is made alike
            changed |= self._calibration.poll(now)
        return changed | self._network.poll(happened, now)

    def told(self) -> dict[str, Any]:
        """What came of it, as fields of the session's state."""
        return {
            "alarms": self._alarms.states,
            "take": None if self.takes is None else self.takes.take(),
            "calibration_order": self._calibration.order,
            "calibration": self._calibration.used,
            "network_order": self._network.order,
            "network": self._network.used,
            "corrections": self._corrections,
        }
