"""What is written onto each pane: captions, stamps, notices, marks."""

import msgspec

from gui.imaging.fog import full_counts
from gui.imaging.tone import Tone
from gui.language import tr
from gui.panes import Pane
from gui.state.annotations import Annotations, Mark, MarkKind, ToolMark
from gui.state.looks.look import Look
from gui.state.measuring.parameter_form import parameters_text
from gui.state.pane_images import Pictures
from gui.state.picture import Picture
from gui.state.readout import Readout
from gui.state.viewer_state import ViewerState
from gui.status.diagnosis import NO_MEASUREMENT, Diagnosis, Notice
from gui.status.wording import seconds
from streamer.clock import NS_PER_MS, NS_PER_S, HostNs, since
from streamer.config.schema import Config
from streamer.messages import FrameFlag, Mode

_NOTICE_NS = 8 * NS_PER_S
_INFLUENCE_OLD_MS = 1500.0


class NoticeTimer:
    """Makes a notice that lets work go on a single line, once there was time to read it."""

    def __init__(self) -> None:
        self._shown: tuple[str, HostNs] = ("", HostNs(0))  # its title, and since when

    def update(self, notice: Notice | None, now_ns: HostNs) -> Notice | None:
        """The notice in the form for this moment."""
        title = notice.title if notice else ""
        if title != self._shown[0]:
            self._shown = (title, now_ns)
        if notice is None or notice.whole or since(now_ns, self._shown[1]) < _NOTICE_NS:
            return notice
        line = ": ".join((title, *notice.lines[:1]))
        return Notice(line, (), notice.severity, whole=False)


class Captions(msgspec.Struct, frozen=True):
    """Writes a diagnosis onto the panes it concerns, at one moment.

    Attributes:
        config: of the run.
        state: the user's choices.
        pictures: the newest.
        now_ns: the moment.
        paces: how evenly each camera gives its pictures, where that is worth saying.
    """

    config: Config
    state: ViewerState
    pictures: Pictures
    now_ns: HostNs
    paces: dict[Pane, str] = {}
    look: Look = Look.PLAIN  # that is shown

    def of_result(
        self,
        diagnosis: Diagnosis,
        notice: Notice | None,
        caption: str,
        behind: str,
        model: int = 0,
    ) -> Annotations:
        """For the result of a model.

        What is no measurement says so by the picture itself, whatever the run's state is.

        Args:
            diagnosis: of the model's worker.
            notice: the diagnosis's, in the form for this moment; None on a small view.
            caption: in place of the pane's own, where there is one.
            behind: how old it is beside the others' results, if that is worth saying.
            model: its number.
        """
        stamp, result = diagnosis.stamp or behind, self.pictures.results[model]
        guessed = result is not None and result.mode is Mode.VISIBLE_ONLY
        if guessed and tr(NO_MEASUREMENT) not in stamp:
            stamp = joined(tr(NO_MEASUREMENT), stamp)
        if guessed:
            caption = caption or tr("Guessed from the visible picture")
        elif model == 0 and not self.state.frozen and self.pictures.are_predicted(self.now_ns):
            own = caption or self._caption(Pane.RESULT)
            caption = tr("{caption}, predicted between thermal frames", caption=own)
        return self._annotations(Pane.RESULT, notice, caption, stamp, dimmed=diagnosis.dimmed)

    def of_frame(self, pane: Pane, diagnosis: Diagnosis, notice: Notice | None) -> Annotations:
        """For any other pane; `notice` is None on a small view."""
        stamp = ""
        if pane in self.pictures.frames:
            stamp = diagnosis.stale.get(pane, "")
            if FrameFlag.FFC in self.pictures.frames[pane].flags:
                stamp = tr("SHUTTER")
            if notice is not None and notice.whole:
                notice = Notice(notice.title, notice.lines, notice.severity, whole=False)
            if pane is Pane.INFLUENCE:
                age_ms = since(self.now_ns, self.pictures.captured_ns[pane]) / NS_PER_MS
                if age_ms > _INFLUENCE_OLD_MS and not diagnosis.still:
                    stamp = tr("OLD, {seconds}", seconds=seconds(age_ms))
        return self._annotations(pane, notice, "", stamp, dimmed=bool(stamp))

    def _annotations(
        self, pane: Pane, notice: Notice | None, caption: str, stamp: str, *, dimmed: bool
    ) -> Annotations:
        return Annotations(
            caption=caption or self._caption(pane),
            stamp=stamp,
            empty="" if notice is not None else self._empty(pane),
            notice=notice,
            dimmed=dimmed,
        )

    def _caption(self, pane: Pane) -> str:
        if pane is self.state.large and self.state.look is not Look.PLAIN:
            picture = self.pictures.picture(pane, self.state)
            if picture is not None and picture.scale is not None and pane is not Pane.INFLUENCE:
                if self.look is not self.state.look:
                    return tr("{caption} alone: no fresh visible picture", caption=pane.caption)
                if self.look is Look.SIGMA and picture.uncertainty is None:
                    return tr("{caption}, no errors foretold", caption=pane.caption)
                if self.look is Look.PAST and (missing := self._missing_past(pane)):
                    return missing
                return self.look.caption(pane.caption, self.state.strength)
        if pane is Pane.RESULT and self.state.fog_shown:
            return self._fog_caption()
        if pace := self.paces.get(pane):
            return f"{pane.caption}, {pace}"
        picture = self.pictures.picture(pane, self.state) if pane is Pane.INFLUENCE else None
        if picture is None or picture.span is None or picture.scale is None:
            return pane.caption
        reach = picture.scale.difference_text(picture.span.width / 2)
        return tr("±{reach} added by the guide, at most", reach=reach)  # the figure is not cut

    def _missing_past(self, pane: Pane) -> str:
        """Why there is no map of earlier frames; empty where there is one."""
        result = self.pictures.result
        past = None if pane is not Pane.RESULT or result is None else result.past
        if past is None or past.frames == 1:
            return tr("{caption}, of one frame alone", caption=pane.caption)
        if past.shares is msgspec.UNSET:
            return tr("{caption}, the map comes with the next picture", caption=pane.caption)
        return ""

    def _fog_caption(self) -> str:
        """What the fog means at this span."""
        picture = self.pictures.picture(Pane.RESULT, self.state)
        if picture is None or picture.span is None or picture.scale is None:
            return Pane.RESULT.caption
        if picture.uncertainty is None:
            return tr("{caption}, no errors foretold", caption=Pane.RESULT.caption)
        reach = picture.scale.difference_text(full_counts(picture.span))
        return tr("{caption}, fog full at ±{reach}", caption=Pane.RESULT.caption, reach=reach)

    def _empty(self, pane: Pane) -> str:
        capture = self.config.capture
        if pane is Pane.VISIBLE and capture.visible.source == "none":
            return tr("no visible camera in this run")
        if pane is Pane.THERMAL and capture.thermal.source == "none":
            return tr("no thermal camera in this run")
        if pane is Pane.INFLUENCE:
            result = self.pictures.result
            if result is not None and result.mode is Mode.GUIDED:
                return tr("comes when the network has time between frames")
            return tr("comes while both cameras send pictures")
        return tr("no picture yet")


class FrozenStamps:
    """What is stamped on pictures that do not change: as it was when they were frozen.

    A picture that was old, held or no measurement then still is, whatever has come since; one that
    was sound does not get worse by what happens behind it.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[Pane, int], tuple[str, bool]] = {}

    def over(
        self, annotations: Annotations, pane: Pane, model: int = 0, *, frozen: bool
    ) -> Annotations:
        """The annotations of a pane, or of a model's result, with the stamp it is to bear."""
        if not frozen:
            self._kept.pop((pane, model), None)
            return annotations
        now = annotations.stamp, annotations.dimmed
        stamp, dimmed = self._kept.setdefault((pane, model), now)
        return msgspec.structs.replace(
            annotations, stamp=joined(tr("FROZEN"), stamp), dimmed=dimmed
        )


def joined(*stamps: str) -> str:
    """Several stamps as one."""
    return " \N{MIDDLE DOT} ".join(stamp for stamp in stamps if stamp)


def with_time(annotations: Annotations, when: str) -> Annotations:
    """Says beside the caption when the picture was taken, where that is known."""
    if not when:
        return annotations
    return msgspec.structs.replace(annotations, caption=f"{annotations.caption}   {when}")


def with_marks(
    annotations: Annotations,
    readout: Readout,
    picture: Picture | None,
    tools: tuple[ToolMark, ...],
) -> Annotations:
    """Adds the crosshairs of what was read off a picture, unless it is dimmed, and the tools."""
    marks = () if annotations.dimmed else _marks(readout, picture)
    caption, scale = annotations.caption, None if picture is None else picture.scale
    if scale is not None and scale.correction is not None:
        caption = f"{caption}   {parameters_text(scale.correction.parameters)}"
    if scale is not None and picture is not None and picture.tone is not Tone.LINEAR:
        caption = f"{caption}   {picture.tone.warning}"
    return msgspec.structs.replace(annotations, marks=marks, tools=tools, caption=caption)


def _marks(readout: Readout, picture: Picture | None) -> tuple[Mark, ...]:
    extremes = readout.extremes
    if picture is None or picture.scale is None or extremes is None:
        return ()
    readings = ((MarkKind.HOTTEST, extremes.hottest), (MarkKind.COLDEST, extremes.coldest))
    return tuple(
        Mark(kind, reading.u, reading.v, picture.label(reading)) for kind, reading in readings
    )
