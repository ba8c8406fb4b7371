"""Writes a recording to one file.

What is safe when: a message has left this process at most a quarter of a second after it was
written (its chunk is closed then, and handed to the operating system unbuffered), so a killed
recorder loses no more. `fdatasync` every five seconds and at the end bounds what a power cut takes.
Until it is closed a file is called `NAME.mcap.part`, and locked, so that nobody takes it for one
that was left; no existing name is ever written over. It may be read by its owner alone.
"""

import errno
import os
from contextlib import suppress
from io import FileIO
from pathlib import Path

import msgspec

from streamer.clock import NS_PER_S, StreamNs
from streamer.config.recording import STREAMS
from streamer.locks import hold
from streamer.paths import check_name
from streamer.recording.container.writer import McapWriter
from streamer.recording.errors import RecordingError, in_words, taken_in_words
from streamer.recording.names import PART
from streamer.recording.schema import (
    INFO_NAME,
    EncodedMessage,
    Recordable,
    RecordingInfo,
    encode_message,
    info_to_map,
    peek_header,
    schemas,
)
from streamer.recording.statistics import TALLY_NAME, StatisticsCollector
from streamer.recording.wall_clock import CLOCK_NAME, ClockHistory, ClockNote
from streamer.version import software

CHUNK_NS = NS_PER_S // 4
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_MODE = 0o600  # no other user may read it: there may be people in the pictures
_LOOK_EVERY_NS = NS_PER_S  # whether the file is still where it was made
_SYNC_EVERY_NS = 5 * NS_PER_S


class RecordingWriter:
    """One recording in one file. All times are monotonic, as in the messages.

    Attributes:
        path: the finished file; the unfinished one until `close`, or after a failure.

    Args:
        path: the name of the finished file.
        info: what holds for the whole recording.
        part: what the name ends in until then.

    Raises:
        RecordingError: the name is taken, or the file cannot be made.
    """

    def __init__(self, path: Path, info: RecordingInfo, *, part: str = PART) -> None:
        if not path.name:
            raise RecordingError(f"recording {str(path)!r}: the name of a file wanted")
        self._final = path
        self.path = path.with_name(path.name + part)
        self._info = info
        self._synced_ns: int | None = None
        self._looked_ns = 0
        self._failure: RecordingError | None = None
        self._whole = False
        self._clock = ClockHistory()
        self._keeper = StatisticsCollector()
        self._schemas = schemas()
        self._schema_ids: dict[str, int] = {}
        self._channels: dict[str, int] = {}
        self._file = _made(path, self.path)
        self._inode = os.fstat(self._file.fileno()).st_ino
        try:
            self._mcap = McapWriter(self._file, library=software(), chunk_ns=CHUNK_NS)
            self._mcap.add_metadata(INFO_NAME, info_to_map(info))
        except OSError as error:
            self._file.close()
            self.path.unlink(missing_ok=True)
            raise in_words(self.path, error) from error

    @property
    def size_bytes(self) -> int:
        """Bytes written so far."""
        return self._mcap.size_bytes

    @property
    def info(self) -> RecordingInfo:
        """The description as it was written last."""
        return self._info

    def write(self, message: Recordable, arrived_ns: StreamNs) -> int:
        """Adds a message.

        Args:
            message: a picture, a change of mode, an event or the state of the session.
            arrived_ns: when it came to the recorder.

        Returns:
            How many frames of its stream are missing before it.

        Raises:
            RecordingError: the disk is full, the file has vanished, or an earlier call failed.
        """
        return self.write_stored(encode_message(message, self._info, arrived_ns))

    def write_stored(self, stored: EncodedMessage) -> int:
        """Adds a message as another recording holds it; otherwise as `write`."""
        if self._failure is not None:
            raise self._failure
        missing = 0
        if stored.stream in STREAMS:
            head = stored.head or peek_header(stored)
            size = sum(len(payload.data) for payload in stored.payloads)
            missing = self._keeper.add(stored.stream, head.sequence, head.timestamp_ns, size)
            if head.mode is not None:
                self._keeper.add_mode(head.mode)
        offset_ns = self._info.wall_offset_ns
        try:
            for payload in stored.payloads:
                self._mcap.add_message(
                    self._channel(payload.topic, payload.schema),
                    log_ns=max(0, stored.arrived_ns + offset_ns),
                    publish_ns=max(0, stored.published_ns + offset_ns),
                    sequence=stored.sequence,
                    data=payload.data,
                )
        except OSError as error:
            raise self._failed(error) from error
        self.tick(stored.arrived_ns)
        return missing

    def describe(self, info: RecordingInfo) -> None:
        """Writes the description anew: more is known by now. Readers take the last one.

        Its number and `wall_offset_ns` stay what they are: the messages in the file go by them.

        Raises:
            RecordingError: as `write`.
        """
        self._info = msgspec.structs.replace(
            info, segment=self._info.segment, wall_offset_ns=self._info.wall_offset_ns
        )
        self._add_metadata(INFO_NAME, info_to_map(self._info))

    def note_clock(self, note: ClockNote) -> None:
        """Writes what the time of day is at a moment. Readers believe the last one.

        Raises:
            RecordingError: as `write`.
        """
        self._clock.add(note)
        self._add_metadata(CLOCK_NAME, self._clock.to_map())

    def tick(self, now_ns: int) -> None:
        """Closes a chunk that is due, and looks after the file.

        Raises:
            RecordingError: as `write`.
        """
        if self._failure is not None:
            raise self._failure
        try:
            self._mcap.close_chunk_if_due(max(0, now_ns + self._info.wall_offset_ns))
            if now_ns - self._looked_ns >= _LOOK_EVERY_NS:
                self._looked_ns = now_ns
                self._look()
            if self._synced_ns is None:
                self._synced_ns = now_ns
            elif now_ns - self._synced_ns >= _SYNC_EVERY_NS:
                self._synced_ns = now_ns
                os.fdatasync(self._file.fileno())
        except OSError as error:
            raise self._failed(error) from error

    def close(self) -> None:
        """Completes the file and gives it its name.

        Raises:
            RecordingError: it could not be completed; what was written is readable under `path`.
        """
        if self._file.closed:
            return
        try:
            self._complete()
        except OSError as error:
            raise self._failed(error) from error

    def discard(self) -> None:
        """Gives up: nothing is left of it."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def _add_metadata(self, name: str, fields: dict[str, str]) -> None:
        if self._failure is not None:
            raise self._failure
        try:
            self._mcap.add_metadata(name, fields)
        except OSError as error:
            raise self._failed(error) from error

    def _complete(self) -> None:
        """Writes the end and gives the file its name; it is in use until it has it."""
        if not self._whole:
            self._mcap.close_chunk()
            tally = msgspec.json.encode(self._keeper.tally()).decode()
            self._mcap.add_metadata(TALLY_NAME, {"tally": tally})
            self._mcap.finish()
            os.fsync(self._file.fileno())
            self._whole = True
        self._look()
        give_name(self.path, self._final)
        self.path = self._final
        self._file.close()

    def _look(self) -> None:
        if self.path.stat().st_ino != self._inode:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    def _channel(self, topic: str, schema_name: str) -> int:
        channel = self._channels.get(topic)
        if channel is None:
            schema = self._schemas[schema_name]
            schema_id = self._schema_ids.get(schema_name)
            if schema_id is None:
                schema_id = self._mcap.add_schema(schema.name, schema.schema_encoding, schema.data)
                self._schema_ids[schema_name] = schema_id
            channel = self._mcap.add_channel(topic, schema.message_encoding, schema_id)
            self._channels[topic] = channel
        return channel

    def _failed(self, error: OSError) -> RecordingError:
        """Saves what can be saved; the file is readable afterwards wherever it still exists."""
        self._failure = in_words(self.path, error)
        if not self._file.closed:
            try:
                if error.errno != errno.ENOENT:
                    self._mcap.drop_chunk()  # there was no room for it
                self._complete()
            except OSError:
                self._file.close()
            else:
                self._failure = in_words(self.path, error)  # by the name that it has now
        return self._failure


def _made(final: Path, part: Path) -> FileIO:
    check_name(final)
    try:
        if os.path.lexists(final):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        descriptor = os.open(part, _NEW, _MODE)
    except FileExistsError as error:
        taken = final if os.path.lexists(final) else part
        raise taken_in_words(taken) from error
    except OSError as error:
        raise in_words(final, error) from error
    with suppress(OSError):  # without locks, nobody takes it for left either
        hold(descriptor)
    return FileIO(descriptor, "wb")


def give_name(part: Path, final: Path) -> None:
    """Gives a finished file its name, durably; no other file is ever written over.

    Raises:
        FileExistsError: the name is taken.
        OSError: the file system does not do it.
    """
    try:
        os.link(part, final)  # unlike a rename, it fails where the name exists
        part.unlink()
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(final):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        part.rename(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
