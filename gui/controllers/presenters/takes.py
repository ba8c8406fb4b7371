"""The recording of the window: in the header, its buttons, and once in words when it has ended."""

from collections.abc import Callable
from pathlib import PurePath

from gui.language import tr
from gui.status.run_status import RunStatus
from gui.status.take_text import take_text
from gui.widgets.main_window import MainWindow
from streamer.messages import Take, TakeState


class TakePresenter:
    """Follows where the recording stands.

    Args:
        window: on which it is shown.
        say: puts a message into the readout line.
    """

    def __init__(self, window: MainWindow, say: Callable[[str], None]) -> None:
        self._window, self._say = window, say
        self._take: Take | None = None

    def update(self, run: RunStatus) -> None:
        """Takes a moment of the run."""
        self._window.header.set_take(take_text(run))
        session, bar, actions = run.session, self._window.control_bar, self._window.qactions
        take = None if session is None else session.take
        at_end = session is not None and session.at_end
        bar.show_button("play_again", at_end)
        idle = take is not None and take.state in (TakeState.OFF, TakeState.KEEPING)
        opens = take is not None and actions["open_take"].isVisible()
        bar.show_button("open_take", bool(idle and take and take.file) and opens)
        if "record" in actions:
            on = take is not None and take.since_ns is not None
            actions["record"].setChecked(on)
            actions["record"].setEnabled(take is not None)
            actions["keep"].setChecked(take is not None and take.kept_s > 0)
            actions["play_again"].setEnabled(at_end)
        before, self._take = self._take, take
        if take is not None:
            self._tell(before or Take(), take, idle=idle, opens=opens)

    def _tell(self, before: Take, take: Take, *, idle: bool, opens: bool) -> None:
        if take.problem and take.problem != before.problem:
            self._say(tr("Not recorded any more: {problem}", problem=take.problem))
        elif idle and before.state is TakeState.STOPPING and take.file and not take.problem:
            name = PurePath(take.file)
            words = {"name": name.name, "parent": name.parent}
            self._say(
                tr("Recorded {name} in {parent} (Ctrl+R opens it)", **words)
                if opens
                else tr("Recorded {name} in {parent}", **words)
            )
