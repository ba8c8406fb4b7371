"""Frames of thermal videos, for training: spread out in time, near-duplicates left out."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from models.data.dataset import SCORING_ONLY, Picture
from models.errors import ModelError
from streamer.paths import PathKind, kind_of
from streamer.pictures import PictureError
from streamer.pictures.counts import thermal_counts
from streamer.pictures.doubled import heat_alone
from streamer.pictures.videos import open_video

THUMBNAIL = (40, 28)
"""(columns, rows) that two frames are compared by."""


class VideoFrames(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which frames of a video are pictures to train on.

    The names of the fields are keys of checkpoints and of `--set videos.KEY`: they never change.

    Attributes:
        spacing_s: seconds between two frames that are looked at.
        alike: a frame whose thumbnail correlates with that of one kept by this or more is left
            out; 1 keeps all but still pictures. Of 440 frames of 16 videos 0.93, 0.95 and
            0.98 keep 262, 280 and 332.
    """

    spacing_s: float = 1.0
    alike: float = 0.95

    def __post_init__(self) -> None:
        if not 0 < self.spacing_s < math.inf:
            raise ValueError(f"spacing_s: wanted above 0, got {self.spacing_s}")
        if not 0 < self.alike <= 1:
            raise ValueError(f"alike: wanted above 0 and 1 at most, got {self.alike}")


@dataclass(frozen=True, slots=True)
class VideoPictures:
    """Of one video.

    Attributes:
        pictures: frames kept, named STEM@SECONDS; thermal (H, W) uint8 or uint16, no visible.
        alike: frames looked at and left out.
    """

    pictures: list[Picture]
    alike: int


def read_frames(path: Path, wanted: VideoFrames) -> VideoPictures:
    """Decode a video once, keeping frames that show something new.

    Raises:
        ModelError: if it is for scoring only, cannot be decoded, is in colour, or too large.
    """
    if path.stem.lower() in SCORING_ONLY:
        raise ModelError(f"{path}: a video named {path.stem!r} is for scoring, never for training")
    pictures: list[Picture] = []
    thumbnails: list[NDArray[np.float32]] = []
    alike = 0
    for seconds, thermal in _spread_out(path, wanted.spacing_s):
        thumbnail = _thumbnail(thermal)
        if any(float(thumbnail @ kept) >= wanted.alike for kept in thumbnails):
            alike += 1
            continue
        thumbnails.append(thumbnail)
        pictures.append(Picture(f"{path.stem}@{seconds:.2f}", None, thermal, None))
    return VideoPictures(pictures, alike)


def _spread_out(path: Path, spacing_s: float) -> Iterator[tuple[float, NDArray[Any]]]:
    """(seconds, frame), the first at once."""
    if kind_of(path) is not PathKind.FILE:
        raise ModelError(f"{path}: no such video")
    try:
        video = open_video(path, counts=True)
    except PictureError as error:
        raise ModelError(str(error)) from error
    try:
        due = 0.0
        read = 0
        # Without seeking: where a decoder lands depends on its release.
        while video.grab():
            seconds = video.position_ms() / 1000
            if read and seconds < due - 1e-3:
                continue
            frame = video.retrieve()
            if frame is None:
                continue  # damaged; the next may be whole
            picture = heat_alone(thermal_counts(frame, str(path)))
            if picture.relative:
                raise ModelError(f"{path}: {picture.relative}; wanted a thermal picture, grey")
            due = seconds + spacing_s
            read += 1
            yield seconds, picture.counts
        if not read:
            raise ModelError(f"{path}: no frame in it that can be decoded")
    except PictureError as error:
        raise ModelError(str(error)) from error
    finally:
        video.release()


def _thumbnail(thermal: NDArray[Any]) -> NDArray[np.float32]:
    """Of mean 0 and norm 1, so that a product of two is their correlation; a blank one is 0."""
    small = cv2.resize(thermal, THUMBNAIL, interpolation=cv2.INTER_AREA).astype(np.float32).ravel()
    small -= small.mean()
    return np.asarray(small / max(float(np.linalg.norm(small)), 1e-6), dtype=np.float32)
