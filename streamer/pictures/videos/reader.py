"""One video, frame by frame: through OpenCV where that is exact, through PyAV where it is not.

PyAV is not installed by default: it is the extra `video` of this package. Its licence is BSD, that
of the FFmpeg in its wheels GPL, for the encoders that come with it.
"""

import importlib
from abc import ABC, abstractmethod
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.image_header import MAX_PIXELS
from streamer.pictures.errors import Cause, PictureError
from streamer.pictures.formats.findings import cut_off_words, finding
from streamer.pictures.formats.opencv import silence_opencv
from streamer.pictures.stored import StoredPicture, is_coloured
from streamer.pictures.videos.pixel_format import Handling, VideoFormat, format_of_tag

VIDEO_SUFFIXES = (".mp4", ".m4v", ".mov", ".mkv", ".avi")

_GREY_CHROMA = 2  # levels of 256 off the centre, of video without colours


class VideoReader(ABC):
    """An open video.

    Attributes:
        pixel_format: what it is stored in.
        rate_hz: as the file says it; 0 where it does not.
        frames: as the file says it; 0 where it does not.
    """

    pixel_format: VideoFormat
    rate_hz: float
    frames: float

    @abstractmethod
    def grab(self) -> bool:
        """Takes the next frame; False at the end."""

    @abstractmethod
    def position_ms(self) -> float:
        """Presentation time of the frame that was taken."""

    @abstractmethod
    def retrieve(self) -> StoredPicture | None:
        """The frame that was taken; None where it cannot be decoded."""

    @abstractmethod
    def release(self) -> None:
        """Closes the file."""


def open_video(path: Path, *, counts: bool) -> VideoReader:
    """Opens a video.

    Args:
        path: a regular file.
        counts: whether its samples are counts, and wanted to the last bit; else 8 bits of each
            colour do.

    Raises:
        PictureError: it is no video, or one whose counts cannot be read exactly here.
    """
    words = finding(path)
    if words:
        raise PictureError(f"{path}: {words}")
    silence_opencv()
    video = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    if not video.isOpened():
        why = cut_off_words(path)
        raise PictureError(f"{path} is not a video that can be read{why and ': ' + why}")
    columns, rows = (
        int(video.get(side)) for side in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)
    )
    if columns * rows > MAX_PIXELS:
        video.release()
        raise PictureError(f"{path}: frames of {columns}x{rows}; {MAX_PIXELS} pixels at most")
    pixel_format = format_of_tag(int(video.get(cv2.CAP_PROP_CODEC_PIXEL_FORMAT)))
    if not counts or pixel_format.handling in (Handling.EXACT, Handling.LUMA):
        return OpenCvReader(video, pixel_format, counts=counts)
    video.release()
    if pixel_format.handling is Handling.REFUSED:
        raise PictureError(
            f"{path}: pixel format {pixel_format.name}: counts of heat are grey, of 8 to 16 bits",
            Cause.FORMAT,
        )
    try:
        av: Any = importlib.import_module("av")
    except ModuleNotFoundError as error:
        raise PictureError(
            f"{path}: pixel format {pixel_format.name} is read exactly with PyAV alone: "
            "pip install 'corefusion-live[video]', or store it as gray16le (FFV1)",
            Cause.FORMAT,
        ) from error
    return PyAvReader(av, path, pixel_format)


class OpenCvReader(VideoReader):
    """Eight bits of anything, or sixteen of grey."""

    def __init__(self, video: cv2.VideoCapture, pixel_format: VideoFormat, *, counts: bool) -> None:
        self._video = video
        self.pixel_format = pixel_format
        self.rate_hz = video.get(cv2.CAP_PROP_FPS)
        self.frames = video.get(cv2.CAP_PROP_FRAME_COUNT)
        if counts and pixel_format.handling is Handling.EXACT:
            video.set(cv2.CAP_PROP_CONVERT_RGB, 0)  # otherwise 16 bits are cut down to 8

    def grab(self) -> bool:
        """Takes the next frame; False at the end."""
        return bool(self._video.grab())

    def position_ms(self) -> float:
        """Presentation time of the frame that was taken."""
        return float(self._video.get(cv2.CAP_PROP_POS_MSEC))

    def retrieve(self) -> StoredPicture | None:
        """The frame that was taken; None where it cannot be decoded."""
        done, picture = self._video.retrieve()
        if not done:
            return None
        pixels: NDArray[Any] = np.asarray(picture)
        if pixels.ndim == 3 and pixels.shape[2] == 1:
            pixels = pixels[..., 0]
        return StoredPicture(pixels, "in colour" if is_coloured(pixels) else "", lossy=True)

    def release(self) -> None:
        """Closes the file."""
        self._video.release()


class PyAvReader(VideoReader):
    """Grey of any depth and byte order, and deep colours that are grey."""

    def __init__(self, av: Any, path: Path, pixel_format: VideoFormat) -> None:
        self._path = path
        try:
            self._container = av.open(str(path))
            self._stream = self._container.streams.video[0]
        except (av.error.FFmpegError, OSError, IndexError) as error:
            raise PictureError(f"{path} is not a video that PyAV can read: {error}") from error
        self._errors = av.error.FFmpegError
        self.pixel_format = VideoFormat(self._stream.pix_fmt or pixel_format.name, Handling.DEEP)
        self.rate_hz = float(self._stream.average_rate or 0)
        self.frames = float(self._stream.frames)
        self._decoded = self._container.decode(self._stream)
        self._frame: Any = None

    def grab(self) -> bool:
        """Takes the next frame; False at the end, and where the file is cut off."""
        try:
            self._frame = next(self._decoded, None)
        except self._errors:
            self._frame = None
        return self._frame is not None

    def position_ms(self) -> float:
        """Presentation time of the frame that was taken."""
        if self._frame.pts is None:
            return 0.0
        return float(Fraction(self._frame.pts) * self._frame.time_base * 1000)

    def retrieve(self) -> StoredPicture | None:
        """The frame that was taken, its samples as they are."""
        name = self._frame.format.name
        if name.startswith("gray"):
            return StoredPicture(_plane(self._frame, 0))
        if name.startswith("yuv") and len(self._frame.planes) == 3:
            luma, *chroma = (_plane(self._frame, index) for index in range(3))
            depth = self._frame.format.components[0].bits
            off = max(
                int(np.abs(each.astype(np.int32) - (1 << depth - 1)).max()) for each in chroma
            )
            coloured = off > _GREY_CHROMA << max(0, depth - 8)
            return StoredPicture(luma, "in colour" if coloured else "")
        try:
            pixels = self._frame.to_ndarray()
        except ValueError as error:
            raise PictureError(
                f"{self._path}: pixel format {name} cannot be read exactly: {error}", Cause.FORMAT
            ) from error
        pixels = np.ascontiguousarray(pixels.astype(pixels.dtype.newbyteorder("="))[..., 2::-1])
        return StoredPicture(pixels, "in colour" if is_coloured(pixels) else "")

    def release(self) -> None:
        """Closes the file."""
        self._container.close()


def _plane(frame: Any, index: int) -> NDArray[Any]:
    """(H, W) of the samples of a plane, in this machine's byte order."""
    plane, name = frame.planes[index], frame.format.name
    deep = frame.format.components[0].bits > 8
    dtype = np.dtype((">" if name.endswith("be") else "<") + "u2" if deep else "u1")
    row = plane.line_size // dtype.itemsize
    samples = np.frombuffer(plane, dtype).reshape(-1, row)[: plane.height, : plane.width]
    return np.ascontiguousarray(samples.astype(dtype.newbyteorder("=")))
