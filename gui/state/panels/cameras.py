"""What is known of each camera: the panel of cameras. No Qt."""

from collections.abc import Iterator, Mapping

from gui.language import mark, tr
from gui.panes import Pane
from gui.state.panels.section import Section
from gui.status.run_status import RunStatus
from gui.status.told import told
from gui.status.wording import NAMES, PROCESS_STATES, STREAM_STATES, seconds
from streamer.config.schema import CameraConfig, ThermalCameraConfig
from streamer.messages import SENSORS, Frame, FrameFlag, Status, StreamState, capture_process
from streamer.shareable import without_credentials
from streamer.thermal.scale import Scale, Unit

_PANES = {"visible": Pane.VISIBLE, "thermal": Pane.THERMAL}
_SAID = {
    "ffc_state": mark("shutter, as the camera says"),
    "since_ffc_s": mark("seconds since the shutter closed"),
    "frames_since_ffc": mark("pictures since the shutter closed"),
    "fpa_celsius": mark("sensor, °C"),
    "fpa_celsius_at_ffc": mark("sensor at the shutter, °C"),
    "housing_celsius": mark("housing, °C"),
    "emissivity": mark("emissivity in the camera"),
}
"""What cameras say of themselves with each picture, as far as it means something to people."""


def camera_sections(
    run: RunStatus, frames: Mapping[Pane, Frame], unit: Unit, recording: str = ""
) -> tuple[Section, ...]:
    """A section for each camera.

    Args:
        run: how it is doing.
        frames: the newest picture of each pane.
        unit: degrees are shown in.
        recording: the name of what is replayed in place of cameras; empty live.
    """
    return tuple(
        Section(
            tr(NAMES[capture_process(stream)]),
            tuple(_lines(run, stream, frames.get(_PANES[stream]), unit, recording)),
        )
        for stream in SENSORS
    )


def _lines(
    run: RunStatus, stream: str, frame: Frame | None, unit: Unit, recording: str
) -> Iterator[tuple[str, str]]:
    cameras = run.config.capture
    config = cameras.visible if stream == "visible" else cameras.thermal
    status = run.status(capture_process(stream))
    if recording:
        yield tr("device"), tr("none: {recording} is replayed", recording=recording)
    else:
        yield tr("device"), without_credentials(config.source)
    if not recording and config.source == "none":
        return
    if status is not None and status.camera is not None:
        yield tr("name"), status.camera.name
    yield tr("state"), _state(run, stream, status)
    yield from _format(config, frame, status)
    yield from _times(config, status, recording)
    if stream == "thermal":
        yield tr("shutter (FFC)"), _shutter(run, frame)
        yield from _radiometry(frame, unit)
    if frame is not None:
        yield from (
            (tr(_SAID[key]), f"{value:g}" if isinstance(value, float) else str(value))
            for key, value in frame.metadata.items()
            if key in _SAID
        )


def _state(run: RunStatus, stream: str, status: Status | None) -> str:
    """By the worker, who sees what comes; before that by the camera's own process."""
    worker = run.status(run.worker)
    state = run.stream(stream)
    if state is not None and worker is not None:
        age_ms = worker.ages_ms.get(stream)
        words = tr(STREAM_STATES[state])
        if age_ms is None:
            return words
        return tr("{state}, newest {age} old", state=words, age=seconds(age_ms))
    if status is None:
        return "-"
    detail = told(status.detail)
    return f"{tr(PROCESS_STATES[status.state])}{f': {detail}' if detail else ''}"


def _format(
    config: CameraConfig, frame: Frame | None, status: Status | None
) -> Iterator[tuple[str, str]]:
    camera = None if status is None else status.camera
    if frame is not None:
        height, width = frame.pixels.shape[:2]
        kind = frame.pixel_format.value
    elif camera is not None:
        width, height, kind = camera.width, camera.height, camera.pixel_format.value
    else:
        return
    if isinstance(config, ThermalCameraConfig) and config.format != "auto":
        kind = f"{kind} ({config.format})"
    yield tr("format"), kind
    size = f"{width} x {height}"
    if isinstance(config, ThermalCameraConfig) and config.bin > 1:
        size = tr("{size}, averaged over {n} x {n}", size=size, n=config.bin)
    yield tr("size"), size


def _times(
    config: CameraConfig, status: Status | None, recording: str
) -> Iterator[tuple[str, str]]:
    """Rate and evenness; of a recording they are those of its making, and not known."""
    if status is not None and status.camera is not None and not recording:
        yield tr("rate, as it says"), tr("{rate_hz:.1f} Hz", rate_hz=status.camera.rate_hz)
    if status is not None and (timing := status.timing) is not None:
        yield tr("rate, measured"), tr("{rate_hz:.1f} Hz", rate_hz=timing.rate_hz)
        jitter = tr(
            "±{jitter_ms:.1f} ms, longest {longest_ms:.0f} ms",
            jitter_ms=timing.jitter_ms,
            longest_ms=timing.longest_ms,
        )
        yield tr("jitter"), jitter
        yield tr("repeated pictures"), str(timing.duplicates)
        yield tr("opened again"), str(timing.reopened)
    if status is not None:
        for cause, count in status.left_out.items():
            yield tr("left out"), f"{cause}: {count}"
    yield tr("time offset (offset_ms)"), f"{config.offset_ms:+g} ms"


def _shutter(run: RunStatus, frame: Frame | None) -> str:
    closed = frame is not None and FrameFlag.FFC in frame.flags
    if closed or run.stream("thermal") is StreamState.FFC:
        return tr("closed now, as the camera announces")
    return tr("open, as far as the camera says")


def _radiometry(frame: Frame | None, unit: Unit) -> Iterator[tuple[str, str]]:
    """What a count means, and what the newest picture spans."""
    if frame is None or frame.pixels.ndim != 2:
        return
    scale = Scale.of(frame.radiometry, unit)
    if scale.radiometry is None:
        gain = tr("not known: relative counts, no degrees")
    else:
        radiometry = scale.radiometry
        gain = tr(
            "{gain_mk:g} mK a count, {offset_k:g} K at 0",
            gain_mk=round(radiometry.gain_k * 1000, 4),
            offset_k=round(radiometry.offset_k, 3),
        )
    yield tr("gain"), gain
    low, high = float(frame.pixels.min()), float(frame.pixels.max())
    ends = (f"{low:.0f}", f"{high:.0f}")
    counts = tr("{low} to {high} counts", low=ends[0], high=ends[1])
    if scale.radiometry is None:
        yield tr("span of the picture"), counts
    else:
        degrees = tr("{low} to {high}", low=scale.text(low), high=scale.text(high))
        yield tr("span of the picture"), f"{degrees} ({counts})"
