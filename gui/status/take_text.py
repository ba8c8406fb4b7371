"""The recording of the window in words: how long, how large, how much room is left. No Qt."""

import msgspec

from gui.language import tr
from gui.status.diagnosis import Severity
from gui.status.run_status import RunStatus
from streamer.clock import NS_PER_S, since
from streamer.messages import RecordingState, Take, TakeState


class TakeText(msgspec.Struct, frozen=True):
    """What the header says of a recording.

    Attributes:
        badge: the word, and the time; empty where there is nothing to say.
        severity: which colour it has besides.
        figures: size, and room on the disk.
        tip: all of it, the file too.
    """

    badge: str = ""
    severity: Severity = Severity.NEUTRAL
    figures: str = ""
    tip: str = ""


def take_text(run: RunStatus) -> TakeText:
    """Puts the recording into words; nothing is said where there is none."""
    take = run.session.take if run.session is not None else None
    if take is None:
        return TakeText()
    status = run.status("recorder")
    told = status.recording if status is not None else None
    figures = _figures(told, run.config.recording.warn_mb)
    match take.state:
        case TakeState.RECORDING:
            health = run.health("recorder")
            if health is not None and not health.alive:
                tip = tr("The recorder ended; it is started again, and goes on beside what it left")
                return TakeText(tr("REC RESTARTING"), Severity.ERROR, "", tip)
            began_s = since(run.now_ns, take.since_ns) / NS_PER_S if take.since_ns else 0.0
            behind = tr(", the disk is slow") if status and "behind" in status.detail else ""
            return TakeText(
                tr("REC {clock}", clock=_clock(began_s)),
                Severity.ERROR,
                figures + behind,
                tr("Into {file}", file=take.file),
            )
        case TakeState.STARTING:
            return TakeText(tr("REC ...") if take.since_ns else "", Severity.NEUTRAL)
        case TakeState.STOPPING:
            return TakeText(
                tr("COMPLETING"), Severity.CAUTION, figures, tr("Completing {file}", file=take.file)
            )
        case TakeState.KEEPING:
            tip = tr(
                "The last {kept_s:g} s are kept in memory: V records them, and what follows",
                kept_s=take.kept_s,
            )
            return TakeText(
                tr("KEEPING {kept_s:g} s", kept_s=take.kept_s), Severity.NEUTRAL, "", tip
            )
        case _:
            return _off(take)


def _off(take: Take) -> TakeText:
    if not take.problem:
        return TakeText()
    tip = tr("{problem}. The view goes on; V tries again", problem=take.problem)
    return TakeText(tr("NOT RECORDING"), Severity.ERROR, take.problem, tip)


def _figures(told: RecordingState | None, warn_mb: float) -> str:
    if told is None:
        return ""
    left_gb = told.disk_left_gb
    left = (
        tr("{left_gb:.0f} GB left", left_gb=left_gb)
        if left_gb >= 10
        else tr("{left_gb:.1f} GB left", left_gb=left_gb)
    )
    if left_gb * 1000 < warn_mb:
        left = tr("disk nearly full, {left}", left=left)
    return tr("{size_mb:.1f} MB, {left}", size_mb=told.size_mb, left=left)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(max(0.0, seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
