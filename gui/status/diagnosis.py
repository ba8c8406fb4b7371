"""What is wrong, and what to do about it: a run's status as words. No Qt, no clock."""

from enum import StrEnum

import msgspec

from gui.language import mark, tr
from gui.panes import Pane
from gui.status.alignment import declined_lines, drift_lines, refusal_lines
from gui.status.run_status import RunStatus
from gui.status.told import told
from gui.status.wording import (
    MODES,
    NAMES,
    PROCESS_STATES,
    STREAM_STATES,
    camera_lines,
    ordinal,
    seconds,
    sentence,
)
from streamer.clock import NS_PER_MS, NS_PER_S, since
from streamer.messages import Mode, ProcessState, StreamState

SILENT_S = 2.0  # a supervisor without a message for this long counts as gone
_STANDSTILL_S = 2.0  # longer than the slowest engine needs for a picture
_PATIENCE_S = 5.0  # the same before its first message

_AT_WORK = (ProcessState.WAITING, ProcessState.READY, ProcessState.RUNNING)


class Severity(StrEnum):
    """How bad what a badge or a notice says is; the theme gives each its colour."""

    OK = "ok"
    CAUTION = "caution"
    HELD = "held"
    RELATIVE = "relative"
    ERROR = "error"
    NEUTRAL = "neutral"


MODE_SEVERITY = {
    Mode.GUIDED: Severity.OK,
    Mode.THERMAL_ONLY: Severity.CAUTION,
    Mode.HOLD: Severity.HELD,
    Mode.VISIBLE_ONLY: Severity.RELATIVE,
    Mode.NO_SIGNAL: Severity.ERROR,
}
NO_MEASUREMENT = mark("NOT A MEASUREMENT")
_ELSEWHERE_MS = 10_000.0  # a held picture further away than this is of another place of a replay


class Notice(msgspec.Struct, frozen=True):
    """Text over the picture: what is going on, and what to do. `whole` ones cover its middle."""

    title: str
    lines: tuple[str, ...]
    severity: Severity
    whole: bool


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """The state of the run at one moment, as the window shows it."""

    badge: str
    severity: Severity
    notice: Notice | None = None
    stamp: str = ""  # across the result itself
    dimmed: bool = False
    still: bool = False  # a paused replay: no picture gets old
    stale: dict[Pane, str] = {}  # sensor panes whose picture is old, and how old


def diagnose(run: RunStatus) -> Diagnosis:
    """Puts what is known into words, the most basic trouble first."""
    stale = _stale_panes(run)
    trouble = _silence(run) or _network_gone(run) or _starting(run)
    if trouble is not None:
        return msgspec.structs.replace(trouble, stale=stale)
    if run.session is not None and run.session.at_end:
        return _at_end()
    trouble = _standstill(run)
    if trouble is not None:
        return msgspec.structs.replace(trouble, stale=stale)
    player = run.player
    if player is not None and player.paused:
        return _paused(run, tr("END") if player.ended else tr("PAUSED"))
    match run.mode:
        case Mode.GUIDED:
            return _guided(run, stale)
        case Mode.THERMAL_ONLY:
            return _thermal_only(run, stale)
        case Mode.HOLD:
            return _hold(run, stale)
        case Mode.VISIBLE_ONLY:
            return _visible_only(run, stale)
        case _:
            return _no_signal(run, stale)


def _silence(run: RunStatus) -> Diagnosis | None:
    session = run.session
    if session is None:
        waited_s = since(run.now_ns, run.since_ns) / NS_PER_S
        if waited_s < _PATIENCE_S:
            lines: tuple[str, ...] = (tr("Connecting to the run ..."),)
            return Diagnosis(
                badge=tr("STARTING"),
                severity=Severity.NEUTRAL,
                notice=Notice(tr("Starting"), lines, Severity.NEUTRAL, True),
            )
        silent_ms = waited_s * 1000
    else:
        silent_ms = since(run.now_ns, session.timestamp_ns) / NS_PER_MS
        if silent_ms < SILENT_S * 1000:
            return None
    lines = (
        tr("Nothing has been heard of the supervisor for {seconds}.", seconds=seconds(silent_ms)),
        tr("The picture may be old. Close this window (Q) and start `corefusion live` again."),
    )
    return Diagnosis(
        badge=tr("NO SUPERVISOR"),
        severity=Severity.ERROR,
        notice=Notice(tr("The run is no longer supervised"), lines, Severity.ERROR, True),
        stamp=_old(run),
        dimmed=True,
    )


def _network_gone(run: RunStatus) -> Diagnosis | None:
    health = run.health(run.worker)
    if health is None or (health.restarts == 0 and health.alive):
        return None
    if health.alive and (health.state in _AT_WORK or run.has_news):
        return None
    if health.state is ProcessState.FAILED and not health.alive:
        return _final(run, tr("The network cannot go on"), run.detail(run.worker))
    again = ordinal(health.restarts if health.alive else health.restarts + 1)
    title = tr("The network's process ended; starting it again ({again} time)", again=again)
    news = run.detail(run.worker) if health.alive else ""
    advice = tr("It comes back by itself. If it keeps ending, the terminal shows its last words.")
    return Diagnosis(
        badge=tr("NETWORK RESTARTING"),
        severity=Severity.ERROR,
        notice=Notice(title, (*sentence(tr("Network"), told(news)), advice), Severity.ERROR, True),
        stamp=_old(run),
        dimmed=True,
    )


def _standstill(run: RunStatus) -> Diagnosis | None:
    """A worker that lives and has work, but makes nothing: before the supervisor ends it."""
    idle = run.mode in (Mode.HOLD, Mode.NO_SIGNAL)
    replayed = run.player is not None or run.health("player") is not None
    age_ms = run.age_ms
    if idle or replayed or age_ms is None or age_ms < _STANDSTILL_S * 1000:
        return None
    lines = (
        tr(
            "The newest picture is {seconds} old, though cameras are sending.",
            seconds=seconds(age_ms),
        ),
        tr("If the network hangs, it is ended and started again by itself."),
    )
    return Diagnosis(
        badge=tr("NO NEW PICTURE"),
        severity=Severity.ERROR,
        notice=Notice(tr("The network makes no new pictures"), lines, Severity.ERROR, True),
        stamp=_old(run),
        dimmed=True,
    )


def _final(run: RunStatus, title: str, detail: str) -> Diagnosis:
    advice = tr("It is not tried again: mend this, then start `corefusion live` anew.")
    lines = (f"{detail}.", advice) if detail else (advice,)
    return Diagnosis(
        badge=tr("FAILED"),
        severity=Severity.ERROR,
        notice=Notice(title, lines, Severity.ERROR, True),
        stamp=_old(run),
        dimmed=True,
    )


def _starting(run: RunStatus) -> Diagnosis | None:
    """Before the first result: who is at what. The waiting cameras come first, with advice."""
    session = run.session
    begun = run.result is not None or (session and session.first_result_ns is not None)
    if session is None or (begun and run.mode is not None):
        return None
    waiting = [name for name in run.cameras() if run.waits_for_camera(name)]
    lines = [line for name in waiting for line in camera_lines(run, name)]
    for name in session.processes:
        detail = run.detail(name) or tr(PROCESS_STATES[session.processes[name].state])
        if name not in waiting and name != "viewer":
            lines += sentence(tr(NAMES.get(name, name)), told(detail))
    lines = _once(lines)
    title = tr("Waiting for a camera") if waiting else tr("Starting")
    severity = Severity.CAUTION if waiting else Severity.NEUTRAL
    badge = tr("WAITING FOR CAMERA") if waiting else tr("STARTING")
    notice = Notice(
        title, tuple(lines) or (tr("The processes are being started ..."),), severity, True
    )
    return Diagnosis(badge=badge, severity=severity, notice=notice)


def _at_end() -> Diagnosis:
    """Files have come to their end: the last picture stays."""
    lines = (
        tr("This is the last picture. Home plays it again, Ctrl+O opens a recording, Q ends."),
    )
    return Diagnosis(
        badge=tr("END"),
        severity=Severity.NEUTRAL,
        notice=Notice(tr("The end of the files"), lines, Severity.NEUTRAL, False),
        still=True,
    )


def _guided(run: RunStatus, stale: dict[Pane, str]) -> Diagnosis:
    guided = Diagnosis(badge=tr("GUIDED"), severity=Severity.OK, stale=stale)
    if lines := declined_lines(run):
        notice = Notice(tr("The new calibration is not used"), lines, Severity.CAUTION, False)
        return msgspec.structs.replace(guided, notice=notice)
    if lines := drift_lines(run):
        notice = Notice(tr("The visible picture is out of place"), lines, Severity.CAUTION, False)
        return msgspec.structs.replace(guided, notice=notice)
    return guided


def _thermal_only(run: RunStatus, stale: dict[Pane, str]) -> Diagnosis:
    if run.config.capture.visible.source == "none":  # as configured: nothing to complain of
        return Diagnosis(badge=tr("THERMAL ONLY"), severity=Severity.CAUTION)
    lines = refusal_lines(run) or camera_lines(run, "capture.visible", "visible")
    consequence = tr("Temperatures stay true; fine edges come from the thermal picture alone.")
    notice = Notice(tr("Thermal only"), (*lines, consequence), Severity.CAUTION, False)
    return Diagnosis(
        badge=tr("THERMAL ONLY"), severity=Severity.CAUTION, notice=notice, stale=stale
    )


def _hold(run: RunStatus, stale: dict[Pane, str]) -> Diagnosis:
    stamp, dimmed = _held(run)
    if run.stream("thermal") is StreamState.FFC:
        title = tr("Shutter closed (calibrating)")
        lines: tuple[str, ...] = (
            tr("The thermal camera announced it; the picture goes on by itself in a moment."),
        )
    else:
        title = tr("Picture held: no fresh thermal frame")
        lines = camera_lines(run, "capture.thermal", "thermal")
    return Diagnosis(
        badge=tr("HOLD"),
        severity=Severity.HELD,
        notice=Notice(title, lines, Severity.HELD, False),
        stamp=stamp,
        dimmed=dimmed,
        stale=stale,
    )


def _paused(run: RunStatus, word: str) -> Diagnosis:
    """Time stands still, as asked: nothing gets older. What was held or no measurement still is.

    After a jump the worker has seen one frame of each stream: what it reports of them is left out,
    and the mode is that of the recording.
    """
    made = run.result.mode if run.result is not None else None
    mode = (run.recorded or made) if run.jumped else run.mode
    if mode is None:
        return Diagnosis(badge=word, severity=Severity.NEUTRAL, still=True)
    stamp, dimmed, stale = "", False, {}
    if Mode.VISIBLE_ONLY in (made, None if run.jumped else run.mode):
        stamp = tr(NO_MEASUREMENT)
    elif mode in (Mode.HOLD, Mode.VISIBLE_ONLY):
        stamp, dimmed = _held(run)
    elif mode is Mode.NO_SIGNAL:
        stamp, dimmed = tr("NO PICTURE AT THIS MOMENT"), True
    if mode in (Mode.HOLD, Mode.VISIBLE_ONLY, Mode.NO_SIGNAL):
        stale[Pane.THERMAL] = tr("HELD") if mode is Mode.HOLD else tr("LOST")
    if mode in (Mode.THERMAL_ONLY, Mode.NO_SIGNAL):
        stale[Pane.VISIBLE] = tr("LOST")
    severity = Severity.NEUTRAL if mode is Mode.GUIDED else MODE_SEVERITY[mode]
    return Diagnosis(
        badge=f"{word} \N{MIDDLE DOT} {tr(MODES[mode]).upper()}",
        severity=severity,
        stamp=stamp,
        dimmed=dimmed,
        still=True,
        stale=stale,
    )


def _held(run: RunStatus) -> tuple[str, bool]:
    """The stamp of a held picture, and whether it is dimmed: one of another moment is."""
    age_ms = run.age_ms or 0.0
    if run.player is not None and not 0 <= age_ms <= _ELSEWHERE_MS:
        return tr("OF ANOTHER MOMENT"), True
    return tr("HELD, {seconds} old", seconds=seconds(age_ms)), False


def _visible_only(run: RunStatus, stale: dict[Pane, str]) -> Diagnosis:
    lines = camera_lines(run, "capture.thermal", "thermal")
    meaning = tr(
        "Brightness is guessed from the visible picture: no temperatures until it is back."
    )
    return Diagnosis(
        badge=tr("VISIBLE ONLY"),
        severity=Severity.RELATIVE,
        notice=Notice(tr("No thermal camera"), (*lines, meaning), Severity.RELATIVE, False),
        stamp=tr(NO_MEASUREMENT),
        stale=stale,
    )


def _no_signal(run: RunStatus, stale: dict[Pane, str]) -> Diagnosis:
    lines = [
        line
        for name in run.cameras()
        for line in camera_lines(run, name, name.removeprefix("capture."))
    ]
    if not lines:
        lines = [tr("No camera sends anything; both are tried again every second.")]
        if run.player is not None:
            lines = [tr("The recording has no pictures here.")]
    return Diagnosis(
        badge=tr("NO SIGNAL"),
        severity=Severity.ERROR,
        notice=Notice(tr("No signal"), tuple(_once(lines)), Severity.ERROR, True),
        stamp=_old(run),
        dimmed=True,
        stale=stale,
    )


def _stale_panes(run: RunStatus) -> dict[Pane, str]:
    status, old = run.status(run.worker), {}
    for pane, stream in ((Pane.VISIBLE, "visible"), (Pane.THERMAL, "thermal")):
        state = run.stream(stream)
        if state is StreamState.FFC:
            old[pane] = tr("SHUTTER")
        elif status and state in (StreamState.STALE, StreamState.LOST):
            age_ms = status.ages_ms.get(stream)
            old[pane] = tr(STREAM_STATES[state]).upper() + (
                f", {seconds(age_ms)}" if age_ms is not None else ""
            )
    return old


def _once(lines: list[str]) -> list[str]:
    """Advice for both cameras is given once, after the second."""
    return [line for at, line in enumerate(lines) if line not in lines[at + 1 :]]


def _old(run: RunStatus) -> str:
    return (
        tr("OLD PICTURE, {seconds}", seconds=seconds(run.age_ms)) if run.age_ms is not None else ""
    )
