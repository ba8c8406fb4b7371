"""Recordings for tests: a few small pictures of every kind, and what else a run records."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from streamer.clock import HostNs, StreamNs, after
from streamer.messages import (
    CameraInfo,
    Consistency,
    Frame,
    FrameFlag,
    Mode,
    ModeChange,
    PixelFormat,
    ProcessHealth,
    ProcessState,
    Radiometry,
    SessionStatus,
    Source,
    Status,
    SuperResolvedFrame,
    TimelineEvent,
    Uncertainty,
)
from streamer.recording import (
    Recordable,
    RecordingInfo,
    RecordingWriter,
    TimestampedMessage,
    Writer,
)

MS = 1_000_000
S = 1_000_000_000
START = StreamNs(5_000 * S)
OFFSET = 1_700_000_000 * S
PERIOD = 33 * MS
INFO = RecordingInfo(
    recording="of-a-test",
    wall_offset_ns=OFFSET,
    software="corefusion-live 0",
    config={"capture": {"visible": {"source": "sim"}}},
    cameras={
        "thermal": CameraInfo(
            name="sim",
            width=16,
            height=12,
            pixel_format=PixelFormat.MONO16,
            rate_hz=30.0,
            live=False,
        )
    },
    model="fast:sensor",
    model_sha256="ab" * 32,
    engine="openvino",
    precision="bf16",
    threads=2,
)


def visible(index: int) -> Frame:
    rows, columns = np.mgrid[:24, :32]
    grey = ((rows * 5 + columns * 3 + index) % 256).astype(np.uint8)
    return Frame(
        stream="visible",
        sequence=index,
        timestamp_ns=after(START, index * PERIOD),
        pixel_format=PixelFormat.BGR8,
        pixels=np.ascontiguousarray(np.repeat(grey[..., None], 3, axis=2)),
    )


def thermal(index: int, stream: str = "thermal") -> Frame:
    rng = np.random.default_rng(index)
    return Frame(
        stream=stream,
        sequence=2**33 + index,
        timestamp_ns=after(START, index * PERIOD + 3 * MS),
        pixel_format=PixelFormat.MONO16,
        pixels=rng.integers(29000, 31000, (12, 16), np.uint16),
        radiometry=Radiometry(0.01, 0.5),
        flags=(FrameFlag.FFC,) if index % 7 == 3 else (),
        metadata={"fpa_celsius": 31.25, "serial": "A1", "gain": 2, "shutter": True},
    )


def result(index: int) -> SuperResolvedFrame:
    rng = np.random.default_rng(1000 + index)
    at = after(START, index * PERIOD + 3 * MS)
    return SuperResolvedFrame(
        sequence=index,
        timestamp_ns=at,
        published_ns=after(at, 12 * MS),
        mode=Mode.GUIDED if index % 2 else Mode.THERMAL_ONLY,
        pixel_format=PixelFormat.MONO16,
        pixels=rng.integers(29000, 31000, (24, 32), np.uint16),
        thermal=Source(2**33 + index, at),
        visible=Source(index, after(at, -3 * MS)) if index % 2 else None,
        radiometry=Radiometry(0.01, 0.5),
        skew_ms=-3.0 if index % 2 else None,
        stage_ms={"pair": 0.25, "infer": 7.125},
        consistency=Consistency(2.5, 25.0),
        uncertainty=Uncertainty(2, 2, 0.5, 40.0, b"\x00\x10\x20\xff") if index % 2 else None,
    )


def session(at_ns: int) -> SessionStatus:
    at_ns = HostNs(at_ns)
    status = Status(
        process="inference",
        pid=7,
        timestamp_ns=at_ns,
        state=ProcessState.RUNNING,
        dropped={"thermal/late": 2},
        mode=Mode.GUIDED,
    )
    return SessionStatus(
        timestamp_ns=at_ns,
        origin_ns=HostNs(START),
        first_result_ns=HostNs(START + 9 * MS),
        processes={"inference": ProcessHealth(ProcessState.RUNNING, "", 1, True)},
        statuses={"inference": status},
        dropped={"visible/gap": 1},
    )


def messages(count: int, first: int = 0) -> Iterator[TimestampedMessage]:
    """What a run of `count` thermal frames records, in the order it arrives."""
    for index in range(first, first + count):
        at = after(START, index * PERIOD)
        yield TimestampedMessage(visible(index), after(at, 4 * MS))
        yield TimestampedMessage(thermal(index), after(at, 5 * MS))
        yield TimestampedMessage(thermal(index, "truth"), after(at, 5 * MS))
        if index % 10 == 4:
            change = ModeChange(after(at, 6 * MS), Mode.GUIDED, Mode.THERMAL_ONLY, "visible stale")
            yield TimestampedMessage(change, after(at, 6 * MS))
            yield TimestampedMessage(
                TimelineEvent(after(at, 7 * MS), "ffc", "the shutter closes"), after(at, 7 * MS)
            )
            yield TimestampedMessage(session(after(at, 8 * MS)), after(at, 8 * MS))
        yield TimestampedMessage(result(index), after(at, 16 * MS))


def at_another_uptime(
    given: Iterable[TimestampedMessage], by_ns: int
) -> Iterator[TimestampedMessage]:
    """The same, recorded on a host that had been up so much longer (or shorter, if negative)."""
    for message, arrived_ns in given:
        yield TimestampedMessage(_moved(message, by_ns), StreamNs(arrived_ns + by_ns))


def _moved(value: Any, by_ns: int) -> Any:
    """Adds to every moment in a message, however deep it lies."""
    if isinstance(value, msgspec.Struct):
        changed = {
            name: (
                field + by_ns
                if name.endswith("_ns") and isinstance(field, int)
                else _moved(field, by_ns)
            )
            for name in value.__struct_fields__
            if (field := getattr(value, name)) is not None
        }
        return msgspec.structs.replace(value, **changed)
    if isinstance(value, dict):
        return {key: _moved(each, by_ns) for key, each in value.items()}
    return value


def record(
    writer: Writer, given: Sequence[TimestampedMessage] | Iterator[TimestampedMessage]
) -> None:
    for message, arrived_ns in given:
        writer.write(message, arrived_ns)
    writer.close()


def recorded(path: Path, count: int = 30, info: RecordingInfo = INFO) -> Path:
    """A finished recording."""
    record(RecordingWriter(path, info), messages(count))
    return path


def as_plain(message: Recordable) -> dict[str, Any]:
    """Every field but the visible's pixels, which JPEG changes."""
    fields: dict[str, Any] = {
        name: getattr(message, name) for name in message.__struct_fields__
    } | {"kind": type(message).__name__}
    pixels = fields.get("pixels")
    if pixels is not None:
        fields["pixels"] = (str(pixels.dtype), pixels.shape)
        if pixels.ndim == 2:
            fields["bytes"] = pixels.tobytes()
    return fields
