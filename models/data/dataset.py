"""Data folders: `visible/`, `thermal/` and perhaps `thermal_lr/`, paired by file stem.

Training takes thermal pictures without a visible one as well: a `Picture` is either, a `Pair` has
both. `models.data.folder` says which a folder holds.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError
from streamer.image_header import read_image_file
from streamer.paths import PathKind, kind_of

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff")

SCORING_ONLY = ("val", "rig", "0111_1716", "0117_1605")
"""Folder names that no training may read, wherever they stand in a path of a data folder: the
benchmark's validation pairs, and the two M3SVD clips that demonstrate the live application."""

SHARED_PLACES = ("061_01", "044_02", "014_01", "046_02")
"""Training pairs that show a place of the PBVS validation set; held out with the dev split, so
that nothing is trained on a place it is scored on."""

DEV_EVERY = 12
"""Of a folder with at least two dozen pairs, every twelfth (the seventh first) is held out."""

COLOURED_LEVELS, COLOURED_SHARE = 16, 0.01
"""A picture is coloured where the channels of more pixels than this share of all differ by more
than so many of 256 levels: grey that went through a JPEG differs by 3, a palette by 100."""


@dataclass(frozen=True, slots=True)
class PicturePaths:
    """The files of one picture; without `visible` it is thermal alone."""

    name: str
    visible: Path | None
    thermal: Path
    thermal_lr: Path | None


@dataclass(frozen=True, slots=True)
class PairPaths(PicturePaths):
    """The files of one pair."""

    visible: Path


@dataclass(frozen=True, slots=True)
class Picture:
    """One decoded picture.

    Attributes:
        visible: (H, W, 3) uint8 BGR, or None: thermal alone.
        thermal: (H, W) uint8 or uint16.
        thermal_lr: the benchmark's own low resolution, or None.
        soft_target: (H, W) float32 levels, what stands for the truth as target; see
            `models.training.distillation`.
    """

    name: str
    visible: NDArray[np.uint8] | None
    thermal: NDArray[Any]
    thermal_lr: NDArray[Any] | None
    soft_target: NDArray[np.float32] | None = None

    @property
    def nbytes(self) -> int:
        """Bytes of memory that it takes."""
        parts = (self.visible, self.thermal, self.thermal_lr, self.soft_target)
        return sum(part.nbytes for part in parts if part is not None)


@dataclass(frozen=True, slots=True)
class Pair(Picture):
    """One decoded pair: a picture whose visible one is there."""

    visible: NDArray[np.uint8]


def find_pairs(folder: Path) -> list[PairPaths]:
    """The pairs of a data folder, sorted by stem.

    Raises:
        ModelError: if a folder is missing or empty, or a stem lacks its partner.
    """
    if kind_of(folder) is not PathKind.FOLDER:
        raise ModelError(f"{folder}: no such data folder")
    visible = _by_stem(folder / "visible")
    thermal = _by_stem(folder / "thermal")
    for stem in sorted(set(visible) ^ set(thermal)):
        there, lacking = ("visible", "thermal") if stem in visible else ("thermal", "visible")
        raise ModelError(f"{folder}: {there}/{stem} has no partner in {lacking}/")
    low = _low_resolutions(folder, thermal)
    return [
        PairPaths(stem, visible[stem], thermal[stem], low[stem] if low is not None else None)
        for stem in sorted(thermal)
    ]


def read_pair(paths: PairPaths) -> Pair:
    """Decode one pair.

    Raises:
        ModelError: if a picture cannot be decoded or the two differ in size.
    """
    visible = read_visible(paths.visible)
    thermal = read_thermal(paths.thermal)
    if visible.shape[:2] != thermal.shape:
        raise ModelError(
            f"{paths.visible}: {_size(visible)} but its thermal is {_size(thermal)}; "
            "the two must be registered, pixel on pixel"
        )
    low = read_thermal(paths.thermal_lr) if paths.thermal_lr else None
    return Pair(paths.name, visible, thermal, low)


def find_thermal(folder: Path) -> list[PicturePaths]:
    """The thermal pictures of a folder without `visible/`, sorted by stem.

    They lie in `thermal/`, perhaps with their `thermal_lr/`, or in the folder itself.

    Raises:
        ModelError: if there are none, or a stem lacks its low resolution.
    """
    inner = kind_of(folder / "thermal") is PathKind.FOLDER
    thermal = _by_stem(folder / "thermal" if inner else folder)
    low = _low_resolutions(folder, thermal) if inner else None
    return [
        PicturePaths(stem, None, thermal[stem], None if low is None else low[stem])
        for stem in sorted(thermal)
    ]


def read_picture(paths: PicturePaths) -> Picture:
    """Decode one picture, or pair.

    Raises:
        ModelError: as `read_pair`.
    """
    if isinstance(paths, PairPaths):
        return read_pair(paths)
    low = read_thermal(paths.thermal_lr) if paths.thermal_lr else None
    return Picture(paths.name, None, read_thermal(paths.thermal), low)


def read_visible(path: Path) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 BGR."""
    return np.asarray(_decode(path, cv2.IMREAD_COLOR), dtype=np.uint8)


def read_thermal(path: Path) -> NDArray[Any]:
    """(H, W) uint8 or uint16; of three stored channels (grey thrice) the first is taken.

    Raises:
        ModelError: if it cannot be decoded, has other than 8 or 16 bits, or is in colour.
    """
    image = _decode(path, cv2.IMREAD_UNCHANGED)
    if image.dtype not in (np.uint8, np.uint16):
        raise ModelError(f"{path}: wanted 8 or 16 bits a pixel, got {image.dtype}")
    return grey(image, path)


def grey(image: NDArray[Any], path: Path) -> NDArray[Any]:
    """(H, W) of a grey picture stored in one channel or three.

    Args:
        image: (H, W) or (H, W, C).
        path: what an error names.

    Raises:
        ModelError: if its channels differ: a visible picture, or a thermal one in false colours,
            which no longer has the sensor's levels.
    """
    if image.ndim == 2:
        return image
    spread = np.ptp(image[:, :, :3].astype(np.int32), axis=2)  # a fourth channel is opacity
    top = np.iinfo(image.dtype).max
    if float((spread > top * COLOURED_LEVELS / 256).mean()) > COLOURED_SHARE:
        raise ModelError(f"{path}: in colour; wanted a thermal picture, grey in 1 channel or 3")
    return np.ascontiguousarray(image[:, :, 0])


Item = TypeVar("Item", bound=PicturePaths)


def split(pairs: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """(train, dev) of one folder's sorted pairs or pictures; fixed, never drawn.

    Dev is every twelfth of a folder of two dozen or more, and the four shared places.
    """
    train: list[Item] = []
    dev: list[Item] = []
    large = len(pairs) >= 2 * DEV_EVERY
    for index, pair in enumerate(pairs):
        held = pair.name in SHARED_PLACES or (large and index % DEV_EVERY == DEV_EVERY // 2)
        (dev if held else train).append(pair)
    return train, dev


def split_videos(videos: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """(train, dev) of a folder's sorted videos: of a dozen or more every twelfth is dev.

    Whole videos, for what is before and after a frame shows its place.
    """
    held = {
        path
        for index, path in enumerate(videos)
        if len(videos) >= DEV_EVERY and index % DEV_EVERY == DEV_EVERY // 2
    }
    return [path for path in videos if path not in held], [path for path in videos if path in held]


def check_trainable(folder: Path) -> None:
    """Refuse data that is there for scoring or for demonstration.

    Raises:
        ModelError: if the folder, links followed, lies in one named in SCORING_ONLY.
    """
    for part in folder.resolve().parts:
        if part.lower() in SCORING_ONLY:
            raise ModelError(
                f"{folder}: a folder named {part!r} is for scoring, never for training"
            )


def _low_resolutions(folder: Path, thermal: Mapping[str, Path]) -> dict[str, Path] | None:
    if kind_of(folder / "thermal_lr") is not PathKind.FOLDER:
        return None
    low = _by_stem(folder / "thermal_lr")
    for stem in sorted(set(thermal) - set(low)):
        raise ModelError(f"{folder}: thermal/{stem} has no partner in thermal_lr/")
    return low


def _by_stem(folder: Path) -> dict[str, Path]:
    if kind_of(folder) is not PathKind.FOLDER:
        raise ModelError(f"{folder}: no such folder (a data folder holds visible/ and thermal/)")
    found: dict[str, Path] = {}
    for path in files_of(folder, SUFFIXES):
        if path.stem in found:
            raise ModelError(f"{path}: {found[path.stem].name} has the same stem")
        found[path.stem] = path
    if not found:
        raise ModelError(f"{folder}: no picture in it (of {', '.join(SUFFIXES)})")
    return found


def files_of(folder: Path, suffixes: Sequence[str]) -> list[Path]:
    """The files of a folder with one of these suffixes, sorted; hidden ones are none.

    Raises:
        ModelError: if the folder cannot be read.
    """
    try:
        return sorted(
            path
            for path in folder.iterdir()
            if path.suffix.lower() in suffixes
            and not path.name.startswith(".")
            and path.is_file()  # no pipe or device
        )
    except OSError as error:
        raise ModelError(f"{folder}: {error.strerror or error}") from error


def _decode(path: Path, flags: int) -> NDArray[Any]:
    # imdecode instead of imread: the latter prints to stderr and knows no reason.
    silence_opencv()
    try:
        data = read_image_file(path)
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror or error}") from error
    except ValueError as error:
        raise ModelError(f"{path}: not a picture OpenCV can decode: {error}") from error
    try:
        image = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), flags)
    except cv2.error:
        image = None
    if image is None:
        raise ModelError(f"{path}: not a picture OpenCV can decode")
    return np.asarray(image)


def silence_opencv() -> None:
    """Our errors say it better, with the file's name."""
    os.environ["OPENCV_FFMPEG_LOGLEVEL"] = "-8"  # AV_LOG_QUIET
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def _size(image: NDArray[Any]) -> str:
    return f"{image.shape[1]}x{image.shape[0]}"
