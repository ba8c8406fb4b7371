"""Rolling plots of age, rate and hottest value.

The plotting library takes 0.2 s to import: it comes after the window is up, and only if the plots
are shown. It is slow at drawing, too: it is fed a few times a second, not with every picture.
"""

import math
from collections import deque

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.language import mark, tr
from gui.widgets.theme import BACKGROUND, QUIET, font, px
from streamer.thermal.scale import Unit

_HEIGHT_PX = 112
_CURVES = {
    "age": (mark("age, ms"), (120, 190, 255)),
    "rate": (mark("pictures a second"), (120, 220, 140)),
    "hottest": (mark("hottest"), (255, 140, 100)),
}
_FLATTEST = {"age": 50.0, "rate": 35.0, "hottest": 4.0}  # never less than this from top to bottom


class StripCharts(QWidget):
    """Three plots side by side over the last seconds."""

    def __init__(self, seconds: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(px(_HEIGHT_PX))
        self.setToolTip(
            tr("The last moments: age of the picture, pictures a second, hottest value (G hides)")
        )
        self._seconds = seconds
        self._times: deque[float] = deque()
        self._values: dict[str, deque[float]] = {name: deque() for name in _CURVES}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self._plots: dict[str, object] = {}
        self._curves: dict[str, object] = {}
        self._symbol = ""

    @property
    def ready(self) -> bool:
        """Whether the plots have been built."""
        return bool(self._curves)

    def build(self) -> None:
        """Imports the plotting library and makes the plots."""
        if self.ready:
            return
        import pyqtgraph

        for name, (title, colour) in _CURVES.items():
            plot = pyqtgraph.PlotWidget(background=BACKGROUND)
            plot.setTitle(tr(title), size=_title_size(), color=QUIET)
            plot.setMouseEnabled(x=False, y=False)
            plot.setMenuEnabled(False)
            plot.hideButtons()
            plot.showGrid(x=False, y=True, alpha=0.2)
            plot.setXRange(-self._seconds, 0, padding=0)
            plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            for side in ("bottom", "left"):
                plot.getAxis(side).setStyle(tickFont=font(9))
                plot.getAxis(side).setTextPen(QUIET)
            plot.getAxis("bottom").setHeight(px(18))
            plot.getAxis("left").setWidth(px(52))
            plot.disableAutoRange()  # costs more than drawing, and makes noise of a flat line
            curve = plot.plot(pen=pyqtgraph.mkPen(colour, width=1), connect="finite")
            self._row.addWidget(plot)
            self._plots[name], self._curves[name] = plot, curve

    def add(self, now_s: float, age_ms: float, rate_hz: float, hottest: float, symbol: str) -> None:
        """Takes one sample; NaN leaves a gap. What came in another unit is turned into this."""
        if symbol != self._symbol:
            turned = _turned(self._values["hottest"], self._symbol, symbol)
            self._symbol = symbol
            self._values["hottest"] = turned
            if self.ready:
                title = tr("hottest, {symbol}", symbol=symbol) if symbol else tr("hottest")
                self._plots["hottest"].setTitle(title, size=_title_size(), color=QUIET)  # type: ignore[attr-defined]
        self._times.append(now_s)
        for name, value in (("age", age_ms), ("rate", rate_hz), ("hottest", hottest)):
            self._values[name].append(value)
        while self._times[0] < now_s - self._seconds:
            self._times.popleft()
            for values in self._values.values():
                values.popleft()
        if self.ready and self.isVisible():
            self._draw(now_s)

    def _draw(self, now_s: float) -> None:
        times = [moment - now_s for moment in self._times]
        for name, curve in self._curves.items():
            values = list(self._values[name])
            known = [value for value in values if math.isfinite(value)]
            if not known:
                curve.clear()  # type: ignore[attr-defined]
                continue
            low, high = (0.0, max(known)) if name != "hottest" else (min(known), max(known))
            room = max(_FLATTEST[name] - (high - low), 0.1 * (high - low))
            below = room / 2 if name == "hottest" else 0.0
            self._plots[name].setYRange(low - below, high + room - below, padding=0)  # type: ignore[attr-defined]
            curve.setData(times, values)  # type: ignore[attr-defined]


def _title_size() -> str:
    return f"{font(9).pointSizeF():g}pt"


def _turned(values: deque[float], before: str, now: str) -> deque[float]:
    """Values in another unit; none where one of the two is no temperature."""
    units = {unit.symbol: unit for unit in Unit}
    if before not in units or now not in units:
        return deque(math.nan for _ in values)
    return deque(units[now].from_kelvin(units[before].to_kelvin(value)) for value in values)
