"""Reads MCAP files that may be unfinished, cut off or damaged. Trusts no length in them.

A finished file is opened by its index. Any other is walked through from the front, from record to
record, without reading the pictures; where a record makes no sense, the walk goes on at the next
thing that looks like a chunk. Both ways end in the same list of chunks.
"""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

import zstandard
from mcap.data_stream import ReadDataStream
from mcap.exceptions import McapError
from mcap.opcode import Opcode
from mcap.records import Channel, ChunkIndex, Footer, Metadata, MetadataIndex, Schema

from streamer.errors import CorefusionError
from streamer.recording.mcap_writer import COMPRESSION, MAGIC

_RECORD = struct.Struct("<BQ")  # opcode, length
_CHUNK = struct.Struct("<QQQII")  # first and last log time, size, crc, length of the next string
_MESSAGE = struct.Struct("<HIQQ")  # channel, sequence, log time, publish time
_FOOTER_SIZE = 9 + 20 + len(MAGIC)
_CHUNK_NAME = struct.pack("<I", len(COMPRESSION)) + COMPRESSION.encode()
_CHUNK_NAME_AT = _RECORD.size + _CHUNK.size - 4
_MAX_RECORD = 16 * 2**20  # of records other than chunks; ours have a few kilobytes
_MAX_SUMMARY = 512 * 2**20
_MAX_CHUNK = 256 * 2**20
_WINDOW = 2**20
_FIRST_PRIVATE = 0x80
_LAST_KNOWN = 0x0F
_BAD = (McapError, struct.error, ValueError, OverflowError, MemoryError)


class McapFileError(CorefusionError):
    """A file that is no MCAP, cannot be read, or a chunk that is damaged."""


class ChunkEntry(NamedTuple):
    """Where a chunk stands, when its messages were logged, on which channels (None: unknown)."""

    offset: int
    length: int
    start_ns: int
    end_ns: int
    channels: frozenset[int] | None


class RawMessage(NamedTuple):
    """A message as it stands in the file."""

    channel: int
    sequence: int
    log_ns: int
    publish_ns: int
    data: bytes


class McapFile:
    """An opened MCAP file.

    Attributes:
        complete: whether its end and its index are in place.
        channels: by id.
        schemas: by id.
        metadata: the named maps, a later one of a name in place of an earlier.
        chunks: in the order of the file.
        damage: what was found broken, in words.

    Raises:
        McapFileError: it cannot be read, or does not start as an MCAP file does.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.complete = False
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
        except OSError as error:
            raise McapFileError(f"{path}: {error.strerror or error}") from error

    def read_chunk(self, file: BinaryIO, entry: ChunkEntry) -> list[RawMessage]:
        """The messages of a chunk, in the order they were written.

        Raises:
            McapFileError: it does not hold what it claims.
        """
        try:
            file.seek(entry.offset)
            return self._messages_of(file.read(entry.length))
        except OSError as error:
            raise McapFileError(f"{self.path}: {error.strerror or error}") from error
        except (*_BAD, zstandard.ZstdError) as error:
            raise McapFileError(f"{self.path}: chunk at byte {entry.offset}: {error}") from error

    def _messages_of(self, record: bytes) -> list[RawMessage]:
        opcode, length = _RECORD.unpack_from(record)
        if opcode != Opcode.CHUNK or length != len(record) - _RECORD.size:
            raise ValueError("no chunk stands there")
        stream = ReadDataStream(BytesIO(record[_RECORD.size :]))
        _, _, size, crc, name_length = _CHUNK.unpack(stream.read(_CHUNK.size))
        compression = stream.read(name_length).decode()
        data = stream.read(stream.read8())
        if size > _MAX_CHUNK:
            raise ValueError(f"it claims {size} bytes")
        if compression == COMPRESSION:
            if zstandard.frame_content_size(data) not in (size, -1):
                raise ValueError("its sizes differ")
            data = zstandard.ZstdDecompressor().decompress(data, max_output_size=size)
        elif compression:
            raise ValueError(f"it is compressed by {compression!r}: {COMPRESSION} wanted")
        if len(data) != size or (crc and zlib.crc32(data) != crc):
            raise ValueError("its checksum differs")
        return list(_messages_in(data))

    def _read_summary(self, file: BinaryIO) -> bool:
        """Takes the index at the end; False when it is not there or not whole."""
        if self.size_bytes < len(MAGIC) + _FOOTER_SIZE:
            return False
        file.seek(self.size_bytes - _FOOTER_SIZE)
        end = file.read(_FOOTER_SIZE)
        if not end.endswith(MAGIC) or _RECORD.unpack_from(end) != (Opcode.FOOTER, 20):
            return False
        footer = Footer.read(_stream(end[_RECORD.size :]))
        start, stop = footer.summary_start, self.size_bytes - _FOOTER_SIZE
        if not len(MAGIC) <= start <= stop or stop - start > _MAX_SUMMARY:
            return False
        file.seek(start)
        summary = file.read(stop - start)
        crc = zlib.crc32(end[: _RECORD.size + 16], zlib.crc32(summary))
        if footer.summary_crc not in (0, crc):
            self.damage.append("its index is damaged")
            return False
        try:
            for opcode, content in _records_in(summary):
                self._take_summary(file, opcode, content, start)
        except _BAD:
            self.damage.append("its index is damaged")
            self.channels, self.schemas, self.metadata, self.chunks = {}, {}, {}, []
            return False
        self.complete = True
        return True

    def _take_summary(self, file: BinaryIO, opcode: int, content: bytes, end: int) -> None:
        if opcode == Opcode.CHUNK_INDEX:
            index = ChunkIndex.read(_stream(content))
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
        elif opcode == Opcode.METADATA_INDEX:
            place = MetadataIndex.read(_stream(content))
            if not 0 < place.offset <= end - place.length or place.length > _MAX_RECORD:
                raise ValueError("a map outside the file")
            file.seek(place.offset)
            self._take(*next(_records_in(file.read(place.length))))
        else:
            self._take(opcode, content)

    def _take(self, opcode: int, content: bytes) -> None:
        if opcode == Opcode.SCHEMA:
            schema = Schema.read(_stream(content))
            self.schemas[schema.id] = schema
        elif opcode == Opcode.CHANNEL:
            channel = Channel.read(_stream(content))
            self.channels[channel.id] = channel
        elif opcode == Opcode.METADATA:
            metadata = Metadata.read(_stream(content))
            self.metadata[metadata.name] = metadata.metadata

    def _scan(self, file: BinaryIO) -> None:
        offset: int | None = len(MAGIC)
        while offset is not None and offset < self.size_bytes:
            following: int | None
            try:
                following = self._step(file, offset)
            except _BAD as error:
                following = _next_chunk(file, offset + 1, self.size_bytes)
                until = self.size_bytes if following is None else following
                self.damage.append(f"{until - offset} bytes from byte {offset} on: {error}")
            offset = following

    def _step(self, file: BinaryIO, offset: int) -> int:
        """Takes note of the record at `offset`; returns where the next one starts."""
        file.seek(offset)
        head = file.read(_RECORD.size)
        if len(head) < _RECORD.size:
            raise ValueError("the file ends within a record")
        opcode, length = _RECORD.unpack(head)
        following: int = offset + _RECORD.size + length
        if following > self.size_bytes:
            raise ValueError("the file ends within a record")
        if opcode == 0 or _LAST_KNOWN < opcode < _FIRST_PRIVATE:
            raise ValueError(f"no record is of kind {opcode}")
        if opcode == Opcode.CHUNK:
            self.chunks.append(_chunk_head(file, offset, length))
        elif opcode == Opcode.MESSAGE_INDEX:
            _, entries = struct.unpack("<HI", file.read(6))
            if length != 6 + entries:
                raise ValueError("a message index of impossible length")
        elif opcode in (Opcode.SCHEMA, Opcode.CHANNEL, Opcode.METADATA):
            if length > _MAX_RECORD:
                raise ValueError(f"a record of {length} bytes")
            self._take(opcode, file.read(length))
        elif opcode == Opcode.FOOTER:
            return self.size_bytes
        return following


def _chunk_head(file: BinaryIO, offset: int, length: int) -> ChunkEntry:
    """Reads and checks the head of the chunk at `offset`, all but its data."""
    start_ns, end_ns, size, _, name_length = _CHUNK.unpack(file.read(_CHUNK.size))
    file.seek(min(name_length, length), 1)
    (data_length,) = struct.unpack("<Q", file.read(8))
    if length != _CHUNK.size + name_length + 8 + data_length:
        raise ValueError("a chunk of impossible length")
    if max(size, data_length) > _MAX_CHUNK or start_ns > end_ns:
        raise ValueError("a chunk of impossible size or time")
    return ChunkEntry(offset, _RECORD.size + length, start_ns, end_ns, None)


def _messages_in(data: bytes) -> Iterator[RawMessage]:
    for opcode, content in _records_in(data):
        if opcode == Opcode.MESSAGE:
            channel, sequence, log_ns, publish_ns = _MESSAGE.unpack_from(content)
            data = content[_MESSAGE.size :]
            yield RawMessage(channel, sequence, log_ns, publish_ns, data)


def _records_in(data: bytes) -> Iterator[tuple[int, bytes]]:
    offset = 0
    while offset < len(data):
        opcode, length = _RECORD.unpack_from(data, offset)
        offset += _RECORD.size
        if length > len(data) - offset:
            raise ValueError("a record longer than what holds it")
        yield opcode, data[offset : offset + length]
        offset += length


def _next_chunk(file: BinaryIO, offset: int, size: int) -> int | None:
    """Where the next chunk seems to start at or after `offset`."""
    position = offset
    while position < size:
        file.seek(position)
        window = file.read(_WINDOW + len(_CHUNK_NAME))
        found = window.find(_CHUNK_NAME)
        while found >= 0:
            start = position + found - _CHUNK_NAME_AT
            if start >= offset:
                file.seek(start)
                opcode, length = _RECORD.unpack(file.read(_RECORD.size))
                if opcode == Opcode.CHUNK and start + _RECORD.size + length <= size:
                    return start
            found = window.find(_CHUNK_NAME, found + 1)
        position += _WINDOW
    return None


def _stream(data: bytes) -> ReadDataStream:
    return ReadDataStream(BytesIO(data))
