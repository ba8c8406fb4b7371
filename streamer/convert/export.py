"""Turns a stream of a recording into video, pictures or a table."""

import shutil
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path

import cv2
import msgspec

from streamer.clock import NS_PER_S, StreamNs, after, since
from streamer.convert.export_alignment import VisibleAligner, aligner
from streamer.convert.export_images import FilmColours, FilmSpans, Message
from streamer.convert.export_writers import Ffv1, Mp4, Png, Sink, Table, Tiff
from streamer.messages import Frame, SuperResolvedFrame
from streamer.paths import PathKind, kind_of
from streamer.recording import RecordingError, RecordingReader
from streamer.recording.wall_clock import WallClock
from streamer.thermal.palette_file import PaletteError, known_palette
from streamer.thermal.palettes import DEFAULT

_SAMPLES = 48  # pictures that an automatic span is found from
_FALLBACK_HZ = 30.0
_PREFERRED = ("sr", "thermal", "visible")
_VIDEO = {  # the first is taken where no name is given
    "mp4": (".mp4", ".m4v", ".mov", ".mkv", ".avi"),
    "ffv1": (".mkv", ".avi", ".mov", ".mp4", ".nut"),
}
_SUFFIX = {"mp4": ".mp4", "ffv1": ".mkv", "png": "", "tiff": ".tiff", "csv": ".csv"}


class Target(StrEnum):
    """What to make."""

    mp4 = "mp4"
    ffv1 = "ffv1"
    png = "png"
    tiff = "tiff"
    csv = "csv"


class ExportSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What to export, and how.

    `stream` None takes the results where there are some, else the thermal. `span` is in degrees
    Celsius, or in counts where those are unknown; None is found from the pictures. `start_s` and
    `end_s` count from the beginning of the recording. `calibration` lines the visible stream up
    with the thermal one; None does so by the one that the recording carries, if any, and the path
    `none` takes it as it came.
    """

    target: Target
    stream: str | None = None
    output: Path | None = None
    palette: str = DEFAULT
    span: tuple[float, float] | None = None
    start_s: float = 0.0
    end_s: float | None = None
    calibration: Path | None = None


def export(
    source: Path,
    settings: ExportSettings,
    progress: Callable[[int, int | None], None] = lambda done, total: None,
) -> Path:
    """Writes the export; it gets its name when it is whole.

    Args:
        source: a recording.
        settings: what to make.
        progress: called with the pictures done, and with all of them where that is known.

    Returns:
        The file or folder.

    Raises:
        RecordingError: the recording cannot be read or lacks the stream, the output exists or
            cannot be written, or stream or calibration do not suit.
        CalibrationError: the calibration is none.
    """
    reader = RecordingReader(source)
    stream = _stream(reader, settings)
    lined_up = aligner(reader, settings.calibration) if stream == "visible" else None
    output = settings.output or _name(source, stream, settings.target)
    suffixes = _VIDEO.get(settings.target)
    if suffixes is not None and output.suffix.lower() not in suffixes:
        wanted = f"{', '.join(suffixes[:-1])} or {suffixes[-1]}"
        came = output.suffix or "none"
        raise RecordingError(
            f"export {output}: --to {settings.target} takes the suffixes {wanted}; {came} came"
        )
    if not output.name:
        raise RecordingError(f"export {str(output)!r}: the name of a file or folder wanted")
    for taken in (output, output.with_suffix(".times.csv")):
        if kind_of(taken) is not PathKind.MISSING:
            raise RecordingError(f"{taken} exists already")
    part = output.with_name(f"{output.stem}.part{output.suffix}")
    try:
        sink = _sink(part, reader, stream, settings)
        try:
            done = _copy(reader, stream, settings, sink, lined_up, progress)
        finally:
            sink.close()
        if not done:
            raise RecordingError(f"recording {source}: {stream} has no picture in this part of it")
        part.rename(output)
        times = part.with_suffix(".times.csv")
        if times.exists():
            times.rename(output.with_suffix(".times.csv"))
    except OSError as error:
        _remove(part)
        raise RecordingError(f"export {output}: {error.strerror or error}") from error
    except BaseException:
        _remove(part)
        raise
    return output


def _copy(
    reader: RecordingReader,
    stream: str,
    settings: ExportSettings,
    sink: Sink,
    lined_up: VisibleAligner | None,
    progress: Callable[[int, int | None], None],
) -> int:
    whole = settings.start_s == 0 and settings.end_s is None
    counted = reader.tally().streams.get(stream)
    total = counted.messages if counted is not None and whole and reader.complete else None
    first_ns, done = None, 0
    for message, clock in _pictures(reader, stream, settings):
        first_ns = message.timestamp_ns if first_ns is None else first_ns
        seconds = since(message.timestamp_ns, first_ns) / NS_PER_S
        if lined_up is not None and isinstance(message, Frame):
            message = lined_up.aligned(message)
        sink.add(message, seconds, clock.wall_ns(message.timestamp_ns))
        done += 1
        progress(done, total)
    return done


def _pictures(
    reader: RecordingReader, stream: str, settings: ExportSettings
) -> Iterator[tuple[Message, WallClock]]:
    """The pictures, each with the clock of the file that it is in."""
    if reader.start_ns is None:
        return
    start_ns = after(reader.start_ns, settings.start_s * NS_PER_S)
    end_s = settings.end_s
    end_ns = None if end_s is None else after(reader.start_ns, end_s * NS_PER_S)
    for recorded in reader.read((stream,), start_ns, end_ns):
        if isinstance(recorded.message, Frame | SuperResolvedFrame):
            yield recorded.message, reader.clock_at(recorded.arrived_ns)


def _stream(reader: RecordingReader, settings: ExportSettings) -> str:
    stream = settings.stream or next(
        (name for name in _PREFERRED if name in reader.streams), "thermal"
    )
    if stream not in reader.streams:
        there = ", ".join(reader.streams) or "no pictures at all"
        raise RecordingError(f"recording {reader.path} holds {there}, not {stream}")
    if stream == "visible" and settings.target in (Target.tiff, Target.csv):
        raise RecordingError(f"--to {settings.target} takes thermal or sr: visible has no degrees")
    return stream


def _sink(path: Path, reader: RecordingReader, stream: str, settings: ExportSettings) -> Sink:
    match settings.target:
        case Target.png:
            return Png(path)
        case Target.tiff:
            return Tiff(path)
        case Target.csv:
            return Table(path)
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # our errors are better
    counted = reader.tally().streams.get(stream)
    rate_hz = round((counted and counted.rate_hz()) or _FALLBACK_HZ, 3)
    if settings.target is Target.ffv1:
        return Ffv1(path, rate_hz)
    try:
        known_palette(settings.palette)
    except PaletteError as error:
        raise RecordingError(str(error)) from error
    spans = FilmSpans(settings.span)
    if stream != "visible":
        _sample(reader, stream, spans)
    return Mp4(path, rate_hz, FilmColours(spans, settings.palette))


def _sample(reader: RecordingReader, stream: str, spans: FilmSpans) -> None:
    if reader.start_ns is None or reader.end_ns is None:
        return
    step_ns = max(1, since(reader.end_ns, reader.start_ns) // _SAMPLES)
    for moment_ns in range(reader.start_ns, reader.end_ns + 1, step_ns):
        for recorded in reader.newest(StreamNs(moment_ns), (stream,)):
            if isinstance(recorded.message, Frame | SuperResolvedFrame):
                spans.add(recorded.message)


def _name(source: Path, stream: str, target: Target) -> Path:
    stem = source.name.removesuffix(".part").removesuffix(".mcap")
    return source.with_name(f"{stem}.{stream}{_SUFFIX[target]}")


def _remove(part: Path) -> None:
    if part.is_dir():
        shutil.rmtree(part, ignore_errors=True)
    else:
        part.unlink(missing_ok=True)
    part.with_suffix(".times.csv").unlink(missing_ok=True)
