"""Which pictures of a folder are measured, and whether they have a guide."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.data import dataset
from models.data.dataset import PicturePaths
from models.data.folder import FolderKind, find_pictures
from models.errors import ModelError

SPLITS = ("all", "train", "dev")


@dataclass(frozen=True, slots=True)
class Measured:
    """What is measured.

    Attributes:
        kind: what the folder holds.
        paths: of the pictures, sorted by stem.
        missing: `visible`, `thermal` or None; `visible` where the folder has none.
        left_out: pictures of the whole folder that are not measured, by cause.
    """

    kind: FolderKind
    paths: Sequence[PicturePaths]
    missing: str | None
    left_out: dict[str, int]


def measured(folder: Path, split: str, missing: str | None, guide: str) -> Measured:
    """Find them.

    Args:
        folder: of pairs or of thermal pictures.
        split: `all`, or the part that training takes (`train`) or holds out (`dev`).
        missing: the modality to leave out.
        guide: `own` or what is done to it.

    Raises:
        ModelError: for a folder of something else, a split without pictures, or a guide that is
            asked for where there is none.
    """
    if split not in SPLITS:
        raise ModelError(f"split: wanted {', '.join(SPLITS)}, got {split!r}")
    found = find_pictures(folder)
    kind, paths = found.kind, found.paths
    if kind is FolderKind.THERMAL:
        if missing == "thermal" or guide != "own":
            asked = "missing thermal" if missing == "thermal" else f"guide {guide}"
            raise ModelError(
                f"{folder}: {asked} wants a visible picture, and visible/ is not there"
            )
        missing = "visible"
    if split != "all":
        train, dev = dataset.split(paths)
        paths = train if split == "train" else dev
        if not paths:
            raise ModelError(
                f"{folder}: split {split} is empty; {2 * dataset.DEV_EVERY} pictures and more have "
                "one held out of every dozen"
            )
    return Measured(kind, paths, missing, found.left_out)
