"""One stream of a recording as a camera, so that `live` takes a recording as a source."""

from collections.abc import Iterator
from pathlib import Path

from capture.camera import Camera, CameraError, Capture, EndOfStream
from capture.pixel_formats import format_of
from streamer.clock import HostNs, StreamNs, after, later, since
from streamer.config.schema import CameraConfig
from streamer.messages import CameraInfo, Frame
from streamer.recording import RecordingError, RecordingReader, TimestampedMessage


class RecordedStream(Camera):
    """The recorded frames of `visible` or `thermal`, each as long after time zero as it was taken.

    Both streams of a recording count from its oldest capture, so that they stay together.
    """

    def __init__(self, path: Path, stream: str, config: CameraConfig) -> None:
        self._path = path
        self._stream = stream
        self._config = config
        self._frames: Iterator[TimestampedMessage] = iter(())
        self._origin_ns = HostNs(0)
        self._skip_until_ns = HostNs(0)

    def open(self) -> CameraInfo:
        """Opens the recording.

        Raises:
            CameraError: it is none, or has no such stream.
        """
        try:
            self._reader = RecordingReader(self._path)
            tally = self._reader.tally()
            first = next(iter(self._reader.read((self._stream,))), None)
        except RecordingError as error:
            raise CameraError(str(error)) from error
        if first is None or not isinstance(first.message, Frame):
            raise CameraError(f"recording {self._path} has no {self._stream} frames")
        pixels, statistics = first.message.pixels, tally.streams[self._stream]
        self._start_ns = tally.start_ns() or StreamNs(0)
        return CameraInfo(
            name=self._path.name,
            width=pixels.shape[1],
            height=pixels.shape[0],
            pixel_format=format_of(pixels),
            rate_hz=statistics.rate_hz() or self._config.rate_hz,
            live=False,
            frames=statistics.messages,
        )

    def start(self, origin_ns: HostNs, now_ns: HostNs) -> None:
        """Sets time zero; frames due before `now_ns` are passed over."""
        self._origin_ns = origin_ns
        self._skip_until_ns = now_ns
        self._frames = self._reader.read((self._stream,))

    def read(self) -> Capture:
        """The next frame with the time it is due.

        Raises:
            EndOfStream: after the last frame.
        """
        for recorded in self._frames:
            frame = recorded.message
            if not isinstance(frame, Frame):
                continue
            due_ns = after(self._origin_ns, since(frame.timestamp_ns, self._start_ns))
            if not later(self._skip_until_ns, due_ns):
                return Capture(
                    frame.pixels,
                    due_ns,
                    frame.sequence,
                    frame.radiometry,
                    frame.flags,
                    metadata=frame.metadata,
                )
        raise EndOfStream

    def close(self) -> None:
        """Forgets the recording."""
        self._frames = iter(())
