"""Counts what a recording holds, stream by stream; written at its end, made anew where missing."""

from collections import Counter, defaultdict

import msgspec

from streamer.clock import NS_PER_S, StreamNs
from streamer.messages.sequence import SequenceCounter

TALLY_NAME = "corefusion.tally"


class StreamStatistics(msgspec.Struct):
    """One stream. Times are capture times on the monotonic clock of the recording."""

    messages: int = 0
    first_ns: StreamNs = StreamNs(0)
    last_ns: StreamNs = StreamNs(0)
    first_sequence: int = 0
    last_sequence: int = 0
    gaps: int = 0
    bytes: int = 0

    def rate_hz(self) -> float | None:
        """Messages a second; None below two."""
        if self.messages < 2 or self.last_ns <= self.first_ns:
            return None
        return (self.messages - 1) * NS_PER_S / (self.last_ns - self.first_ns)


class RecordingStatistics(msgspec.Struct):
    """All streams, and the results by mode."""

    streams: dict[str, StreamStatistics] = {}
    modes: dict[str, int] = {}

    def start_ns(self) -> StreamNs | None:
        """The oldest capture time; None of an empty recording."""
        return min((stream.first_ns for stream in self.streams.values()), default=None)

    def end_ns(self) -> StreamNs | None:
        """The newest capture time; None of an empty recording."""
        return max((stream.last_ns for stream in self.streams.values()), default=None)


class StatisticsCollector:
    """Counts while messages are written or read."""

    def __init__(self) -> None:
        self._streams: dict[str, StreamStatistics] = {}
        self._modes: Counter[str] = Counter()
        self._sequences: defaultdict[str, SequenceCounter] = defaultdict(SequenceCounter)

    def add(self, stream: str, sequence: int, timestamp_ns: StreamNs, size: int) -> int:
        """Counts a picture of `size` stored bytes; returns how many were missing before it."""
        missing = self._sequences[stream].missing(sequence)
        tally = self._streams.get(stream)
        if tally is None:
            tally = self._streams[stream] = StreamStatistics(
                first_ns=timestamp_ns, last_ns=timestamp_ns, first_sequence=sequence
            )
        tally.messages += 1
        tally.first_ns = min(tally.first_ns, timestamp_ns)
        tally.last_ns = max(tally.last_ns, timestamp_ns)
        tally.last_sequence = sequence
        tally.gaps += missing
        tally.bytes += size
        return missing

    def add_mode(self, mode: str) -> None:
        """Counts a result."""
        self._modes[mode] += 1

    def tally(self) -> RecordingStatistics:
        """What was counted so far."""
        return RecordingStatistics(self._streams, dict(self._modes))


def merged(tallies: list[RecordingStatistics]) -> RecordingStatistics:
    """The tally of segments in a row; frames lost between two of them are gaps as well."""
    streams: dict[str, StreamStatistics] = {}
    modes: Counter[str] = Counter()
    for tally in tallies:
        modes.update(tally.modes)
        for name, new in tally.streams.items():
            old = streams.get(name)
            if old is None:
                streams[name] = msgspec.structs.replace(new)
                continue
            between = max(0, new.first_sequence - old.last_sequence - 1)
            streams[name] = StreamStatistics(
                messages=old.messages + new.messages,
                first_ns=min(old.first_ns, new.first_ns),
                last_ns=max(old.last_ns, new.last_ns),
                first_sequence=old.first_sequence,
                last_sequence=new.last_sequence,
                gaps=old.gaps + new.gaps + between,
                bytes=old.bytes + new.bytes,
            )
    return RecordingStatistics(streams, dict(modes))
