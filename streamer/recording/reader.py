"""Reads recordings: finished, unfinished, damaged, or a folder of segments.

Messages come in the order they arrived at the recorder, a chunk or two in memory at a time. What
is damaged is left out, counted and said; `streamer.recording.recovery` makes such a file good.
"""

import bisect
import heapq
import logging
from collections.abc import Collection, Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from streamer.clock import NS_PER_S, StreamNs, after, since
from streamer.config.recording import STREAMS
from streamer.measuring.tool_set import ToolSet
from streamer.messages import CalibrationChange, NetworkChange
from streamer.paths import PathKind, kind_of
from streamer.recording.container.reader import McapFileError
from streamer.recording.container.records import ChunkEntry, RawMessage
from streamer.recording.errors import RecordingError
from streamer.recording.names import PART, SUFFIX
from streamer.recording.schema import (
    CHANGES,
    UNREADABLE,
    EncodedMessage,
    Recordable,
    RecordingInfo,
    decode_message,
    peek_header,
)
from streamer.recording.statistics import (
    TALLY_NAME,
    RecordingStatistics,
    StatisticsCollector,
    merged,
)
from streamer.recording.wall_clock import WallClock
from streamer.recording.writing.segment_file import RecordingFile, join_headers_with_images
from streamer.recording.writing.writer import CHUNK_NS

log = logging.getLogger(__name__)

EVERYTHING = (*STREAMS, "log", "session", *CHANGES)
_MAX_WAITING = 64 * 2**20  # bytes of messages held back to bring them into order
_LOG_LIMIT = 3


class TimestampedMessage(NamedTuple):
    """A message and when it arrived at the recorder, both on the recording's monotonic clock."""

    message: Recordable
    arrived_ns: StreamNs


class RecordingReader:
    """A recording opened for reading.

    Attributes:
        path: the file or folder.
        info: what was true of the whole recording; of its first segment where there are more.
        segments: how many files it consists of.
        complete: whether each file was finished and its index is whole.
        damage: what was found broken so far, in words; grows while damaged parts are read.
        clocks: from which moment on, and by which clock: one for each file that holds anything.

    Args:
        path: a `.mcap` file, an unfinished `.mcap.part`, or a folder of segments.
        lenient: go on without the description; times are then nanoseconds since 1970.

    Raises:
        RecordingError: it is missing, no recording, of a later format, or holds nothing usable.
        PathError: its path cannot be looked at.
    """

    def __init__(self, path: Path, *, lenient: bool = False) -> None:
        self.path = path
        self._lenient = lenient
        self.damage: list[str] = []
        self._known: set[str] = set()
        kind = kind_of(path)
        self._segments = (
            [RecordingFile(path, lenient)] if kind is PathKind.FILE else self._of_folder(path, kind)
        )
        self.info = self._segments[0].info
        self.segments = len(self._segments)
        self.complete = all(segment.mcap.complete for segment in self._segments)
        self.clocks = self._clocks()
        for segment in self._segments:
            for words in segment.mcap.damage:
                self._note(f"{segment.mcap.path.name}: {words}")

    @property
    def tools(self) -> ToolSet | None:
        """What was measured with when its last file was written; None without, or of a later kind.

        Tools that cannot be read are no reason not to read the rest.
        """
        plain = self._segments[-1].info.measuring
        if not plain:
            return None
        try:
            return msgspec.convert(plain, ToolSet)
        except msgspec.ValidationError as error:
            log.warning("%s: its measuring tools cannot be read: %s", self.path.name, error)
            return None

    def calibrations(self) -> list[CalibrationChange]:
        """How both cameras were lined up from when on, where that changed during the recording."""
        found = (recorded.message for recorded in self.read(("calibration",)))
        return [message for message in found if isinstance(message, CalibrationChange)]

    def networks(self) -> list[NetworkChange]:
        """Which network made the results from when on, where that changed during the recording."""
        found = (recorded.message for recorded in self.read(("network",)))
        changes = [message for message in found if isinstance(message, NetworkChange)]
        once = dict.fromkeys(changes)  # each segment begins with the last of before
        return sorted(once, key=lambda change: change.timestamp_ns)

    @property
    def start_ns(self) -> StreamNs | None:
        """When the first message arrived; None of an empty recording."""
        starts = [s.start_ns for s in self._segments if s.start_ns is not None]
        return min(starts, default=None)

    @property
    def end_ns(self) -> StreamNs | None:
        """When the last message arrived; None of an empty recording."""
        return max((s.end_ns for s in self._segments if s.end_ns is not None), default=None)

    @property
    def streams(self) -> tuple[str, ...]:
        """The streams of pictures it has channels for, and pictures in them where it says so."""
        topics = {topic for segment in self._segments for topic in segment.filled_topics}
        return tuple(
            stream for stream in STREAMS if {f"/{stream}/image", f"/{stream}/header"} <= topics
        )

    def read(
        self,
        streams: Collection[str] = EVERYTHING,
        start_ns: StreamNs | None = None,
        end_ns: StreamNs | None = None,
    ) -> Iterator[TimestampedMessage]:
        """Messages in the order they arrived.

        Args:
            streams: of `visible`, `thermal`, `truth`, `sr`, `log`, `session`, `calibration`
                and `network`.
            start_ns: leave out what arrived before.
            end_ns: leave out what arrived then or later.

        Raises:
            RecordingError: the file is no longer readable at all.
        """
        for stored in self.stored(streams, start_ns, end_ns):
            recorded = self.decoded(stored)
            if recorded is not None:
                yield recorded

    def stored(
        self,
        streams: Collection[str] = EVERYTHING,
        start_ns: StreamNs | None = None,
        end_ns: StreamNs | None = None,
    ) -> Iterator[EncodedMessage]:
        """As `read`, not decoded."""
        for segment in self._segments:
            yield from self._stored_in(segment, streams, start_ns, end_ns)

    def decoded(self, stored: EncodedMessage) -> TimestampedMessage | None:
        """The message of what `stored` gave; None, and damage noted, where it is broken."""
        try:
            return TimestampedMessage(decode_message(stored), stored.arrived_ns)
        except RecordingError as error:
            self._note(str(error))
            return None

    def newest(
        self, at_ns: StreamNs, streams: Collection[str] = STREAMS, reach_ns: int = NS_PER_S
    ) -> list[TimestampedMessage]:
        """The newest picture of each stream at a moment, not older than about `reach_ns`."""
        found: dict[str, EncodedMessage] = {}
        missing = set(streams) & set(self.streams)
        end_ns = after(at_ns, 1)
        while missing and since(end_ns, at_ns) > -reach_ns:  # backwards, a chunk or two at a time
            window = self.stored(missing, after(end_ns, -CHUNK_NS), end_ns)
            found.update({stored.stream: stored for stored in window})
            missing -= set(found)
            end_ns = after(end_ns, -CHUNK_NS)
        decoded = (self.decoded(stored) for stored in found.values())
        return sorted(filter(None, decoded), key=lambda recorded: recorded.arrived_ns)

    def tally(self, *, verify: bool = False) -> RecordingStatistics:
        """What it holds. Counted anew where it was not completed, or when it is to be verified."""
        return self.total(tally for tally, _ in self.tallies(verify=verify))

    def tallies(self, *, verify: bool = False) -> list[tuple[RecordingStatistics, WallClock]]:
        """What each of its files holds, and what time of day the moments of each were."""
        return [(self._tally_of(segment, verify), segment.clock) for segment in self._segments]

    def clock_at(self, arrived_ns: StreamNs) -> WallClock:
        """What time of day it was, by the file that holds what arrived at a moment."""
        if not self.clocks:
            return self._segments[0].clock
        index = bisect.bisect_right(self.clocks, arrived_ns, key=lambda begun: begun[0])
        return self.clocks[max(0, index - 1)][1]

    def _clocks(self) -> list[tuple[StreamNs, WallClock]]:
        """From the end of the file before on: what a file begins with was taken before it came."""
        clocks: list[tuple[StreamNs, WallClock]] = []
        end_ns: StreamNs | None = None
        for segment in self._segments:
            if segment.start_ns is not None:
                begin_ns = segment.start_ns if end_ns is None else after(end_ns, 1)
                clocks.append((begin_ns, segment.clock))
                end_ns = segment.end_ns
        return clocks

    def total(self, tallies: Iterable[RecordingStatistics]) -> RecordingStatistics:
        """The tallies of its files as one."""
        tally = merged(list(tallies))
        if self.info.every_s:  # what a time lapse leaves out is not missing
            for stream in tally.streams.values():
                stream.gaps = 0
        return tally

    def _of_folder(self, folder: Path, kind: PathKind) -> list[RecordingFile]:
        if kind is PathKind.MISSING:
            raise RecordingError(f"recording {folder} does not exist")
        if kind is PathKind.OTHER:
            raise RecordingError(
                f"recording {folder} is a device, a pipe or a socket: a file or a folder wanted"
            )
        names = (f"*{SUFFIX}", f"*{SUFFIX}{PART}")
        found = []
        paths = {path for name in names for path in folder.glob(name)}
        for path in sorted(paths):
            if path.name.endswith(PART) and path.with_name(path.stem) in paths:
                continue  # it has been recovered under its own name
            try:
                found.append(RecordingFile(path, self._lenient))
            except RecordingError as error:
                self._note(str(error))
        if not found:
            reason = f": {self.damage[0]}" if self.damage else ""
            raise RecordingError(f"folder {folder} holds no recording{reason}")
        if len({segment.info.recording for segment in found}) > 1:
            raise RecordingError(f"folder {folder} holds segments of more than one recording")
        found.sort(key=lambda segment: segment.info.segment)
        numbers = [segment.info.segment for segment in found]
        first = numbers[0] if _removes_old(found[-1].info) else 0
        for missing in sorted(set(range(first, numbers[-1])) - set(numbers)):
            self._note(f"segment {missing} of {folder} is missing")
        return found

    def _stored_in(
        self,
        segment: RecordingFile,
        streams: Collection[str],
        start_ns: StreamNs | None,
        end_ns: StreamNs | None,
    ) -> Iterator[EncodedMessage]:
        offset_ns = segment.info.wall_offset_ns
        first_ns = 0 if start_ns is None else start_ns + offset_ns
        last_ns = 2**64 if end_ns is None else end_ns + offset_ns
        try:
            yield from join_headers_with_images(
                segment, self._in_order(segment, streams, first_ns, last_ns)
            )
        except OSError as error:
            raise RecordingError(f"{segment.mcap.path}: {error.strerror or error}") from error

    def _in_order(
        self, segment: RecordingFile, streams: Collection[str], first_ns: int, last_ns: int
    ) -> Iterator[RawMessage]:
        wanted = segment.channels_of(streams)
        chunks = [
            chunk
            for chunk in segment.mcap.chunks
            if chunk.end_ns >= first_ns
            and chunk.start_ns < last_ns
            and (chunk.channels is None or chunk.channels & wanted)
        ]
        chunks.sort(key=lambda chunk: chunk.start_ns)
        waiting: list[tuple[int, int, RawMessage]] = []
        size, order = 0, count()
        with segment.mcap.path.open("rb") as file:
            for chunk in chunks:
                while waiting and (waiting[0][0] < chunk.start_ns or size > _MAX_WAITING):
                    size -= len(waiting[0][2].data)
                    yield heapq.heappop(waiting)[2]
                for message in self._read_chunk(segment, file, chunk):
                    if message.channel in wanted and first_ns <= message.log_ns < last_ns:
                        heapq.heappush(waiting, (message.log_ns, next(order), message))
                        size += len(message.data)
        while waiting:
            yield heapq.heappop(waiting)[2]

    def _read_chunk(
        self, segment: RecordingFile, file: BinaryIO, chunk: ChunkEntry
    ) -> list[RawMessage]:
        try:
            return segment.mcap.read_chunk(file, chunk)
        except McapFileError as error:
            self._note(str(error))
            return []

    def _tally_of(self, segment: RecordingFile, verify: bool) -> RecordingStatistics:
        kept = segment.mcap.metadata.get(TALLY_NAME, {}).get("tally")
        if kept is not None and segment.mcap.complete and not verify:
            try:
                tally = msgspec.json.decode(kept, type=RecordingStatistics)
                if segment.holds(tally):
                    return tally
            except UNREADABLE as error:
                self._note(f"{segment.mcap.path.name}: its tally: {error}")
        keeper = StatisticsCollector()
        for stored in self._stored_in(segment, STREAMS, None, None):
            try:
                head = peek_header(stored)
            except RecordingError as error:
                self._note(str(error))
                continue
            size = sum(len(payload.data) for payload in stored.payloads)
            keeper.add(stored.stream, head.sequence, head.timestamp_ns, size)
            if head.mode is not None:
                keeper.add_mode(head.mode)
        return keeper.tally()

    def _note(self, words: str) -> None:
        if words not in self._known:
            self._known.add(words)
            self.damage.append(words)
            if len(self.damage) <= _LOG_LIMIT:
                log.warning("%s: %s", self.path, words)


def _removes_old(info: RecordingInfo) -> bool:
    """Whether segments before the first that is there were removed as they were to be."""
    section = info.config.get("recording")
    return isinstance(section, dict) and any(section.get(key) for key in ("keep_days", "keep_mb"))
