"""Phrases: ordinals, ages, engines, and what is wrong with a camera."""

from gui.language import lowered, mark, tr
from gui.status.run_status import RunStatus
from gui.status.told import told
from streamer.messages import Mode, ProcessState, Status, StreamState, capture_process
from streamer.shareable import without_credentials

_SILENT_MS = 1000.0  # nobody checks a cable before

NAMES = {
    "capture.visible": mark("Visible camera"),
    "capture.thermal": mark("Thermal camera"),
    "inference": mark("Network"),
    "compare": mark("Second network"),
    "player": mark("Player"),
    "recorder": mark("Recorder"),
}


MODES = {
    Mode.GUIDED: mark("guided"),
    Mode.THERMAL_ONLY: mark("thermal only"),
    Mode.HOLD: mark("hold"),
    Mode.VISIBLE_ONLY: mark("visible only"),
    Mode.NO_SIGNAL: mark("no signal"),
}
STREAM_STATES = {
    StreamState.OK: mark("ok"),
    StreamState.LATE: mark("late"),
    StreamState.FFC: mark("FFC"),
    StreamState.STALE: mark("stale"),
    StreamState.LOST: mark("lost"),
}
PROCESS_STATES = {
    ProcessState.STARTING: mark("starting"),
    ProcessState.WAITING: mark("waiting"),
    ProcessState.READY: mark("ready"),
    ProcessState.RUNNING: mark("running"),
    ProcessState.ENDED: mark("ended"),
    ProcessState.FAILED: mark("failed"),
}
_ORDINALS = {0: mark("{n}th"), 1: mark("{n}st"), 2: mark("{n}nd"), 3: mark("{n}rd")}


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, ..., 11th, ..."""
    teens = number % 100 in (11, 12, 13)
    return tr("{n}th" if teens else _ORDINALS.get(number % 10, "{n}th"), n=number)


def seconds(milliseconds: float) -> str:
    """An age for readers: `0.4 s`, `12 s`, `3 min`."""
    passed_s = max(0.0, milliseconds / 1000)
    if passed_s < 10:
        return f"{passed_s:.1f} s"
    return f"{passed_s:.0f} s" if passed_s < 120 else tr("{minutes:.0f} min", minutes=passed_s / 60)


def letter(model: int) -> str:
    """What one of several models is called in the window: A, B, ..."""
    return chr(ord("A") + model)


def engine_text(status: Status) -> str:
    """Engine, precision and, where there are several, views."""
    return _engine(status, tr("{views} views", views=status.views))


def engine_fact(status: Status) -> str:
    """The same in English, for files."""
    return _engine(status, f"{status.views} views")


def camera_pace(run: RunStatus, stream: str) -> str:
    """How evenly a device gives its pictures: `9.0 Hz ±12 ms`; empty of anything else."""
    status = run.status(capture_process(stream))
    if status is None or status.timing is None or status.camera is None or not status.camera.live:
        return ""
    timing = status.timing
    repeated = (
        tr(", {duplicates} repeated", duplicates=timing.duplicates) if timing.duplicates else ""
    )
    return tr(
        "{rate_hz:.1f} Hz ±{jitter_ms:.0f} ms{repeated}",
        rate_hz=timing.rate_hz,
        jitter_ms=timing.jitter_ms,
        repeated=repeated,
    )


def camera_lines(run: RunStatus, process: str, stream: str = "") -> tuple[str, ...]:
    """What is wrong with a camera, by its own report, and what helps."""
    cameras = run.config.capture
    camera = cameras.visible if process == "capture.visible" else cameras.thermal
    source = without_credentials(camera.source)
    name, health = tr(NAMES[process]), run.health(process)
    detail = told(run.detail(process))
    if source == "none":
        return (tr("No {camera} is set up for this run.", camera=lowered(name)),)
    if health is not None and health.state is ProcessState.ENDED:
        return (f"{name} ({source}): {detail or tr('its frames have come to their end')}.",)
    if health is not None and health.state is ProcessState.FAILED and not health.alive:
        return (f"{name} ({source}): {detail}.", tr("It is not tried again."))
    if health is not None and not health.alive:
        again = ordinal(health.restarts + 1)
        return (
            tr(
                "{name} ({source}): its process ended; starting it again ({again} time).",
                name=name,
                source=source,
                again=again,
            ),
        )
    if run.waits_for_camera(process):
        every = f"{run.config.capture.reopen_every_s:g} s"
        every = tr("second") if every == "1 s" else every
        advice = tr("Plug it in; it is tried again every {every}.", every=every)
        return (*sentence(_subject(name, source, detail), detail or tr("not there")), advice)
    if stream:
        status = run.status(run.worker)
        silent_ms = status.ages_ms.get(stream) if status else None
        silent = silent_ms is not None and silent_ms >= _SILENT_MS
        since = (
            tr(" for {seconds}", seconds=seconds(silent_ms))
            if silent and silent_ms is not None
            else ""
        )
        if run.player is not None:
            return (
                tr(
                    "{name}: the recording has no new picture of it{since}.", name=name, since=since
                ),
            )
        if not silent:
            return (
                tr(
                    "{name} ({source}) has sent no new picture for a moment.",
                    name=name,
                    source=source,
                ),
            )
        advice = tr("Check its cable; it is opened again by itself as soon as it answers.")
        return (
            tr(
                "{name} ({source}) has sent no new picture{since}.",
                name=name,
                source=source,
                since=since,
            ),
            advice,
        )
    return sentence(_subject(name, source, detail), detail)


def sentence(subject: str, detail: str) -> tuple[str, ...]:
    """Whose detail it is, and the detail; nothing if there is none."""
    return (f"{subject}: {detail}",) if detail else ()


def _engine(status: Status, views: str) -> str:
    parts = (status.engine, status.precision, views if status.views > 1 else "")
    return " ".join(part for part in parts if part)


def _subject(name: str, source: str, detail: str) -> str:
    return name if source in detail else f"{name} ({source})"
