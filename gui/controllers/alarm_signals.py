"""What the window does when an alarm begins: it beeps, and saves a snapshot, as the rule says."""

from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from gui.language import tr
from gui.status.alarm_words import alarm_name
from gui.status.told import told
from streamer.messages.alarms import AlarmState


class AlarmSignals:
    """Follows the alarms of the run.

    Args:
        snapshot: saves the window.
        beep: makes the sound.
    """

    def __init__(
        self, snapshot: Callable[[], None], beep: Callable[[], None] = QApplication.beep
    ) -> None:
        self._snapshot, self._beep = snapshot, beep
        self._active: set[str] = set()
        self._told: dict[str, str] = {}

    def update(self, alarms: tuple[AlarmState, ...]) -> str:
        """Takes where they stand; returns what is to be said of one that can never hold, once."""
        active = {alarm.name for alarm in alarms if alarm.active}
        begun = [alarm for alarm in alarms if alarm.name in active - self._active]
        self._active = active
        if any(alarm.sound for alarm in begun):
            self._beep()
        if any(alarm.snapshot for alarm in begun):
            self._snapshot()
        problems = {alarm.name: alarm.problem for alarm in alarms if alarm.problem}
        news = [name for name, why in problems.items() if self._told.get(name) != why]
        self._told = problems
        if not news:
            return ""
        name, problem = alarm_name(news[0]), told(problems[news[0]])
        return tr("Alarm {name} cannot hold: {problem}", name=name, problem=problem)
