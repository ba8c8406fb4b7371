"""Phrases: ordinals, ages, engines, and what is wrong with a camera."""

from gui.status.run_status import RunStatus
from streamer.messages import ProcessState, Status, capture_process
from streamer.shareable import without_credentials

_SILENT_MS = 1000.0  # nobody checks a cable before

NAMES = {
    "capture.visible": "Visible camera",
    "capture.thermal": "Thermal camera",
    "inference": "Network",
    "compare": "Second network",
    "player": "Player",
    "recorder": "Recorder",
}


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


def letter(model: int) -> str:
    """What one of several models is called in the window: A, B, ..."""
    return chr(ord("A") + model)


def engine_text(status: Status) -> str:
    """Engine, precision and, where there are several, views."""
    views = f"{status.views} views" if status.views > 1 else ""
    return " ".join(part for part in (status.engine, status.precision, views) if part)


def camera_pace(run: RunStatus, stream: str) -> str:
    """How evenly a device gives its pictures: `9.0 Hz ±12 ms`; empty of anything else."""
    status = run.status(capture_process(stream))
    if status is None or status.timing is None or status.camera is None or not status.camera.live:
        return ""
    timing = status.timing
    repeated = f", {timing.duplicates} repeated" if timing.duplicates else ""
    return f"{timing.rate_hz:.1f} Hz \N{PLUS-MINUS SIGN}{timing.jitter_ms:.0f} ms{repeated}"


def camera_lines(run: RunStatus, process: str, stream: str = "") -> tuple[str, ...]:
    """What is wrong with a camera, by its own report, and what helps."""
    cameras = run.config.capture
    camera = cameras.visible if process == "capture.visible" else cameras.thermal
    source = without_credentials(camera.source)
    name, health, detail = NAMES[process], run.health(process), run.detail(process)
    if source == "none":
        return (f"No {name.lower()} is set up for this run.",)
    if health is not None and health.state is ProcessState.ENDED:
        return (f"{name} ({source}): {detail or 'its frames have come to their end'}.",)
    if health is not None and health.state is ProcessState.FAILED and not health.alive:
        return (f"{name} ({source}): {detail}.", "It is not tried again.")
    if health is not None and not health.alive:
        again = ordinal(health.restarts + 1)
        return (f"{name} ({source}): its process ended; starting it again ({again} time).",)
    if run.waits_for_camera(process):
        every = f"{run.config.capture.reopen_every_s:g} s"
        every = "second" if every == "1 s" else every
        advice = f"Plug it in; it is tried again every {every}."
        return (*sentence(_subject(name, source, detail), detail or "not there"), advice)
    if stream:
        status = run.status(run.worker)
        silent_ms = status.ages_ms.get(stream) if status else None
        silent = silent_ms is not None and silent_ms >= _SILENT_MS
        since = f" for {seconds(silent_ms)}" if silent and silent_ms is not None else ""
        if run.player is not None:
            return (f"{name}: the recording has no new picture of it{since}.",)
        if not silent:
            return (f"{name} ({source}) has sent no new picture for a moment.",)
        advice = "Check its cable; it is opened again by itself as soon as it answers."
        return (f"{name} ({source}) has sent no new picture{since}.", advice)
    return sentence(_subject(name, source, detail), detail)


def sentence(subject: str, detail: str) -> tuple[str, ...]:
    """Whose detail it is, and the detail; nothing if there is none."""
    return (f"{subject}: {detail}",) if detail else ()


def _subject(name: str, source: str, detail: str) -> str:
    return name if source in detail else f"{name} ({source})"
