"""What `import` was given: a pair, thermal pictures alone, or radiometric stills."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from streamer.messages import SENSORS
from streamer.paths import PathKind, kind_of
from streamer.pictures.decoding import read_stored
from streamer.pictures.formats.findings import NETWORK
from streamer.pictures.listing.ranks import Rank, rank_of
from streamer.pictures.listing.sources import SUFFIXES, PictureRef, files_of, pictures_at, sides_of
from streamer.pictures.radiometric.flir import made_by_flir
from streamer.recording import RecordingError

FORMS = (
    "a visible and a thermal source (videos, folders or stacks), a folder of both, a thermal "
    "source alone, or radiometric stills"
)

_JPEG = (".jpg", ".jpeg")
_NAMED = 4


class ImportSources(NamedTuple):
    """What to read.

    Attributes:
        paths: of each stream that has a source of its own.
        stills: radiometric stills that hold the thermal picture and perhaps a visible one.
    """

    paths: dict[str, Path]
    stills: tuple[PictureRef, ...] = ()

    @property
    def first(self) -> Path:
        """A file or folder of it, whose time stands for all."""
        return self.stills[0].path if self.stills else next(iter(self.paths.values()))


def import_sources(sources: Sequence[Path]) -> ImportSources:
    """What the sources are.

    Raises:
        RecordingError: they are none of the forms that can be imported.
        PictureError: a folder holds no pictures, or cannot be read.
        PathError: a path cannot be looked at.
    """
    given = [path for path in sources if str(path) != "none"]
    for path in given:
        _check(path)
    if stills := _stills(given):
        return ImportSources({}, stills)
    if len(sources) == 2:
        paths = {
            stream: path
            for stream, path in zip(SENSORS, sources, strict=True)
            if str(path) != "none"
        }
        if "thermal" in paths:
            return ImportSources(paths)
    if len(sources) != 1 or not given:
        raise RecordingError(f"import takes {FORMS}; {len(sources)} other sources came")
    path = given[0]
    if kind_of(path) is PathKind.FOLDER:
        sides = sides_of(path)
        if sides is not None:
            return ImportSources({str(side): each for side, each in sides.items()})
        _check_counts(pictures_at(path), path)
    elif path.suffix.lower() in SUFFIXES:
        _check_counts(pictures_at(path), path)
    return ImportSources({"thermal": path})


def _check(path: Path) -> None:
    if str(path).startswith(tuple(prefix[:-1] for prefix in NETWORK)):  # a path has one slash
        raise RecordingError(
            f"import source {path} is a network address: record it to a file first "
            "(ffmpeg -i ADDRESS -c copy a.mkv)"
        )
    kind = kind_of(path)
    if kind is PathKind.MISSING:
        raise RecordingError(f"import source {path} does not exist")
    if kind is PathKind.OTHER:
        raise RecordingError(
            f"import source {path} is a device, pipe or socket: `corefusion record` takes cameras"
        )


def _stills(sources: Sequence[Path]) -> tuple[PictureRef, ...]:
    """The pictures, where they are radiometric stills; nothing where they are not."""
    if len(sources) == 1 and kind_of(sources[0]) is PathKind.FOLDER:
        if sides_of(sources[0]) is not None:
            return ()
        if not files_of(sources[0], SUFFIXES):
            return ()
        pictures = pictures_at(sources[0])
    elif sources and all(path.suffix.lower() in SUFFIXES for path in sources):
        if any(kind_of(path) is not PathKind.FILE for path in sources):
            return ()
        pictures = [each for path in sources for each in pictures_at(path)]
    else:
        return ()
    ranks = [rank_of(each.path) is Rank.RADIOMETRIC for each in pictures]
    if len(sources) == 2 and ranks == [False, True]:  # a visible picture of one's own, and a still
        return ()
    if any(ranks):
        return tuple(pictures)
    if len(sources) > 1 and any(made_by_flir(path.read_bytes()) for path in sources):
        _check_counts(pictures, sources[0].parent)
    return ()


def _check_counts(pictures: Sequence[PictureRef], path: Path) -> None:
    """Refuses pictures that stand alone and hold no counts of heat."""
    if not all(each.path.suffix.lower() in _JPEG for each in pictures):
        rendering = read_stored(pictures[0]).rendering
        if rendering:
            raise RecordingError(
                f"{pictures[0].path} is a picture {rendering}, and a thermal source alone has to "
                f"be grey; import takes {FORMS}"
            )
        return
    told = [f"{each.path.name}: {_why_not(each.path)}" for each in pictures[:_NAMED]]
    more = [] if len(pictures) <= _NAMED else [f"and {len(pictures) - _NAMED} more"]
    raise RecordingError(
        f"{path} holds no thermal picture: {'; '.join([*told, *more])}; import takes {FORMS}"
    )


def _why_not(path: Path) -> str:
    if made_by_flir(path.read_bytes()):
        return "no radiometric data in it, though its camera is FLIR's"
    return "an ordinary picture, no radiometric data in it"
