"""Batches: which pictures, in which order. A step's batch depends on (seed, step) alone."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from models.data.batch import Batch, collate
from models.data.dataset import Picture
from models.data.sample import draw_sample
from models.training.config import TrainSettings
from models.training.sources import DataSource


def steps_per_epoch(sources: Sequence[DataSource], batch: int) -> int:
    """Batches in which every picture comes once; a last one of a single picture is left out.

    A batch norm over one vector has nothing to normalise.
    """
    count = sum(len(source.train) for source in sources)
    whole, rest = divmod(count, batch)
    return max(1, whole + (rest > 1 or (whole == 0 and rest == 1)))


def make_batch(sources: Sequence[DataSource], settings: TrainSettings, step: int) -> Batch:
    """The batch of a step."""
    rng = np.random.default_rng((settings.seed, step))
    if settings.sampling == "epochs":
        pictures = _of_epoch(sources, settings, step)
    else:
        weights = np.array([source.weight for source in sources])
        chosen = rng.choice(len(sources), settings.batch, p=weights / weights.sum())
        pictures = [sources[i].train[int(rng.integers(len(sources[i].train)))] for i in chosen]
    return collate([draw_sample(p, settings.recipe, rng) for p in pictures], settings.recipe, rng)


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


def _of_epoch(sources: Sequence[DataSource], settings: TrainSettings, step: int) -> list[Picture]:
    pictures = [picture for source in sources for picture in source.train]
    epoch, index = divmod(step, steps_per_epoch(sources, settings.batch))
    order = np.random.default_rng((settings.seed, epoch, 1)).permutation(len(pictures))
    chosen = order[index * settings.batch : (index + 1) * settings.batch]
    return [pictures[i] for i in chosen]
