"""What the strip tells of one rig at one moment: its small picture and a few words. No Qt."""

import msgspec
import numpy as np

from gui.language import mark, tr
from gui.panes import Pane
from gui.state.pane_images import Pictures
from gui.state.picture import Picture
from gui.state.viewer_state import ViewerState
from gui.status.diagnosis import Diagnosis, Severity
from gui.status.run_status import RunStatus
from gui.status.wording import seconds
from streamer.messages import ProcessState, SessionStatus, Take
from streamer.thermal.colouring import Colouriser, Colours
from streamer.thermal.readings import extremes

OVER = mark("OVER")
_OLD_MS = 2000.0  # a picture of this age has none that follows it soon


class RigTile(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of one rig.

    Attributes:
        badge: what its picture is made from, or what is wrong, in a word or two.
        severity: of that.
        value: the hottest of its picture; empty where nothing is measured.
        age: of its picture.
        lost: whether there is no picture of this moment: what is shown is an old one, or none.
        recording: whether it is being recorded.
        tip: more words, for who points at it.
    """

    badge: str
    severity: Severity
    value: str = ""
    age: str = ""
    lost: bool = False
    recording: bool = False
    tip: str = ""


class RunEnd(msgspec.Struct, frozen=True):
    """That a rig's run has ended: why, in words, and whether it could not go on."""

    why: str
    failed: bool


def tile_of(run: RunStatus, diagnosis: Diagnosis, hottest: str, over: RunEnd | None) -> RigTile:
    """What is told of a rig.

    Args:
        run: what is known of it.
        diagnosis: of the same moment.
        hottest: of its picture, in words.
        over: why its run has ended; None while it goes on.
    """
    if over is not None:
        return RigTile(badge=tr(OVER), severity=Severity.ERROR, lost=True, tip=over.why)
    age_ms = run.age_ms
    old = age_ms is not None and age_ms > _OLD_MS and not diagnosis.still
    lost = diagnosis.severity is Severity.ERROR or old or run.result is None
    notice = diagnosis.notice
    return RigTile(
        badge=diagnosis.badge,
        severity=diagnosis.severity,
        value="" if lost else hottest,
        age="" if age_ms is None or age_ms < 0 else seconds(age_ms),
        lost=lost,
        recording=_records(run.session.take if run.session else None),
        tip="" if notice is None else "\n".join((notice.title, *notice.lines)),
    )


def hottest_of(pictures: Pictures, state: ViewerState) -> str:
    """The hottest of a rig's newest result in words; empty where nothing is measured."""
    picture = pictures.picture(Pane.RESULT, state)
    if picture is None or picture.scale is None:
        return ""
    found = extremes(picture.pixels, picture.scale.radiometry, picture.bad)
    return picture.scale.text(found.hottest.counts)


def end_of(session: SessionStatus | None, viewer: str = "viewer") -> RunEnd | None:
    """Why a rig's run needs its window no longer; None while it does."""
    health = None if session is None else session.processes.get(viewer)
    if session is None or health is None or health.state is not ProcessState.ENDED:
        return None
    for process in session.processes.values():
        if process.state is ProcessState.FAILED:
            return RunEnd(process.detail, failed=True)
    return RunEnd(tr("This rig's run is over."), failed=False)


class SmallPicture:
    """A rig's result, made small: the mean of blocks of its pixels, in the large one's colours."""

    def __init__(self) -> None:
        self._colouriser = Colouriser()

    def colours(self, picture: Picture, width_px: int) -> Colours:
        """The colours of a picture for a place so many pixels wide; written anew by the next call.

        Args:
            picture: (H, W) counts with a span and a table.
            width_px: of the place.
        """
        assert picture.span is not None
        assert picture.table is not None
        height, width = picture.pixels.shape
        block = max(1, min(width // max(1, width_px), height, width))
        rows, columns = height // block, width // block
        cut = picture.pixels[: rows * block, : columns * block]
        means = cut.reshape(rows, block, columns, block).mean(axis=(1, 3), dtype=np.float32)
        counts = np.rint(means).astype(picture.pixels.dtype)
        return self._colouriser.colour(
            counts, picture.span, picture.table, picture.isotherm, beyond=picture.beyond
        )


def _records(take: Take | None) -> bool:
    return take is not None and take.since_ns is not None
