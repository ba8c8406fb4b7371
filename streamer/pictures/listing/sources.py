"""What stands at a path: a picture, the pages of a stack, a folder of them, or of two sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from streamer.paths import PathKind, kind_of
from streamer.pictures.errors import Cause, PictureError
from streamer.pictures.formats.page_count import page_count
from streamer.pictures.listing.names import Side, by_number, shared_part, side_of, side_of_folder

SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"),
    *(".pgm", ".ppm", ".pnm", ".webp", ".npy", ".cptv"),
    *(".seq", ".csq", ".fff"),
)

_NAMED_AT_MOST = 4
"""Of what else a folder holds, so many are named."""


@dataclass(frozen=True, slots=True)
class PictureRef:
    """One picture: a file, or a page of it.

    Attributes:
        path: the file.
        stem: its path below the folder that was named, without suffix.
        page: which page, from 0.
        pages: how many the file has.
    """

    path: Path
    stem: str
    page: int = 0
    pages: int = 1

    @property
    def name(self) -> str:
        """As a person finds it: `train/000`, `stack page 3`."""
        return self.stem if self.pages == 1 else f"{self.stem} page {self.page + 1}"


def pictures_at(path: Path, side: Side | None = None) -> list[PictureRef]:
    """The pictures of a file or folder, in the order of their numbers.

    Hidden files are none. Where a folder has none itself, those of the folders in it are taken
    (`train/`). Where it holds both sides of pairs, those of `side` are taken.

    Args:
        path: a picture or a folder.
        side: which pictures of a folder that holds both.

    Raises:
        PictureError: there is none, or two have the same stem.
        PathError: the path cannot be looked at.
    """
    if kind_of(path) is PathKind.FILE:
        return _pages([path], path.parent)
    if kind_of(path) is not PathKind.FOLDER:
        raise PictureError(f"{path}: no such folder")
    files = files_of(path, SUFFIXES)
    if not files and side is not None and (inner := side_folders(path).get(side)) is not None:
        return pictures_at(inner)
    root = path
    if not files:
        files = [file for folder in folders_of(path) for file in files_of(folder, SUFFIXES)]
    if not files:
        raise PictureError(
            f"{path}: no picture in it (of {', '.join(SUFFIXES)}), found {content_of(path)}"
        )
    if side is not None and (halves := halves_of(files)) is not None:
        files = halves[side]
    _check_stems(files, root)
    return _pages(files, root)


def sides_of(folder: Path) -> dict[Side, Path] | None:
    """Where the two sides of a folder of pairs lie: two folders in it, or the folder itself twice.

    Returns:
        A folder of each side; the same where its pictures are told apart by name. None where it
        holds no two sides.

    Raises:
        PictureError: several folders may be meant.
    """
    inner = side_folders(folder)
    if len(inner) == 2:
        return inner
    files = files_of(folder, SUFFIXES)
    if files:
        return None if halves_of(files) is None else dict.fromkeys(Side, folder)
    nested = {each: sides for each in folders_of(folder) if (sides := _nested_sides(each))}
    if len(nested) > 1:
        raise PictureError(
            f"{folder}: several sets in it ({', '.join(each.name for each in nested)}); name one"
        )
    return next(iter(nested.values()), None)


def side_folders(folder: Path) -> dict[Side, Path]:
    """The folders in it that are named after a side; one that is named plainly comes first.

    Raises:
        PictureError: two may be meant, or the folder cannot be read.
    """
    found: dict[Side, list[Path]] = {}
    for each in folders_of(folder):
        side = side_of_folder(each.name)
        if side is not None and not each.name.lower().endswith("_lr"):  # a low resolution
            found.setdefault(side, []).append(each)
    chosen = {}
    for side, folders in found.items():
        plain = [each for each in folders if each.name.lower() == side]
        candidates = plain or folders
        if len(candidates) > 1:
            names = ", ".join(each.name for each in candidates)
            raise PictureError(f"{folder}: {names} may all be {side}; name two folders instead")
        chosen[side] = candidates[0]
    return chosen


def files_of(folder: Path, suffixes: Sequence[str]) -> list[Path]:
    """The files of a folder with one of these suffixes, by number; hidden ones are none.

    Raises:
        PictureError: the folder cannot be read.
    """
    return sorted(
        (
            path
            for path in _entries(folder)
            if path.suffix.lower() in suffixes and path.is_file()  # no pipe or device
        ),
        key=by_number,
    )


def folders_of(folder: Path) -> list[Path]:
    """The folders in a folder, by number; hidden ones are none.

    Raises:
        PictureError: the folder cannot be read.
    """
    return sorted((path for path in _entries(folder) if path.is_dir()), key=by_number)


def content_of(folder: Path) -> str:
    """The first names in a folder, for an error: `a, b, ...`.

    Raises:
        PictureError: the folder cannot be read.
    """
    names = sorted(path.name for path in _entries(folder))
    more = ["..."] if len(names) > _NAMED_AT_MOST else []
    return ", ".join([*names[:_NAMED_AT_MOST], *more]) or "nothing"


def _entries(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError as error:
        raise PictureError(f"{folder}: {error.strerror or error}") from error


def _nested_sides(folder: Path) -> dict[Side, Path] | None:
    inner = side_folders(folder)
    return inner if len(inner) == 2 else None


def halves_of(files: Sequence[Path]) -> dict[Side, list[Path]] | None:
    """The two sides of files that lie in one folder; None where their names do not tell two."""
    spoken: dict[Side | None, list[Path]] = {Side.VISIBLE: [], Side.THERMAL: [], None: []}
    for path in files:
        spoken[side_of(path.stem)].append(path)
    for side, other in ((Side.VISIBLE, Side.THERMAL), (Side.THERMAL, Side.VISIBLE)):
        if not spoken[side]:  # FLIR_08863 beside FLIR_08863_RGB
            spoken[side], spoken[None] = spoken[None], []
            if not spoken[side] or not spoken[other]:
                return None
    keys = [{shared_part(path.stem, side) for path in spoken[side]} for side in Side]
    if not keys[0] & keys[1]:
        return None
    return {side: spoken[side] for side in Side}


def _check_stems(files: Sequence[Path], root: Path) -> None:
    seen: dict[Path, Path] = {}
    for path in files:
        stem = path.relative_to(root).with_suffix("")
        if stem in seen:
            raise PictureError(
                f"{path}: {seen[stem].name} has the same stem; keep one of them", Cause.UNDECODABLE
            )
        seen[stem] = path


def _pages(files: Sequence[Path], root: Path) -> list[PictureRef]:
    return [
        PictureRef(path, path.relative_to(root).with_suffix("").as_posix(), page, pages)
        for path in files
        for pages in (page_count(path),)
        for page in range(pages)
    ]
