"""A recording as a run makes one, without the run: the same to the bit on every host."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import msgspec
import numpy as np

from streamer.clock import HostNs, StreamNs, after
from streamer.messages import (
    CameraInfo,
    Frame,
    PixelFormat,
    ProcessHealth,
    ProcessState,
    Radiometry,
    SessionStatus,
)
from streamer.recording import RecordingInfo, RecordingWriter, TimestampedMessage
from tests.support.recordings import MS, OFFSET, START, S, at_another_uptime, record

RATE_HZ = 30
SECONDS = 5.0
DROPOUT_S = (1.0, 2.0)
"""No visible frames come."""
DEATH_S = (3.0, 3.4)
"""The visible camera's process is dead."""
Span = tuple[float, float]
_TRUTH = (96, 128)
_SENSOR = (24, 32)
_RADIOMETRY = Radiometry(0.01, 0.0)
INFO = RecordingInfo(
    recording="steady",
    wall_offset_ns=OFFSET,
    software="corefusion-live 0",
    cameras={
        name: CameraInfo(
            name="sim",
            width=shape[1],
            height=shape[0],
            pixel_format=pixel_format,
            rate_hz=float(RATE_HZ),
            live=False,
        )
        for name, shape, pixel_format in (
            ("visible", _TRUTH, PixelFormat.BGR8),
            ("thermal", _SENSOR, PixelFormat.MONO16),
        )
    },
    model="bilinear",
    engine="opencv",
    precision="f32",
)


def steady_recording(
    path: Path,
    seconds: float = SECONDS,
    *,
    faults: bool = True,
    dropout_s: Span = DROPOUT_S,
    death_s: Span = DEATH_S,
    uptime_s: float = START / S,
) -> Path:
    """Writes one; with `faults`, the visible stream drops out for a while and dies once.

    Its host had been up for `uptime_s` when it began; the time of day is the same for all.
    """
    spans = (dropout_s, death_s) if faults else ((seconds, seconds),) * 2
    by_ns = round(uptime_s * S) - START
    info = msgspec.structs.replace(INFO, wall_offset_ns=INFO.wall_offset_ns - by_ns)
    record(RecordingWriter(path, info), at_another_uptime(_messages(seconds, *spans), by_ns))
    return path


def _messages(seconds: float, dropout_s: Span, death_s: Span) -> Iterator[TimestampedMessage]:
    for index in range(round(seconds * RATE_HZ)):
        passed_s = index / RATE_HZ
        at = after(START, index * S // RATE_HZ)
        dead = death_s[0] <= passed_s < death_s[1]
        silent = dropout_s[0] <= passed_s < dropout_s[1]
        if index % 6 == 0 or passed_s in death_s:
            yield TimestampedMessage(_session(at, visible_lives=not dead), at)
        counts, colours = _scene(index)
        if not (dead or silent):
            yield TimestampedMessage(
                _frame("visible", index, at, colours, PixelFormat.BGR8), after(at, 4 * MS)
            )
        thermal_at = after(at, 3 * MS)
        small = cv2.resize(counts, _SENSOR[::-1], interpolation=cv2.INTER_AREA)
        for stream, pixels in (("thermal", small), ("truth", counts)):
            measured = np.rint(pixels).astype(np.uint16)
            yield TimestampedMessage(
                _frame(stream, index, thermal_at, measured, PixelFormat.MONO16), after(at, 5 * MS)
            )


def _frame(
    stream: str, index: int, at: StreamNs, pixels: np.ndarray, pixel_format: PixelFormat
) -> Frame:
    return Frame(
        stream=stream,
        sequence=index,
        timestamp_ns=at,
        pixel_format=pixel_format,
        pixels=pixels,
        radiometry=None if stream == "visible" else _RADIOMETRY,
    )


def _scene(index: int) -> tuple[np.ndarray, np.ndarray]:
    """A warm body that moves over a wall with warmer and colder places, in counts and in colour."""
    rows, columns = np.mgrid[: _TRUTH[0], : _TRUTH[1]].astype(np.float32)
    centre = 40 + 0.3 * index
    body = np.exp(-(((columns - centre) / 14) ** 2 + ((rows - 50) / 26) ** 2))
    wall = np.sin(columns / 9) * np.cos(rows / 7)
    counts = 29300 + 60 * wall + 900 * body
    grey = 110 + 60 * wall + 60 * body
    colours = np.stack([grey, grey * 0.8 + rows * 0.4, 255 - grey], axis=2)
    return counts, np.rint(colours).clip(0, 255).astype(np.uint8)


def _session(at: StreamNs, *, visible_lives: bool) -> SessionStatus:
    return SessionStatus(
        timestamp_ns=HostNs(at),
        origin_ns=HostNs(START),
        first_result_ns=HostNs(START),
        processes={
            "capture.visible": ProcessHealth(ProcessState.RUNNING, "", 0, visible_lives),
            "capture.thermal": ProcessHealth(ProcessState.RUNNING, "", 0, True),
            "inference": ProcessHealth(ProcessState.RUNNING, "", 0, True),
        },
        statuses={},
        dropped={},
    )
