"""Data folders: `visible/`, `thermal/` and perhaps `thermal_lr/`, paired by file stem."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


@dataclass(frozen=True, slots=True)
class PairPaths:
    """The files of one pair."""

    name: str
    visible: Path
    thermal: Path
    thermal_lr: Path | None


@dataclass(frozen=True, slots=True)
class Pair:
    """One decoded pair.

    Attributes:
        visible: (H, W, 3) uint8 BGR.
        thermal: (H, W) uint8 or uint16.
        thermal_lr: the benchmark's own low resolution, or None.
        soft_target: (H, W) float32 levels, what stands for the truth as target; see
            `models.training.distillation`.
    """

    name: str
    visible: NDArray[np.uint8]
    thermal: NDArray[Any]
    thermal_lr: NDArray[Any] | None
    soft_target: NDArray[np.float32] | None = None


def find_pairs(folder: Path) -> list[PairPaths]:
    """The pairs of a data folder, sorted by stem.

    Raises:
        ModelError: if a folder is missing or empty, or a stem lacks its partner.
    """
    if kind_of(folder) is not PathKind.FOLDER:
        raise ModelError(f"{folder}: no such data folder")
    visible = _by_stem(folder / "visible")
    thermal = _by_stem(folder / "thermal")
    low = (
        _by_stem(folder / "thermal_lr")
        if kind_of(folder / "thermal_lr") is PathKind.FOLDER
        else None
    )
    for stem in sorted(set(visible) ^ set(thermal)):
        there, lacking = ("visible", "thermal") if stem in visible else ("thermal", "visible")
        raise ModelError(f"{folder}: {there}/{stem} has no partner in {lacking}/")
    if low is not None:
        for stem in sorted(set(thermal) - set(low)):
            raise ModelError(f"{folder}: thermal/{stem} has no partner in thermal_lr/")
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


def read_visible(path: Path) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 BGR."""
    return np.asarray(_decode(path, cv2.IMREAD_COLOR), dtype=np.uint8)


def read_thermal(path: Path) -> NDArray[Any]:
    """(H, W) uint8 or uint16; of three stored channels (grey thrice) the first is taken."""
    image = _decode(path, cv2.IMREAD_UNCHANGED)
    if image.ndim == 3:
        image = np.ascontiguousarray(image[:, :, 0])
    if image.dtype not in (np.uint8, np.uint16):
        raise ModelError(f"{path}: wanted 8 or 16 bits a pixel, got {image.dtype}")
    return image


def split(pairs: Sequence[PairPaths]) -> tuple[list[PairPaths], list[PairPaths]]:
    """(train, dev) of one folder's sorted pairs; fixed, never drawn.

    Dev is every twelfth pair of a folder of two dozen or more, and the four shared places.
    """
    train: list[PairPaths] = []
    dev: list[PairPaths] = []
    large = len(pairs) >= 2 * DEV_EVERY
    for index, pair in enumerate(pairs):
        held = pair.name in SHARED_PLACES or (large and index % DEV_EVERY == DEV_EVERY // 2)
        (dev if held else train).append(pair)
    return train, dev


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


def _by_stem(folder: Path) -> dict[str, Path]:
    if kind_of(folder) is not PathKind.FOLDER:
        raise ModelError(f"{folder}: no such folder (a data folder holds visible/ and thermal/)")
    found: dict[str, Path] = {}
    for path in _pictures(folder):
        if path.stem in found:
            raise ModelError(f"{path}: {found[path.stem].name} has the same stem")
        found[path.stem] = path
    if not found:
        raise ModelError(f"{folder}: no picture in it (of {', '.join(SUFFIXES)})")
    return found


def _pictures(folder: Path) -> Iterator[Path]:
    try:
        return iter(
            sorted(
                path
                for path in folder.iterdir()
                if path.suffix.lower() in SUFFIXES and path.is_file()  # no pipe or device
            )
        )
    except OSError as error:
        raise ModelError(f"{folder}: {error.strerror or error}") from error


def _decode(path: Path, flags: int) -> NDArray[Any]:
    # imdecode instead of imread: the latter prints to stderr and knows no reason.
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


def _size(image: NDArray[Any]) -> str:
    return f"{image.shape[1]}x{image.shape[0]}"
