"""The window: where everything is.

`controllers.presenter` fills it; `controllers.actions` takes what the user does.
"""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMainWindow, QMenu, QVBoxLayout, QWidget

from gui.language import tr
from gui.panes import Pane
from gui.state.commands.action import Action
from gui.state.framing.orientation import Orientation
from gui.state.framing.zoom import Zoom
from gui.state.looks.look import Look
from gui.state.shortcuts import available_actions
from gui.state.viewer_state import ViewerState
from gui.status.wording import letter
from gui.widgets.access.key_text import key_text
from gui.widgets.access.tab_stops import order_stops
from gui.widgets.control_bar import ControlBar
from gui.widgets.fitting import fit
from gui.widgets.header import Header
from gui.widgets.measuring.panel import MeasuringPanel
from gui.widgets.measuring.tool_column import ToolColumn
from gui.widgets.menus import fill_menu, fill_menu_bar
from gui.widgets.panels.panels import Panels
from gui.widgets.plots import StripCharts
from gui.widgets.replay.playback_bar import PlaybackBar
from gui.widgets.scale.span_panel import SpanPanel
from gui.widgets.theme import px
from gui.widgets.video_view import VideoView
from streamer.thermal.palettes import upright

_DEFAULT_SIZE = QSize(1280, 800)
_SMALLEST_SIZE = QSize(400, 260)
_SMALLEST_LARGE = QSize(160, 100)
_SIDE_PX = (150, 400)  # narrowest and widest column of small pictures
_COLUMN_FROM_PX = 560  # a narrower window has keys for the tools, and no buttons
_PANEL_FROM_PX = 400  # a lower window has no room for measurements
_ROW_PX = (80, 200)  # lowest and highest row of them
_SIDE_FROM = QSize(640, 360)  # a smaller window has no room for them
_PLOTS_FROM_PX = 560
_MENU_BAR_FROM_PX = 420


class MainWindow(QMainWindow):
    """One large view, the span panel, a column of small views, header, plots and controls.

    Several models are compared in large views of the same size; the small ones are a row below.

    Signals:
        dropped: path of a file that was dropped onto it.

    Attributes:
        views: of each slot of the state, the large one first.
        large_views: of each model, the large one of `views` first.
        qactions: the actions of the table, by name.
        recent: the menu of recordings that were seen last.
        languages: the menu of languages, empty at first.
        panels: that are docked beside the pictures, hidden at first.
        rigs: the menu of rigs, where there are several; empty and hidden at first.
    """

    dropped = Signal(str)

    def __init__(self, plot_s: float, *, replay: bool = False, models: int = 1) -> None:
        super().__init__()
        actions = available_actions(replay=replay)
        self.setWindowTitle("CoReFusion Live")
        self.setAcceptDrops(True)
        self.resize(_DEFAULT_SIZE.width(), _DEFAULT_SIZE.height())
        self.setMinimumSize(_SMALLEST_SIZE)
        self.qactions = {action.name: self._qaction(action) for action in actions}
        self.header = Header()
        self.span_panel = SpanPanel()
        self.charts = StripCharts(plot_s)
        self.tool_column = ToolColumn(self.qactions)
        self.measuring_panel = MeasuringPanel(self.qactions)
        self.control_bar = ControlBar(actions, self.qactions)
        self.playback_bar = PlaybackBar(self.qactions) if replay else None
        self.large_views = [VideoView(_SMALLEST_LARGE, zooms=True) for _ in range(models)]
        small = (VideoView(QSize(120, 60)) for _ in list(Pane)[1:])
        self.views = [self.large_views[0], *small]
        for view in self.large_views:
            view.setCursor(Qt.CursorShape.CrossCursor)
        self._side = QWidget()
        self._wanted = {
            "side": True,
            "plots": True,
            "table": True,
            "curves": True,
        }  # the room decides too
        self._tools = 0
        self.recent = QMenu(tr("Open recent"), self)
        self.recent.setToolTipsVisible(True)
        self.languages = QMenu(tr("Language"), self)
        self.rigs = QMenu(tr("Rigs"), self)
        self.rigs.menuAction().setVisible(False)
        menus = {
            "open_recording": self.recent,
            "full_screen": self.languages,
            "plot": self.rigs,
        }
        fill_menu_bar(self.menuBar(), actions, self.qactions, menus)
        menu = QMenu(self)
        fill_menu(menu, actions, self.qactions, menus)
        self.control_bar.set_menu(menu)
        self._lay_out()
        self.panels = Panels(self, self.qactions)
        self._order_stops()

    def fit(self, available: QRect | None, wanted: QSize | None = None) -> None:
        """Takes its first size and place.

        Args:
            available: what the screen has room for; None where there is none to speak of.
            wanted: the size that was asked for, if any; it is taken as it is.
        """
        fit(self, available, wanted)

    def show_state(self, state: ViewerState) -> None:
        """Shows and hides what the state says; captions and tooltips follow the panes."""
        self._wanted |= {"side": state.side_shown, "plots": state.plot_shown}
        self.show_tools(state)
        self.control_bar.show_state(state)
        for name, on in {
            "markers": state.markers,
            "fog": state.fog_shown,
            "time_stamp": state.time_shown,
            **{look.value: state.look is look for look in Look if look is not Look.PLAIN},
            "isotherm": state.isotherm_above is not None,
            "isotherm_below": state.isotherm_below is not None,
            "invert_palette": state.palette != upright(state.palette),
            "beyond": state.beyond_marked,
            "side": state.side_shown,
            "plot": state.plot_shown,
            "freeze": state.frozen,
            "full_screen": self.window().isFullScreen(),
        }.items():
            if name in self.qactions:
                self.qactions[name].setChecked(on)
        for view, pane in zip(self.views, state.slots, strict=True):
            view.setAccessibleName(pane.caption)
        for model, view in enumerate(self.large_views[1:], 1):
            view.setAccessibleName(f"{Pane.RESULT.caption} {letter(model)}")
        for view, pane in zip(self.views[1:], state.slots[1:], strict=True):
            key = list(Pane).index(pane) + 1
            view.setToolTip(
                tr(
                    "{caption}: click (or press {key}) to see it large",
                    caption=pane.caption,
                    key=key,
                )
            )

    def show_framing(self, zoom: Zoom, orientation: Orientation) -> None:
        """Shows the large pictures magnified, and all of them a certain way up."""
        for view in (*self.views, *self.large_views[1:]):
            view.show_framing(zoom if view in self.large_views else Zoom(), orientation)

    def show_tools(self, state: ViewerState) -> None:
        """Shows which tool is drawn next; the panel of measurements stands in place of the plots.

        The two have one place: a window that gave both their height would leave the picture little.
        """
        editor = state.measuring
        self.tool_column.show_kind(editor.kind)
        self._tools = len(editor.shown())
        self._wanted |= {"table": state.table_shown, "curves": state.curves_shown}
        self.qactions["table"].setChecked(state.table_shown)
        self.qactions["curves"].setChecked(state.curves_shown)
        self.qactions["undo"].setEnabled(editor.history.can_undo)
        self.qactions["redo"].setEnabled(editor.history.can_redo)
        self._fit_parts()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """A small window gives its room to the large picture."""
        self.panels.fit(self.size())
        self._fit_parts()
        super().resizeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Takes one file of this host."""
        urls = event.mimeData().urls()
        if len(urls) == 1 and urls[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Passes it on."""
        self.dropped.emit(event.mimeData().urls()[0].toLocalFile())

    def _fit_parts(self) -> None:
        """Shows what is wanted, and has room beside the panels."""
        room = self._room()
        width, height = room.width(), room.height()
        if len(self.large_views) > 1:
            lowest, highest = map(px, _ROW_PX)
            self._side.setFixedHeight(min(max(height // 6, lowest), highest))
        else:
            narrowest, widest = map(px, _SIDE_PX)
            self._side.setFixedWidth(min(max(width // 5, narrowest), widest))
        roomy = width >= px(_SIDE_FROM.width()) and height >= px(_SIDE_FROM.height())
        self._side.setVisible(self._wanted["side"] and roomy)
        self.tool_column.setVisible(width >= px(_COLUMN_FROM_PX))
        table, curves = self._wanted["table"], self._wanted["curves"]
        measured = self._tools > 0 and (table or curves) and height >= px(_PANEL_FROM_PX)
        self.measuring_panel.setVisible(measured)
        self.measuring_panel.fit(self._tools, (width, height), table=table, curves=curves)
        plotted = self._wanted["plots"] and height >= px(_PLOTS_FROM_PX)
        self.charts.setVisible(plotted and not measured)
        barred = self.height() >= px(_MENU_BAR_FROM_PX)
        self.menuBar().setVisible(barred)
        self.control_bar.show_menu_button(not barred)

    def _room(self) -> QSize:
        """The window without its panels."""
        middle = self._middle
        if not middle.isVisible():  # nothing has its place yet
            return self.size()
        bar = 0 if self.menuBar().isHidden() else self.menuBar().height()
        return QSize(middle.width(), middle.height() + bar)

    def _qaction(self, action: Action) -> QAction:
        qaction = QAction(tr(action.title), self)
        qaction.setShortcuts([QKeySequence(key) for key in action.keys])
        qaction.setToolTip(f"{tr(action.tip)} ({', '.join(map(key_text, action.keys))})")
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
        middle = self._middle = _Middle()
        middle.resized.connect(self._fit_parts)
        middle.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # a click anywhere ends typing
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
        grid.addWidget(self.measuring_panel, 4, 0, 1, 3)
        grid.addWidget(self.charts, 4, 0, 1, 3)
        grid.addWidget(self.control_bar, 5, 0, 1, 3)
        grid.setColumnStretch(0, 1)
        grid.setRowStretch(1, 1)
        self.setCentralWidget(middle)

    def _order_stops(self) -> None:
        """Tab goes from the left to the right, then down, and on to the panels."""
        stops = [*self.tool_column.stops, *self.span_panel.stops]
        if self.playback_bar is not None:
            stops += self.playback_bar.stops
        stops += [*self.measuring_panel.stops, *self.control_bar.stops, *self.panels.stops]
        order_stops([self._middle, *stops])
        self._middle.setFocus()  # single keys are the window's until Tab is pressed

    def _large(self) -> QWidget:
        """The tools, and the large view, or those of a comparison side by side."""
        side_by_side = QWidget()
        row = QHBoxLayout(side_by_side)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.tool_column)
        for view in self.large_views:
            row.addWidget(view, 1)
        return side_by_side


class _Middle(QWidget):
    """What panels leave of the window.

    Signals:
        resized: it has another size.
    """

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Tells of it."""
        super().resizeEvent(event)
        self.resized.emit()
