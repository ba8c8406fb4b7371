"""Makes a recording of files: a pair of videos or image folders, or FLIR radiometric JPEGs."""

import importlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from streamer.clock import NS_PER_S, StreamNs
from streamer.config.schema import Config
from streamer.convert.flir_jpeg import RADIOMETRY, is_radiometric, read_radiometric
from streamer.messages import SENSORS, CameraInfo, Frame, PixelFormat
from streamer.paths import PathKind, kind_of
from streamer.recording import Codecs, RecordingError, RecordingInfo, RecordingWriter
from streamer.shareable import config_without_folders
from streamer.version import software

_DRIVERS = "capture.registry"  # by name, as in the process table: streamer does not know capture
_CAMERA = "capture.camera"
_STILLS_HZ = 1.0
_FORMS = "a visible and a thermal source (videos or folders) or FLIR radiometric JPEGs"


def import_files(
    sources: Sequence[Path],
    output: Path,
    config: Config,
    progress: Callable[[int, int | None], None] = lambda done, total: None,
    codecs: Codecs | None = None,
) -> Path:
    """Writes a recording of files.

    Args:
        sources: the visible, then the thermal source; or JPEGs, or one folder of them.
        output: the recording to be.
        config: rates of folders, the thermal's binning and its kelvin per count.
        progress: told the frames done, and all of them where that is known.
        codecs: how pictures are stored.

    Raises:
        RecordingError: the sources are none of these, or the output cannot be written.
        CameraError: a source cannot be read.
        PathError: a path cannot be looked at.
    """
    stills = _stills(sources)
    if len(sources) == 1 and all(kind_of(sources[0] / name) is PathKind.FOLDER for name in SENSORS):
        sources = [sources[0] / name for name in SENSORS]
    if stills is None and len(sources) != 2:
        raise RecordingError(f"import takes {_FORMS}; {len(sources)} other sources came")
    missing = [str(path) for path in sources if kind_of(path) is PathKind.MISSING]
    if missing:
        raise RecordingError(f"import source {missing[0]} does not exist")
    if stills is not None:
        return _import_stills(stills, output, config, progress, codecs or Codecs())
    return _import_pair(sources, output, config, progress, codecs or Codecs())


def _stills(sources: Sequence[Path]) -> list[Path] | None:
    """The JPEGs, when that is what the sources are."""
    if len(sources) == 1 and kind_of(sources[0]) is PathKind.FOLDER:
        try:
            sources = sorted(path for path in sources[0].iterdir() if is_radiometric(path))
        except OSError as error:
            raise RecordingError(f"folder {sources[0]}: {error.strerror or error}") from error
    good = bool(sources) and all(is_radiometric(path) for path in sources)
    return list(sources) if good else None


def _import_stills(
    stills: list[Path],
    output: Path,
    config: Config,
    progress: Callable[[int, int | None], None],
    codecs: Codecs,
) -> Path:
    first = read_radiometric(stills[0])
    thermal = _info_of(stills[0].name, first.counts, PixelFormat.MONO16, len(stills))
    info = _description(config, stills[0], {"thermal": thermal}, codecs)
    with _writing(output, info) as writer:
        for sequence, path in enumerate(stills):
            still, at_ns = read_radiometric(path), StreamNs(round(sequence * NS_PER_S / _STILLS_HZ))
            common = {"sequence": sequence, "timestamp_ns": at_ns, "metadata": still.metadata}
            if still.visible is not None:
                writer.write(_frame("visible", still.visible, common), at_ns)
            thermal_frame = _frame("thermal", still.counts, common | {"radiometry": RADIOMETRY})
            writer.write(thermal_frame, at_ns)
            progress(sequence + 1, len(stills))
    return writer.path


def _import_pair(
    sources: Sequence[Path],
    output: Path,
    config: Config,
    progress: Callable[[int, int | None], None],
    codecs: Codecs,
) -> Path:
    changed = {
        stream: msgspec.structs.replace(
            getattr(config.capture, stream), source=str(path), loop=False
        )
        for stream, path in zip(SENSORS, sources, strict=True)
    }
    config = msgspec.structs.replace(
        config, capture=msgspec.structs.replace(config.capture, **changed)
    )
    open_driver = importlib.import_module(_DRIVERS).open_driver
    with open_driver("visible", config) as visible, open_driver("thermal", config) as thermal:
        cameras = {"visible": visible.open(), "thermal": thermal.open()}
        lengths = [camera.frames for camera in cameras.values() if camera.frames]
        total = sum(lengths) if len(lengths) == 2 else None
        visible.start(0, 0)
        thermal.start(0, 0)
        info = _description(config, sources[0], cameras, codecs)
        with _writing(output, info) as writer:
            frames = [_frames("visible", visible), _frames("thermal", thermal)]
            for done, given in enumerate(_merged(frames), 1):
                for frame in given:
                    writer.write(frame, frame.timestamp_ns)
                progress(done, total)
    return writer.path


@contextmanager
def _writing(output: Path, info: RecordingInfo) -> Iterator[RecordingWriter]:
    """A recording that is complete on the way out, or not there at all."""
    writer = RecordingWriter(output, info)
    try:
        yield writer
        writer.close()
    except BaseException:
        writer.discard()
        raise


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


def _info_of(name: str, pixels: Any, pixel_format: PixelFormat, frames: int) -> CameraInfo:
    return CameraInfo(
        name=name,
        width=pixels.shape[1],
        height=pixels.shape[0],
        pixel_format=pixel_format,
        rate_hz=_STILLS_HZ,
        live=False,
        frames=frames,
    )


def _description(
    config: Config, source: Path, cameras: dict[str, CameraInfo], codecs: Codecs
) -> RecordingInfo:
    return RecordingInfo(
        recording=f"import-{time.time_ns():x}",
        wall_offset_ns=round(source.stat().st_mtime * NS_PER_S),  # the nearest there is
        software=software(),
        config=config_without_folders(config),
        cameras=cameras,
        codecs=codecs,
        note="imported; its time of day is that of the source file",
    )
