"""What each key, button and click does: changes the state, then refreshes the window."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from gui.controllers.actions.framing_actions import FramingActions
from gui.controllers.actions.measuring_actions import MeasuringActions
from gui.controllers.actions.playback_actions import PlaybackActions
from gui.controllers.alarm_signals import AlarmSignals
from gui.controllers.aligning.aligning_actions import AligningActions
from gui.controllers.presenter import Presenter
from gui.controllers.reporting.report_actions import ReportActions
from gui.controllers.snapshots.snapshots import Snapshots
from gui.language import tr
from gui.panes import Pane
from gui.state.commands.action import Action
from gui.state.looks.look import Look
from gui.state.readout import threshold_of
from gui.state.shortcuts import available_actions
from gui.state.viewer_state import Threshold, ViewerState
from gui.widgets.main_window import MainWindow
from gui.widgets.side.command_palette import CommandPalette
from gui.widgets.side.shortcuts_dialog import ShortcutsDialog
from streamer.thermal import palettes
from streamer.thermal.palette_file import PaletteError, read_palette
from streamer.thermal.palettes import inverted
from streamer.thermal.scale import Scale, Unit
from streamer.thermal.span import Span


class ViewerActions:
    """One method for each action of the table, and for what the mouse does.

    Attributes:
        aligning: what is done in the window in which two cameras are lined up.
        reporting: what makes reports.
        snapshots: what saves the window.
        palette: in which actions are typed, once it was asked for.

    Args:
        window: where they are.
        presenter: who shows what they have changed.
        state: what they change.
        more: of the window's other actions, what is to be listed and found beside the table's.
    """

    def __init__(
        self,
        window: MainWindow,
        presenter: Presenter,
        state: ViewerState,
        more: tuple[Action, ...] = (),
    ) -> None:
        self._window = window
        self._presenter = presenter
        self._state = state
        self._shortcuts: ShortcutsDialog | None = None
        self.palette: CommandPalette | None = None
        self._framing = FramingActions(window, presenter, state)
        self.reporting = ReportActions(window, presenter, state)
        own = available_actions(replay=presenter.playback is not None)
        self._actions = (*own, *more)
        for action in own:
            if action.framing:
                self._framing.connect(action.name)
            elif not (action.replay or action.run or action.measuring or action.panel):
                run = self._then_refresh(getattr(self, action.name))
                window.qactions[action.name].triggered.connect(run)
        if presenter.playback is not None:
            self._replay = PlaybackActions(window, presenter.playback)
        window.control_bar.palette_chosen.connect(self._on_palette)
        window.control_bar.unit_chosen.connect(self._on_unit)
        window.span_panel.span_typed.connect(self._on_span_typed)
        window.span_panel.refused.connect(presenter.show_message)
        window.span_panel.lock_switched.connect(self._on_lock_switched)
        self._measuring = MeasuringActions(window, presenter, state)
        self.aligning = AligningActions(window, presenter, state)
        self.snapshots = Snapshots(window, presenter, state)
        presenter.news.append(self.snapshots.news)
        presenter.alarm_signals = AlarmSignals(self.snapshot)
        for view in window.large_views:
            view.split_moved.connect(self._on_split_moved)
        for slot in range(1, len(window.views)):
            window.views[slot].released.connect(self._on_small_released(slot))

    def next_palette(self) -> None:
        """To the next palette."""
        self._state.next_palette(1)

    def previous_palette(self) -> None:
        """To the palette before."""
        self._state.next_palette(-1)

    def auto_span(self) -> None:
        """Lets the span follow the scene."""
        self._state.locked = None

    def lock_span(self) -> None:
        """Holds the span of this moment."""
        self._with_span(self._state.lock)

    def narrow_span(self) -> None:
        """More contrast."""
        self._with_span(lambda span, scale: self._state.stretch(span, scale, -1))

    def widen_span(self) -> None:
        """Less contrast."""
        self._with_span(lambda span, scale: self._state.stretch(span, scale, 1))

    def hotter_span(self) -> None:
        """The span moves up."""
        self._with_span(lambda span, scale: self._state.shift(span, scale, 1))

    def colder_span(self) -> None:
        """The span moves down."""
        self._with_span(lambda span, scale: self._state.shift(span, scale, -1))

    def next_unit(self) -> None:
        """To the next unit."""
        self._state.next_unit()

    def markers(self) -> None:
        """Marks on or off."""
        self._state.markers = not self._state.markers

    def time_stamp(self) -> None:
        """When the picture was taken on it, or not."""
        self._state.time_shown = not self._state.time_shown

    def fog(self) -> None:
        """Fog over uncertain pixels, or none."""
        self._state.fog_shown = not self._state.fog_shown

    def isotherm(self) -> None:
        """Paints everything hotter than the value under the pointer; again: no more."""
        on = self._state.isotherm_above is None
        self._state.isotherm_above = self._threshold() if on else None

    def isotherm_below(self) -> None:
        """Paints everything colder; with both, what lies between the two values."""
        on = self._state.isotherm_below is None
        self._state.isotherm_below = self._threshold() if on else None

    def invert_palette(self) -> None:
        """The palette the other way round."""
        self._state.palette = inverted(self._state.palette)

    def next_tone(self) -> None:
        """Linear, equalised, local contrast."""
        self._state.next_tone()
        self._presenter.show_message(self._state.tone.words)

    def beyond(self) -> None:
        """Colours of their own for what lies beyond the span, or none."""
        self._state.beyond_marked = not self._state.beyond_marked

    def span_of_tool(self) -> None:
        """The span from the coldest to the hottest inside the selected tool."""
        picture = self._presenter.large_picture()
        name = self._state.measuring.selected
        values = next((v for v in self._presenter.measuring.values if v.tool.name == name), None)
        found = None if picture is None or values is None else values.of(picture.pane)
        if picture is None or picture.scale is None or found is None:
            self._presenter.show_message(tr("Select a tool that reads something first"))
            return
        reading, scale = found
        ends = sorted(scale.counts_of_kelvin(k) for k in (reading.minimum, reading.maximum))
        self._state.lock(Span(*ends), picture.scale)

    def open_palette(self) -> None:
        """Takes a palette from a file."""
        path, _ = QFileDialog.getOpenFileName(
            self._window, tr("Palette from a file"), "", tr("Palettes (*.csv *.txt);;All files (*)")
        )
        if path:
            self.take_palette(Path(path))

    def take_palette(self, path: Path) -> None:
        """Shows the picture in the colours of a file, and keeps it among the palettes."""
        try:
            palette = read_palette(path)
        except PaletteError as error:
            self._presenter.show_message(str(error))
            return
        palettes.add(palette)
        others = (one for one in self._state.own_palettes if one != palette.name)
        self._state.own_palettes = (*others, palette.name)
        self._window.control_bar.show_palettes()
        self._state.palette = palette.name
        self._presenter.refresh()

    def _threshold(self) -> Threshold | None:
        picture = self._presenter.large_picture()
        if picture is None or picture.origin is None:
            return None
        return threshold_of(picture, self._state)

    def large_result(self) -> None:
        """The super-resolved picture large."""
        self._state.enlarge(Pane.RESULT)

    def large_visible(self) -> None:
        """The visible picture large."""
        self._state.enlarge(Pane.VISIBLE)

    def large_thermal(self) -> None:
        """The raw thermal picture large."""
        self._state.enlarge(Pane.THERMAL)

    def large_influence(self) -> None:
        """What the guide added, large."""
        self._state.enlarge(Pane.INFLUENCE)

    def split(self) -> None:
        """Raw thermal beside super-resolved, or no longer."""
        self._state.toggle_look(Look.SPLIT)

    def edges(self) -> None:
        """Edges of the visible picture over the thermal one, or none."""
        self._state.toggle_look(Look.EDGES)

    def blend(self) -> None:
        """The visible picture shines through, or no longer."""
        self._state.toggle_look(Look.BLEND)

    def inset(self) -> None:
        """The thermal picture inside the visible one, or alone."""
        self._state.toggle_look(Look.INSET)

    def sigma(self) -> None:
        """How far each place may be off, or the picture again."""
        self._state.toggle_look(Look.SIGMA)

    def residual(self) -> None:
        """What is left against the sensor's pixels, or the picture again."""
        self._state.toggle_look(Look.RESIDUAL)

    def past(self) -> None:
        """Where earlier frames count, or none of it."""
        self._state.toggle_look(Look.PAST)

    def stronger(self) -> None:
        """More of what is laid over the picture."""
        self._state.change_strength(1)

    def weaker(self) -> None:
        """Less of what is laid over the picture."""
        self._state.change_strength(-1)

    def align(self) -> None:
        """The window in which two cameras are lined up, or no longer."""
        self.aligning.toggle()

    def side(self) -> None:
        """The small pictures on or off."""
        self._state.side_shown = not self._state.side_shown

    def plot(self) -> None:
        """The plots on or off."""
        self._state.plot_shown = not self._state.plot_shown
        if self._state.plot_shown:
            self._window.charts.build()

    def freeze(self) -> None:
        """Holds the picture, or lets it go on."""
        self._state.frozen = not self._state.frozen

    def snapshot(self) -> None:
        """Saves the window among the user's pictures."""
        self.snapshots.take()

    def close(self) -> None:
        """Waits for what is still being written."""
        self.snapshots.close()

    def report(self) -> None:
        """A report on this moment."""
        self.reporting.open()

    def copy(self) -> None:
        """Puts the values that are shown onto the clipboard, whole."""
        text = self._window.control_bar.readout
        QGuiApplication.clipboard().setText(text)
        self._presenter.show_message(
            tr("Copied the values") if text else tr("There is nothing to copy")
        )

    def copy_picture(self) -> None:
        """Puts the large picture onto the clipboard, with all that is written on it."""
        view = self._window.large_views[0]
        QGuiApplication.clipboard().setPixmap(view.grab(view.seen_area()))
        self._presenter.show_message(tr("Copied the large picture"))

    def full_screen(self) -> None:
        """Full screen, and back."""
        whole = self._window.window()  # of several rigs this one is a part of it
        state = whole.windowState()  # of a maximised window, that remains
        whole.setWindowState(state ^ Qt.WindowState.WindowFullScreen)

    def help(self) -> None:
        """The list of keys."""
        self._shortcuts = self._shortcuts or ShortcutsDialog(self._window, self._actions)
        self._shortcuts.setVisible(not self._shortcuts.isVisible())

    def find_action(self) -> None:
        """All that can be done, to be typed."""
        self.palette = self.palette or CommandPalette(
            self._window, self._actions, self._window.qactions
        )
        self.palette.show()

    def quit(self) -> None:
        """Closes the window."""
        self._window.window().close()

    def _then_refresh(self, action: Callable[[], None]) -> Callable[[bool], None]:
        def run(checked: bool) -> None:
            action()
            self._presenter.refresh()

        return run

    def _with_span(self, change: Callable[[Span, Scale], None]) -> None:
        picture = self._presenter.large_picture()
        if picture is None or picture.pane is Pane.INFLUENCE:
            return
        if picture.span is not None and picture.scale is not None:
            change(picture.span, picture.scale)

    def _on_palette(self, name: str) -> None:
        self._state.palette = name
        self._presenter.refresh()

    def _on_unit(self, name: str) -> None:
        self._state.unit = Unit(name)
        self._presenter.refresh()

    def _on_span_typed(self, span: Span, scale: Scale) -> None:
        self._state.lock(span, scale)
        self._presenter.refresh()

    def _on_lock_switched(self, locked: bool) -> None:
        (self.lock_span if locked else self.auto_span)()
        self._presenter.refresh()

    def _on_split_moved(self, share: float) -> None:
        self._state.split = share
        self._presenter.refresh()

    def _on_small_released(self, slot: int) -> Callable[[float, float], None]:
        def run(u: float, v: float) -> None:
            self._state.enlarge(self._state.slots[slot])
            self._presenter.refresh()

        return run
