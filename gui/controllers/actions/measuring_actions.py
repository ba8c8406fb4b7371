"""What pointer and keys do to measuring tools."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from platformdirs import user_pictures_path
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

from gui.controllers.presenter import Presenter
from gui.language import mark, plural, tr
from gui.state.measuring.tool_text import table_rows, table_text
from gui.state.shortcuts import available_actions
from gui.state.viewer_state import ViewerState
from gui.widgets.main_window import MainWindow
from gui.widgets.measuring.alarms_window import AlarmsWindow
from gui.widgets.measuring.parameters_window import ParametersWindow
from gui.widgets.theme import px
from gui.widgets.video_view import VideoView
from streamer.measuring.alarm_rule import AlarmRule
from streamer.measuring.object_parameters import ObjectParameters
from streamer.measuring.tool import Size

_NO_CURVES = mark("No tools, no curves: click into the picture")


class MeasuringActions(QObject):
    """One method for each action of the table that concerns tools, and for the pointer."""

    def __init__(self, window: MainWindow, presenter: Presenter, state: ViewerState) -> None:
        super().__init__(window)
        self._window, self._presenter, self._state = window, presenter, state
        self._editor = state.measuring
        for action in available_actions(replay=presenter.playback is not None):
            if action.measuring:
                run = self._then_refresh(self.method(action.name))
                window.qactions[action.name].triggered.connect(run)
        for view in window.large_views:  # all of them show the same places
            view.pressed.connect(partial(self._on_pointer, view, self._editor.press))
            view.dragged.connect(partial(self._on_pointer, view, self._editor.drag))
            view.released.connect(partial(self._on_pointer, view, self._editor.release))
            view.double_clicked.connect(partial(self._on_double_clicked, view))
            view.hovered.connect(self._on_hovered)
        table = window.measuring_panel.table
        table.selected.connect(self._on_selected)
        table.renamed.connect(self._on_renamed)
        window.measuring_panel.span_chosen.connect(self._on_span)
        window.installEventFilter(self)
        self._parameters: ParametersWindow | None = None
        self._alarms: AlarmsWindow | None = None

    def method(self, name: str) -> Callable[[], None]:
        """What an action does."""
        if name.startswith("tool_"):
            return partial(self._editor.choose, name.removeprefix("tool_"))
        run: Callable[[], None] = getattr(self, name)
        return run

    def clear(self) -> None:
        """Takes all tools away."""
        self._editor.clear()

    def delete_tool(self) -> None:
        """Takes the selected tool away."""
        self._editor.delete()

    def undo(self) -> None:
        """The step before."""
        self._editor.undo()

    def redo(self) -> None:
        """The step again."""
        self._editor.redo()

    def next_tool(self) -> None:
        """Selects the next tool."""
        self._editor.select_next(1)

    def previous_tool(self) -> None:
        """Selects the tool before."""
        self._editor.select_next(-1)

    def rename_tool(self) -> None:
        """Names the selected tool."""
        self._rename(self._editor.selected)

    def compare_tool(self) -> None:
        """Compares the others with the selected tool, or no longer."""
        self._editor.compare()

    def nudge_left(self) -> None:
        """A pixel to the left."""
        self._nudge(-1, 0)

    def nudge_right(self) -> None:
        """A pixel to the right."""
        self._nudge(1, 0)

    def nudge_up(self) -> None:
        """A pixel up."""
        self._nudge(0, -1)

    def nudge_down(self) -> None:
        """A pixel down."""
        self._nudge(0, 1)

    def object_parameters(self) -> None:
        """The window of emissivity and the like, or no longer."""
        if self._parameters is None:
            self._parameters = ParametersWindow(self._window)
            self._parameters.changed.connect(self._on_parameters)
            self._parameters.refused.connect(self._presenter.show_message)
        self._parameters.setVisible(not self._parameters.isVisible())
        self._show_windows()

    def alarms(self) -> None:
        """The window of alarms, or no longer."""
        if self._alarms is None:
            self._alarms = AlarmsWindow(self._window)
            self._alarms.changed.connect(self._on_alarms)
            self._alarms.refused.connect(self._presenter.show_message)
        self._alarms.setVisible(not self._alarms.isVisible())
        self._show_windows()
        self._alarms.choose(self._editor.selected)

    def table(self) -> None:
        """The table on or off."""
        self._state.table_shown = not self._state.table_shown

    def curves(self) -> None:
        """The curves on or off."""
        self._state.curves_shown = not self._state.curves_shown

    def copy_curves(self) -> None:
        """Puts the curves on the clipboard, as a spreadsheet pastes them."""
        text = self._presenter.measuring.table("\t")
        if text is None:
            self._presenter.show_message(tr(_NO_CURVES))
            return
        QGuiApplication.clipboard().setText(text)
        self._presenter.show_message(tr("Copied the curves"))

    def save_curves(self) -> None:
        """Saves the curves beside snapshots."""
        text = self._presenter.measuring.table(",")
        if text is None:
            self._presenter.show_message(tr(_NO_CURVES))
            return
        path = (
            user_pictures_path()
            / "CoReFusion Live"
            / f"{datetime.now():%Y-%m-%d %H-%M-%S} curves.csv"
        )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            self._presenter.show_message(
                tr("Could not save {path}: {strerror}", path=path, strerror=error.strerror)
            )
            return
        self._presenter.show_message(
            tr("Saved {name} in {parent}", name=path.name, parent=path.parent)
        )

    def copy_table(self) -> None:
        """Puts the table on the clipboard."""
        rows = table_rows(self._presenter.measuring.values, self._editor.tools.reference)
        if not rows:
            self._presenter.show_message(tr("No tools, nothing to copy: click into the picture"))
            return
        QGuiApplication.clipboard().setText(table_text(rows, self._state.unit.symbol))
        self._presenter.show_message(
            plural("Copied the values of {n} tool", "Copied the values of {n} tools", len(rows))
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Escape and Return, where no field wants them."""
        if watched is self._window and isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
                self._editor.cancel()
                self._presenter.refresh()
                return True
            finishes = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if event.type() is QEvent.Type.KeyPress and finishes and self._editor.corners:
                self._editor.finish()
                self._presenter.refresh()
                return True
        return super().eventFilter(watched, event)

    def _nudge(self, columns: int, rows: int) -> None:
        picture = self._presenter.large_picture()
        if picture is not None:
            height, width = picture.pixels.shape[:2]
            columns, rows = self._state.orientation.stored_step(columns, rows)
            self._editor.nudge(columns, rows, Size(width, height))

    def _rename(self, name: str) -> None:
        if name:
            self._state.table_shown = True
            self._presenter.refresh()
            self._window.measuring_panel.edit_name(name)

    def _then_refresh(self, action: Callable[[], None]) -> Callable[[bool], None]:
        def run(checked: bool) -> None:
            action()
            self._presenter.refresh()
            self._show_windows()

        return run

    def _on_pointer(
        self, view: VideoView, what: Callable[[tuple[float, float], Size], None], u: float, v: float
    ) -> None:
        what((u, v), _size_of(view))
        self._refresh_tools()

    def _on_double_clicked(self, view: VideoView, u: float, v: float) -> None:
        name = self._editor.double_click((u, v), _size_of(view))
        self._refresh_tools()
        self._rename(name)

    def _on_hovered(self, place: tuple[float, float] | None) -> None:
        self._state.cursor = place
        self._editor.hover(place)
        if self._editor.corners:
            self._refresh_tools()

    def _on_alarms(self, rules: tuple[AlarmRule, ...]) -> None:
        self._state.alarms = rules
        self._show_windows()

    def _on_parameters(self, name: str, parameters: ObjectParameters | None) -> None:
        self._editor.set_parameters(parameters, name)
        self._presenter.refresh()
        self._show_windows()

    def _refresh_tools(self) -> None:
        self._presenter.refresh_tools()
        self._show_windows()

    def _show_windows(self) -> None:
        """The windows beside show what holds now."""
        editor = self._editor
        if self._parameters is not None and self._parameters.isVisible():
            self._parameters.show_tools(editor.tools, editor.selected, self._state.unit)
        if self._alarms is not None and self._alarms.isVisible():
            names = [tool.name for tool in editor.tools.tools]
            self._alarms.show_rules(self._state.alarms, names, self._presenter.alarmed)

    def _on_span(self, span_s: float) -> None:
        self._state.curve_span_s = span_s
        self._presenter.measuring.refresh()
        self._presenter.refresh()

    def _on_selected(self, name: str) -> None:
        self._editor.selected = name
        self._refresh_tools()

    def _on_renamed(self, name: str, wanted: str) -> None:
        before = [tool.name for tool in self._editor.tools.tools]
        self._editor.rename(name, wanted)
        if name in before:
            self._presenter.measuring.curves.renamed(
                name, self._editor.tools.tools[before.index(name)].name
            )
        if self._editor.tools.tool(wanted.strip()) is None:
            self._presenter.show_message(
                tr(
                    "{name} keeps its name: {wanted} is taken or none",
                    name=name,
                    wanted=wanted.strip(),
                )
            )
        self._refresh_tools()


def _size_of(view: VideoView) -> Size:
    """In pixels of plain text: on a large screen a hand reaches as far as what it sees is large."""
    placement, scale = view.placement(), px(100) / 100
    width, height = placement.box.width, placement.box.height
    if not placement.orientation.upright:
        width, height = height, width
    return Size(max(1, width / scale), max(1, height / scale))
