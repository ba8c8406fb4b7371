"""What each key, click and menu entry of several rigs does."""

from collections.abc import Sequence

from gui.controllers.rigs.page import RigPage
from gui.language import tr
from gui.state.rigs.choice import RigChoice
from gui.widgets.rigs.window import RigsWindow
from streamer.messages import RunAction, RunCommand


class RigActions:
    """Makes another rig the large one, and records all.

    Args:
        window: of all rigs.
        pages: of each.
        choice: which is large.
    """

    def __init__(self, window: RigsWindow, pages: Sequence[RigPage], choice: RigChoice) -> None:
        self._window, self._pages, self._choice = window, pages, choice
        window.chosen.connect(self.enlarge)
        qactions = window.qactions
        for number in range(len(pages)):
            qactions[f"rig_{number + 1}"].triggered.connect(
                lambda _=False, number=number: self.enlarge(number)
            )
        qactions["next_rig"].triggered.connect(lambda: self._step(1))
        qactions["previous_rig"].triggered.connect(lambda: self._step(-1))
        qactions["record_all"].triggered.connect(self._record_all)
        for page in pages:
            menu = page.window.rigs
            menu.addActions(list(qactions.values()))
            menu.menuAction().setVisible(True)
            page.window.qactions |= qactions

    def enlarge(self, number: int) -> None:
        """Makes a rig the large one."""
        self._choice.enlarge(number)
        large = self._choice.large
        page = self._pages[large]
        self._window.show_large(large, page.name)
        if page.over is None:
            page.presenter.refresh()

    def show_recording(self) -> None:
        """Whether all that can be recorded is, in the menu."""
        there = [page for page in self._pages if page.over is None]
        on = bool(there) and all(page.records for page in there)
        self._window.qactions["record_all"].setChecked(on)

    def _step(self, by: int) -> None:
        self._choice.step(by)
        self.enlarge(self._choice.large)

    def _record_all(self) -> None:
        """Records every rig from now on; where all are recorded, completes their files."""
        there = [page for page in self._pages if page.over is None]
        stop = all(page.records for page in there)
        for page in there:
            if page.records == stop:
                action = RunAction.STOP_RECORDING if stop else RunAction.RECORD
                page.receiver.send_run_command(RunCommand(action))
        self._pages[self._choice.large].presenter.show_message(
            tr("All recordings are completed") if stop else tr("All rigs are recorded")
        )
        self.show_recording()
