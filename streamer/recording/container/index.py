"""The index at the end of an MCAP file: gathered while records are written, or read again."""

import struct
import zlib
from collections import defaultdict
from collections.abc import Mapping

from mcap.data_stream import RecordBuilder
from mcap.opcode import Opcode
from mcap.records import (
    Channel,
    ChunkIndex,
    DataEnd,
    Footer,
    McapRecord,
    MetadataIndex,
    Schema,
    Statistics,
    SummaryOffset,
)

from streamer.recording.container.magic import MAGIC

_FOOTER_HEAD = struct.Struct("<BQQQ")


class McapIndex:
    """What the summary of a file says: its schemas, channels, chunks, metadata and counts."""

    def __init__(self) -> None:
        self.schemas: list[Schema] = []
        self.channels: list[Channel] = []
        self._chunks = bytearray()  # serialised: a day has hundreds of thousands
        self._metadata = bytearray()
        self._counts = {"chunk": 0, "metadata": 0}
        self._messages: defaultdict[int, int] = defaultdict(int)
        self._first_ns, self._last_ns = 2**64 - 1, 0

    def add_chunk(self, chunk: ChunkIndex, messages: Mapping[int, int]) -> None:
        """Takes note of a chunk.

        Args:
            chunk: where it stands and what it holds.
            messages: how many, by channel.
        """
        for channel, count in messages.items():
            self._messages[channel] += count
        self._counts["chunk"] += 1
        self._first_ns = min(self._first_ns, chunk.message_start_time)
        self._last_ns = max(self._last_ns, chunk.message_end_time)
        self._chunks += bytes_of(chunk)

    def add_metadata(self, place: MetadataIndex) -> None:
        """Takes note of a named map."""
        self._counts["metadata"] += 1
        self._metadata += bytes_of(place)

    def ending(self, start: int) -> bytes:
        """The end of a file whose data are `start` bytes long, from `DataEnd` to the magic."""
        end = bytes_of(DataEnd(0))
        start += len(end)
        summary, offsets = RecordBuilder(), RecordBuilder()
        groups: list[tuple[Opcode, bytes]] = [
            (Opcode.SCHEMA, b"".join(map(bytes_of, self.schemas))),
            (Opcode.CHANNEL, b"".join(map(bytes_of, self.channels))),
            (Opcode.STATISTICS, bytes_of(self._statistics())),
            (Opcode.CHUNK_INDEX, bytes(self._chunks)),
            (Opcode.METADATA_INDEX, bytes(self._metadata)),
        ]
        for opcode, data in groups:
            if data:
                SummaryOffset(opcode, start + summary.count, len(data)).write(offsets)
                summary.write(data)
        offsets_start = start + summary.count
        content = content_of(summary) + content_of(offsets)
        head = _FOOTER_HEAD.pack(Opcode.FOOTER, 20, start, offsets_start)
        crc = zlib.crc32(head, zlib.crc32(content))
        return end + content + bytes_of(Footer(start, offsets_start, crc)) + MAGIC

    def _statistics(self) -> Statistics:
        some = bool(self._messages)
        return Statistics(
            attachment_count=0,
            channel_count=len(self.channels),
            channel_message_counts=dict(self._messages),
            chunk_count=self._counts["chunk"],
            message_count=sum(self._messages.values()),
            message_end_time=self._last_ns,
            message_start_time=self._first_ns if some else 0,
            metadata_count=self._counts["metadata"],
            schema_count=len(self.schemas),
        )


def bytes_of(record: McapRecord) -> bytes:
    """A record as it stands in the file."""
    builder = RecordBuilder()
    record.write(builder)
    return content_of(builder)


def content_of(builder: RecordBuilder) -> bytes:
    """All that was written to a builder."""
    return bytes(builder.end())  # type: ignore[no-untyped-call]
