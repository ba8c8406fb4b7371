"""What came of a request for a shutter correction, told once."""

from collections.abc import Callable

from gui.language import tr
from gui.status.told import told
from streamer.messages import Correction, SessionStatus, capture_process


class CorrectionPresenter:
    """Follows what the thermal camera answers.

    Args:
        say: puts a message into the readout line.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._told: Correction | None = None

    def update(self, session: SessionStatus | None) -> None:
        """Takes the newest state of the run."""
        status = None if session is None else session.statuses.get(capture_process("thermal"))
        answer = None if status is None else status.correction
        if answer == self._told:
            return
        self._told = answer
        if answer is not None and answer.problem:
            self._say(tr("No shutter correction: {why_not}", why_not=told(answer.problem)))
        elif answer is not None:
            self._say(tr("The thermal camera was asked to correct itself"))
