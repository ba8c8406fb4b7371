"""The newest frame of each pane, made into a picture: colours beside the counts they stand for."""

from enum import StrEnum
from typing import Any

import msgspec
from numpy.typing import NDArray

from gui.imaging.auto_span import AutoSpan, InfluenceSpan
from gui.imaging.visible import colours_of_visible
from gui.panes import Pane
from gui.state.viewer_state import ViewerState
from streamer.clock import NS_PER_S, HostNs, since
from streamer.messages import Frame, Mode, PixelFormat, SuperResolvedFrame
from streamer.thermal.colouring import Colouriser, Colours
from streamer.thermal.palettes import GREY, Table, diverging, table
from streamer.thermal.scale import Scale, Unit
from streamer.thermal.span import Span, narrowest_counts, robust_span

_NARROWEST_INFLUENCE_K = 0.1
_OWN_SPAN_AFTER_S = 1.0  # the raw thermal goes by the result's span as long as there are results


class Origin(StrEnum):
    """Which kind of pixel a reading was taken from."""

    SENSOR = "sensor pixel"
    SUPER_RESOLVED = "super-resolved pixel"


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """What a pane shows. Without `scale` nothing in it is a measurement."""

    pane: Pane
    colours: Colours
    smooth: bool
    counts: NDArray[Any] | None = None
    scale: Scale | None = None
    span: Span | None = None
    table: Table | None = None
    mark_from: float | None = None  # the isotherm, in counts
    origin: Origin | None = None


class Pictures:
    """Keeps the newest frames, so that a changed palette shows at once, frozen or not."""

    def __init__(self) -> None:
        self.result: SuperResolvedFrame | None = None
        self.second: SuperResolvedFrame | None = None
        self.frames: dict[Pane, Frame] = {}
        self.captured_ns: dict[Pane, HostNs] = {}
        self._colourisers = {pane: Colouriser() for pane in Pane}
        self._second_colouriser = Colouriser()
        self._spans = {Mode.GUIDED: AutoSpan(), Mode.VISIBLE_ONLY: AutoSpan()}
        self._influence_span = InfluenceSpan()
        self._shown: dict[Pane, Span] = {}
        self._result_spans: dict[bool, Span] = {}  # of measurements, and of relative pictures
        self._result_ns: HostNs | None = None  # when the newest result was taken

    def accept_result(self, frame: SuperResolvedFrame, now_ns: HostNs) -> None:
        """Takes a newer result; a colour picture is none."""
        if frame.pixels.ndim != 2:
            return
        self.result, self._result_ns = frame, now_ns
        self._follow(frame, now_ns)

    def accept_second(self, frame: SuperResolvedFrame, now_ns: HostNs) -> None:
        """Takes a newer result of a second model; the first one's span is its span, too."""
        if frame.pixels.ndim != 2:
            return
        self.second = frame
        if self._is_without_results(now_ns) or _is_relative(frame) not in self._result_spans:
            self._follow(frame, now_ns)

    def _follow(self, frame: SuperResolvedFrame, now_ns: HostNs) -> None:
        """Lets the automatic span follow a result."""
        relative = _is_relative(frame)
        auto = self._spans[Mode.VISIBLE_ONLY if relative else Mode.GUIDED]
        narrowest = narrowest_counts(_scale_of(frame))
        self._result_spans[relative] = auto.update(frame.pixels, narrowest, now_ns)
        if not relative:
            self._shown[Pane.THERMAL] = self._result_spans[relative]

    def accept(self, pane: Pane, frame: Frame, captured_ns: HostNs, now_ns: HostNs) -> None:
        """Takes a newer frame of a sensor, or of what the guide added, if it has its format.

        Args:
            pane: where it is shown.
            frame: the frame.
            captured_ns: when it was taken, by this host's clock.
            now_ns: the present.
        """
        if pane is not Pane.VISIBLE and frame.pixels.ndim != 2:
            return
        self.frames[pane], self.captured_ns[pane] = frame, captured_ns
        if pane is Pane.INFLUENCE and frame.pixel_format is PixelFormat.MONO16:
            narrowest = narrowest_counts(_scale_of(frame), _NARROWEST_INFLUENCE_K)
            span = self._influence_span.update(frame.pixels, narrowest, now_ns)
            self._shown[pane] = span
        elif pane is Pane.THERMAL and self._is_without_results(now_ns):
            narrowest = narrowest_counts(_scale_of(frame))
            auto = self._spans[Mode.GUIDED]
            self._shown[pane] = auto.update(frame.pixels, narrowest, now_ns)

    def _is_without_results(self, now_ns: HostNs) -> bool:
        newest_ns = self._result_ns
        return newest_ns is None or since(now_ns, newest_ns) > _OWN_SPAN_AFTER_S * NS_PER_S

    def picture(self, pane: Pane, state: ViewerState, width_px: int) -> Picture | None:
        """A pane's picture, about to be shown `width_px` wide; None before its first frame.

        The colours stay as they are until the next call for the same pane.
        """
        if pane is Pane.RESULT:
            return self._result_picture(self.result, self._colourisers[pane], state)
        frame = self.frames.get(pane)
        if frame is None:
            return None
        if pane is Pane.VISIBLE:
            colours = colours_of_visible(frame.pixels, width_px)
            return Picture(pane=pane, colours=colours, smooth=True)
        if pane not in self._shown:
            return None
        scale = _scale_of(frame, state.unit)
        mark_from = state.isotherm.counts(scale) if state.isotherm else None
        if pane is Pane.INFLUENCE:
            span, colours_of, origin = self._shown[pane], diverging(), None
            mark_from = None
        else:
            span, colours_of, origin = (
                _locked(state, scale) or self._shown[pane],
                table(state.palette),
                Origin.SENSOR,
            )
        return Picture(
            pane=pane,
            colours=self._colourisers[pane].colour(frame.pixels, span, colours_of, mark_from),
            smooth=pane is Pane.INFLUENCE,  # sensor pixels are shown as the squares they are
            counts=frame.pixels,
            scale=scale,
            span=span,
            table=colours_of,
            mark_from=mark_from,
            origin=origin,
        )

    def second_picture(self, state: ViewerState) -> Picture | None:
        """What the second model made; None before its first result."""
        return self._result_picture(self.second, self._second_colouriser, state)

    def _result_picture(
        self, frame: SuperResolvedFrame | None, colouriser: Colouriser, state: ViewerState
    ) -> Picture | None:
        pane = Pane.RESULT
        if frame is None:
            return None
        shown = self._result_spans[_is_relative(frame)]
        if frame.mode is Mode.VISIBLE_ONLY:
            colours = colouriser.colour(frame.pixels, shown, table(GREY))
            return Picture(pane=pane, colours=colours, smooth=True)
        scale = _scale_of(frame, state.unit)
        span, colours_of = _locked(state, scale) or shown, table(state.palette)
        mark_from = state.isotherm.counts(scale) if state.isotherm else None
        return Picture(
            pane=pane,
            colours=colouriser.colour(frame.pixels, span, colours_of, mark_from),
            smooth=True,
            counts=frame.pixels,
            scale=scale,
            span=span,
            table=colours_of,
            mark_from=mark_from,
            origin=Origin.SUPER_RESOLVED,
        )


def thumbnail_colours(frame: Frame, state: ViewerState) -> Colours:
    """A small picture of a recording, in colours of its own span: it is to be recognised."""
    if frame.pixels.ndim == 3:
        return colours_of_visible(frame.pixels, frame.pixels.shape[1])
    narrowest = narrowest_counts(_scale_of(frame))
    span = robust_span(frame.pixels, narrowest)
    palette = GREY if frame.metadata.get("relative") else state.palette
    return Colouriser().colour(frame.pixels, span, table(palette))


def _is_relative(frame: SuperResolvedFrame) -> bool:
    return frame.mode is Mode.VISIBLE_ONLY


def _locked(state: ViewerState, scale: Scale) -> Span | None:
    return state.locked.counts(scale) if state.locked else None


def _scale_of(frame: Frame | SuperResolvedFrame, unit: Unit = Unit.KELVIN) -> Scale:
    return Scale.of(frame.radiometry, unit)
