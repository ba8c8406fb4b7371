"""The files of an item: radiometric TIFF and picture of a still, a recording, or its export."""

import errno
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import msgspec

from streamer.calibration.calibration import Calibration
from streamer.calibration.plain_data import as_recorded
from streamer.config.schema import ViewerConfig
from streamer.convert.export import ExportSettings, export
from streamer.convert.export import Target as ExportTarget
from streamer.convert.export_writers import Tiff
from streamer.convert.legend import with_legend
from streamer.enhance.items import EnhanceError, Target
from streamer.enhance.making.opened import OpenedItem
from streamer.enhance.making.passage import Making
from streamer.messages import SuperResolvedFrame
from streamer.recording import SUFFIX, RecordingInfo, RecordingWriter
from streamer.recording.schema import EncodedMessage
from streamer.recording.wall_clock import ClockNote, WallClock
from streamer.thermal.palette_file import PaletteError, known_palette
from streamer.thermal.scale import Unit

if TYPE_CHECKING:
    from models.inference.predictor import Predictor


def write_still(making: Making, paths: Sequence[Path], viewer: ViewerConfig) -> None:
    """Writes what a still becomes.

    Args:
        making: of the still.
        paths: a `.tiff` of its counts, a `.png` to be looked at, or both.
        viewer: palette and unit of the picture.

    Raises:
        EnhanceError: there is no such palette.
        OSError: a file cannot be written.
    """
    clock = WallClock(making.source.info.wall_offset_ns, [])
    for message, _ in making.made():
        if not isinstance(message, SuperResolvedFrame):
            continue
        for path in paths:
            if path.suffix == ".png":
                picture = with_legend(message, palette_of(viewer), Unit(viewer.unit))
                path.write_bytes(cv2.imencode(".png", picture)[1].tobytes())
                continue
            tiff = Tiff(path)
            tiff.add(message, 0.0, clock.wall_ns(message.timestamp_ns))
            tiff.close()


def write_recording(making: Making, path: Path, predictor: "Predictor") -> None:
    """Writes the source's own streams and the results to one recording.

    Args:
        making: of the source.
        path: the recording to be.
        predictor: what made the results.

    Raises:
        RecordingError: it cannot be written.
    """
    info = description(making.source, making.calibration, predictor)
    with _writing(path, info) as writer:
        for note in making.source.clocks:
            writer.note_clock(note)
        for made in making.made(writer.write_stored):
            writer.write(made.message, made.at_ns)
        left_out = making.source.left_out()
        if left_out != info.left_out:
            writer.describe(msgspec.structs.replace(info, left_out=left_out))


def write_joined(
    path: Path,
    info: RecordingInfo,
    clocks: Iterable[ClockNote],
    stored: Iterable[EncodedMessage],
    left_out: dict[str, int],
) -> None:
    """Writes the recording that `write_recording` would have written, of what its pieces hold.

    Args:
        path: the recording to be.
        info: its description.
        clocks: what time of day its moments were.
        stored: the messages of all pieces, in the order in which they were written.
        left_out: what of the source could not be taken.

    Raises:
        RecordingError: it cannot be written.
    """
    with _writing(path, info) as writer:
        for note in clocks:
            writer.note_clock(note)
        for message in stored:
            writer.write_stored(message)
        if left_out != info.left_out:
            writer.describe(msgspec.structs.replace(info, left_out=left_out))


def description(
    source: OpenedItem, calibration: Calibration | None, predictor: "Predictor"
) -> RecordingInfo:
    """What a recording of a source and its results says of itself."""
    return msgspec.structs.replace(
        source.info,
        calibration=as_recorded(calibration),
        model=predictor.model,
        model_sha256=predictor.weights_sha256 or None,
        engine=predictor.engine,
        precision=predictor.precision,
        threads=predictor.threads,
        views=predictor.views,
    )


def write_export(
    making: Making, path: Path, target: Target, predictor: "Predictor", palette: str
) -> None:
    """Writes the results as `corefusion export` does, of a recording that is gone afterwards.

    Raises:
        RecordingError: it cannot be written, or the results do not suit the format.
    """
    recording = path.with_name(f"{path.name}{SUFFIX}")
    write_recording(making, recording, predictor)
    export_results(recording, path, target, palette, any_made=making.tally.frames > 0)


def export_results(
    recording: Path, path: Path, target: Target, palette: str, *, any_made: bool
) -> None:
    """Exports the results of a recording, which is gone afterwards.

    Raises:
        RecordingError: the results do not suit the format.
    """
    if any_made:
        kind = ExportTarget(target.value)
        export(recording, ExportSettings(target=kind, stream="sr", output=path, palette=palette))
    recording.unlink()


def palette_of(viewer: ViewerConfig) -> str:
    """The palette of pictures.

    Raises:
        EnhanceError: there is none of this name.
    """
    try:
        return known_palette(viewer.palette)
    except PaletteError as error:
        raise EnhanceError(str(error)) from error


def give_names(parts: Path, folder: Path, outputs: Sequence[str]) -> None:
    """Moves what is whole to where it belongs; the first name is given last.

    Raises:
        OSError: it cannot be.
    """
    for output in reversed(outputs):
        part, final = parts / Path(output).name, folder / output
        final.parent.mkdir(parents=True, exist_ok=True)
        if final.is_dir() and not final.is_symlink():
            shutil.rmtree(final)
        os.replace(part, final)  # noqa: PTH105 - of a folder too


@contextmanager
def _writing(path: Path, info: RecordingInfo) -> Iterator[RecordingWriter]:
    writer = RecordingWriter(path, info)
    try:
        yield writer
        writer.close()
    except BaseException as error:
        writer.discard()
        cause = error.__cause__
        if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
            raise cause from error  # its own words say that it is readable, and it has gone
        raise
