"""Makes a recording of another program's MCAP: its image topics become our streams."""

import heapq
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from streamer.clock import NS_PER_S, StreamNs
from streamer.config.schema import Config
from streamer.convert.foreign_images import SCHEMAS, ForeignImage, picture_of, read_message
from streamer.convert.importing import Imported
from streamer.messages import SENSORS, CameraInfo, Frame, PixelFormat, Radiometry
from streamer.pictures import Losses
from streamer.pictures.counts import thermal_counts
from streamer.pictures.degrees import marked
from streamer.pictures.doubled import heat_alone
from streamer.pictures.errors import PictureError
from streamer.pictures.guides import visible_picture
from streamer.pictures.listing.names import FOLDER_WORDS, Side, side_of
from streamer.recording import Codecs, RecordingError, RecordingInfo, RecordingWriter
from streamer.recording.container.magic import MAGIC
from streamer.recording.container.reader import McapFile, McapFileError
from streamer.recording.container.records import RawMessage
from streamer.recording.schema import INFO_NAME
from streamer.shareable import config_without_folders
from streamer.version import software

log = logging.getLogger(__name__)

_STAMPED_NS = 60 * NS_PER_S
"""A picture's own time is believed where it lies this near to when it was logged."""

_COMPRESSED = "/compressed"
"""ROS publishes a plain topic again under this name."""


class _Source(NamedTuple):
    topic: str
    channels: frozenset[int]
    messages: int
    first_ns: int
    last_ns: int

    @property
    def rate_hz(self) -> float:
        spanned = max(1, self.last_ns - self.first_ns)
        return min(1000.0, max(0.001, (self.messages - 1) * NS_PER_S / spanned)) or 1.0


def is_mcap(path: Path) -> bool:
    """Whether a file starts as an MCAP does."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def import_mcap(
    source: Path,
    output: Path,
    config: Config,
    topics: Mapping[str, str],
    progress: Callable[[int, int | None], None] = lambda done, total: None,
) -> Imported:
    """Writes a recording of the image topics of an MCAP file.

    Args:
        source: the file.
        output: the recording to be.
        config: the thermal's kelvin per count.
        topics: of `visible` and `thermal`, where they are named; else they are found by their
            schema and the words in their names.
        progress: told the pictures done, and all of them.

    Raises:
        RecordingError: it holds no such pictures, it is unclear which is which, it is a recording
            of ours already, more than a tenth of a side is lost, or the output cannot be written.
    """
    if config.capture.thermal.bin > 1:
        raise RecordingError(
            "--thermal-bin is of pictures in files; an MCAP's are taken as they are"
        )
    try:
        mcap = McapFile(source)
    except McapFileError as error:
        raise RecordingError(str(error)) from error
    if INFO_NAME in mcap.metadata:
        raise RecordingError(f"{source} is a recording already: replay, export or recover it")
    sources = _sources(mcap, source, topics)
    offset_ns = min(one.first_ns for one in sources.values())
    known = {channel: name for name, one in sources.items() for channel in one.channels}
    total = sum(one.messages for one in sources.values())
    losses: dict[str, Losses] = {name: Losses() for name in sources}
    written: Counter[str] = Counter()
    why: dict[str, str] = {}
    writer: RecordingWriter | None = None
    cameras: dict[str, CameraInfo] = {}
    try:
        for done, message in enumerate(_messages(mcap, frozenset(known)), 1):
            name = known[message.channel]
            try:
                image = _image(mcap, message)
                frame = _frame(name, image, message, written[name], offset_ns, config)
            except PictureError as error:
                number = written[name] + losses[name].lost
                losses[name].add(error.cause, f"{sources[name].topic} {number}")
                why.setdefault(name, str(error))
                continue
            if name not in cameras:
                cameras[name] = _camera(sources[name], frame)
                info = _description(config, offset_ns, cameras)
                if writer is None:
                    writer = RecordingWriter(output, info)
                else:
                    writer.describe(info)
            assert writer is not None
            writer.write(frame, StreamNs(message.log_ns - offset_ns))
            written[name] += 1
            progress(done, total)
        for name, lost in losses.items():
            if not written[name] or lost.too_many_of(written[name] + lost.lost):
                raise RecordingError(
                    f"{lost.lost} of {written[name] + lost.lost} {name} pictures are lost, so "
                    f"nothing is written: {why.get(name, 'none came')}"
                )
        assert writer is not None
        lost = Losses()
        for one in losses.values():
            lost.update(one)
        if lost.total:
            told = _description(config, offset_ns, cameras)
            writer.describe(msgspec.structs.replace(told, left_out=lost.counts))
        writer.close()
    except BaseException:
        if writer is not None:
            writer.discard()
        raise
    return Imported(writer.path, dict(written), lost)


def _sources(mcap: McapFile, path: Path, topics: Mapping[str, str]) -> dict[str, _Source]:
    """What becomes which stream."""
    images: dict[str, set[int]] = {}
    for channel in mcap.channels.values():
        schema = mcap.schemas.get(channel.schema_id)
        if schema is not None and schema.name in SCHEMAS:
            images.setdefault(channel.topic, set()).add(channel.id)
    there = ", ".join(sorted(images)) or "none"
    for name, topic in topics.items():
        if topic not in images:
            raise RecordingError(
                f"{path}: --{name}-topic {topic}: no topic of images; there are: {there}"
            )
    chosen = dict(topics)
    for side in (Side.THERMAL, Side.VISIBLE):
        if side in chosen:
            continue
        left = [topic for topic in sorted(images) if topic not in chosen.values()]
        said = {topic: side_of(topic, FOLDER_WORDS) for topic in left}
        fitting = [topic for topic in left if said[topic] is side]
        if not fitting:  # a camera that is just called camera: counts are heat
            unsaid = [topic for topic in left if said[topic] is None]
            deep = [topic for topic in unsaid if _is_deep(mcap, frozenset(images[topic]))]
            fitting = deep if side is Side.THERMAL else [one for one in unsaid if one not in deep]
        again = {f"{topic}{_COMPRESSED}" for topic in fitting}
        fitting = [topic for topic in fitting if topic not in again]
        if len(fitting) > 1:
            raise RecordingError(
                f"{path}: which topic is {side}? --{side}-topic wanted, of: {', '.join(fitting)}"
            )
        chosen.update({str(side): topic for topic in fitting})
    if "thermal" not in chosen:
        raise RecordingError(
            f"{path}: no topic of images is thermal by name or depth: --thermal-topic wanted; "
            f"topics of {', '.join(SCHEMAS)}: {there}"
        )
    tallies: dict[int, list[int]] = {}
    ours = frozenset(channel for topic in chosen.values() for channel in images[topic])
    for message in _messages(mcap, ours):
        tally = tallies.setdefault(message.channel, [0, message.log_ns, message.log_ns])
        tally[0] += 1
        tally[2] = message.log_ns
    sources = {}
    for name in SENSORS:
        found = [tallies[one] for one in images.get(chosen.get(name, ""), ()) if one in tallies]
        if found:
            sources[name] = _Source(
                chosen[name],
                frozenset(images[chosen[name]]),
                sum(tally[0] for tally in found),
                min(tally[1] for tally in found),
                max(tally[2] for tally in found),
            )
    if "thermal" not in sources:
        raise RecordingError(f"{path}: {chosen['thermal']} holds no picture")
    return sources


def _is_deep(mcap: McapFile, channels: frozenset[int]) -> bool:
    """Whether the first picture of a topic is grey of more than 8 bits."""
    for message in _messages(mcap, channels):
        try:
            pixels = picture_of(_image(mcap, message), "").pixels
        except PictureError:
            return False
        return pixels.ndim == 2 and pixels.dtype.itemsize > 1
    return False


def _messages(mcap: McapFile, channels: frozenset[int]) -> Iterator[RawMessage]:
    """In the order they were logged."""
    waiting: list[tuple[int, int, RawMessage]] = []
    order = 0
    with mcap.path.open("rb") as file:
        for chunk in sorted(mcap.chunks, key=lambda one: one.start_ns):
            while waiting and waiting[0][0] < chunk.start_ns:
                yield heapq.heappop(waiting)[2]
            try:
                found = mcap.read_chunk(file, chunk)
            except McapFileError as error:
                raise RecordingError(str(error)) from error
            for message in found:
                if message.channel in channels:
                    order += 1
                    heapq.heappush(waiting, (message.log_ns, order, message))
    while waiting:
        yield heapq.heappop(waiting)[2]


def _image(mcap: McapFile, message: RawMessage) -> ForeignImage:
    channel = mcap.channels[message.channel]
    schema = mcap.schemas[channel.schema_id].name
    return read_message(schema, channel.message_encoding, message.data)


def _frame(
    stream: str,
    image: ForeignImage,
    message: RawMessage,
    sequence: int,
    offset_ns: int,
    config: Config,
) -> Frame:
    near = image.stamp_ns and abs(image.stamp_ns - message.log_ns) <= _STAMPED_NS
    taken_ns = image.stamp_ns if near else message.log_ns
    stored = picture_of(image, stream)
    at_ns = StreamNs(taken_ns - offset_ns)
    if stream == "visible":
        pixels = visible_picture(stored, stream)
        return Frame(
            stream=stream, sequence=sequence, timestamp_ns=at_ns, pixels=pixels,
            pixel_format=PixelFormat.BGR8,
        )  # fmt: skip
    camera = config.capture.thermal
    given = Radiometry(camera.gain_k, camera.offset_k) if camera.gain_k > 0 else None
    thermal = heat_alone(thermal_counts(stored, stream, given))
    if thermal.words and not sequence:
        log.warning("%s: %s", stream, thermal.words)
    counts = thermal.counts if thermal.none is None else marked(thermal.counts, thermal.none)
    wide = counts.dtype.itemsize == 2
    return Frame(
        stream=stream, sequence=sequence, timestamp_ns=at_ns, pixels=counts,
        pixel_format=PixelFormat.MONO16 if wide else PixelFormat.MONO8,
        radiometry=thermal.radiometry, metadata=thermal.metadata,
    )  # fmt: skip


def _camera(source: _Source, frame: Frame) -> CameraInfo:
    return CameraInfo(
        name=source.topic,
        width=frame.pixels.shape[1],
        height=frame.pixels.shape[0],
        pixel_format=frame.pixel_format,
        rate_hz=source.rate_hz,
        live=False,
        frames=source.messages,
    )


def _description(
    config: Config, offset_ns: int, cameras: Mapping[str, CameraInfo]
) -> RecordingInfo:
    return RecordingInfo(
        recording=f"import-{time.time_ns():x}",
        wall_offset_ns=offset_ns,
        software=software(),
        config=config_without_folders(config),
        cameras=dict(cameras),
        codecs=Codecs(),
        note="imported from another program's MCAP",
    )
