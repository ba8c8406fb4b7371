"""The window: where everything is.

`controllers.presenter` fills it; `controllers.actions` takes what the user does.
"""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from gui.panes import Pane
from gui.state.shortcuts import Action, available_actions
from gui.state.viewer_state import ViewerState
from gui.widgets.control_bar import ControlBar
from gui.widgets.header import Header
from gui.widgets.plots import StripCharts
from gui.widgets.replay.playback_bar import PlaybackBar
from gui.widgets.span_panel import SpanPanel
from gui.widgets.video_view import VideoView

_DEFAULT_SIZE = QSize(1280, 800)
_SMALLEST_SIZE = QSize(720, 480)
_SMALLEST_LARGE = QSize(320, 200)
_SIDE_PX = (150, 400)  # narrowest and widest column of small pictures
_ROW_PX = (80, 200)  # lowest and highest row of them
_LARGE_TIP = "Point to read a value; click to pin a spot; drag to measure in a box"


class MainWindow(QMainWindow):
    """One large view, the span panel, a column of small views, header, plots and controls.

    Several models are compared in large views of the same size; the small ones are a row below.

    Attributes:
        views: of each slot of the state, the large one first.
        large_views: of each model, the large one of `views` first.
        qactions: the actions of the table, by name.
    """

    def __init__(self, plot_s: float, *, replay: bool = False, models: int = 1) -> None:
        super().__init__()
        actions = available_actions(replay=replay)
        self.setWindowTitle("CoReFusion Live")
        self.resize(_DEFAULT_SIZE)
        self.setMinimumSize(_SMALLEST_SIZE)
        self.qactions = {action.name: self._qaction(action) for action in actions}
        self.header = Header()
        self.span_panel = SpanPanel()
        self.charts = StripCharts(plot_s)
        self.control_bar = ControlBar(actions, self.qactions)
        self.playback_bar = PlaybackBar(self.qactions) if replay else None
        large = VideoView(_SMALLEST_LARGE)
        self.views = [large, *(VideoView(QSize(120, 60)) for _ in list(Pane)[1:])]
        self.large_views = [large, *(VideoView(_SMALLEST_LARGE) for _ in range(1, models))]
        for view in self.large_views:
            view.setToolTip(_LARGE_TIP)
            view.setCursor(Qt.CursorShape.CrossCursor)
        self._side = QWidget()
        self._lay_out()

    def show_state(self, state: ViewerState) -> None:
        """Shows and hides what the state says; captions and tooltips follow the panes."""
        self._side.setVisible(state.side_shown)
        self.charts.setVisible(state.plot_shown)
        self.control_bar.show_state(state)
        for name, on in {
            "markers": state.markers,
            "fog": state.fog_shown,
            "isotherm": state.isotherm is not None,
            "side": state.side_shown,
            "plot": state.plot_shown,
            "freeze": state.frozen,
            "full_screen": self.isFullScreen(),
        }.items():
            if name in self.qactions:
                self.qactions[name].setChecked(on)
        for view, pane in zip(self.views[1:], state.slots[1:], strict=True):
            key = list(Pane).index(pane) + 1
            view.setToolTip(f"{pane.caption}: click (or press {key}) to see it large")

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """A small window gives its room to the large picture."""
        if len(self.large_views) > 1:
            lowest, highest = _ROW_PX
            self._side.setFixedHeight(min(max(self.height() // 6, lowest), highest))
        else:
            narrowest, widest = _SIDE_PX
            self._side.setFixedWidth(min(max(self.width() // 5, narrowest), widest))
        super().resizeEvent(event)

    def _qaction(self, action: Action) -> QAction:
        qaction = QAction(action.title, self)
        qaction.setShortcuts([QKeySequence(key) for key in action.keys])
        qaction.setToolTip(f"{action.tip} ({', '.join(action.keys)})")
        qaction.setCheckable(action.checkable)
        self.addAction(qaction)
        return qaction

    def _lay_out(self) -> None:
        small = QHBoxLayout(self._side) if len(self.large_views) > 1 else QVBoxLayout(self._side)
        small.setContentsMargins(0, 0, 0, 0)
        small.setSpacing(6)
        for view in self.views[1:]:
            view.setCursor(Qt.CursorShape.PointingHandCursor)
            small.addWidget(view, 1)
        middle = QWidget()
        grid = QGridLayout(middle)
        grid.setContentsMargins(10, 8, 10, 8)
        grid.setSpacing(8)
        grid.addWidget(self.header, 0, 0, 1, 3)
        grid.addWidget(self._large(), 1, 0)
        grid.addWidget(self.span_panel, 1, 1)
        if len(self.large_views) > 1:
            grid.addWidget(self._side, 2, 0, 1, 3)
        else:
            grid.addWidget(self._side, 1, 2)
        if self.playback_bar is not None:
            grid.addWidget(self.playback_bar, 3, 0, 1, 3)
        grid.addWidget(self.charts, 4, 0, 1, 3)
        grid.addWidget(self.control_bar, 5, 0, 1, 3)
        grid.setColumnStretch(0, 1)
        grid.setRowStretch(1, 1)
        self.setCentralWidget(middle)

    def _large(self) -> QWidget:
        """The large view, or those of a comparison side by side."""
        if len(self.large_views) == 1:
            return self.large_views[0]
        side_by_side = QWidget()
        row = QHBoxLayout(side_by_side)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for view in self.large_views:
            row.addWidget(view, 1)
        return side_by_side
