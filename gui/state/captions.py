"""What is written onto each pane: captions, stamps, notices, marks."""

from gui.panes import Pane
from gui.state.annotations import Annotations, Box, Mark, MarkKind
from gui.state.pane_images import Picture, Pictures
from gui.state.readout import Readout
from gui.state.viewer_state import ViewerState
from gui.status.diagnosis import Diagnosis, Notice
from gui.status.wording import seconds
from streamer.clock import NS_PER_MS, NS_PER_S, HostNs, since
from streamer.config.schema import Config
from streamer.messages import Mode

_NOTICE_NS = 8 * NS_PER_S
_INFLUENCE_OLD_MS = 1500.0


class Captions:
    """Writes what the diagnosis says onto the panes it concerns."""

    def __init__(self, config: Config, state: ViewerState, pictures: Pictures) -> None:
        self._config = config
        self._state = state
        self._pictures = pictures
        self._notice_since: tuple[str, HostNs] = ("", HostNs(0))

    def words(
        self,
        pane: Pane,
        diagnosis: Diagnosis,
        marks: tuple[Mark, ...],
        box: Box | None,
        now: HostNs,
        *,
        large: bool,
        caption: str = "",
        behind: str = "",
    ) -> Annotations:
        """What is written onto a pane; notice and marks stand on large ones only.

        Args:
            pane: what it shows.
            diagnosis: of the worker that made it.
            marks: what was read off it.
            box: the box with what was measured in it.
            now: this moment.
            large: whether it is a large one.
            caption: in place of the pane's own.
            behind: how old a result is beside that of the other model.
        """
        notice = self._notice(diagnosis.notice, now) if large else None
        stale = diagnosis.stale.get(pane, "") if pane in self._pictures.frames else ""
        stamp, dimmed = stale, bool(stale)
        if pane is Pane.RESULT:
            stamp, dimmed = diagnosis.stamp or behind, diagnosis.dimmed
        elif notice is not None and notice.whole and pane in self._pictures.frames:
            notice = Notice(notice.title, notice.lines, notice.severity, whole=False)
        if pane is Pane.INFLUENCE and pane in self._pictures.frames:
            age_ms = since(now, self._pictures.captured_ns[pane]) / NS_PER_MS
            if age_ms > _INFLUENCE_OLD_MS and not diagnosis.still:
                stamp, dimmed = f"OLD, {seconds(age_ms)}", True
        if self._state.frozen:
            stamp, dimmed = "FROZEN", False  # as asked, not as a fault
        return Annotations(
            caption=caption or self._caption(pane),
            stamp=stamp,
            empty="" if notice is not None else self._empty(pane),
            notice=notice,
            dimmed=dimmed,
            marks=marks if large and not dimmed else (),
            box=box if large and not dimmed else None,
        )

    def _notice(self, notice: Notice | None, now: HostNs) -> Notice | None:
        """A diagnosis's notice; one that lets work go on becomes a single line in a while."""
        title = notice.title if notice else ""
        if title != self._notice_since[0]:
            self._notice_since = (title, now)
        if notice is None or notice.whole or since(now, self._notice_since[1]) < _NOTICE_NS:
            return notice
        line = ": ".join((title, *notice.lines[:1]))
        return Notice(line, (), notice.severity, whole=False)

    def _caption(self, pane: Pane) -> str:
        picture = self._pictures.picture(pane, self._state, 0) if pane is Pane.INFLUENCE else None
        if picture is None or picture.span is None or picture.scale is None:
            return pane.caption
        reach = picture.scale.difference_text(picture.span.width / 2)
        return f"{pane.caption}, up to \N{PLUS-MINUS SIGN}{reach}"

    def _empty(self, pane: Pane) -> str:
        capture = self._config.capture
        if pane is Pane.VISIBLE and capture.visible.source == "none":
            return "no visible camera in this run"
        if pane is Pane.THERMAL and capture.thermal.source == "none":
            return "no thermal camera in this run"
        if pane is Pane.INFLUENCE:
            result = self._pictures.result
            if result is not None and result.mode is Mode.GUIDED:
                return "comes when the network has time between frames"
            return "comes while both cameras send pictures"
        return "no picture yet"


def marks_of(readout: Readout, picture: Picture | None) -> tuple[Mark, ...]:
    """The crosshairs for what was read off the large picture."""
    scale = picture.scale if picture else None
    if scale is None:
        return ()
    found = readout.extremes
    named = [(MarkKind.SPOT, spot) for spot in readout.spots]
    if found is not None:
        named += [(MarkKind.COLDEST, found.coldest), (MarkKind.HOTTEST, found.hottest)]
    return tuple(Mark(kind, spot.u, spot.v, scale.text(spot.counts)) for kind, spot in named)


def box_of(readout: Readout, picture: Picture | None, state: ViewerState) -> Box | None:
    """The box with what was measured in it."""
    scale, box = (picture.scale if picture else None), readout.box
    if scale is None or box is None or state.box is None:
        return None
    mean, hottest, coldest = (scale.text(n) for n in (box.mean, box.hottest, box.coldest))
    return Box(*state.box, f"mean {mean}, {coldest} to {hottest}")
