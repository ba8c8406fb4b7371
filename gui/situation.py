"""The situation in words: which mode, what is wrong, what to do about it. No Qt, no clock."""

from enum import StrEnum

import msgspec

from gui.viewer_state import Pane
from streamer.clock import NS_PER_MS, NS_PER_S
from streamer.config import Config
from streamer.messages import (
    Mode,
    ProcessHealth,
    ProcessState,
    SessionStatus,
    Status,
    StreamState,
    SuperResolvedFrame,
)

SILENT_S = 2.0  # a supervisor that says nothing for this long is taken for gone
_PATIENCE_S = 5.0  # and one that has not spoken yet, for this long
_FRESH_MS = 1000.0  # a result younger than this proves that the network's process is at work

_AT_WORK = (ProcessState.WAITING, ProcessState.READY, ProcessState.RUNNING)
_NAMES = {
    "capture.visible": "Visible camera",
    "capture.thermal": "Thermal camera",
    "inference": "Network",
    "player": "Player",
    "recorder": "Recorder",
}


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
    stale: dict[Pane, str] = {}  # sensor panes whose picture is old, and how old


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What the situation is judged by, at `now_ns`; the viewer has been up since `since_ns`."""

    now_ns: int
    since_ns: int
    session: SessionStatus | None
    result: SuperResolvedFrame | None
    config: Config

    def status(self, process: str) -> Status | None:
        """A process's own newest report."""
        return self.session.statuses.get(process) if self.session else None

    def health(self, process: str) -> ProcessHealth | None:
        """The supervisor's view of a process."""
        return self.session.processes.get(process) if self.session else None

    def detail(self, process: str) -> str:
        """What a process says it is doing, as far as anybody knows."""
        status, health = self.status(process), self.health(process)
        if health is not None and not health.alive and health.detail:
            return health.detail
        return (status.detail if status else "") or (health.detail if health else "")

    @property
    def age_ms(self) -> float | None:
        """The age of the result that is on the screen."""
        return (self.now_ns - self.result.timestamp_ns) / NS_PER_MS if self.result else None

    @property
    def mode(self) -> Mode | None:
        """The worker's mode: what it reports, or what its newest result says if that is newer."""
        status = self.status("inference")
        if self.result and (status is None or self.result.published_ns > status.timestamp_ns):
            return self.result.mode
        return status.mode if status else None


def assess(evidence: Evidence) -> Situation:
    """Puts what is known into words, the most basic trouble first."""
    stale = _stale_panes(evidence)
    trouble = _silence(evidence) or _network_gone(evidence) or _starting(evidence)
    if trouble is not None:
        return msgspec.structs.replace(trouble, stale=stale)
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


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, ..., 11th, ..."""
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def seconds(milliseconds: float) -> str:
    """An age for readers: `0.4 s`, `12 s`, `3 min`."""
    passed_s = max(0.0, milliseconds / 1000)
    if passed_s < 10:
        return f"{passed_s:.1f} s"
    return f"{passed_s:.0f} s" if passed_s < 120 else f"{passed_s / 60:.0f} min"


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
    health = evidence.health("inference")
    if health is None or (health.restarts == 0 and health.alive):
        return None
    fresh = evidence.age_ms is not None and evidence.age_ms < _FRESH_MS
    if health.alive and (health.state in _AT_WORK or fresh):
        return None
    if health.state is ProcessState.FAILED and not health.alive:
        return _final(evidence, "The network cannot go on", evidence.detail("inference"))
    again = ordinal(health.restarts if health.alive else health.restarts + 1)
    title = f"The network's process ended; starting it again ({again} time)"
    detail = evidence.detail("inference")
    advice = "It comes back by itself. If it keeps ending, the terminal shows its last words."
    return Situation(
        badge="NETWORK RESTARTING",
        tone=Tone.BAD,
        notice=Notice(title, (*_sentence("Network", detail), advice), Tone.BAD, True),
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
    if evidence.result is not None or session is None or session.first_result_ns is not None:
        return None
    waiting = [name for name in _cameras(evidence) if _waits_for_camera(evidence, name)]
    lines = [line for name in waiting for line in _camera_lines(evidence, name)]
    for name in session.processes:
        detail = evidence.detail(name) or session.processes[name].state.value
        if name not in waiting and name != "viewer":
            lines += _sentence(_NAMES.get(name, name), detail)
    title = "Waiting for a camera" if waiting else "Starting"
    tone = Tone.CAUTION if waiting else Tone.NEUTRAL
    badge = "WAITING FOR CAMERA" if waiting else "STARTING"
    notice = Notice(title, tuple(lines) or ("The processes are being started ...",), tone, True)
    return Situation(badge=badge, tone=tone, notice=notice)


def _thermal_only(evidence: Evidence, stale: dict[Pane, str]) -> Situation:
    lines = _camera_lines(evidence, "capture.visible", "visible")
    consequence = "Temperatures stay true; fine edges come from the thermal picture alone."
    notice = Notice("Thermal only", (*lines, consequence), Tone.CAUTION, False)
    return Situation(badge="THERMAL ONLY", tone=Tone.CAUTION, notice=notice, stale=stale)


def _hold(evidence: Evidence, stale: dict[Pane, str]) -> Situation:
    age = seconds(evidence.age_ms or 0.0)
    if _stream(evidence, "thermal") is StreamState.FFC:
        title = "Shutter closed (calibrating)"
        lines: tuple[str, ...] = (
            "The thermal camera announced it; the picture goes on by itself in a moment.",
        )
    else:
        title = "Picture held: no fresh thermal frame"
        lines = _camera_lines(evidence, "capture.thermal", "thermal")
    return Situation(
        badge="HOLD",
        tone=Tone.HELD,
        notice=Notice(title, lines, Tone.HELD, False),
        stamp=f"HELD, {age} old",
        stale=stale,
    )


def _visible_only(evidence: Evidence, stale: dict[Pane, str]) -> Situation:
    lines = _camera_lines(evidence, "capture.thermal", "thermal")
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
        for name in _cameras(evidence)
        for line in _camera_lines(evidence, name, name.removeprefix("capture."))
    ]
    if not lines:
        lines = ["No camera sends anything; both are tried again every second."]
    return Situation(
        badge="NO SIGNAL",
        tone=Tone.BAD,
        notice=Notice("No signal", tuple(lines), Tone.BAD, True),
        stamp=_old(evidence),
        dimmed=True,
        stale=stale,
    )


def _cameras(evidence: Evidence) -> list[str]:
    known = evidence.session.processes if evidence.session else {}
    return [name for name in ("capture.visible", "capture.thermal") if name in known]


def _waits_for_camera(evidence: Evidence, process: str) -> bool:
    status = evidence.status(process)
    return status is not None and status.state is ProcessState.WAITING and status.camera is None


def _camera_lines(evidence: Evidence, process: str, stream: str = "") -> tuple[str, ...]:
    """What is wrong with a camera, in its own words, and what helps."""
    cameras = evidence.config.capture
    source = (cameras.visible if process == "capture.visible" else cameras.thermal).source
    name, health, detail = _NAMES[process], evidence.health(process), evidence.detail(process)
    if source == "none":
        return (f"No {name.lower()} is set up for this run.",)
    if health is not None and health.state is ProcessState.ENDED:
        return (f"{name} ({source}): {detail or 'its frames have come to their end'}.",)
    if health is not None and health.state is ProcessState.FAILED and not health.alive:
        return (f"{name} ({source}): {detail}.", "It is not tried again.")
    if health is not None and not health.alive:
        again = ordinal(health.restarts + 1)
        return (f"{name} ({source}): its process ended; starting it again ({again} time).",)
    if _waits_for_camera(evidence, process):
        every = f"{evidence.config.capture.reopen_every_s:g} s"
        every = "second" if every == "1 s" else every
        advice = f"Plug it in; it is tried again every {every}."
        return (*_sentence(f"{name} ({source})", detail or "not there"), advice)
    if stream:
        status = evidence.status("inference")
        silent_ms = status.ages_ms.get(stream) if status else None
        since = f" for {seconds(silent_ms)}" if silent_ms is not None else ""
        return (f"{name} ({source}) has sent nothing{since}.", "It is watched and opened again.")
    return _sentence(f"{name} ({source})", detail)


def _sentence(subject: str, detail: str) -> tuple[str, ...]:
    return (f"{subject}: {detail}",) if detail else ()


def _stream(evidence: Evidence, stream: str) -> StreamState | None:
    status = evidence.status("inference")
    return status.streams.get(stream) if status else None


def _stale_panes(evidence: Evidence) -> dict[Pane, str]:
    status, old = evidence.status("inference"), {}
    for pane, stream in ((Pane.VISIBLE, "visible"), (Pane.THERMAL, "thermal")):
        state = _stream(evidence, stream)
        if status and state in (StreamState.STALE, StreamState.LOST):
            age_ms = status.ages_ms.get(stream)
            old[pane] = state.value.upper() + (f", {seconds(age_ms)}" if age_ms is not None else "")
    return old


def _old(evidence: Evidence) -> str:
    return f"OLD PICTURE, {seconds(evidence.age_ms)}" if evidence.age_ms is not None else ""
