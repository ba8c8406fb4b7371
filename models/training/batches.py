"""Batches: which pairs, in which order. The batch of a step depends on (seed, step) alone."""

import logging
import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.data.batch import Batch, collate
from models.data.dataset import Pair, check_trainable, find_pairs, read_pair, split
from models.data.sample import MARGIN_PX, draw_sample
from models.errors import ModelError
from models.training.config import TrainSettings
from models.training.distillation import with_teacher_targets

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DataSource:
    """One data folder in memory, and how often a sample comes from it."""

    folder: Path
    train: list[Pair]
    dev: list[Pair]
    weight: float


def load_sources(settings: TrainSettings) -> list[DataSource]:
    """Decode every pair into memory (a few hundred MB).

    A folder's weight grows with the root of its size; one with its own `thermal_lr` belongs to the
    benchmark and weighs `benchmark_weight` times that.

    Raises:
        ModelError: if a folder is for scoring only or broken, lacks the low resolution that the
            recipe takes, or holds no pair large enough.
    """
    if not settings.data:
        raise ModelError("data: wanted a data folder, got none")
    sources = []
    for folder in (Path(name) for name in settings.data):
        check_trainable(folder)
        paths = find_pairs(folder)
        train_paths, dev_paths = split(paths) if settings.hold_out else (paths, [])
        with ThreadPoolExecutor(4) as pool:
            pairs = list(pool.map(read_pair, train_paths))
            dev = list(pool.map(read_pair, dev_paths))
        train = _usable(folder, pairs, settings.recipe.crop_px)
        if settings.teacher is not None:
            train = with_teacher_targets(
                train, settings.teacher, settings.teacher_share, settings.threads
            )
        factor = settings.benchmark_weight if train[0].thermal_lr is not None else 1.0
        sources.append(DataSource(folder, train, dev, factor * math.sqrt(len(train))))
    if settings.recipe.crop_px == 0:
        _check_one_size([pair for source in sources for pair in source.train])
    return sources


def steps_per_epoch(sources: Sequence[DataSource], batch: int) -> int:
    """Batches in which every pair comes once; a last one of a single pair is left out.

    A batch norm over one vector has nothing to normalise.
    """
    count = sum(len(source.train) for source in sources)
    whole, rest = divmod(count, batch)
    return max(1, whole + (rest > 1 or (whole == 0 and rest == 1)))


def make_batch(sources: Sequence[DataSource], settings: TrainSettings, step: int) -> Batch:
    """The batch of a step."""
    rng = np.random.default_rng((settings.seed, step))
    if settings.sampling == "epochs":
        pairs = _of_epoch(sources, settings, step)
    else:
        weights = np.array([source.weight for source in sources])
        chosen = rng.choice(len(sources), settings.batch, p=weights / weights.sum())
        pairs = [sources[i].train[int(rng.integers(len(sources[i].train)))] for i in chosen]
    return collate([draw_sample(p, settings.recipe, rng) for p in pairs], settings.recipe, rng)


def batches(sources: Sequence[DataSource], settings: TrainSettings, start: int) -> Iterator[Batch]:
    """Batches from step `start` on, the next one always drawn ahead in a thread."""
    with ThreadPoolExecutor(1) as pool:
        ahead = pool.submit(make_batch, sources, settings, start)
        step = start
        while True:
            batch = ahead.result()
            step += 1
            ahead = pool.submit(make_batch, sources, settings, step)
            yield batch


def _of_epoch(sources: Sequence[DataSource], settings: TrainSettings, step: int) -> list[Pair]:
    pairs = [pair for source in sources for pair in source.train]
    epoch, index = divmod(step, steps_per_epoch(sources, settings.batch))
    order = np.random.default_rng((settings.seed, epoch, 1)).permutation(len(pairs))
    chosen = order[index * settings.batch : (index + 1) * settings.batch]
    return [pairs[i] for i in chosen]


def _usable(folder: Path, pairs: list[Pair], crop_px: int) -> list[Pair]:
    if crop_px == 0:
        return pairs
    least = crop_px + MARGIN_PX
    large = [pair for pair in pairs if min(pair.thermal.shape) >= least]
    if len(large) < len(pairs):
        log.warning("%s: %d pairs too small, left out", folder, len(pairs) - len(large))
    if not large:
        raise ModelError(f"{folder}: no pair of at least {least} pixels a side")
    return large


def _check_one_size(pairs: list[Pair]) -> None:
    first = pairs[0]
    for pair in pairs:
        if pair.thermal.shape != first.thermal.shape:
            sizes = [f"{p.thermal.shape[1]}x{p.thermal.shape[0]}" for p in (first, pair)]
            raise ModelError(
                f"whole frames must all be of one size: {first.name} is {sizes[0]}, {pair.name} "
                f"{sizes[1]}; train on crops (--crop 192) or sort the data"
            )
