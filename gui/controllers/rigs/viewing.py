"""The viewer's process where there are several rigs: one window for all of them.

The large one is shown as a run of one, as often as its window may change; of the others the newest
is taken a few times a second, and their pages are drawn when they are made large.
"""

import threading
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt, QTimer
from PySide6.QtWidgets import QApplication

from gui.controllers.language_choice import LanguageChoice
from gui.controllers.preferences import PreferencesFile
from gui.controllers.rigs.page import RigPage
from gui.controllers.rigs.rig_actions import RigActions
from gui.controllers.snapshots.files import save_window
from gui.state.rigs.choice import RigChoice, rig_actions
from gui.widgets.fitting import fit
from gui.widgets.rigs.window import RigsWindow
from streamer.clock import NS_PER_MS, HostNs, after, later, now_ns
from streamer.runtime.process import ProcessSpec
from streamer.runtime.roles import ViewerRole
from streamer.thermal.palettes import diverging, table

_FOLLOWED_EVERY_NS = 80 * NS_PER_MS


def view_rigs(
    application: QApplication,
    spec: ProcessSpec,
    stop: threading.Event,
    language: LanguageChoice,
    place: tuple[QRect | None, QSize | None],
) -> bool:
    """Shows the window until told to stop, until it is closed, or until the last rig has ended.

    Args:
        application: that is to run.
        spec: what the viewer is told of the first rig, with `others`.
        stop: set to end.
        language: of the window, for its menu.
        place: the room that there is, and the size that is wanted.

    Returns:
        Whether the picture that was asked for, if any, is saved.

    Raises:
        TransportError: an endpoint cannot be used.
    """
    screenshot = spec.role_as(ViewerRole).screenshot
    rigs = RigsViewer(spec, kept=screenshot is None)
    try:
        fit(rigs.window, *place)
        rigs.open(application)
        for page in rigs.pages:
            language.fill(page.window.languages, page.presenter.show_message)
        _run(application, rigs, stop, screenshot)
        saved = screenshot is None or rigs.saved or rigs.save(screenshot)
        rigs.end("told to stop" if stop.is_set() else "the window was closed")
        return saved
    finally:
        rigs.close()


class RigsViewer:
    """The window of several rigs, and what fills it.

    Attributes:
        window: of all.
        pages: of each rig.
        choice: which is large.
        saved: whether the window's picture was saved.

    Args:
        spec: what the viewer is told of the first rig, with `others`.
        kept: whether what the user chooses outlives the run, and what was chosen before holds.
    """

    def __init__(self, spec: ProcessSpec, *, kept: bool) -> None:
        specs = (spec, *spec.others)
        self.choice = RigChoice([one.rig for one in specs])
        self.saved = False
        self._more = rig_actions(self.choice.names)
        self.window = RigsWindow(self.choice.names, self._more)
        self.pages = [RigPage(one, saved=kept) for one in specs]
        for page in self.pages:
            self.window.add_page(page.window)
        self._preferences = PreferencesFile() if kept else None
        if self._preferences is not None:
            for page in self.pages:
                self._preferences.restore(page.state, page.window, self.window)
        self._refresh_hz = spec.config.viewer.refresh_hz
        self._next_ns = [HostNs(0)] * len(self.pages)
        self._actions = RigActions(self.window, self.pages, self.choice)

    @property
    def interval_ms(self) -> int:
        """How often to `tick`."""
        return max(1, round(1000 / self._refresh_hz))

    @property
    def done(self) -> bool:
        """Whether every rig's run has ended."""
        return all(page.over is not None for page in self.pages)

    def open(self, application: QApplication) -> None:
        """Puts the window up, then does what takes long; the sockets come after that."""
        for page in self.pages:
            page.window.show_state(page.state)
        self.window.show()
        application.processEvents()
        diverging()  # imports the palette library, as the next line does
        for page in self.pages:
            table(page.state.palette)
            if page.state.plot_shown:
                page.window.charts.build()
        for page in self.pages:
            page.open(self._more)
        self._actions.enlarge(self.choice.large)

    def tick(self) -> list[RigPage]:
        """Shows what is new; the rigs whose runs have just ended."""
        now = now_ns()
        for number, page in enumerate(self.pages):
            seen = number == self.choice.large
            due = not later(self._next_ns[number], now)
            if seen or due:
                page.tick(seen=seen)
            if due:
                self._next_ns[number] = after(now, _FOLLOWED_EVERY_NS)
                page.update_tile(self.window.tiles[number])
        self._actions.show_recording()
        return [page for page in self.pages if page.ends()]

    def save(self, path: str) -> bool:
        """Saves the whole window as a picture; whether that worked."""
        self.pages[self.choice.large].presenter.refresh()
        self.saved = save_window(self.window, Path(path))
        return self.saved

    def end(self, why: str) -> None:
        """Tells every run that the window goes, and keeps what was chosen."""
        for page in self.pages:
            page.keep()
            if page.over is None:
                page.report_end(why)
        if self._preferences is not None:
            large = self.pages[self.choice.large]
            self._preferences.save(large.state, large.window, self.window)

    def close(self) -> None:
        """Lets go of everything."""
        for page in self.pages:
            page.close()
        self.window.close()
        self.window.deleteLater()


def _run(
    application: QApplication, rigs: RigsViewer, stop: threading.Event, screenshot: str | None
) -> None:
    """Ticks until there is a reason to end."""
    timer = QTimer(rigs.window)
    timer.setTimerType(Qt.TimerType.PreciseTimer)

    def on_timeout() -> None:
        if stop.is_set() or rigs.done or not rigs.window.isVisible():
            timer.stop()
            application.quit()
            return
        ended = rigs.tick()
        by_itself = [page for page in ended if page.over is not None and not page.over.failed]
        if by_itself and screenshot is not None and not rigs.saved:
            rigs.save(screenshot)  # as they stood at the end of the first: the others go as well
        for page in ended:
            page.show_over()

    timer.timeout.connect(on_timeout)
    timer.start(rigs.interval_ms)
    application.exec()
    timer.stop()
