"""The newest frame of each pane, and the picture that it makes."""

from collections import defaultdict, deque
from typing import Any

import msgspec
from numpy.typing import NDArray

from gui.imaging.auto_span import AutoSpan, InfluenceSpan
from gui.imaging.fog import Fog, fog_of
from gui.imaging.local_contrast import LocalContrast
from gui.imaging.tone import Equaliser, Tone
from gui.imaging.visible import colours_of_visible
from gui.panes import Pane
from gui.state.picture import Origin, Picture
from gui.state.viewer_state import ViewerState
from streamer.clock import NS_PER_S, HostNs, StreamNs, since
from streamer.measuring.object_parameters import ObjectParameters
from streamer.messages import Frame, Mode, PixelFormat, SuperResolvedFrame
from streamer.thermal.colouring import ISOTHERM, NO_READING, Colouriser, Colours
from streamer.thermal.palettes import GREY, Table, diverging, table
from streamer.thermal.scale import Scale, Unit
from streamer.thermal.span import Span, narrowest_counts, robust_span
from streamer.thermal.validity import Places, mask_of, valid_pixels

_LEVELS = Span(0, 255)  # of a picture whose contrast was spread place by place
_KEPT = 16  # thermal frames, for results that come later than what they were made from
_NARROWEST_INFLUENCE_K = 0.1
_PREDICTED_NS = NS_PER_S // 2  # without one for so long, none come
_FAR_NS = 2 * NS_PER_S  # a frame further from a moment of a replay was not to be seen there
_OWN_SPAN_AFTER_S = 1.0  # the raw thermal has the result's span while there are results


class Pictures:
    """Keeps the newest frames, so that a changed palette shows at once, frozen or not.

    Attributes:
        results: the newest of each model; None before the first.
        frames: the newest of each other pane.
        captured_ns: when those were taken, by this host's clock.
        bad_pixels: (column, row) of the thermal camera's that were found to be no readings.
    """

    def __init__(self, models: int = 1) -> None:
        self.results: list[SuperResolvedFrame | None] = [None] * models
        self.frames: dict[Pane, Frame] = {}
        self.captured_ns: dict[Pane, HostNs] = {}
        self._thermal: deque[Frame] = deque(maxlen=_KEPT)
        self.bad_pixels: Places = ()
        self._colourisers: defaultdict[tuple[Pane, int], Colouriser] = defaultdict(Colouriser)
        self._local: defaultdict[tuple[Pane, int], LocalContrast] = defaultdict(LocalContrast)
        self._equaliser = Equaliser()
        self._equalised: NDArray[Any] | None = None  # the result by which all are equalised
        self._auto_spans = {False: AutoSpan(), True: AutoSpan()}  # True: of relative pictures
        self._influence_span = InfluenceSpan()
        self._spans: dict[Pane, Span] = {}
        self._result_spans: dict[bool, Span] = {}  # True: of relative pictures
        self._result_ns: HostNs | None = None  # when the first model's newest result was taken
        self._predicted: SuperResolvedFrame | None = None  # of a moment after that result
        self._predicted_ns: HostNs | None = None

    @property
    def result(self) -> SuperResolvedFrame | None:
        """The first model's newest."""
        return self.results[0]

    def accept_result(self, frame: SuperResolvedFrame, now_ns: HostNs, model: int = 0) -> None:
        """Takes a newer result of a model; a colour picture is none.

        The span follows the first model's results, and holds for all: else they could not be
        compared. Where the first makes none, it follows the others'.
        """
        if frame.pixels.ndim != 2:
            return
        self.results[model] = frame
        if model == 0:
            self._result_ns, self._predicted = now_ns, None
        elif _is_relative(frame) in self._result_spans and not self._lacks_results(now_ns):
            return
        relative = _is_relative(frame)
        narrowest = narrowest_counts(_scale_of(frame))
        span = self._auto_spans[relative].update(frame.pixels, narrowest, now_ns)
        self._result_spans[relative] = span
        if not relative:
            self._spans[Pane.THERMAL] = span

    def accept_predicted(self, frame: SuperResolvedFrame, now_ns: HostNs) -> bool:
        """Takes a picture between two results; whether it belongs behind the newest of them.

        It is looked at and nothing else: every value is read off the result.
        """
        result = self.result
        if result is None or frame.pixels.shape != result.pixels.shape:
            return False
        if frame.sequence != result.sequence or frame.pixels.dtype != result.pixels.dtype:
            return False
        self._predicted, self._predicted_ns = frame, now_ns
        return True

    def are_predicted(self, now_ns: HostNs) -> bool:
        """Whether one between results is shown, or was until the newest result."""
        newest_ns = self._predicted_ns
        recent = newest_ns is not None and since(now_ns, newest_ns) < _PREDICTED_NS
        return self._predicted is not None or recent

    def as_shown(self, picture: Picture) -> Picture:
        """A picture with the pixels that are seen: those of the moment, where they are foretold."""
        if picture.pane is not Pane.RESULT or picture.model != 0 or self._predicted is None:
            return picture
        return msgspec.structs.replace(picture, pixels=self._predicted.pixels)

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
        if pane is Pane.THERMAL:
            self._thermal.append(frame)
        scale = _scale_of(frame)
        if pane is Pane.INFLUENCE and frame.pixel_format is PixelFormat.MONO16:
            narrowest = narrowest_counts(scale, _NARROWEST_INFLUENCE_K)
            self._spans[pane] = self._influence_span.update(frame.pixels, narrowest, now_ns)
        elif pane is Pane.THERMAL and self._lacks_results(now_ns):
            auto = self._auto_spans[False]
            bad = mask_of(self.bad_pixels, frame.pixels.shape)
            self._spans[pane] = auto.update(frame.pixels, narrowest_counts(scale), now_ns, bad)

    def forget_far_from(self, media_ns: StreamNs) -> list[Pane]:
        """After a jump of a replay: drops what is of another moment; returns whose that was.

        What the guide added is asked for again in any case.
        """
        gone = [
            pane
            for pane, frame in self.frames.items()
            if pane is Pane.INFLUENCE or abs(since(media_ns, frame.timestamp_ns)) > _FAR_NS
        ]
        for pane in gone:
            del self.frames[pane]
        self._thermal.clear()
        return gone

    def picture(self, pane: Pane, state: ViewerState, model: int = 0) -> Picture | None:
        """What a pane shows; None before its first frame.

        Args:
            pane: the pane.
            state: the user's choices.
            model: whose result, where it is the pane of results.
        """
        if pane is Pane.RESULT:
            result = self.results[model]
            return None if result is None else self._result_picture(result, state, model)
        return self._frame_picture(pane, self.frames.get(pane), state)

    def measured(self, state: ViewerState, model: int = 0) -> Picture | None:
        """The sensor's picture that a result was made from; without it the newest.

        Values of the two stand beside each other: they should be of one moment.
        """
        result, frame = self.results[model], self.frames.get(Pane.THERMAL)
        if result is not None and result.thermal is not None and frame is not None:
            made_from = result.thermal.sequence
            newest_first = reversed(self._thermal)  # a camera that was opened again counts anew
            frame = next((one for one in newest_first if one.sequence == made_from), frame)
        return self._frame_picture(Pane.THERMAL, frame, state)

    def _frame_picture(self, pane: Pane, frame: Frame | None, state: ViewerState) -> Picture | None:
        if frame is None:
            return None
        if pane is Pane.VISIBLE:
            return Picture(pane=pane, pixels=frame.pixels, smooth=True)
        span = self._spans.get(pane)
        if span is None:
            return None
        # what the guide added is a difference of the camera's own temperatures
        parameters = None if pane is Pane.INFLUENCE else state.measuring.tools.parameters
        scale = _scale_of(frame, state.unit, parameters)
        if pane is Pane.INFLUENCE:
            return Picture(
                pane=pane,
                pixels=frame.pixels,
                smooth=True,
                span=span,
                table=diverging(),
                scale=scale,
            )
        return Picture(
            pane=pane,
            pixels=frame.pixels,
            smooth=False,  # sensor pixels are shown as the squares they are
            span=_locked(state, scale) or span,
            table=self._table(frame.pixels, _locked(state, scale) or span, state),
            scale=scale,
            isotherm=state.isotherm(scale),
            tone=state.tone,
            beyond=state.beyond_marked,
            origin=Origin.SENSOR,
            bad=mask_of(self.bad_pixels, frame.pixels.shape),
        )

    def colours(self, picture: Picture, width_px: int) -> Colours:
        """A picture's colours, about to be shown `width_px` wide.

        They stay as they are until the next call for the same pane and model.
        """
        if picture.span is None or picture.table is None:
            return colours_of_visible(picture.pixels, width_px)
        colouriser = self._colourisers[picture.pane, picture.model]
        if picture.tone is Tone.LOCAL:
            levels = self._local[picture.pane, picture.model].levels(picture.pixels, picture.span)
            colours = colouriser.colour(levels, _LEVELS, picture.table)
            if picture.isotherm is not None:
                colours[picture.isotherm.marks(picture.pixels)] = ISOTHERM
        else:
            colours = colouriser.colour(
                picture.pixels,
                picture.span,
                picture.table,
                picture.isotherm,
                beyond=picture.beyond,
            )
        if picture.origin is Origin.SENSOR:
            valid = valid_pixels(picture.pixels, picture.bad)
            if valid is not None:
                colours[~valid] = NO_READING
        return colours

    def fog(self, picture: Picture, state: ViewerState) -> Fog | None:
        """What lies over a picture, where it is asked for and its errors are foretold."""
        if not state.fog_shown or picture.uncertainty is None or picture.span is None:
            return None
        return fog_of(picture.uncertainty, picture.span)

    def _table(self, pixels: NDArray[Any], span: Span, state: ViewerState) -> Table:
        """The colours in equal steps of the span; equalised by the first model's result."""
        if state.tone is not Tone.EQUALISED:
            return table(state.palette)
        by = pixels if self._equalised is None else self._equalised
        return self._equaliser.table(by, span, table(state.palette))

    def _lacks_results(self, now_ns: HostNs) -> bool:
        """Whether the first model makes none."""
        newest_ns = self._result_ns
        return newest_ns is None or since(now_ns, newest_ns) > _OWN_SPAN_AFTER_S * NS_PER_S

    def _result_picture(self, frame: SuperResolvedFrame, state: ViewerState, model: int) -> Picture:
        span = self._result_spans[_is_relative(frame)]
        relative = _is_relative(frame)
        parameters = state.measuring.tools.parameters
        scale = None if relative else _scale_of(frame, state.unit, parameters)
        if scale is not None:
            span = _locked(state, scale) or span
            self._equalised = frame.pixels if model == 0 else self._equalised
        return Picture(
            pane=Pane.RESULT,
            model=model,
            pixels=frame.pixels,
            smooth=True,
            span=span,
            table=table(GREY) if scale is None else self._table(frame.pixels, span, state),
            scale=scale,
            isotherm=None if scale is None else state.isotherm(scale),
            tone=Tone.LINEAR if scale is None else state.tone,
            beyond=scale is not None and state.beyond_marked,
            origin=None if scale is None else Origin.SUPER_RESOLVED,
            uncertainty=None if scale is None else frame.uncertainty,
        )


def thumbnail_colours(frame: Frame, state: ViewerState) -> Colours:
    """A small picture of a recording, in colours of its own span, so that it is recognised."""
    if frame.pixels.ndim == 3:
        return colours_of_visible(frame.pixels, frame.pixels.shape[1])
    span = robust_span(frame.pixels, narrowest_counts(_scale_of(frame)))
    palette = GREY if frame.metadata.get("relative") else state.palette
    return Colouriser().colour(frame.pixels, span, table(palette))


def _is_relative(frame: SuperResolvedFrame) -> bool:
    return frame.mode is Mode.VISIBLE_ONLY


def _locked(state: ViewerState, scale: Scale) -> Span | None:
    return state.locked.counts(scale) if state.locked else None


def _scale_of(
    frame: Frame | SuperResolvedFrame,
    unit: Unit = Unit.KELVIN,
    parameters: ObjectParameters | None = None,
) -> Scale:
    return Scale.of(frame.radiometry, unit, parameters)
