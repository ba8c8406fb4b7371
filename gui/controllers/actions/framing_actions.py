"""Zooming, moving, turning: how the large pictures lie in their views."""

from collections.abc import Callable

from PySide6.QtCore import QPointF

from gui.controllers.presenter import Presenter
from gui.state.framing.zoom import Zoom
from gui.state.viewer_state import ViewerState
from gui.widgets.main_window import MainWindow
from gui.widgets.video_view import VideoView

_STEP = 0.2  # of the view, for each press of a key that moves the picture


class FramingActions:
    """One method for each such action of the table, and for what the mouse does."""

    def __init__(self, window: MainWindow, presenter: Presenter, state: ViewerState) -> None:
        self._window = window
        self._presenter = presenter
        self._state = state
        for view in window.large_views:
            view.zoomed.connect(self._on_zoomed)

    def zoom_in(self) -> None:
        """A notch larger, about the pointer or the middle."""
        self._state.zoom = self._view.zoomed_by(1, self._pointer())

    def zoom_out(self) -> None:
        """A notch smaller."""
        self._state.zoom = self._view.zoomed_by(-1, self._pointer())

    def zoom_to_fit(self) -> None:
        """The whole picture."""
        self._state.zoom = Zoom()

    def pixel_for_pixel(self) -> None:
        """A pixel of the picture is one of the screen."""
        self._state.zoom = self._view.pixel_for_pixel()

    def move_left(self) -> None:
        """What lies further left comes into view."""
        self._move(_STEP, 0)

    def move_right(self) -> None:
        """What lies further right."""
        self._move(-_STEP, 0)

    def move_up(self) -> None:
        """What lies further up."""
        self._move(0, _STEP)

    def move_down(self) -> None:
        """What lies further down."""
        self._move(0, -_STEP)

    def turn(self) -> None:
        """A quarter of a turn, clockwise."""
        self._state.orientation = self._state.orientation.turned()

    def flip_sideways(self) -> None:
        """Left and right exchanged."""
        self._state.orientation = self._state.orientation.flipped_sideways()

    def flip_over(self) -> None:
        """Top and bottom exchanged."""
        self._state.orientation = self._state.orientation.flipped_over()

    def connect(self, name: str) -> None:
        """Ties an action of the table to the method of its name."""
        act: Callable[[], None] = getattr(self, name)

        def run(checked: bool) -> None:
            act()
            self._presenter.refresh()

        self._window.qactions[name].triggered.connect(run)

    @property
    def _view(self) -> VideoView:
        return self._window.large_views[0]

    def _pointer(self) -> QPointF | None:
        """Where the pointer is over the first large view."""
        if self._state.cursor is None:
            return None
        return QPointF(*self._view.placement().on_screen(self._state.cursor))

    def _move(self, right: float, down: float) -> None:
        view = self._view
        self._state.zoom = view.panned_by(right * view.width(), down * view.height())

    def _on_zoomed(self, zoom: Zoom) -> None:
        self._state.zoom = zoom
        self._presenter.refresh()
