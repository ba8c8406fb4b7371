"""Puts what tools read onto the panel of measurements: the table, curves, profiles."""

import msgspec

from gui.language import tr
from gui.panes import Pane
from gui.state.measuring.curves import SPANS_S, Curves
from gui.state.measuring.plot import Plot, curves_plot, profile_plot
from gui.state.measuring.readings import ToolValues
from gui.state.measuring.tool_text import table_rows, table_text
from gui.state.pane_images import Pictures
from gui.state.viewer_state import ViewerState
from gui.widgets.main_window import MainWindow
from gui.widgets.measuring.panel import PROFILE
from streamer.clock import NS_PER_S, HostNs, after, later
from streamer.measuring.shapes import Line
from streamer.measuring.tool_set import ToolSet
from streamer.thermal.scale import Scale

_PLOT_EVERY_NS = NS_PER_S // 5


class MeasuringPresenter:
    """Takes the values of a moment; draws a few times a second.

    Attributes:
        values: what every tool read last.
        curves: what they have read.
    """

    def __init__(self, window: MainWindow, state: ViewerState, pictures: Pictures) -> None:
        self._panel, self._state, self._pictures = window.measuring_panel, state, pictures
        self._next_plot_ns = HostNs(0)
        self.values: tuple[ToolValues, ...] = ()
        self.curves = Curves()

    def update(self, values: tuple[ToolValues, ...], now_ns: HostNs) -> None:
        """Takes what every tool reads, at the time of the frame: a held picture adds nothing."""
        self.values = values
        frame = self._pictures.result or self._pictures.frames.get(Pane.THERMAL)
        if frame is not None:
            self.curves.add(frame.timestamp_ns / NS_PER_S, values)
        editor = self._state.measuring
        self._panel.show_values(table_rows(values, editor.tools.reference), editor.selected)
        if self._panel.plot.isVisible() and not later(self._next_plot_ns, now_ns):
            self._next_plot_ns = after(now_ns, _PLOT_EVERY_NS)
            self._panel.show_plot(self.plot(), self._state.curve_span_s)

    def refresh(self) -> None:
        """Draws at the next update."""
        self._next_plot_ns = HostNs(0)

    def facts(self) -> dict[str, str]:
        """What a saved picture tells of tools and object parameters, where there are any."""
        tools = self._state.measuring.tools
        if tools == ToolSet():
            return {}
        facts = {"measuring": msgspec.json.encode(tools).decode()}
        if not tools.parameters.changes_nothing:
            facts["object"] = tools.parameters.text
        if self.values:
            rows = table_rows(self.values, tools.reference)
            facts["values"] = table_text(rows, self._state.unit.symbol)
        return facts

    def table(self, between: str) -> str | None:
        """The curves that are shown, as text with something between values; None without any."""
        scale = self._scale()
        if scale is None or not self.curves.names:
            return None
        return self.curves.table(scale, self._state.curve_span_s or SPANS_S[-1], between)

    def plot(self) -> Plot:
        """The curves that are shown, or the profile."""
        state = self._state
        if state.curve_span_s != PROFILE:
            return curves_plot(self.curves, self.values, self._scale(), state.curve_span_s)
        lines = [each.tool for each in self.values if isinstance(each.tool, Line)]
        chosen = next((one for one in lines if one.name == state.measuring.selected), None)
        pictures = [
            (tr("SR"), self._pictures.picture(Pane.RESULT, state)),
            (tr("sensor"), self._pictures.measured(state)),
        ]
        return profile_plot(chosen or next(iter(lines), None), pictures)

    def _scale(self) -> Scale | None:
        """What curves are told in."""
        scales = (each.result_scale or each.sensor_scale for each in self.values)
        return next((scale for scale in scales if scale is not None), None)
