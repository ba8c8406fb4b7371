"""What a run does about alarms: lines in the log, and the programs that rules name."""

import logging
import os
import subprocess

from streamer.alarms.alarm import Alarm
from streamer.alarms.watch import AlarmWatch
from streamer.config.schema import Config
from streamer.messages import Status, SuperResolvedFrame
from streamer.messages.alarms import AlarmState

log = logging.getLogger(__name__)


class AlarmControl:
    """Follows the results of a run; acts where an alarm begins.

    Args:
        config: with the rules, and the tools they may name.
        acts: whether programs are started; a replay only shows what would have been.
    """

    def __init__(self, config: Config, *, acts: bool) -> None:
        self._watch = AlarmWatch(config.alarms.rules, config.measuring)
        self._configured = config.alarms.rules
        self._acts = acts
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def states(self) -> tuple[AlarmState, ...]:
        """Where every alarm stands."""
        return self._watch.states

    def on_status(self, status: Status) -> None:
        """Takes the window's tools and rules: what it shows is what is watched."""
        if status.process != "viewer":
            return
        if status.measuring is not None:
            self._watch.tools = status.measuring
        if status.alarms is not None:
            self._watch.set_rules(status.alarms)

    def on_result(self, result: SuperResolvedFrame) -> list[Alarm]:
        """Takes a result; the alarms that have just begun."""
        begun = []
        for alarm in self._watch.update(result):
            if alarm.since_ns is None:
                log.info("alarm over: %s", alarm.rule.name)
                continue
            begun.append(alarm)
            rule = alarm.rule
            log.warning("alarm: %s, %s: %.1f %s", rule.name, rule.condition, alarm.value, rule.unit)
            # a program is started for who has configured it, not for who can reach a window
            if self._acts and rule.command and rule in self._configured:
                self._start(alarm)
        return begun

    def reap(self) -> None:
        """Notes which programs have ended, and how."""
        for name, process in list(self._running.items()):
            code = process.poll()
            if code is not None:
                del self._running[name]
                if code:
                    log.warning("the command of alarm %s ended with %d", name, code)

    def _start(self, alarm: Alarm) -> None:
        """One at a time of each rule: an alarm that flickers does not fill the process table."""
        rule = alarm.rule
        self.reap()
        if rule.name in self._running:
            log.warning("the command of alarm %s still runs: it is not started again", rule.name)
            return
        told = {
            "COREFUSION_ALARM": rule.name,
            "COREFUSION_TOOL": rule.tool,
            "COREFUSION_VALUE": f"{alarm.value:.2f}",
        }
        try:
            self._running[rule.name] = subprocess.Popen(
                rule.command,
                env={**os.environ, **told},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # it is not ended with the run
            )
        except OSError as error:
            log.warning(
                "the command of alarm %s cannot be started: %s: %s",
                rule.name,
                rule.command[0],
                error.strerror,
            )
