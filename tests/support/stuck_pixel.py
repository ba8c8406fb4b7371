"""A recording of a thermal camera one of whose pixels always says the same."""

from pathlib import Path

from streamer.clock import after
from streamer.messages import Frame, PixelFormat, Radiometry
from streamer.recording import RecordingInfo, RecordingWriter, TimestampedMessage
from tests.support.moving_scene import as_counts, moving_scene
from tests.support.recordings import MS, START, S, record

AT = (20, 13)
"""The pixel's column and row."""


def panned(path: Path, info: RecordingInfo, frames: int) -> Path:
    """A thermal stream of a scene that moves, with a stuck pixel."""

    def messages() -> list[TimestampedMessage]:
        found = []
        for index, picture in enumerate(moving_scene(frames)):
            picture[AT[1], AT[0]] = 52_000
            at = after(START, index * S // 30)
            frame = Frame(
                stream="thermal",
                sequence=index,
                timestamp_ns=at,
                pixel_format=PixelFormat.MONO16,
                pixels=as_counts(picture),
                radiometry=Radiometry(0.01, 0.0),
            )
            found.append(TimestampedMessage(frame, after(at, 5 * MS)))
        return found

    record(RecordingWriter(path, info), messages())
    return path
