"""Makes the layer that the user has asked for over the large picture."""

from typing import Any

from numpy.typing import NDArray

from gui.imaging.edges import edges_of
from gui.imaging.registration import Registration
from gui.imaging.visible import colours_of_visible
from gui.panes import Pane
from gui.state.looks.look import INSET, Layer, Look
from gui.state.looks.maps import past_layer, residual_layer, uncertainty_layer
from gui.state.pane_images import Pictures
from gui.state.picture import Picture
from gui.state.viewer_state import ViewerState
from streamer.calibration.calibration import Calibration
from streamer.messages import Frame
from streamer.thermal.validity import mask_of

_KEPT_RESULTS = 15


class LayerMaker:
    """Keeps what it made of a frame as long as that frame is the newest.

    Args:
        pictures: the newest of each pane.
        calibration: of the two cameras; None takes them for aligned.
    """

    def __init__(self, pictures: Pictures, calibration: Calibration | None = None) -> None:
        self._pictures = pictures
        self._calibration = calibration
        self._registration = Registration(calibration)
        self._made: tuple[object, ...] = ()
        self._layer: Layer | None = None
        self._left_over: tuple[int, Layer | None] = (0, None)

    def line_up(self, calibration: Calibration | None) -> None:
        """Takes the calibration that the run uses by now."""
        if calibration is not self._calibration:
            self._calibration = calibration
            self._registration = Registration(calibration)
            self._made = ()

    def layer(
        self, large: Picture | None, state: ViewerState, width_px: int, *, visible_old: bool
    ) -> Layer | None:
        """What lies over the large picture; None where nothing is asked for, or can be.

        Only a picture that is a measurement is combined: a guess beside the raw thermal, or with
        edges of the picture it was guessed from, would look like one.

        Args:
            large: the picture below.
            state: the user's choices.
            width_px: how wide it is shown.
            visible_old: whether the visible picture is of a scene that has gone by.
        """
        if large is None or large.scale is None or large.pane is Pane.INFLUENCE:
            return None
        if state.look is Look.SPLIT:
            return self._split(large, state, width_px)
        if state.look is Look.SIGMA:
            return uncertainty_layer(large)
        if state.look is Look.RESIDUAL:
            return self._residual(large)
        if state.look is Look.PAST:
            return self._past(large)
        visible = self._pictures.frames.get(Pane.VISIBLE)
        if visible is None or visible_old or state.look is Look.PLAIN:
            return None
        return self._of_visible(visible, large, state, width_px)

    def _split(self, large: Picture, state: ViewerState, width_px: int) -> Layer | None:
        raw = self._pictures.picture(Pane.THERMAL, state)
        if raw is None or large.pane is not Pane.RESULT:
            return None
        colours = self._pictures.colours(raw, width_px)
        return Layer(
            pixels=colours, smooth=False, only=(0.0, 0.0, state.split, 1.0), line=state.split
        )

    def _residual(self, large: Picture) -> Layer | None:
        """Of the newest result whose frame is at hand: both come at a rate of their own."""
        result, raw = self._pictures.result, self._pictures.frames.get(Pane.THERMAL)
        if result is None or large.pane is not Pane.RESULT:
            return None
        layer = None
        if raw is not None:
            bad = mask_of(self._pictures.bad_pixels, raw.pixels.shape)
            layer = residual_layer(large, result, raw, bad)
        if layer is not None:
            self._left_over = (result.sequence, layer)
        sequence, layer = self._left_over
        return layer if abs(result.sequence - sequence) <= _KEPT_RESULTS else None

    def _past(self, large: Picture) -> Layer | None:
        result = self._pictures.result
        return None if result is None or large.pane is not Pane.RESULT else past_layer(result.past)

    def _of_visible(
        self, visible: Frame, large: Picture, state: ViewerState, width_px: int
    ) -> Layer:
        shape = large.pixels.shape[0], large.pixels.shape[1]
        made = (id(visible), state.look, state.strength, width_px, shape)
        if made != self._made or self._layer is None:
            self._made, self._frame = made, visible  # which keeps its id taken
            aligned = self._registration.aligned(visible.pixels, shape)
            self._layer = _layer(aligned, state, width_px)
        return self._layer


def _layer(visible: NDArray[Any], state: ViewerState, width_px: int) -> Layer:
    if state.look is Look.EDGES:
        return Layer(pixels=edges_of(visible, state.strength), alpha=True)
    colours = colours_of_visible(visible, width_px)
    if state.look is Look.BLEND:
        return Layer(pixels=colours, opacity=state.strength)
    return Layer(pixels=colours, only=INSET, outside=True)
