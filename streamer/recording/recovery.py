"""Makes a good recording of a damaged or unfinished one. The original is only read."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from streamer.clock import NS_PER_S
from streamer.config.recording import STREAMS
from streamer.locks import is_held
from streamer.paths import PathKind, kind_of
from streamer.recording.errors import RecordingError
from streamer.recording.names import PART, SUFFIX
from streamer.recording.reader import RecordingReader
from streamer.recording.schema import peek_header
from streamer.recording.wall_clock import pieces
from streamer.recording.writing.writer import RecordingWriter


class Recovery(msgspec.Struct, frozen=True):
    """What came of it: where the good recording is, what it holds, what was left out."""

    path: Path
    messages: int
    seconds: float
    damage: tuple[str, ...]


class RecoveryStoppedError(RecordingError):
    """It was told to stop; nothing has changed."""


GoOn = Callable[[], bool]
"""Asked again and again while there is work; it may wait, and says whether to go on."""


def recover(source: Path, output: Path | None = None, *, go_on: GoOn = lambda: True) -> Recovery:
    """Writes all that is whole in a recording to a new one; segments become one file.

    Args:
        source: a `.mcap`, an unfinished `.mcap.part`, or a folder of segments.
        output: the new file. By default an unfinished `NAME.mcap.part` becomes `NAME.mcap`, and
            any other `NAME.recovered.mcap`.
        go_on: whether to go on; asked for each message.

    Raises:
        RecoveryStoppedError: it was told to stop.
        RecordingError: nothing in it can be read, it is still being written, or the output exists
            or cannot be written.
    """
    if output is None and _is_written(source):
        raise RecordingError(
            f"recording {source} is still being written; --output F makes a copy of what is there"
        )
    reader = RecordingReader(source, lenient=True)
    if not reader.streams:
        raise RecordingError(f"recording {source}: nothing in it can be recovered")
    info = msgspec.structs.replace(reader.info, segment=0)
    writer = RecordingWriter(output or _name_beside(source), info, part=f".recovering{PART}")
    damage: list[str] = []
    messages, pictures, first_ns, last_ns = 0, 0, None, 0
    try:
        clocks = reader.clocks
        if len(clocks) > 1 or any(clock.notes for _, clock in clocks):
            for note in pieces(clocks):
                writer.note_clock(note)
        for stored in reader.stored():
            if not go_on():
                raise RecoveryStoppedError(f"recording {source}: told to stop")
            try:
                if stored.stream in STREAMS:
                    peek_header(stored)
            except RecordingError as error:
                damage.append(str(error))
                continue
            writer.write_stored(stored)
            messages += 1
            first_ns = stored.arrived_ns if first_ns is None else first_ns
            last_ns = stored.arrived_ns
            pictures += stored.stream in STREAMS
        if not pictures:
            why = "; ".join((*reader.damage, *damage)) or "it holds no picture"
            raise RecordingError(f"recording {source}: nothing in it can be recovered: {why}")
        writer.close()
    except BaseException:
        writer.discard()
        raise
    seconds = 0.0 if first_ns is None else (last_ns - first_ns) / NS_PER_S
    return Recovery(writer.path, messages, seconds, (*reader.damage, *damage))


def _is_written(source: Path) -> bool:
    try:
        return source.name.endswith(PART) and kind_of(source) is PathKind.FILE and is_held(source)
    except OSError:  # it says itself why, when it is read
        return False


def _name_beside(source: Path) -> Path:
    if source.name.endswith(SUFFIX + PART):
        finished = source.with_name(source.name.removesuffix(PART))
        if kind_of(finished) is PathKind.MISSING:
            return finished
        source = finished
    return source.with_name(source.name.removesuffix(SUFFIX) + f".recovered{SUFFIX}")
