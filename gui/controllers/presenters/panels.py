"""Fills the panels that somebody sees; of the others nothing is worked out."""

from collections.abc import Callable
from pathlib import Path

from gui.panes import Pane
from gui.state.pane_images import Pictures
from gui.state.panels.cameras import camera_sections
from gui.state.panels.health import HealthHistory, health_sections
from gui.state.panels.log_entry import LogFilter
from gui.state.panels.log_view import LogView
from gui.state.panels.model import model_sections
from gui.state.panels.network_form import network_form
from gui.state.panels.section import Section
from gui.state.viewer_state import ViewerState
from gui.status.run_status import RunStatus
from gui.widgets.main_window import MainWindow


class PanelPresenter:
    """A few times a second; the history of health alone is noted unseen, as it has passed then.

    Args:
        window: whose panels they are.
        state: of which the unit is shown.
        pictures: the newest of each pane.
        log: the log of the run; None where it has none.
        recording: the name of what is replayed; empty live.
    """

    def __init__(
        self,
        window: MainWindow,
        state: ViewerState,
        pictures: Pictures,
        log: Path | None,
        recording: str,
    ) -> None:
        self._panels, self._state, self._pictures = window.panels, state, pictures
        self._recording = recording
        self._history = HealthHistory()
        self._log = LogView(log)
        self._panels.log.chosen.connect(self._on_chosen)

    def update(
        self,
        runs: list[RunStatus],
        dropped: dict[str, int],
        age_ms: float | None,
        take_hidden: Callable[[Pane], None],
    ) -> None:
        """Shows a moment.

        Args:
            runs: the run as the worker of each shown model has it.
            dropped: in the whole run, by `STREAM/CAUSE`.
            age_ms: of what is on the screen.
            take_hidden: takes the newest of a pane that is nowhere to be seen.
        """
        self._history.update(runs[0].mode, dropped, runs[0].now_ns)
        if self._panels["cameras"].seen:
            for pane in (Pane.VISIBLE, Pane.THERMAL):
                take_hidden(pane)
            self._show(
                "cameras",
                camera_sections(runs[0], self._pictures.frames, self._state.unit, self._recording),
            )
        if self._panels["model"].seen:
            self._show("model", model_sections(runs, self._pictures.results))
            self._panels.network.show_form(network_form(runs[0]))
        if self._panels["health"].seen:
            self._show("health", health_sections(runs[0], dropped, self._history, age_ms))
        if self._panels["log"].seen:
            self._panels.log.add(self._log.news())
            self._panels.log.show_words(self._log.words)

    def _show(self, name: str, sections: tuple[Section, ...]) -> None:
        self._panels.facts[name].show_sections(sections)

    def _on_chosen(self, chosen: LogFilter) -> None:
        self._panels.log.show_all(self._log.choose(chosen))
