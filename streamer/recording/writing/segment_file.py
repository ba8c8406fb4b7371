"""One file of a recording: its description, its channels, and each header joined with its image."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import msgspec

from streamer.clock import StreamNs
from streamer.config.recording import STREAMS
from streamer.recording.container.reader import McapFile, McapFileError
from streamer.recording.container.records import RawMessage
from streamer.recording.errors import RecordingError
from streamer.recording.schema import (
    INFO_NAME,
    TOPICS,
    UNREADABLE,
    EncodedMessage,
    Payload,
    RecordingInfo,
    info_from_map,
    info_to_map,
)
from streamer.recording.statistics import RecordingStatistics
from streamer.recording.wall_clock import CLOCK_NAME, WallClock, notes_from_map

_MIN_HZ = 1e-6
_MAX_HZ = 1000.0  # as the camera drivers believe it
_USUAL_HZ = 30.0
_PARTNER = {"header": "image", "image": "header"}


class RecordingFile:
    """One file of a recording.

    Attributes:
        mcap: what is in it, and where.
        info: its description.
        topics: of the channels that are ours, by id.
        clock: what time of day its moments were.

    Args:
        path: a finished or unfinished file.
        lenient: go on where the description is missing.

    Raises:
        RecordingError: it cannot be read, is no recording, or of a later format.
    """

    def __init__(self, path: Path, lenient: bool) -> None:
        try:
            self.mcap = McapFile(path)
        except McapFileError as error:
            raise RecordingError(f"recording {error}") from error
        fields = self.mcap.metadata.get(INFO_NAME)
        if fields is None and lenient:
            fields = info_to_map(RecordingInfo(note="recovered without its description"))
        if fields is None:
            what = "; ".join(self.mcap.damage) or "it was made by another program"
            raise RecordingError(f"recording {path} lacks the description of a recording: {what}")
        try:
            self.info: RecordingInfo = info_from_map(fields)
        except RecordingError as error:
            raise RecordingError(f"recording {path}: {error}") from error
        self.info = self._with_sane_rates(self.info)
        self.clock = self._wall_clock()
        self.topics: dict[int, str] = {}
        for channel in self.mcap.channels.values():
            if channel.topic not in TOPICS:
                continue  # of a later version
            if self.schema_of(channel.id) in TOPICS[channel.topic]:
                self.topics[channel.id] = channel.topic
            else:
                self.mcap.damage.append(f"the type of {channel.topic} is lost")

    def _wall_clock(self) -> WallClock:
        try:
            notes = notes_from_map(self.mcap.metadata.get(CLOCK_NAME, {}))
        except UNREADABLE as error:
            self.mcap.damage.append(f"its notes of the time of day: {error}")
            notes = []
        return WallClock(self.info.wall_offset_ns, notes)

    def _with_sane_rates(self, info: RecordingInfo) -> RecordingInfo:
        """The description, where a camera's rate is a number that frames can come at."""
        cameras = dict(info.cameras)
        for stream, camera in info.cameras.items():
            if not _MIN_HZ <= camera.rate_hz <= _MAX_HZ:
                cameras[stream] = msgspec.structs.replace(camera, rate_hz=_USUAL_HZ)
                self.mcap.damage.append(
                    f"the {stream} camera has a rate of {camera.rate_hz:g} Hz: "
                    f"{_USUAL_HZ:g} Hz are taken"
                )
        return msgspec.structs.replace(info, cameras=cameras)

    @property
    def start_ns(self) -> StreamNs | None:
        """The first arrival."""
        first = min((chunk.start_ns for chunk in self.mcap.chunks), default=None)
        return None if first is None else StreamNs(first - self.info.wall_offset_ns)

    @property
    def end_ns(self) -> StreamNs | None:
        """The last arrival."""
        last = max((chunk.end_ns for chunk in self.mcap.chunks), default=None)
        return None if last is None else StreamNs(last - self.info.wall_offset_ns)

    def channels_of(self, streams: Collection[str]) -> frozenset[int]:
        """The ids of the channels that make up these streams."""
        return frozenset(
            channel for channel, topic in self.topics.items() if topic.split("/")[1] in streams
        )

    @property
    def filled_topics(self) -> frozenset[str]:
        """Topics of its channels, without those that it says hold no message."""
        counts = self.mcap.counts
        return frozenset(
            topic for channel, topic in self.topics.items() if counts is None or counts.get(channel)
        )

    def holds(self, tally: RecordingStatistics) -> bool:
        """Whether a tally can be of this file: another program may have left messages out."""
        if self.mcap.counts is None:
            return False
        found: Counter[str] = Counter()
        for channel, topic in self.topics.items():
            found[topic] += self.mcap.counts.get(channel, 0)
        return all(
            found[f"/{stream}/{kind}"]
            == (tally.streams[stream].messages if stream in tally.streams else 0)
            for stream in STREAMS
            for kind in _PARTNER
        )

    def schema_of(self, channel: int) -> str:
        """The name of a channel's type."""
        schema = self.mcap.schemas.get(self.mcap.channels[channel].schema_id)
        return "" if schema is None else schema.name


def join_headers_with_images(
    segment: RecordingFile, messages: Iterable[RawMessage]
) -> Iterator[EncodedMessage]:
    """Brings each picture together with its header, which stands right before it.

    Where another program has written the file anew, it may stand right behind it.
    """
    waiting: dict[tuple[str, str], RawMessage] = {}
    for message in messages:
        topic = segment.topics[message.channel]
        stream, kind = topic.split("/")[1], topic.split("/")[-1]
        parts: tuple[RawMessage, ...] = (message,)
        if kind in _PARTNER:
            partner = waiting.pop((stream, _PARTNER[kind]), None)
            if partner is None or partner[1:3] != message[1:3]:  # sequence and log time
                waiting[stream, kind] = message
                continue
            parts = (message, partner) if kind == "header" else (partner, message)
        offset_ns = segment.info.wall_offset_ns
        yield EncodedMessage(
            stream,
            message.sequence,
            StreamNs(message.log_ns - offset_ns),
            StreamNs(message.publish_ns - offset_ns),
            tuple(
                Payload(segment.topics[part.channel], segment.schema_of(part.channel), part.data)
                for part in parts
            ),
        )
