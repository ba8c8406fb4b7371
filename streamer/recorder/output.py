"""Where a recorder writes to."""

from pathlib import Path

import msgspec

from streamer.config.recording import RecordSettings
from streamer.recording import PART, SUFFIX, RecordingInfo, RecordingWriter, SegmentWriter, Writer


def open_writer(settings: RecordSettings, info: RecordingInfo, resumed: bool) -> Writer:
    """The recording to write; a recorder that died goes on beside what it left.

    Raises:
        RecordingError: it cannot be made there.
    """
    path = Path(settings.output)
    if path.suffix != SUFFIX:
        return SegmentWriter(
            path,
            info,
            segment_s=settings.segment_s,
            segment_bytes=round(settings.segment_mb * 1e6),
            resume=resumed,
        )
    number = 1
    target = path
    while resumed and (target.exists() or target.with_name(target.name + PART).exists()):
        number += 1
        target = path.with_name(f"{path.stem}-{number}{SUFFIX}")
    return RecordingWriter(target, msgspec.structs.replace(info, segment=number - 1))


def remove_empty(path: Path) -> None:
    """Removes a recording that nothing came for: its name shall be free for the next try."""
    for file in path.glob(f"*{SUFFIX}") if path.is_dir() else [path]:
        file.unlink(missing_ok=True)
