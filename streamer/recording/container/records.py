"""The records of an MCAP file, taken apart without trust in any length.

A file is walked through from record to record, without reading the pictures; where a record makes
no sense, `next_chunk` finds where it may go on.
"""

import re
import struct
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, Final, NamedTuple

from mcap.data_stream import ReadDataStream
from mcap.exceptions import McapError
from mcap.opcode import Opcode

from streamer.recording.container.compression import NAMES
from streamer.recording.container.magic import MAGIC

RECORD: Final = struct.Struct("<BQ")  # opcode, length
CHUNK: Final = struct.Struct("<QQQII")  # first and last log time, size, crc, length of a string
FOOTER_SIZE: Final = 9 + 20 + len(MAGIC)
MAX_RECORD: Final = 16 * 2**20  # of records other than chunks; ours have a few kilobytes
MAX_CHUNK: Final = 256 * 2**20
BAD: Final = (McapError, struct.error, ValueError, OverflowError, MemoryError)
"""What a record that makes no sense raises."""

_MESSAGE = struct.Struct("<HIQQ")  # channel, sequence, log time, publish time
_CHUNK_NAME = re.compile(
    b"|".join(re.escape(struct.pack("<I", len(name)) + name.encode()) for name in NAMES)
)
_LONGEST_NAME = 4 + max(map(len, NAMES))
_CHUNK_NAME_AT = RECORD.size + CHUNK.size - 4
_WINDOW = 2**20
_FIRST_PRIVATE = 0x80
_LAST_KNOWN = 0x0F


class RecordHead(NamedTuple):
    """A record: what it is, where it stands, how long its content is, where the next one starts."""

    opcode: int
    offset: int
    length: int
    following: int


class ChunkEntry(NamedTuple):
    """Where a chunk stands, when its messages were logged, on which channels (None: unknown).

    `is_run`: it is no chunk, but messages that stand in none, one behind the other.
    """

    offset: int
    length: int
    start_ns: int
    end_ns: int
    channels: frozenset[int] | None
    is_run: bool = False

    def joined(self, other: "ChunkEntry") -> "ChunkEntry":
        """Two runs that stand one behind the other, as one."""
        return ChunkEntry(
            self.offset,
            self.length + other.length,
            min(self.start_ns, other.start_ns),
            max(self.end_ns, other.end_ns),
            None,
            is_run=True,
        )


class RawMessage(NamedTuple):
    """A message as it stands in the file."""

    channel: int
    sequence: int
    log_ns: int
    publish_ns: int
    data: bytes


def record_head(file: BinaryIO, offset: int, size: int) -> RecordHead:
    """The record at `offset` of a file of `size` bytes; the file stands at its content then.

    Raises:
        ValueError: none stands there whole, or it cannot be what it says.
    """
    file.seek(offset)
    head = file.read(RECORD.size)
    if len(head) < RECORD.size:
        raise ValueError("the file ends within a record")
    opcode, length = RECORD.unpack(head)
    following: int = offset + RECORD.size + length
    if following > size:
        raise ValueError("the file ends within a record")
    if opcode == 0 or _LAST_KNOWN < opcode < _FIRST_PRIVATE:
        raise ValueError(f"no record is of kind {opcode}")
    small = opcode in (Opcode.SCHEMA, Opcode.CHANNEL, Opcode.METADATA)
    if small and length > MAX_RECORD:
        raise ValueError(f"a record of {length} bytes")
    return RecordHead(opcode, offset, length, following)


def chunk_head(file: BinaryIO, record: RecordHead) -> ChunkEntry:
    """Reads and checks the head of a chunk, all but its data.

    Raises:
        ValueError: it cannot be one.
    """
    start_ns, end_ns, size, _, name_length = CHUNK.unpack(file.read(CHUNK.size))
    file.seek(min(name_length, record.length), 1)
    (data_length,) = struct.unpack("<Q", file.read(8))
    if record.length != CHUNK.size + name_length + 8 + data_length:
        raise ValueError("a chunk of impossible length")
    if max(size, data_length) > MAX_CHUNK or start_ns > end_ns:
        raise ValueError("a chunk of impossible size or time")
    return ChunkEntry(record.offset, RECORD.size + record.length, start_ns, end_ns, None)


def message_entry(file: BinaryIO, record: RecordHead) -> ChunkEntry:
    """A message that stands in no chunk.

    Raises:
        ValueError: it is too long, or too short.
    """
    if not _MESSAGE.size <= record.length <= MAX_CHUNK:
        raise ValueError("a message of impossible length")
    _, _, log_ns, _ = _MESSAGE.unpack(file.read(_MESSAGE.size))
    length = RECORD.size + record.length
    return ChunkEntry(record.offset, length, log_ns, log_ns, None, is_run=True)


def index_channel(file: BinaryIO, record: RecordHead) -> int:
    """The channel that a message index is of.

    Raises:
        ValueError: it cannot be one.
    """
    channel, entries = struct.unpack("<HI", file.read(6))
    if record.length != 6 + entries:
        raise ValueError("a message index of impossible length")
    return int(channel)


def messages_in(data: bytes) -> Iterator[RawMessage]:
    """The messages of a chunk's content, in the order they were written."""
    for opcode, content in records_in(data):
        if opcode == Opcode.MESSAGE:
            channel, sequence, log_ns, publish_ns = _MESSAGE.unpack_from(content)
            yield RawMessage(channel, sequence, log_ns, publish_ns, content[_MESSAGE.size :])


def records_in(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Opcode and content of each record.

    Raises:
        ValueError: one is longer than `data`.
    """
    offset = 0
    while offset < len(data):
        opcode, length = RECORD.unpack_from(data, offset)
        offset += RECORD.size
        if length > len(data) - offset:
            raise ValueError("a record longer than what holds it")
        yield opcode, data[offset : offset + length]
        offset += length


def next_chunk(file: BinaryIO, offset: int, size: int) -> int | None:
    """Where the next chunk seems to start at or after `offset`."""
    position = offset
    while position < size:
        file.seek(position)
        window = file.read(_WINDOW + _LONGEST_NAME)
        for found in _CHUNK_NAME.finditer(window):
            start = position + found.start() - _CHUNK_NAME_AT
            if start >= offset:
                file.seek(start)
                opcode, length = RECORD.unpack(file.read(RECORD.size))
                if opcode == Opcode.CHUNK and start + RECORD.size + length <= size:
                    return start
        position += _WINDOW
    return None


def data_stream(data: bytes) -> ReadDataStream:
    """Bytes as the records of the `mcap` package are read from."""
    return ReadDataStream(BytesIO(data))
