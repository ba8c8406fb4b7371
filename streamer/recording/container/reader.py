"""Reads MCAP files that may be unfinished, cut off or damaged. Trusts no length in them.

A finished file is opened by its index. Any other is walked through from the front, from record to
record, without reading the pictures; where a record makes no sense, the walk goes on at the next
thing that looks like a chunk. Both ways end in the same list of chunks.
"""

import zlib
from pathlib import Path
from typing import BinaryIO

from mcap.opcode import Opcode
from mcap.records import (
    Channel,
    ChunkIndex,
    Footer,
    Metadata,
    MetadataIndex,
    Schema,
    Statistics,
)

from streamer.errors import CorefusionError
from streamer.recording.container.compression import decompressed
from streamer.recording.container.magic import MAGIC
from streamer.recording.container.records import (
    BAD,
    CHUNK,
    FOOTER_SIZE,
    MAX_CHUNK,
    MAX_RECORD,
    RECORD,
    ChunkEntry,
    RawMessage,
    chunk_head,
    data_stream,
    index_channel,
    message_entry,
    messages_in,
    next_chunk,
    record_head,
    records_in,
)

_MAX_SUMMARY = 512 * 2**20
_RUN_BYTES = 4 * 2**20  # of messages without a chunk, that are read at once


class McapFileError(CorefusionError):
    """A file that is no MCAP, cannot be read, or a chunk that is damaged."""


class McapFile:
    """An opened MCAP file.

    Attributes:
        complete: whether its end and its index are in place.
        channels: by id.
        schemas: by id.
        metadata: the named maps, a later one of a name in place of an earlier.
        chunks: in the order of the file.
        messages: how many, where it is complete.
        counts: how many by channel, where it says so itself.
        damage: what was found broken, in words.

    Raises:
        McapFileError: it cannot be read, or does not start as an MCAP file does.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.complete = False
        self.messages = 0
        self.counts: dict[int, int] | None = None
        self.channels: dict[int, Channel] = {}
        self.schemas: dict[int, Schema] = {}
        self.metadata: dict[str, dict[str, str]] = {}
        self.chunks: list[ChunkEntry] = []
        self.damage: list[str] = []
        try:
            with path.open("rb") as file:
                self.size_bytes = file.seek(0, 2)
                file.seek(0)
                start = file.read(len(MAGIC))
                if start != MAGIC:
                    came = "is empty" if not start else f"starts with {start!r}"
                    raise McapFileError(f"{path} is no MCAP file: it {came}")
                if not self._read_summary(file):
                    self._scan(file)
                elif not (self.chunks and self.metadata):
                    # Other programs write no chunks, or do not list them, or not the maps.
                    self.chunks = []
                    self._scan(file)
                if not self.channels:
                    self._find_channels(file)
        except OSError as error:
            raise McapFileError(f"{path}: {error.strerror or error}") from error

    def read_chunk(self, file: BinaryIO, entry: ChunkEntry) -> list[RawMessage]:
        """The messages of a chunk, in the order they were written.

        Raises:
            McapFileError: it does not hold what it claims.
        """
        try:
            file.seek(entry.offset)
            return list(messages_in(self._content_of(file.read(entry.length))))
        except OSError as error:
            raise McapFileError(f"{self.path}: {error.strerror or error}") from error
        except BAD as error:
            raise McapFileError(f"{self.path}: chunk at byte {entry.offset}: {error}") from error

    def _content_of(self, record: bytes) -> bytes:
        """The records of a chunk, or those of a run without one."""
        opcode, length = RECORD.unpack_from(record)
        if opcode == Opcode.MESSAGE:
            return record
        if opcode != Opcode.CHUNK or length != len(record) - RECORD.size:
            raise ValueError("no chunk stands there")
        stream = data_stream(record[RECORD.size :])
        _, _, size, crc, name_length = CHUNK.unpack(stream.read(CHUNK.size))
        compression = stream.read(name_length).decode()
        data = stream.read(stream.read8())
        if size > MAX_CHUNK:
            raise ValueError(f"it claims {size} bytes")
        data = decompressed(compression, data, size)
        if len(data) != size or (crc and zlib.crc32(data) != crc):
            raise ValueError("its checksum differs")
        return data

    def _read_summary(self, file: BinaryIO) -> bool:
        """Takes the index at the end; False when it is not there or not whole."""
        if self.size_bytes < len(MAGIC) + FOOTER_SIZE:
            return False
        file.seek(self.size_bytes - FOOTER_SIZE)
        end = file.read(FOOTER_SIZE)
        if not end.endswith(MAGIC) or RECORD.unpack_from(end) != (Opcode.FOOTER, 20):
            return False
        footer = Footer.read(data_stream(end[RECORD.size :]))
        start, stop = footer.summary_start, self.size_bytes - FOOTER_SIZE
        if not len(MAGIC) <= start <= stop or stop - start > _MAX_SUMMARY:
            return False
        file.seek(start)
        summary = file.read(stop - start)
        crc = zlib.crc32(end[: RECORD.size + 16], zlib.crc32(summary))
        if footer.summary_crc not in (0, crc):
            self.damage.append("its index is damaged")
            return False
        try:
            for opcode, content in records_in(summary):
                self._take_summary(file, opcode, content, start)
        except BAD:
            self.damage.append("its index is damaged")
            self.channels, self.schemas, self.metadata, self.chunks = {}, {}, {}, []
            self.counts = None
            return False
        self.complete = True
        return True

    def _take_summary(self, file: BinaryIO, opcode: int, content: bytes, end: int) -> None:
        if opcode == Opcode.CHUNK_INDEX:
            index = ChunkIndex.read(data_stream(content))
            if not 0 < index.chunk_start_offset <= end - index.chunk_length:
                raise ValueError("a chunk outside the file")
            self.chunks.append(
                ChunkEntry(
                    index.chunk_start_offset,
                    index.chunk_length,
                    index.message_start_time,
                    index.message_end_time,
                    frozenset(index.message_index_offsets) or None,
                )
            )
        elif opcode == Opcode.STATISTICS:
            statistics = Statistics.read(data_stream(content))
            self.messages = statistics.message_count
            self.counts = statistics.channel_message_counts
        elif opcode == Opcode.METADATA_INDEX:
            place = MetadataIndex.read(data_stream(content))
            if not 0 < place.offset <= end - place.length or place.length > MAX_RECORD:
                raise ValueError("a map outside the file")
            file.seek(place.offset)
            self._take(*next(records_in(file.read(place.length))))
        else:
            self._take(opcode, content)

    def _take(self, opcode: int, content: bytes) -> None:
        if opcode == Opcode.SCHEMA:
            schema = Schema.read(data_stream(content))
            self.schemas[schema.id] = schema
        elif opcode == Opcode.CHANNEL:
            channel = Channel.read(data_stream(content))
            self.channels[channel.id] = channel
        elif opcode == Opcode.METADATA:
            metadata = Metadata.read(data_stream(content))
            self.metadata[metadata.name] = metadata.metadata

    def _add_bare(self, entry: ChunkEntry) -> None:
        """A message that stands in no chunk; those that follow each other are read together."""
        if self.chunks:
            last = self.chunks[-1]
            run = last.offset + last.length == entry.offset and last.is_run
            if run and last.length < _RUN_BYTES:
                self.chunks[-1] = last.joined(entry)
                return
        self.chunks.append(entry)

    def _find_channels(self, file: BinaryIO) -> None:
        """Takes channels from within the chunks, where an index that was to repeat them is not."""
        for entry in self.chunks:
            try:
                file.seek(entry.offset)
                for opcode, content in records_in(self._content_of(file.read(entry.length))):
                    self._take(opcode, content)
            except BAD:
                continue  # it is said when it is read

    def _scan(self, file: BinaryIO) -> None:
        offset: int | None = len(MAGIC)
        while offset is not None and offset < self.size_bytes:
            following: int | None
            try:
                following = self._step(file, offset)
            except BAD as error:
                following = next_chunk(file, offset + 1, self.size_bytes)
                until = self.size_bytes if following is None else following
                self.damage.append(f"{until - offset} bytes from byte {offset} on: {error}")
            offset = following

    def _step(self, file: BinaryIO, offset: int) -> int:
        """Takes note of the record at `offset`; returns where the next one starts."""
        record = record_head(file, offset, self.size_bytes)
        if record.opcode == Opcode.CHUNK:
            self.chunks.append(chunk_head(file, record))
        elif record.opcode == Opcode.MESSAGE:
            self._add_bare(message_entry(file, record))
        elif record.opcode == Opcode.MESSAGE_INDEX:
            index_channel(file, record)
        elif record.opcode in (Opcode.SCHEMA, Opcode.CHANNEL, Opcode.METADATA):
            self._take(record.opcode, file.read(record.length))
        elif record.opcode == Opcode.FOOTER:
            return self.size_bytes
        return record.following
