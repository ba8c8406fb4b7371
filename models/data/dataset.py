"""Data folders: `visible/`, `thermal/` and perhaps `thermal_lr/`, or other names of the two sides.

Pictures are listed, paired and decoded by `streamer.pictures`, as cameras and `import` have them:
what one of them refuses, all do. Training takes thermal pictures without a visible one as well: a
`Picture` is either, a `Pair` has both. `models.data.folder` says which a folder holds.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError
from streamer.paths import PathKind, kind_of
from streamer.pictures import PictureError
from streamer.pictures.counts import thermal_counts
from streamer.pictures.decoding import read_stored_file
from streamer.pictures.doubled import heat_alone
from streamer.pictures.errors import Cause
from streamer.pictures.guides import visible_picture
from streamer.pictures.listing.names import Side, side_of_folder
from streamer.pictures.listing.pairing import Pairing, pair
from streamer.pictures.listing.sources import PictureRef, pictures_at, side_folders, sides_of
from streamer.pictures.losses import MOST_LOST

log = logging.getLogger(__name__)

SCORING_ONLY = ("val", "rig", "0111_1716", "0117_1605")
"""Names of data folders that no training may read: the benchmark's validation pairs, and the two
M3SVD clips that demonstrate the live application."""

_INSIDE = ("frames", "images", "data")
"""Names of folders in a data folder, besides those of its two sides."""

SHARED_PLACES = ("061_01", "044_02", "014_01", "046_02")
"""Training pairs that show a place of the PBVS validation set; held out with the dev split, so
that nothing is trained on a place it is scored on."""

DEV_EVERY = 12
"""Of a folder with at least two dozen pairs, every twelfth (the seventh first) is held out."""


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
            `models.training.feeding.distillation`.
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
    """The pairs of a data folder, as `pairs_and_losses` finds them."""
    return pairs_and_losses(folder)[0]


def pairs_and_losses(folder: Path) -> tuple[list[PairPaths], dict[str, int]]:
    """The pairs of a data folder, sorted by stem, and what was left out, by cause.

    A picture without a partner is left out with a warning; where more than a tenth have none, or
    where no names match and the numbers differ, that is an error.

    Raises:
        ModelError: if a side is missing or empty, or too many pictures lack their partner.
    """
    if kind_of(folder) is not PathKind.FOLDER:
        raise ModelError(f"{folder}: no such data folder")
    sides = _asked(sides_of, folder)
    if sides is None:
        there = _asked(side_folders, folder)
        lacking = next(side for side in (*Side,) if side not in there)
        raise ModelError(
            f"{folder / lacking}: no such folder (a data folder holds visible/ and thermal/)"
        )
    visible, thermal = (_single_pages(sides[side], side) for side in Side)
    found = pair(visible, thermal)
    _check_partners(folder, sides, found)
    pairs = [(slot.visible, slot.thermal) for slot in found.slots]
    low = _low_resolutions(sides[Side.THERMAL], [one for _, one in pairs if one is not None])
    names = _names([one for _, one in pairs if one is not None])
    whole = sorted(
        (
            PairPaths(names[heat], light.path, heat.path, None if low is None else low[heat.stem])
            for light, heat in pairs
            if light is not None and heat is not None
        ),
        key=lambda each: each.name,
    )
    alone = len(pairs) - len(whole)
    return whole, {str(Cause.NO_PARTNER): alone} if alone else {}


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
    inner = _asked(side_folders, folder).get(Side.THERMAL)
    thermal = _single_pages(inner or folder, Side.THERMAL)
    low = None if inner is None else _low_resolutions(inner, thermal)
    names = _names(thermal)
    return sorted(
        (
            PicturePaths(names[each], None, each.path, None if low is None else low[each.stem])
            for each in thermal
        ),
        key=lambda each: each.name,
    )


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
    """(H, W, 3) uint8 BGR, upright.

    Raises:
        ModelError: if it cannot be decoded.
    """
    try:
        return visible_picture(read_stored_file(path), str(path))
    except PictureError as error:
        raise ModelError(str(error)) from error


def read_thermal(path: Path) -> NDArray[Any]:
    """(H, W) uint8 or uint16, upright; grey in one channel or three.

    Raises:
        ModelError: if it cannot be decoded exactly, or is a rendering of heat: a visible picture,
            or a thermal one in false colours, which no longer has the sensor's levels.
    """
    try:
        picture = heat_alone(thermal_counts(read_stored_file(path), str(path)))
    except PictureError as error:
        raise ModelError(str(error)) from error
    if picture.relative:
        raise ModelError(
            f"{path}: {picture.relative}; wanted a thermal picture, grey in 1 channel or 3"
        )
    return picture.counts


Item = TypeVar("Item", bound=PicturePaths)


def split(pairs: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """(train, dev) of one folder's sorted pairs or pictures; fixed, never drawn.

    Dev is every twelfth of a folder of two dozen or more, and the four shared places.
    """
    train: list[Item] = []
    dev: list[Item] = []
    large = len(pairs) >= 2 * DEV_EVERY
    for index, each in enumerate(pairs):
        held = each.name in SHARED_PLACES or (large and index % DEV_EVERY == DEV_EVERY // 2)
        (dev if held else train).append(each)
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

    It is judged by its own name; of a side of it (`val/thermal`) by that of the whole.

    Raises:
        ModelError: if the folder, links followed, is named in SCORING_ONLY.
    """
    whole = folder.resolve()
    while whole.name.lower() in _INSIDE or side_of_folder(whole.name) is not None:
        whole = whole.parent
    if whole.name.lower() in SCORING_ONLY:
        raise ModelError(
            f"{folder}: a folder named {whole.name!r} is for scoring, never for training"
        )


Found = TypeVar("Found")


def _asked(question: Callable[[Path], Found], folder: Path) -> Found:
    try:
        return question(folder)
    except PictureError as error:
        raise ModelError(str(error)) from error


def _single_pages(folder: Path, side: Side) -> list[PictureRef]:
    if kind_of(folder) is not PathKind.FOLDER:
        raise ModelError(f"{folder}: no such folder (a data folder holds visible/ and thermal/)")
    pictures = _asked(lambda path: pictures_at(path, side), folder)
    for each in pictures:
        if each.pages > 1:
            raise ModelError(
                f"{each.path}: {each.pages} pictures in one file; a data folder has one each"
            )
    return pictures


def _check_partners(folder: Path, sides: dict[Side, Path], found: Pairing) -> None:
    alone = [slot for slot in found.slots if slot.visible is None or slot.thermal is None]
    lacks = {slot.name: Side.VISIBLE if slot.visible is None else Side.THERMAL for slot in alone}
    if alone and (not found.by_name or len(alone) > MOST_LOST * len(found.slots)):
        name, lacking = next(iter(lacks.items()))
        there = sides[Side.THERMAL if lacking is Side.VISIBLE else Side.VISIBLE]
        more = f", nor have {len(alone) - 1} more" if len(alone) > 1 else ""
        raise ModelError(
            f"{folder}: {there.name}/{name} has no partner in {sides[lacking].name}/{more}"
        )
    if found.words:
        log.warning("%s: %s", folder, found.words)


def _names(pictures: Sequence[PictureRef]) -> dict[PictureRef, str]:
    """What each is called: its stem; where those of nested folders repeat, with the folder."""
    stems = {each.stem.rpartition("/")[2] for each in pictures}
    if len(stems) == len(pictures):
        return {each: each.stem.rpartition("/")[2] for each in pictures}
    return {each: each.stem.replace("/", "_") for each in pictures}


def _low_resolutions(thermal: Path, pictures: Sequence[PictureRef]) -> dict[str, Path] | None:
    """Stem -> the low resolution beside the thermal folder; None where there are none."""
    folder = thermal.parent / "thermal_lr"
    if kind_of(folder) is not PathKind.FOLDER:
        return None
    low = {each.stem: each.path for each in _single_pages(folder, Side.THERMAL)}
    for each in pictures:
        if each.stem not in low:
            raise ModelError(
                f"{thermal.parent}: {thermal.name}/{each.stem} has no partner in thermal_lr/"
            )
    return low


def _size(image: NDArray[Any]) -> str:
    return f"{image.shape[1]}x{image.shape[0]}"
