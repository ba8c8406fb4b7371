"""What a data folder holds: pairs, thermal pictures, or thermal videos."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from models.data.dataset import PicturePaths, find_thermal, pairs_and_losses
from models.errors import ModelError
from streamer.paths import PathKind, kind_of
from streamer.pictures import PictureError
from streamer.pictures.listing.names import Side
from streamer.pictures.listing.sources import (
    SUFFIXES,
    content_of,
    files_of,
    folders_of,
    side_folders,
    sides_of,
)
from streamer.pictures.videos import VIDEO_SUFFIXES


class FolderKind(StrEnum):
    """What its pictures are called."""

    PAIRS = "pairs"
    THERMAL = "thermal pictures"
    VIDEOS = "frames of thermal videos"


def folder_kind(folder: Path) -> FolderKind:
    """What a folder holds.

    `visible/` makes pairs; without it `thermal/`, or pictures in the folder itself, are thermal
    pictures without a partner; videos in the folder itself are thermal videos.

    Raises:
        ModelError: if it holds none of these, or pictures beside videos.
    """
    if kind_of(folder) is not PathKind.FOLDER:
        raise ModelError(f"{folder}: no such data folder")
    try:
        return _kind(folder)
    except PictureError as error:
        raise ModelError(str(error)) from error


def _kind(folder: Path) -> FolderKind:
    sides = side_folders(folder)
    if Side.VISIBLE in sides:
        return FolderKind.PAIRS
    if Side.THERMAL in sides:
        return FolderKind.THERMAL
    pictures, videos = (files_of(folder, suffixes) for suffixes in (SUFFIXES, VIDEO_SUFFIXES))
    if pictures and videos:
        raise ModelError(
            f"{folder}: both pictures ({pictures[0].name}) and videos ({videos[0].name}) in it; "
            "sort them into two folders"
        )
    if sides_of(folder) is not None:
        return FolderKind.PAIRS
    if pictures or any(files_of(each, SUFFIXES) for each in folders_of(folder)):
        return FolderKind.THERMAL
    if videos:
        return FolderKind.VIDEOS
    raise ModelError(
        f"{folder}: wanted thermal/ (with visible/ or without), pictures or videos in it, "
        f"found {content_of(folder)}"
    )


@dataclass(frozen=True, slots=True)
class FolderPictures:
    """The pictures of a folder.

    Attributes:
        kind: what it holds.
        paths: sorted by stem.
        left_out: what of it is not among them, by cause.
    """

    kind: FolderKind
    paths: Sequence[PicturePaths]
    left_out: dict[str, int]


def find_pictures(folder: Path) -> FolderPictures:
    """What a folder of pairs or thermal pictures holds.

    Raises:
        ModelError: as `folder_kind`, `find_pairs` and `find_thermal`, and for videos.
    """
    kind = folder_kind(folder)
    if kind is FolderKind.PAIRS:
        return FolderPictures(kind, *pairs_and_losses(folder))
    if kind is FolderKind.THERMAL:
        return FolderPictures(kind, find_thermal(folder), {})
    raise ModelError(f"{folder}: wanted pairs or thermal pictures, found videos")
