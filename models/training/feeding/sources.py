"""Data folders in memory: pairs, thermal pictures, frames of videos; how often each is drawn."""

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from models.data import guide_geometry
from models.data.dataset import (
    Picture,
    check_trainable,
    read_picture,
    split,
    split_videos,
)
from models.data.folder import FolderKind, find_pictures, folder_kind
from models.data.sample import MARGIN_PX
from models.data.videos import VideoFrames, read_frames
from models.errors import ModelError
from models.training.config import TrainSettings
from models.training.feeding.distillation import with_teacher_targets
from streamer.pictures.listing.sources import files_of
from streamer.pictures.videos import VIDEO_SUFFIXES

READERS = 4
"""Threads that decode."""

Progress = Callable[[str], None]
"""Called with a few words on what was read."""


@dataclass(frozen=True, slots=True)
class DataSource:
    """One data folder in memory, and how often a sample comes from it.

    Attributes:
        folder: where it lies.
        train: pictures to learn from.
        dev: those held out.
        weight: how often it is drawn, relative to the others.
        kind: what its pictures are.
        left_out: pictures by the reason for which they are not taken.
    """

    folder: Path
    train: list[Picture]
    dev: list[Picture]
    weight: float
    kind: FolderKind
    left_out: Mapping[str, int]

    @property
    def nbytes(self) -> int:
        """Bytes of memory that its pictures take."""
        return sum(picture.nbytes for picture in (*self.train, *self.dev))


@dataclass(slots=True)
class _Read:
    """What was decoded of a folder."""

    kind: FolderKind
    train: list[Picture] = field(default_factory=list)
    dev: list[Picture] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)


def load_sources(settings: TrainSettings, progress: Progress | None = None) -> list[DataSource]:
    """Decode every picture into memory: 1.3 MB a pair of 640x480, 0.3 MB a thermal picture.

    A folder's weight grows with the root of its size, times what `settings.weights` says; one with
    its own `thermal_lr` belongs to the benchmark and weighs `benchmark_weight` times that.

    Args:
        settings: of the run.
        progress: told what was read.

    Raises:
        ModelError: if a folder is for scoring only, broken or of something else, lacks the low
            resolution that the recipe takes, or holds no picture large enough.
    """
    if not settings.data:
        raise ModelError("data: wanted a data folder, got none")
    tell = progress or (lambda words: None)
    factors = settings.weights or (1.0,) * len(settings.data)
    sources = []
    for name, factor in zip(settings.data, factors, strict=True):
        folder = Path(name)
        read = _read(folder, settings.hold_out, settings.videos, tell)
        if read.kind is not FolderKind.PAIRS and settings.loss.beta > 0:
            raise ModelError(
                f"{folder}: {read.kind} without a visible one have nothing to contrast; "
                "leave the folder out or take --beta 0"
            )
        train = _usable(folder, read, settings.recipe.crop_px)
        if settings.teacher is not None:
            train = with_teacher_targets(
                train, settings.teacher, settings.teacher_share, settings.threads
            )
        if train[0].thermal_lr is not None:
            factor = factor * settings.benchmark_weight
        weight = factor * math.sqrt(len(train))
        sources.append(DataSource(folder, train, read.dev, weight, read.kind, read.left_out))
    if settings.recipe.crop_px == 0:
        _check_one_size([picture for source in sources for picture in source.train])
    return sources


def described(sources: Sequence[DataSource], settings: TrainSettings) -> list[str]:
    """A line a source: its pictures, those held out, its memory, its share of the samples.

    One more where guides are moved: how far, as measured.
    """
    parts = [float(len(s.train)) if settings.sampling == "epochs" else s.weight for s in sources]
    lines = [
        f"{source.folder}: {len(source.train)} {source.kind}, {len(source.dev)} held out, "
        f"{source.nbytes / 2**20:.0f} MiB, {part / sum(parts):.1%} of samples"
        + "".join(f"; left out: {count} {why}" for why, count in source.left_out.items())
        for source, part in zip(sources, parts, strict=True)
    ]
    moved = guide_geometry.described(settings.recipe.geometry, settings.recipe.crop_px)
    return lines if moved is None else [*lines, moved]


def _read(folder: Path, hold_out: bool, videos: VideoFrames, tell: Progress) -> _Read:
    check_trainable(folder)
    kind = folder_kind(folder)
    if kind is FolderKind.VIDEOS:
        return _read_videos(folder, hold_out, videos, tell)
    found = find_pictures(folder)
    paths = found.paths
    for inner in {path.thermal.parent for path in paths}:
        check_trainable(inner)
    parts = split(paths) if hold_out else (paths, [])
    read = _Read(found.kind, left_out=dict(found.left_out))
    with ThreadPoolExecutor(READERS) as pool:
        for pictures, part in zip((read.train, read.dev), parts, strict=True):
            for picture in pool.map(read_picture, part):
                pictures.append(picture)
                tell(f"{folder.name}: {len(read.train) + len(read.dev)} of {len(paths)}")
    return read


def _read_videos(folder: Path, hold_out: bool, wanted: VideoFrames, tell: Progress) -> _Read:
    paths = sorted(files_of(folder, VIDEO_SUFFIXES))
    held = split_videos(paths)[1] if hold_out else []
    read = _Read(FolderKind.VIDEOS)
    alike = 0
    with ThreadPoolExecutor(READERS) as pool:
        decoded = pool.map(lambda path: read_frames(path, wanted), paths)
        for index, (path, video) in enumerate(zip(paths, decoded, strict=True)):
            (read.dev if path in held else read.train).extend(video.pictures)
            alike += video.alike
            tell(f"{folder.name}: video {index + 1} of {len(paths)}")
    if alike:
        read.left_out["nearly alike"] = alike
    return read


def _usable(folder: Path, read: _Read, crop_px: int) -> list[Picture]:
    if crop_px == 0:
        return read.train
    least = crop_px + MARGIN_PX
    large = [picture for picture in read.train if min(picture.thermal.shape) >= least]
    if not large:
        raise ModelError(
            f"{folder}: no picture of at least {least} pixels a side, which crops of {crop_px} take"
        )
    if len(large) < len(read.train):
        read.left_out[f"smaller than {least} pixels a side"] = len(read.train) - len(large)
    return large


def _check_one_size(pictures: list[Picture]) -> None:
    first = pictures[0]
    for picture in pictures:
        if picture.thermal.shape != first.thermal.shape:
            raise ModelError(
                f"whole frames must all be of one size: {first.name} is {size_of(first)}, "
                f"{picture.name} {size_of(picture)}; train on crops (--crop 192) or sort the data"
            )


def size_of(picture: Picture) -> str:
    """As WIDTHxHEIGHT."""
    return f"{picture.thermal.shape[1]}x{picture.thermal.shape[0]}"
