"""Completes what a killed recorder left, in its place: the file gets the end that it lacks.

What is whole in it stays where it is, so that a recording of hundreds of gigabytes needs neither
that much room nor that much time. A torn record at its end is cut off; a file that is damaged
before its end is not touched (`streamer.recording.recovery` makes a good copy of it).
"""

import errno
import os
from collections import Counter
from io import FileIO
from pathlib import Path

import msgspec
from mcap.opcode import Opcode
from mcap.records import Channel, ChunkIndex, MessageIndex, Metadata, MetadataIndex, Schema

from streamer.clock import NS_PER_S
from streamer.config.recording import STREAMS
from streamer.locks import try_hold
from streamer.recording.container.index import McapIndex, bytes_of
from streamer.recording.container.magic import MAGIC
from streamer.recording.container.reader import McapFileError
from streamer.recording.container.records import (
    BAD,
    CHUNK,
    RECORD,
    ChunkEntry,
    RawMessage,
    RecordHead,
    chunk_head,
    data_stream,
    index_channel,
    next_chunk,
    record_head,
)
from streamer.recording.container.writer import COMPRESSION
from streamer.recording.errors import RecordingError, in_words
from streamer.recording.names import PART
from streamer.recording.recovery import GoOn, Recovery, RecoveryStoppedError
from streamer.recording.schema import peek_header
from streamer.recording.statistics import TALLY_NAME, StatisticsCollector
from streamer.recording.writing.segment_file import RecordingFile, join_headers_with_images
from streamer.recording.writing.writer import give_name

_DATA = (
    *(Opcode.HEADER, Opcode.SCHEMA, Opcode.CHANNEL),
    *(Opcode.METADATA, Opcode.CHUNK, Opcode.MESSAGE_INDEX),
)


class RecordingInUseError(RecordingError):
    """A file that some process is writing at this moment."""


class DamagedRecordingError(RecordingError):
    """A file with damage before its end: it takes a copy to mend it."""


def complete(part: Path, *, go_on: GoOn = lambda: True) -> Recovery:
    """Completes an unfinished recording and gives it its name.

    Args:
        part: `NAME.mcap.part`.
        go_on: whether to go on; asked for each chunk, before the file is changed.

    Raises:
        RecoveryStoppedError: it was told to stop.
        RecordingInUseError: its writer lives.
        DamagedRecordingError: it is damaged before its end.
        RecordingError: it is no recording of ours, its name is taken, or it cannot be written.
    """
    try:
        descriptor = os.open(part, os.O_RDWR | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
        with FileIO(descriptor, "r+b") as file:
            if not try_hold(descriptor):
                raise RecordingInUseError(f"recording {part} is still being written")
            if part.lstat().st_ino != os.fstat(descriptor).st_ino:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            return _Completion(part, file, go_on).run()
    except FileNotFoundError as error:
        raise RecordingError(f"recording {part} does not exist") from error
    except OSError as error:
        raise in_words(part, error) from error


class _Completion:
    """One file under completion."""

    def __init__(self, part: Path, file: FileIO, go_on: GoOn) -> None:
        self._part = part
        self._go_on = go_on
        self._file = file
        self._recording = RecordingFile(part, lenient=False)
        self._size = os.fstat(file.fileno()).st_size
        self._index = McapIndex()
        self._chunks: list[tuple[ChunkEntry, dict[int, int]]] = []  # with its message indexes
        self._keeper = StatisticsCollector()
        self._end = len(MAGIC)

    def run(self) -> Recovery:
        """Completes it, as `complete` says."""
        if not self._recording.mcap.complete:
            self._walk()
            torn = b""
            for entry, places in self._chunks:
                messages = self._read(entry)
                counts = Counter(message.channel for message in messages)
                if entry is self._chunks[-1][0] and set(places) != set(counts):
                    torn = self._indexes_of(entry, places, messages)
                self._add(entry, places, counts)
                self._check_stop()
            self._append(torn)
        final = self._part.with_name(self._part.name.removesuffix(PART))
        give_name(self._part, final)
        return self._told(final)

    def _check_stop(self) -> None:
        if not self._go_on():
            raise RecoveryStoppedError(f"recording {self._part}: told to stop")

    def _walk(self) -> None:
        """Takes note of all that is whole but the chunks' contents."""
        offset = self._end
        while offset < self._size:
            try:
                record = record_head(self._file, offset, self._size)
                if record.opcode not in _DATA:
                    break  # the end was being written, or no writer of ours has written that
                self._take(record)
            except BAD:
                break
            offset = record.following
            if record.opcode == Opcode.CHUNK:
                self._check_stop()
        self._end = offset
        if next_chunk(self._file, offset + 1, self._size) is not None:
            raise self._damaged(f"{self._part} is damaged at byte {offset}, before its end")

    def _take(self, record: RecordHead) -> None:
        match record.opcode:
            case Opcode.SCHEMA:
                self._index.schemas.append(Schema.read(data_stream(self._content(record))))
            case Opcode.CHANNEL:
                self._index.channels.append(Channel.read(data_stream(self._content(record))))
            case Opcode.METADATA:
                name = Metadata.read(data_stream(self._content(record))).name
                length = record.following - record.offset
                self._index.add_metadata(MetadataIndex(record.offset, length, name))
            case Opcode.CHUNK:
                self._chunks.append((chunk_head(self._file, record), {}))
            case Opcode.MESSAGE:
                raise ValueError("a message outside of any chunk")
            case Opcode.MESSAGE_INDEX if self._chunks:
                self._chunks[-1][1][index_channel(self._file, record)] = record.offset

    def _content(self, record: RecordHead) -> bytes:
        return self._file.read(record.length)

    def _read(self, entry: ChunkEntry) -> list[RawMessage]:
        """The messages of a chunk, counted."""
        recording = self._recording
        try:
            found = recording.mcap.read_chunk(self._file, entry)
        except McapFileError as error:
            raise self._damaged(str(error)) from error
        ours = [message for message in found if message.channel in recording.topics]
        for stored in join_headers_with_images(recording, ours):
            if stored.stream not in STREAMS:
                continue
            head = peek_header(stored)
            size = sum(len(payload.data) for payload in stored.payloads)
            self._keeper.add(stored.stream, head.sequence, head.timestamp_ns, size)
            if head.mode is not None:
                self._keeper.add_mode(head.mode)
        return found

    def _damaged(self, words: str) -> DamagedRecordingError:
        return DamagedRecordingError(f"recording {words}; corefusion recover makes a good copy")

    def _indexes_of(
        self, entry: ChunkEntry, places: dict[int, int], messages: list[RawMessage]
    ) -> bytes:
        """The message indexes of the last chunk, which were torn off."""
        entries: dict[int, list[tuple[int, int]]] = {}
        offset = 0
        for message in messages:
            entries.setdefault(message.channel, []).append((message.log_ns, offset))
            offset += RECORD.size + 22 + len(message.data)
        self._end = entry.offset + entry.length
        indexes = b""
        for channel, given in entries.items():
            places[channel] = self._end + len(indexes)
            indexes += bytes_of(MessageIndex(channel, given))
        return indexes

    def _add(self, entry: ChunkEntry, places: dict[int, int], counts: Counter[int]) -> None:
        self._file.seek(entry.offset + RECORD.size)
        size = CHUNK.unpack(self._file.read(CHUNK.size))[2]
        self._index.add_chunk(
            ChunkIndex(
                chunk_length=entry.length,
                chunk_start_offset=entry.offset,
                compression=COMPRESSION,
                compressed_size=entry.length - RECORD.size - CHUNK.size - len(COMPRESSION) - 8,
                message_end_time=entry.end_ns,
                message_index_length=sum(RECORD.size + 6 + 16 * n for n in counts.values()),
                message_index_offsets=places,
                message_start_time=entry.start_ns,
                uncompressed_size=size,
            ),
            counts,
        )

    def _append(self, torn: bytes) -> None:
        """Writes the end, or leaves the file as long as its whole records are."""
        tally = msgspec.json.encode(self._keeper.tally()).decode()
        metadata = bytes_of(Metadata(TALLY_NAME, {"tally": tally}))
        place = self._end + len(torn)
        self._index.add_metadata(MetadataIndex(place, len(metadata), TALLY_NAME))
        rest = memoryview(torn + metadata + self._index.ending(place + len(metadata)))
        self._file.truncate(self._end)
        self._file.seek(self._end)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
            os.fsync(self._file.fileno())
        except OSError:
            self._file.truncate(self._end)
            raise

    def _told(self, final: Path) -> Recovery:
        recording = RecordingFile(final, lenient=False)
        start_ns, end_ns = recording.start_ns, recording.end_ns
        seconds = 0.0 if start_ns is None or end_ns is None else (end_ns - start_ns) / NS_PER_S
        return Recovery(final, recording.mcap.messages, seconds, ())
