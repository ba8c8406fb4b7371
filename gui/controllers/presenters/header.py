"""What is said a few times a second: the header, the recording, the panels, the charts."""

import math
from collections.abc import Callable
from statistics import median

from gui.controllers.presenters.panels import PanelPresenter
from gui.controllers.presenters.takes import TakePresenter
from gui.controllers.receiver import Receiver
from gui.panes import Pane
from gui.state.pane_images import Pictures
from gui.state.readout import hottest_value
from gui.state.viewer_state import ViewerState
from gui.state.window_text import ModelStatus
from gui.status.header_text import header_text
from gui.widgets.main_window import MainWindow
from streamer.clock import NS_PER_MS, NS_PER_S, HostNs, since


class HeaderPresenter:
    """Keeps the ages of the pictures that were painted until they are said.

    Args:
        window: on which it is shown.
        state: of which the unit is shown, and whether there are charts.
        receiver: told of what was painted.
        pictures: the newest of each pane.
        say: puts a message into the readout line.
    """

    def __init__(
        self,
        window: MainWindow,
        state: ViewerState,
        receiver: Receiver,
        pictures: Pictures,
        say: Callable[[str], None],
    ) -> None:
        self._window, self._state = window, state
        self._receiver, self._pictures = receiver, pictures
        self._painted_ms: list[float] = []
        self._was_still = False
        self._takes = TakePresenter(window, say)
        self._panels = PanelPresenter(window, state, pictures, receiver.log, receiver.recording)
        for view in window.views:
            view.painted.connect(self._on_painted)

    def update(
        self,
        models: list[ModelStatus],
        now: HostNs,
        take_hidden: Callable[[Pane], None],
        *,
        still: bool,
    ) -> None:
        """Shows a moment.

        Args:
            models: how each of them is doing.
            now: the present.
            take_hidden: takes the newest of a pane that is nowhere to be seen.
            still: whether nothing new is to come, as in a replay that is paused.
        """
        runs = [model.run for model in models]
        rate_hz = models[0].rate_hz
        age_ms = median(self._painted_ms) if self._painted_ms else runs[0].age_ms
        self._painted_ms.clear()
        self._window.header.set_text(header_text(runs, rate_hz, age_ms))
        self._takes.update(runs[0])
        session = self._receiver.session()
        dropped = (session.dropped if session else {}) | self._receiver.dropped
        self._panels.update(runs, dropped, age_ms, take_hidden)
        stands, self._was_still = still and self._was_still, still
        if self._state.plot_shown and not stands:
            self._add_to_charts(now, math.nan if age_ms is None else age_ms, rate_hz)

    def _add_to_charts(self, now: HostNs, age_ms: float, rate_hz: float) -> None:
        hottest, symbol = hottest_value(self._pictures.result, self._state)
        if self._was_still:  # the charts stop as well, and go on after a gap
            age_ms = rate_hz = hottest = math.nan
        self._window.charts.add(now / NS_PER_S, age_ms, rate_hz, hottest, symbol)

    def _on_painted(self, captured_ns: HostNs, painted_ns: HostNs) -> None:
        self._receiver.painted(captured_ns, painted_ns)
        self._painted_ms.append(since(painted_ns, captured_ns) / NS_PER_MS)
