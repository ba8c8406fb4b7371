"""The situation in words: which mode, what is wrong, what to do about it. No Qt, no clock."""

from enum import StrEnum

import msgspec

from gui.panes import Pane
from gui.status.run_status import Evidence
from gui.status.wording import NAMES, camera_lines, ordinal, seconds, sentence
from streamer.clock import NS_PER_MS, NS_PER_S
from streamer.messages import Mode, ProcessState, StreamState

SILENT_S = 2.0  # a supervisor that says nothing for this long is taken for gone
_STANDSTILL_S = 2.0  # longer than the slowest engine needs for a picture
_PATIENCE_S = 5.0  # and one that has not spoken yet, for this long

_AT_WORK = (ProcessState.WAITING, ProcessState.READY, ProcessState.RUNNING)


class Tone(StrEnum):
    """What a badge or a notice feels like; the theme gives each its colour."""

    GOOD = "good"
    CAUTION = "caution"
    HELD = "held"
    RELATIVE = "relative"
    BAD = "bad"
    NEUTRAL = "neutral"


class Notice(msgspec.Struct, frozen=True):
    """Words over the picture: what is going on, and what to do. `whole` ones cover its middle."""

    title: str
    lines: tuple[str, ...]
    tone: Tone
    whole: bool


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """All that the window says in words at one moment."""

    badge: str
    tone: Tone
    notice: Notice | None = None
    stamp: str = ""  # across the result itself
    dimmed: bool = False
    still: bool = False  # time itself stands: old is not what a picture gets
    stale: dict[Pane, str] = {}  # sensor panes whose picture is old, and how old


def assess(evidence: Evidence) -> Situation:
    """Puts what is known into words, the most basic trouble first."""
    stale = _stale_panes(evidence)
    trouble = _silence(evidence) or _network_gone(evidence) or _starting(evidence)
    if trouble is not None:
        return msgspec.structs.replace(trouble, stale=stale)
    trouble = _standstill(evidence)
    if trouble is not None:
        return msgspec.structs.replace(trouble, stale=stale)
    player = evidence.player
    if player is not None and player.paused:
        return _paused(evidence, "END" if player.ended else "PAUSED")
    match evidence.mode:
        case Mode.GUIDED:
            return Situation(badge="GUIDED", tone=Tone.GOOD, stale=stale)
        case Mode.THERMAL_ONLY:
            return _thermal_only(evidence, stale)
        case Mode.HOLD:
            return _hold(evidence, stale)
        case Mode.VISIBLE_ONLY:
            return _visible_only(evidence, stale)
        case _:
            return _no_signal(evidence, stale)


def _silence(evidence: Evidence) -> Situation | None:
    session = evidence.session
    if session is None:
        waited_s = (evidence.now_ns - evidence.since_ns) / NS_PER_S
        if waited_s < _PATIENCE_S:
            lines: tuple[str, ...] = ("Connecting to the run ...",)
            return Situation(
                badge="STARTING",
                tone=Tone.NEUTRAL,
                notice=Notice("Starting", lines, Tone.NEUTRAL, True),
            )
        silent_ms = waited_s * 1000
    else:
        silent_ms = (evidence.now_ns - session.timestamp_ns) / NS_PER_MS
        if silent_ms < SILENT_S * 1000:
            return None
    lines = (
        f"Nothing has been heard of the supervisor for {seconds(silent_ms)}.",
        "The picture may be old. Close this window (Q) and start `corefusion live` again.",
    )
    return Situation(
        badge="NO SUPERVISOR",
        tone=Tone.BAD,
        notice=Notice("The run is no longer supervised", lines, Tone.BAD, True),
        stamp=_old(evidence),
        dimmed=True,
    )


def _network_gone(evidence: Evidence) -> Situation | None:
    health = evidence.health(evidence.worker)
    if health is None or (health.restarts == 0 and health.alive):
        return None
    if health.alive and (health.state in _AT_WORK or evidence.has_news):
        return None
    if health.state is ProcessState.FAILED and not health.alive:
        return _final(evidence, "The network cannot go on", evidence.detail(evidence.worker))
    again = ordinal(health.restarts if health.alive else health.restarts + 1)
    title = f"The network's process ended; starting it again ({again} time)"
    news = evidence.detail(evidence.worker) if health.alive else ""
    advice = "It comes back by itself. If it keeps ending, the terminal shows its last words."
    return Situation(
        badge="NETWORK RESTARTING",
        tone=Tone.BAD,
        notice=Notice(title, (*sentence("Network", news), advice), Tone.BAD, True),
        stamp=_old(evidence),
        dimmed=True,
    )


def _standstill(evidence: Evidence) -> Situation | None:
    """A worker that lives and has work, but makes nothing: before the supervisor ends it."""
    idle = evidence.mode in (Mode.HOLD, Mode.NO_SIGNAL)
    replayed = evidence.player is not None or evidence.health("player") is not None
    age_ms = evidence.age_ms
    if idle or replayed or age_ms is None or age_ms < _STANDSTILL_S * 1000:
        return None
    lines = (
        f"The newest picture is {seconds(age_ms)} old, though cameras are sending.",
        "If the network hangs, it is ended and started again by itself.",
    )
    return Situation(
        badge="NO NEW PICTURE",
        tone=Tone.BAD,
        notice=Notice("The network makes no new pictures", lines, Tone.BAD, True),
        stamp=_old(evidence),
        dimmed=True,
    )


def _final(evidence: Evidence, title: str, detail: str) -> Situation:
    advice = "It is not tried again: mend this, then start `corefusion live` anew."
    lines = (f"{detail}.", advice) if detail else (advice,)
    return Situation(
        badge="FAILED",
        tone=Tone.BAD,
        notice=Notice(title, lines, Tone.BAD, True),
        stamp=_old(evidence),
        dimmed=True,
    )


def _starting(evidence: Evidence) -> Situation | None:
    """Before the first result: who is at what. The waiting cameras come first, with advice."""
    session = evidence.session
    begun = evidence.result is not None or (session and session.first_result_ns is not None)
    if session is None or (begun and evidence.mode is not None):
        return None
    waiting = [name for name in evidence.cameras() if evidence.waits_for_camera(name)]
    lines = [line for name in waiting for line in camera_lines(evidence, name)]
    for name in session.processes:
        detail = evidence.detail(name) or session.processes[name].state.value
        if name not in waiting and name != "viewer":
            lines += sentence(NAMES.get(name, name), detail)
    lines = _once(lines)
    title = "Waiting for a camera" if waiting else "Starting"
    tone = Tone.CAUTION if waiting else Tone.NEUTRAL
    badge = "WAITING FOR CAMERA" if waiting else "STARTING"
    notice = Notice(title, tuple(lines) or ("The processes are being started ...",), tone, True)
    return Situation(badge=badge, tone=tone, notice=notice)


def _thermal_only(evidence: Evidence, stale: dict[Pane, str]) -> Situation:
    if evidence.config.capture.visible.source == "none":  # as wished: nothing to complain of
        return Situation(badge="THERMAL ONLY", tone=Tone.CAUTION)
    lines = camera_lines(evidence, "capture.visible", "visible")
    consequence = "Temperatures stay true; fine edges come from the thermal picture alone."
    notice = Notice("Thermal only", (*lines, consequence), Tone.CAUTION, False)
    return Situation(badge="THERMAL ONLY", tone=Tone.CAUTION, notice=notice, stale=stale)


def _hold(evidence: Evidence, stale: dict[Pane, str]) -> Situation:
    age = seconds(evidence.age_ms or 0.0)
    if evidence.stream("thermal") is StreamState.FFC:
        title = "Shutter closed (calibrating)"
        lines: tuple[str, ...] = (
            "The thermal camera announced it; the picture goes on by itself in a moment.",
        )
    else:
        title = "Picture held: no fresh thermal frame"
        lines = camera_lines(evidence, "capture.thermal", "thermal")
    return Situation(
        badge="HOLD",
        tone=Tone.HELD,
        notice=Notice(title, lines, Tone.HELD, False),
        stamp=f"HELD, {age} old",
        stale=stale,
    )


def _paused(evidence: Evidence, badge: str) -> Situation:
    """Time stands still, as wished: nothing gets older. What is no measurement still is none.

    After a jump the worker has seen one frame of each stream: its word on them is not repeated.
    """
    stamp = "NOT A MEASUREMENT" if evidence.mode is Mode.VISIBLE_ONLY else ""
    return Situation(badge=badge, tone=Tone.NEUTRAL, stamp=stamp, still=True)


def _visible_only(evidence: Evidence, stale: dict[Pane, str]) -> Situation:
    lines = camera_lines(evidence, "capture.thermal", "thermal")
    meaning = "Brightness is guessed from the visible picture: no temperatures until it is back."
    return Situation(
        badge="VISIBLE ONLY",
        tone=Tone.RELATIVE,
        notice=Notice("No thermal camera", (*lines, meaning), Tone.RELATIVE, False),
        stamp="NOT A MEASUREMENT",
        stale=stale,
    )


def _no_signal(evidence: Evidence, stale: dict[Pane, str]) -> Situation:
    lines = [
        line
        for name in evidence.cameras()
        for line in camera_lines(evidence, name, name.removeprefix("capture."))
    ]
    if not lines:
        lines = ["No camera sends anything; both are tried again every second."]
        if evidence.player is not None:
            lines = ["The recording has no pictures here."]
    return Situation(
        badge="NO SIGNAL",
        tone=Tone.BAD,
        notice=Notice("No signal", tuple(_once(lines)), Tone.BAD, True),
        stamp=_old(evidence),
        dimmed=True,
        stale=stale,
    )


def _stale_panes(evidence: Evidence) -> dict[Pane, str]:
    status, old = evidence.status(evidence.worker), {}
    for pane, stream in ((Pane.VISIBLE, "visible"), (Pane.THERMAL, "thermal")):
        state = evidence.stream(stream)
        if state is StreamState.FFC:
            old[pane] = "SHUTTER"
        elif status and state in (StreamState.STALE, StreamState.LOST):
            age_ms = status.ages_ms.get(stream)
            old[pane] = state.value.upper() + (f", {seconds(age_ms)}" if age_ms is not None else "")
    return old


def _once(lines: list[str]) -> list[str]:
    """Advice for both cameras is given once, after the second."""
    return [line for at, line in enumerate(lines) if line not in lines[at + 1 :]]


def _old(evidence: Evidence) -> str:
    return f"OLD PICTURE, {seconds(evidence.age_ms)}" if evidence.age_ms is not None else ""
