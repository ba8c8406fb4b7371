"""An item opened: its messages in the order they arrived, as a recording of it holds them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

from streamer.clock import since
from streamer.config.recording import Codec, Codecs
from streamer.config.schema import Config
from streamer.convert.imported_frames import ImportedFrames, opened_files
from streamer.enhance.items import EnhanceError, Item, Kind
from streamer.messages import CalibrationChange, ModeChange, NetworkChange, TimelineEvent
from streamer.pictures.decoding import read_stored_file
from streamer.pictures.listing.ranks import Rank, rank_of
from streamer.recording import RecordingInfo, RecordingReader, TimestampedMessage
from streamer.recording.reader import EVERYTHING
from streamer.recording.schema import NETWORK_EVENT, EncodedMessage, decode_message, encode_message
from streamer.recording.wall_clock import ClockNote, pieces

_KEPT = tuple(stream for stream in EVERYTHING if stream != "sr")


class Given(NamedTuple):
    """A message of an item as it stands in a file, decoded, and how much of all is read by it."""

    stored: EncodedMessage
    recorded: TimestampedMessage
    share: float


class OpenedItem(NamedTuple):
    """What can be told of an item before it is read.

    Attributes:
        info: what a recording of it says.
        streams: of pictures that are in it.
        clocks: what time of day its moments were, where more than `info` knows of it.
        messages: reads it, once.
        left_out: what could not be taken so far, by cause.
        damage: what of it is broken, so far.
        calibrations: how its cameras are lined up from when on, where that changes in it.
    """

    info: RecordingInfo
    streams: tuple[str, ...]
    clocks: list[ClockNote]
    messages: Callable[[], Iterator[Given]]
    left_out: Callable[[], dict[str, int]]
    damage: list[str]
    calibrations: Sequence[CalibrationChange] = ()


@contextmanager
def opened(item: Item, config: Config, digest: str) -> Iterator[OpenedItem]:
    """Opens an item.

    Args:
        item: what.
        config: of imports: rates, codecs, kelvin per count.
        digest: of the sources; names a recording that is made of files.

    Raises:
        RecordingError: a recording cannot be opened.
        EnhanceError: a still alone is a picture in colours.
        CorefusionError: files cannot; as `streamer.convert.imported_frames.opened_files`.
    """
    if item.kind is Kind.RECORDING:
        yield _recording(RecordingReader(Path(item.sources[0])))
        return
    codecs = Codecs(
        visible=Codec(config.recording.visible), jpeg_quality=config.recording.jpeg_quality
    )
    with opened_files(_paths(item), config, codecs) as files:
        info = msgspec.structs.replace(files.info, recording=f"enhanced-{digest[:16]}")
        yield OpenedItem(
            info,
            tuple(files.frames),
            [],
            lambda: _of_files(files, info),
            lambda: files.losses.counts,
            [],
        )


def _paths(item: Item) -> list[Path]:
    """The visible and the thermal source as an import takes them; a still alone has to be grey."""
    paths = [Path(each) for each in item.sources]
    if len(paths) > 1 or item.kind is not Kind.STILL:
        return paths
    if rank_of(paths[0]) is Rank.PLAIN and (rendering := read_stored_file(paths[0]).rendering):
        raise EnhanceError(
            f"{paths[0]} is a picture {rendering}, and a thermal still alone has to be grey"
        )
    return [Path("none"), *paths]


def _recording(reader: RecordingReader) -> OpenedItem:
    clocks = reader.clocks
    noted = len(clocks) > 1 or any(clock.notes for _, clock in clocks)
    return OpenedItem(
        msgspec.structs.replace(reader.info, segment=0),
        reader.streams,
        list(pieces(clocks)) if noted else [],
        lambda: _of_recording(reader),
        lambda: reader.info.left_out,
        reader.damage,
        reader.calibrations(),
    )


def _of_recording(reader: RecordingReader) -> Iterator[Given]:
    """Its messages without the results of before, and the changes that belong to them."""
    start_ns, end_ns = reader.start_ns, reader.end_ns
    if start_ns is None or end_ns is None:
        return
    long_ns = max(1, since(end_ns, start_ns))
    for stored in reader.stored(_KEPT):
        recorded = reader.decoded(stored)
        if recorded is None or _is_of_results(recorded.message):
            continue
        yield Given(stored, recorded, since(stored.arrived_ns, start_ns) / long_ns)


def _is_of_results(message: object) -> bool:
    """Whether it tells of the results of before: all new ones are made by one network."""
    if isinstance(message, TimelineEvent):
        return message.kind == NETWORK_EVENT
    return isinstance(message, ModeChange | NetworkChange)


def _of_files(files: ImportedFrames, info: RecordingInfo) -> Iterator[Given]:
    """Frames as a recording of them gives them back: the network sees what the file will hold."""
    total = files.total
    for done, frames in enumerate(files.read(), 1):
        for frame in frames:
            stored = encode_message(frame, info, frame.timestamp_ns)
            recorded = TimestampedMessage(decode_message(stored), stored.arrived_ns)
            yield Given(stored, recorded, done / total if total else 0.0)
