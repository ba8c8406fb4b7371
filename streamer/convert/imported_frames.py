"""Frames of files by their times: a pair, thermal pictures alone, or radiometric stills."""

import importlib
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import msgspec

from streamer.clock import NS_PER_S
from streamer.config.schema import Config
from streamer.convert.import_sources import ImportSources, import_sources
from streamer.errors import CorefusionError
from streamer.messages import SENSORS, CameraInfo, Frame, PixelFormat
from streamer.pictures import Cause, Losses
from streamer.pictures.formats import fff
from streamer.pictures.formats.taken import taken_ns
from streamer.pictures.geometry import shape_words
from streamer.pictures.listing.sources import SUFFIXES, files_of
from streamer.pictures.losses import UNPAIRED
from streamer.pictures.radiometric.flir_sequence import sequence_times_ns
from streamer.recording import Codecs, RecordingError, RecordingInfo
from streamer.shareable import config_without_folders
from streamer.version import software

log = logging.getLogger(__name__)

_DRIVERS = "capture.registry"  # by name, as in the process table: streamer does not know capture
_CAMERA = "capture.camera"
_STILLS_HZ = 1.0


class ImportedFrames:
    """The frames of files; reads each once.

    Attributes:
        info: what a recording of them says of itself.
        frames: how many came, by stream.
        losses: what was left out so far.

    Args:
        cameras: opened and started.
        info: of the recording.
        losses: what was left out before the first frame.
    """

    def __init__(self, cameras: Mapping[str, Any], info: RecordingInfo, losses: Losses) -> None:
        self.info = info
        self.frames = dict.fromkeys(cameras, 0)
        self.losses = losses
        self._cameras = cameras

    @property
    def total(self) -> int | None:
        """How many frames are to come, where that is known."""
        lengths = [info.frames for info in self.info.cameras.values()]
        return sum(one or 0 for one in lengths) if all(lengths) else None

    def read(self) -> Iterator[list[Frame]]:
        """The frames in the order of their times; of one moment a thermal one and its truth.

        Raises:
            CameraError: a source cannot be read any more.
            RecordingError: more than a tenth of a side was lost.
        """
        streams = [_frames(stream, camera) for stream, camera in self._cameras.items()]
        lit_ns: int | None = None
        for given in _merged(streams):
            if given[0].stream == "visible":
                lit_ns = given[0].timestamp_ns
            elif "visible" in self._cameras and lit_ns != given[0].timestamp_ns:
                given = _without_guide(given, self._cameras["visible"].losses)
            self.frames[given[0].stream] += 1
            yield given
        for stream, camera in sorted(self._cameras.items()):  # thermal first: it tells of stills
            _check_lost(stream, self.frames[stream], camera.losses)
            self.losses.update(camera.losses)


@contextmanager
def opened_files(
    sources: Sequence[Path], config: Config, codecs: Codecs | None = None
) -> Iterator[ImportedFrames]:
    """Opens files as cameras.

    Args:
        sources: the visible, then the thermal source; one folder of both; a thermal source alone;
            or radiometric stills, or a folder of them. `none` stands for a side that is not there.
        config: rates of folders, the thermal's binning and its kelvin per count.
        codecs: how pictures are to be stored.

    Raises:
        RecordingError: the sources are none of these.
        CameraError: a source cannot be read.
        PictureError: a folder holds no pictures.
        PathError: a path cannot be looked at.
    """
    found = import_sources(sources)
    config = _configured(config, found)
    registry: Any = importlib.import_module(_DRIVERS)
    with ExitStack() as open_cameras:
        cameras: dict[str, Any] = {}
        infos: dict[str, CameraInfo] = {}
        losses = Losses()
        for stream in SENSORS:
            camera = _driver(registry, stream, config, found)
            if camera is None:
                continue
            try:
                infos[stream] = open_cameras.enter_context(camera).open()
            except CorefusionError as error:
                if not found.stills:
                    raise
                if stream == "thermal" or set(camera.losses.names) != {Cause.NO_VISIBLE}:
                    raise RecordingError(str(error)) from error
                losses.update(camera.losses)
                continue
            cameras[stream] = camera
            camera.start(0, 0)
        if len(infos) == 2:
            _warn_of_shapes(infos)
        info = _description(config, found.first, infos, codecs or Codecs())
        yield ImportedFrames(cameras, info, losses)


def _configured(config: Config, found: ImportSources) -> Config:
    """The configuration with these sources; stills without a time come one a second."""
    replace = msgspec.structs.replace
    changed = {}
    for stream in SENSORS:
        section = getattr(config.capture, stream)
        source = str(found.paths.get(stream, "none"))
        if found.stills:
            section = replace(section, rate_hz=_STILLS_HZ)
        changed[stream] = replace(section, source=source, loop=False)
    return replace(config, capture=replace(config.capture, **changed))


def _driver(registry: Any, stream: str, config: Config, found: ImportSources) -> Any:
    if found.stills:
        return registry.still_driver(stream, config, found.stills)
    return registry.open_driver(stream, config) if stream in found.paths else None


def _without_guide(frames: list[Frame], visible: Losses) -> list[Frame]:
    """Frames beside a visible picture that was lost: their neighbour's would be another scene."""
    if not visible.lost:
        return frames
    return [
        msgspec.structs.replace(frame, metadata={**frame.metadata, UNPAIRED: True})
        for frame in frames
    ]


def _check_lost(stream: str, written: int, losses: Losses) -> None:
    if not written or losses.too_many_of(written + losses.lost):
        raise RecordingError(
            f"{losses.lost} of {written + losses.lost} {stream} pictures are lost, so nothing is "
            f"written: {losses.words()}"
        )


def _warn_of_shapes(infos: Mapping[str, CameraInfo]) -> None:
    sizes = [(infos[stream].width, infos[stream].height) for stream in SENSORS]
    if words := shape_words(*sizes):
        log.warning("%s", words)


def _frames(stream: str, camera: Any) -> Iterator[list[Frame]]:
    """The frames of a camera, a thermal one with its truth."""
    end_of_stream = importlib.import_module(_CAMERA).EndOfStream
    while True:
        try:
            capture = camera.read()
        except end_of_stream:
            return
        common = {
            "sequence": capture.sequence,
            "timestamp_ns": capture.timestamp_ns,
            "radiometry": capture.radiometry,
            "flags": capture.flags,
            "metadata": capture.metadata,
        }
        frames = [_frame(stream, capture.pixels, common)]
        if capture.truth is not None:
            frames.append(_frame("truth", capture.truth, common))
        yield frames


def _merged(streams: list[Iterator[list[Frame]]]) -> Iterator[list[Frame]]:
    """All frames in the order of their times; of equal times the visible comes first."""
    heads = [next(stream, None) for stream in streams]
    while any(head is not None for head in heads):
        _, which = min(
            (head[0].timestamp_ns, index) for index, head in enumerate(heads) if head is not None
        )
        head = heads[which]
        assert head is not None
        yield head
        heads[which] = next(streams[which], None)


def _frame(stream: str, pixels: Any, fields: dict[str, Any]) -> Frame:
    pixel_format = PixelFormat.MONO8 if pixels.dtype.name == "uint8" else PixelFormat.MONO16
    if pixels.ndim == 3:
        pixel_format = PixelFormat.BGR8
    return Frame(stream=stream, pixels=pixels, pixel_format=pixel_format, **fields)


def _taken_ns(source: Path) -> int | None:
    """When the first picture of a source was taken, by its own word."""
    first = source if source.is_file() else next(iter(files_of(source, SUFFIXES)), None)
    if first is None:
        return None
    if first.suffix.lower() in fff.SUFFIXES:
        return next(iter(sequence_times_ns(first)), None)
    return taken_ns(first)


def _description(
    config: Config, source: Path, cameras: dict[str, CameraInfo], codecs: Codecs
) -> RecordingInfo:
    by_exif = _taken_ns(source)
    by_file = round(source.stat().st_mtime * NS_PER_S)  # the nearest there is otherwise
    return RecordingInfo(
        recording=f"import-{time.time_ns():x}",
        wall_offset_ns=by_file if by_exif is None else by_exif,
        software=software(),
        config=config_without_folders(config),
        cameras=cameras,
        codecs=codecs,
        note="imported; its time of day is "
        + ("that of the source file" if by_exif is None else "when the first picture was taken"),
    )
