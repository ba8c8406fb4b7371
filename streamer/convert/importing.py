"""Makes a recording of files: a pair, thermal pictures alone, or radiometric stills."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

from streamer.config.schema import Config
from streamer.convert.imported_frames import opened_files
from streamer.pictures import Losses
from streamer.recording import Codecs, RecordingInfo, RecordingWriter

_SHOWN = ("thermal", "visible")  # in the order of the last line


class Imported(NamedTuple):
    """What an import made.

    Attributes:
        path: the recording.
        frames: pictures in it, by stream.
        losses: what was left out.
    """

    path: Path
    frames: Mapping[str, int]
    losses: Losses

    def words(self) -> str:
        """`a.mcap: 12 thermal, 11 visible, 1 left out: 190003 has no partner`."""
        told = [f"{self.frames[name]} {name}" for name in _SHOWN if name in self.frames]
        left_out = self.losses.words()
        return f"{self.path}: {', '.join([*told, *([left_out] if left_out else [])])}"


def import_files(
    sources: Sequence[Path],
    output: Path,
    config: Config,
    progress: Callable[[int, int | None], None] = lambda done, total: None,
    codecs: Codecs | None = None,
) -> Imported:
    """Writes a recording of files.

    Args:
        sources: the visible, then the thermal source; one folder of both; a thermal source alone;
            or radiometric stills, or a folder of them. `none` stands for a side that is not there.
        output: the recording to be.
        config: rates of folders, the thermal's binning and its kelvin per count.
        progress: told the frames done, and all of them where that is known.
        codecs: how pictures are stored.

    Raises:
        RecordingError: the sources are none of these, more than a tenth of a side is lost, or the
            output cannot be written; nothing is left of it then.
        CameraError: a source cannot be read.
        PictureError: a folder holds no pictures.
        PathError: a path cannot be looked at.
    """
    with opened_files(sources, config, codecs) as files, _writing(output, files.info) as writer:
        total = files.total
        for done, given in enumerate(files.read(), 1):
            for frame in given:
                writer.write(frame, frame.timestamp_ns)
            progress(done, total)
        if files.losses.total:
            told = msgspec.structs.replace(files.info, left_out=files.losses.counts)
            writer.describe(told)
    return Imported(writer.path, files.frames, files.losses)


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
