"""Raw YUYV of a video, byte by byte: thermal cameras hide counts of 16 bits in its two."""

from pathlib import Path
from typing import Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.pictures.formats.findings import finding
from streamer.pictures.formats.opencv import silence_opencv
from streamer.pictures.stored import StoredPicture
from streamer.pictures.videos.pixel_format import Handling, VideoFormat, format_of_tag
from streamer.pictures.videos.reader import VideoReader

_RAW = "yuyv422"


class PackedReader(VideoReader):
    """An open video of raw YUYV; its pictures are (H, W) uint16, little-endian."""

    def __init__(self, video: cv2.VideoCapture, shape: tuple[int, int]) -> None:
        self._video = video
        self._shape = shape
        self.pixel_format = VideoFormat(_RAW, Handling.EXACT)
        self.rate_hz = video.get(cv2.CAP_PROP_FPS)
        self.frames = video.get(cv2.CAP_PROP_FRAME_COUNT)

    @classmethod
    def opened(cls, path: Path) -> Self | None:
        """A reader of this file; None where it is no video of raw YUYV."""
        if finding(path):
            return None
        silence_opencv()
        video = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
        tag = int(video.get(cv2.CAP_PROP_CODEC_PIXEL_FORMAT)) if video.isOpened() else 0
        columns, rows = (
            int(video.get(side)) for side in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)
        )
        raw = format_of_tag(tag).name == _RAW and video.set(cv2.CAP_PROP_FORMAT, -1)  # no decoding
        if not raw:
            video.release()
            return None
        return cls(video, (rows, columns))

    def grab(self) -> bool:
        """Takes the next frame; False at the end."""
        return bool(self._video.grab())

    def position_ms(self) -> float:
        """Presentation time of the frame that was taken."""
        return float(self._video.get(cv2.CAP_PROP_POS_MSEC))

    def retrieve(self) -> StoredPicture | None:
        """The frame that was taken; None where it is not as long as two bytes a pixel are."""
        done, picture = self._video.retrieve()
        data: NDArray[Any] = np.asarray(picture if done else ())
        if data.dtype != np.uint8 or data.size != 2 * self._shape[0] * self._shape[1]:
            return None
        return StoredPicture(data.reshape(-1).view("<u2").reshape(self._shape).copy())

    def release(self) -> None:
        """Closes the file."""
        self._video.release()
