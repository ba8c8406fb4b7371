"""What a data folder holds: pairs, thermal pictures, or thermal videos."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from models.data.dataset import SUFFIXES, PicturePaths, files_of, find_pairs, find_thermal
from models.data.videos import VIDEO_SUFFIXES
from models.errors import ModelError
from streamer.paths import PathKind, kind_of

NAMED_AT_MOST = 4
"""Of what else a folder holds, so many are named."""


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
    if kind_of(folder / "visible") is PathKind.FOLDER:
        return FolderKind.PAIRS
    if kind_of(folder / "thermal") is PathKind.FOLDER:
        return FolderKind.THERMAL
    pictures, videos = (files_of(folder, suffixes) for suffixes in (SUFFIXES, VIDEO_SUFFIXES))
    if pictures and videos:
        raise ModelError(
            f"{folder}: both pictures ({pictures[0].name}) and videos ({videos[0].name}) in it; "
            "sort them into two folders"
        )
    if pictures:
        return FolderKind.THERMAL
    if videos:
        return FolderKind.VIDEOS
    raise ModelError(
        f"{folder}: wanted thermal/ (with visible/ or without), pictures or videos in it, "
        f"found {_content(folder)}"
    )


def find_pictures(folder: Path) -> tuple[FolderKind, Sequence[PicturePaths]]:
    """What a folder of pairs or thermal pictures holds, and its pictures, sorted by stem.

    Raises:
        ModelError: as `folder_kind`, `find_pairs` and `find_thermal`, and for videos.
    """
    kind = folder_kind(folder)
    if kind is FolderKind.PAIRS:
        return kind, find_pairs(folder)
    if kind is FolderKind.THERMAL:
        return kind, find_thermal(folder)
    raise ModelError(f"{folder}: wanted pairs or thermal pictures, found videos")


def _content(folder: Path) -> str:
    try:
        names = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise ModelError(f"{folder}: {error.strerror or error}") from error
    more = ["..."] if len(names) > NAMED_AT_MOST else []
    return ", ".join([*names[:NAMED_AT_MOST], *more]) or "nothing"
