"""A network camera as the visible one: RTSP or HTTP through the FFmpeg in OpenCV."""

from collections.abc import Callable, Sequence

import cv2

from capture.camera import Camera, CameraError, Capture
from capture.drivers.pace import Pace
from capture.drivers.usb.frame_reader import FrameReader, ReadFrame, Video
from capture.pixel_formats import as_visible, format_of
from streamer.clock import now_ns
from streamer.config.schema import CameraConfig
from streamer.messages import CameraInfo
from streamer.pictures.formats.opencv import silence_opencv
from streamer.shareable import without_credentials

SCHEMES = ("rtsp://", "rtsps://", "http://", "https://")

Opener = Callable[[str, int, Sequence[int]], Video]


class NetworkCamera(Camera):
    """A stream by its address. It is compressed, so that no temperatures can come of it.

    Frames have the time of their arrival. Of user name, password and query of the address nothing
    is ever said: `name` is all that errors, logs and recordings have of it.

    Args:
        source: the address.
        config: of the visible camera.
        read_timeout_s: how long connecting, and any frame, may take.
        opener: makes the stream, as cv2.VideoCapture does of address, backend and parameters.
    """

    live = True

    def __init__(
        self,
        source: str,
        config: CameraConfig,
        read_timeout_s: float,
        *,
        opener: Opener = cv2.VideoCapture,
    ) -> None:
        self.name = without_credentials(source)
        self._source = source
        self._config = config
        self._read_timeout_s = read_timeout_s
        self._opener = opener
        self._reader: FrameReader | None = None
        self._left: FrameReader | None = None
        self._sequence = -1
        self._index = 0
        self._pace = Pace()
        self._rate_hz = 0.0

    def open(self) -> CameraInfo:
        """Connects and waits for a first picture.

        Raises:
            CameraError: there is no answer in time, or none that is a video.
        """
        self.close()
        if self._left is not None and not self._left.ended:
            raise CameraError(f"camera {self.name} does not answer")
        self._reader = FrameReader(f"camera {self.name}", self._video)
        try:
            frame = self._reader.read(2 * self._read_timeout_s)
            pixels = as_visible(frame.samples, f"camera {self.name}")
        except CameraError:
            self.close()
            raise
        self._index = frame.index
        rate_hz = self._rate_hz or self._config.rate_hz
        self._sequence = self._pace.number_before(self._sequence, rate_hz, now_ns())
        return CameraInfo(
            name=self.name,
            width=pixels.shape[1],
            height=pixels.shape[0],
            pixel_format=format_of(pixels),
            rate_hz=rate_hz,
            live=True,
        )

    def read(self) -> Capture:
        """Waits for the next picture.

        Raises:
            CameraError: none came in `read_timeout_s`, or the stream ended.
        """
        if self._reader is None:
            raise CameraError(f"camera {self.name}: read before open")
        frame: ReadFrame = self._reader.read(self._read_timeout_s)
        self._sequence += frame.index - self._index
        self._index = frame.index
        self._pace.note(frame.timestamp_ns)
        pixels = as_visible(frame.samples, f"camera {self.name}")
        return Capture(pixels, frame.timestamp_ns, self._sequence)

    def close(self) -> None:
        """Disconnects; a reader that does not come back is left."""
        if self._reader is not None:
            self._reader.close()
            self._left, self._reader = self._reader, None

    def _video(self) -> Video:
        """Connects; called in the reader's thread."""
        silence_opencv()
        limit_ms = round(1000 * self._read_timeout_s)
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, limit_ms]
        limits += [cv2.CAP_PROP_READ_TIMEOUT_MSEC, limit_ms]
        video = self._opener(self._source, cv2.CAP_FFMPEG, limits)
        if not video.isOpened():
            video.release()
            raise CameraError(
                f"camera {self.name} gave no video within {self._read_timeout_s:g} s: "
                "check address, user name and password"
            )
        rate_hz = video.get(cv2.CAP_PROP_FPS)
        self._rate_hz = rate_hz if 0 < rate_hz <= 1000 else 0.0
        return video
