"""Puts the newest frames into their panes, what is looked at often and what is beside it less."""

from gui.controllers.presenters.measuring import MeasuringPresenter
from gui.controllers.receiver import Receiver
from gui.language import tr
from gui.panes import Pane
from gui.state.looks.layers import LayerMaker
from gui.state.looks.look import Look
from gui.state.pane_images import Pictures
from gui.state.picture import Picture
from gui.state.viewer_state import ViewerState
from gui.state.window_text import visible_is_old
from gui.status.diagnosis import Diagnosis, Severity
from gui.widgets.main_window import MainWindow
from gui.widgets.video_view import VideoView
from streamer.clock import HostNs, StreamNs, now_ns


class PanePresenter:
    """Takes frames, results of the moment and of a frozen one, and shows them.

    Args:
        window: whose panes they are.
        state: which pane is where, and what is frozen.
        receiver: where frames come from.
        pictures: the newest of each pane.
        measuring: whether every thermal frame is read off.

    Attributes:
        watched: panes that a window beside this one shows, whether this one does or not.
        diagnosis: how the run was doing when text was last written.
    """

    def __init__(
        self,
        window: MainWindow,
        state: ViewerState,
        receiver: Receiver,
        pictures: Pictures,
        measuring: MeasuringPresenter,
    ) -> None:
        self._window, self._state, self._receiver = window, state, receiver
        self._pictures, self._measuring = pictures, measuring
        self._layers = LayerMaker(pictures, receiver.calibration)
        self.watched: frozenset[Pane] = frozenset()
        self.diagnosis = Diagnosis(badge=tr("STARTING"), severity=Severity.NEUTRAL)

    def show_predicted(self, now: HostNs) -> None:
        """Shows what was carried on from the newest result, where that has come."""
        predicted = self._receiver.predicted()
        if predicted is None or self._state.frozen:
            return
        captured_ns = self._receiver.models[0].reading.host_time(predicted.timestamp_ns)
        if self._pictures.accept_predicted(predicted, now):
            self.show(Pane.RESULT, captured_ns=captured_ns)

    def show_sensors(self, now: HostNs, *, side_due: bool) -> None:
        """Shows new frames of the sensors and of what the guide added.

        Args:
            now: the present.
            side_due: whether panes beside the large one have their turn.
        """
        session = self._receiver.session()
        if session is not None and (worker := session.statuses.get("inference")) is not None:
            self._pictures.bad_pixels = worker.bad_pixels
        for pane in (Pane.VISIBLE, Pane.THERMAL, Pane.INFLUENCE):
            measured = pane is Pane.THERMAL and bool(self._measuring.values)  # every frame of it
            wanted = self._state.shows(pane) or measured or pane in self.watched
            if not wanted or not (side_due or measured or pane is self._state.large):
                continue
            if self.take_frame(pane, now):
                self.show(pane)
        self._ask_for_maps(now)

    def _ask_for_maps(self, now: HostNs) -> None:
        """The worker makes these for as long as somebody looks at them."""
        if not self._window.isVisible() or self._window.isMinimized():
            return
        view = self._view(Pane.INFLUENCE, 0)
        if view is not None and view.isVisible():
            self._receiver.request("influence", now)
        if self._state.look is Look.PAST:
            self._receiver.request("past_shares", now)

    def take_frame(self, pane: Pane, now: HostNs) -> bool:
        """Takes the newest frame of a sensor; whether there is one that is to be shown."""
        frame = self._receiver.frame(pane)
        if frame is None or self._state.frozen:
            return False
        captured_ns = self._receiver.link.clock().host_time(frame.timestamp_ns)
        self._pictures.accept(pane, frame, captured_ns, now)
        return True

    def take_hidden(self, pane: Pane) -> None:
        """Takes the newest of a pane that nothing shows; what is frozen stays as it is."""
        if self._state.frozen or self._state.shows(pane) or pane in self.watched:
            return
        self.take_frame(pane, now_ns())

    def forget_far_from(self, media_ns: StreamNs) -> None:
        """After a jump of a replay: empties the panes of what was of another moment."""
        for pane in self._pictures.forget_far_from(media_ns):
            self.show(pane)

    def show_all(self) -> None:
        """Shows every pane, and the results of further models, anew."""
        for pane in Pane:
            self.show(pane)
        for model in range(1, len(self._pictures.results)):
            self.show(Pane.RESULT, model)

    def show(self, pane: Pane, model: int = 0, captured_ns: HostNs | None = None) -> None:
        """Shows what a pane has, if it is to be seen.

        Args:
            pane: which.
            model: whose result.
            captured_ns: when a new frame was taken; None where the picture alone has changed.
        """
        view = self._view(pane, model)
        if view is None:
            return
        picture = self._pictures.picture(pane, self._state, model)
        if picture is None:
            view.clear()
            return
        # what is frozen is measured: values are read off it, and it may be saved
        shown = picture if self._state.frozen else self._pictures.as_shown(picture)
        colours = self._pictures.colours(shown, view.width())
        view.show_colours(colours, smooth=picture.smooth, captured_ns=captured_ns)
        view.show_fog(self._pictures.fog(picture, self._state))
        if view is self._window.views[0] and model == 0:
            self._show_layer(view, picture)

    def _show_layer(self, view: VideoView, picture: Picture) -> None:
        self._layers.line_up(self._receiver.calibration)
        old = visible_is_old(self.diagnosis, self._state)
        view.show_layer(self._layers.layer(picture, self._state, view.width(), visible_old=old))

    def _view(self, pane: Pane, model: int) -> VideoView | None:
        """Where a pane is to be seen, if it is; the results of further models always are."""
        if model > 0:
            return self._window.large_views[model]
        if not self._state.shows(pane):
            return None
        return self._window.views[self._state.slots.index(pane)]
