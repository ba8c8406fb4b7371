"""What the named sources hold, item by item: recordings, stills with their partners, videos.

Nothing is decoded here. What cannot be an item is told with its reason, and the rest goes on.
"""

import glob
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from streamer.enhance.items import Item, Kind
from streamer.errors import CorefusionError
from streamer.locks import is_held
from streamer.paths import PathKind, kind_of
from streamer.pictures import Cause, Losses
from streamer.pictures.formats.page_count import page_count
from streamer.pictures.listing.names import Side
from streamer.pictures.listing.pairing import Slot, pair
from streamer.pictures.listing.ranks import Rank, rank_of
from streamer.pictures.listing.sources import (
    SUFFIXES,
    PictureRef,
    files_of,
    folders_of,
    halves_of,
    side_folders,
)
from streamer.pictures.videos import VIDEO_SUFFIXES
from streamer.recording import PART, SUFFIX

_RECORDINGS = (SUFFIX, PART)
_SIDES = (Side.VISIBLE, Side.THERMAL)


class Refused(NamedTuple):
    """A source that is no item, and why."""

    source: str
    why: str


class Discovery:
    """Looks through sources.

    Args:
        output: the folder that is written to; never a source.

    Attributes:
        items: what there is to do, in the order of the sources.
        refused: what cannot be done.
        losses: pictures that are left out because of what lies beside them, by cause.
        words: what a person should know of the pairs.
    """

    def __init__(self, output: Path) -> None:
        self.items: list[Item] = []
        self.refused: list[Refused] = []
        self.losses = Losses()
        self.words: list[str] = []
        self._output = output.resolve()
        self._names: dict[str, str] = {}
        self._seen: set[Path] = set()

    def look(self, sources: Sequence[str]) -> None:
        """Finds what is named: a file, a folder with all that is in it, or a pattern of names."""
        files: dict[Path, list[Path]] = {}
        for text in sources:
            for path in self._expanded(text):
                try:
                    kind = kind_of(path)
                except CorefusionError as error:
                    self.refused.append(Refused(str(path), str(error)))
                    continue
                if kind is PathKind.FOLDER:
                    name = path.resolve().name or "root"
                    self._folder(path, name)
                elif kind is PathKind.OTHER:
                    self._refuse(path, "a device, pipe or socket; a file or folder wanted")
                else:
                    files.setdefault(path.parent, []).append(path)
        for each in files.values():
            self._files(list(dict.fromkeys(each)), "")

    def _expanded(self, text: str) -> list[Path]:
        path = Path(text).expanduser()
        if os.path.lexists(path):
            return [path]
        if glob.has_magic(text):
            found = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207 - also absolute
            if found:
                return [Path(each) for each in found]
            self.refused.append(Refused(text, "no file matches it"))
        else:
            self.refused.append(Refused(text, "it does not exist"))
        return []

    def _folder(self, folder: Path, prefix: str) -> None:
        """A folder and those in it; each of its pictures belongs to what lies beside it."""
        place = folder.resolve()
        if place in self._seen:
            return  # a link back
        self._seen.add(place)
        if self._output.is_relative_to(place):
            self._refuse(folder, f"the output {self._output} lies in it; name one outside")
            return
        try:
            recordings = files_of(folder, _RECORDINGS)
            if recordings and all(_is_segment(path, folder) for path in recordings):
                self._add((folder,), Kind.RECORDING, prefix)
                return
            self._files([*recordings, *files_of(folder, VIDEO_SUFFIXES)], prefix)
            inner = side_folders(folder)
            paired = len(inner) == 2
            if paired:
                self._two_folders(inner, prefix)
            self._files(files_of(folder, SUFFIXES), prefix)
            for each in folders_of(folder):
                if not (paired and (each in inner.values() or each.name.endswith("_lr"))):
                    self._folder(each, f"{prefix}/{each.name}")
        except (CorefusionError, OSError) as error:
            self.refused.append(Refused(str(folder), str(error)))

    def _files(self, files: Sequence[Path], prefix: str) -> None:
        """Files that lie side by side."""
        pictures = [path for path in files if path.suffix.lower() in SUFFIXES]
        videos = [path for path in files if path.suffix.lower() in VIDEO_SUFFIXES]
        for path in files:
            if path.suffix in _RECORDINGS:
                self._recording(path, prefix)
            elif path not in pictures and path not in videos:
                self._refuse(path, "no picture, video or recording by its name")
        for kind, group in ((Kind.VIDEO, videos), (Kind.STILL, pictures)):
            if not group:
                continue
            sides = halves_of(group)
            if sides is not None:
                self._pairs(sides, group[0].parent, prefix, kind)
            else:
                self._alone(group, prefix, kind)

    def _two_folders(self, folders: dict[Side, Path], prefix: str) -> None:
        for kind, suffixes in ((Kind.VIDEO, VIDEO_SUFFIXES), (Kind.STILL, SUFFIXES)):
            sides = {side: files_of(folders[side], suffixes) for side in _SIDES}
            if all(sides.values()):
                self._pairs(sides, None, prefix, kind)
            elif sides[Side.THERMAL]:
                self._alone(sides[Side.THERMAL], prefix, kind)

    def _pairs(
        self, sides: dict[Side, list[Path]], root: Path | None, prefix: str, kind: Kind
    ) -> None:
        refs = {
            side: [PictureRef(path, path.stem) for path in paths] for side, paths in sides.items()
        }
        found = pair(refs[Side.VISIBLE], refs[Side.THERMAL])
        if found.words and not found.by_name:
            self.words.append(f"{root or sides[Side.THERMAL][0].parent}: {found.words}")
        for slot in found.slots:
            self._slot(slot, prefix, kind)

    def _slot(self, slot: Slot, prefix: str, kind: Kind) -> None:
        if slot.thermal is None:
            self.losses.add(Cause.NO_PARTNER, slot.name)
            return
        thermal = slot.thermal.path
        paths = (thermal,) if slot.visible is None else (slot.visible.path, thermal)
        self._add(paths, kind, _below(prefix, thermal.stem))

    def _alone(self, paths: Sequence[Path], prefix: str, kind: Kind) -> None:
        """Each stands for itself; what holds less of heat than those beside it is left out."""
        ranks = {path: rank_of(path) if kind is Kind.STILL else Rank.PLAIN for path in paths}
        highest = max(ranks.values())
        for path, rank in ranks.items():
            if rank is Rank.PLAIN and highest is not Rank.PLAIN:
                radiometric = highest is Rank.RADIOMETRIC
                cause = Cause.NOT_RADIOMETRIC if radiometric else Cause.DEPTH
                self.losses.add(cause, path.name)
                continue
            self._add((path,), kind, _below(prefix, path.stem))

    def _recording(self, path: Path, prefix: str) -> None:
        try:
            if path.name.endswith(PART):
                if os.path.lexists(path.with_name(path.name.removesuffix(PART))):
                    return  # it has been recovered under its own name
                if not path.name.endswith(SUFFIX + PART):
                    self._refuse(path, "no recording by its name")
                    return
                if is_held(path):
                    self._refuse(path, "it is still being written")
                    return
        except OSError as error:
            self._refuse(path, error.strerror or str(error))
            return
        name = path.name.removesuffix(PART).removesuffix(SUFFIX)
        self._add((path,), Kind.RECORDING, _below(prefix, name))

    def _add(self, paths: tuple[Path, ...], kind: Kind, name: str) -> None:
        if kind is Kind.STILL and page_count(paths[-1]) > 1:
            kind = Kind.VIDEO  # the pages of a stack
        source = " + ".join(map(str, paths))
        if any(path.resolve().is_relative_to(self._output) for path in paths):
            self.refused.append(Refused(source, f"it lies in the output {self._output}"))
            return
        if name in self._names:
            self.refused.append(
                Refused(source, f"{name} in the output is made of {self._names[name]} already")
            )
            return
        self._names[name] = source
        self.items.append(Item(tuple(map(str, paths)), kind, name, _bytes_of(paths)))

    def _refuse(self, path: Path, why: str) -> None:
        self.refused.append(Refused(str(path), why))


def _below(prefix: str, name: str) -> str:
    return f"{prefix}/{name}" if prefix else name


def _is_segment(path: Path, folder: Path) -> bool:
    """Whether it is named as a segment of a recording that its folder is."""
    name = re.escape(folder.resolve().name)
    return (
        re.fullmatch(rf"{name}_\d+{re.escape(SUFFIX)}({re.escape(PART)})?", path.name) is not None
    )


def _bytes_of(paths: Iterable[Path]) -> int:
    total = 0
    for path in paths:
        try:
            inside = list(path.iterdir()) if path.is_dir() else [path]
            total += sum(each.stat().st_size for each in inside)
        except OSError:
            continue  # what is wrong with it shows when it is read
    return total
