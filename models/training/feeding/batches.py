"""Batches: which pictures, in which order. A step's batch depends on (seed, step) alone."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from models.data.augmentation_config import AugmentationConfig
from models.data.batch import Batch, collate
from models.data.composites import composed
from models.data.dataset import Picture
from models.data.sample import MARGIN_PX, Sample, draw_sample
from models.training.config import TrainSettings
from models.training.feeding.sources import DataSource


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
        drawn = _of_epoch(sources, settings, step)
    else:
        weights = np.array([source.weight for source in sources])
        chosen = rng.choice(len(sources), settings.batch, p=weights / weights.sum())
        drawn = [(sources[i], _any_of(sources[i], rng)) for i in chosen]
    samples = [_sample(source, picture, settings.recipe, rng) for source, picture in drawn]
    return collate(samples, settings.recipe, rng)


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


def _any_of(source: DataSource, rng: np.random.Generator) -> Picture:
    return source.train[int(rng.integers(len(source.train)))]


def _sample(
    source: DataSource, picture: Picture, recipe: AugmentationConfig, rng: np.random.Generator
) -> Sample:
    if recipe.composites.of_two > 0:
        other = _any_of(source, rng)
        picture = composed(picture, other, recipe.crop_px + MARGIN_PX, recipe.composites, rng)
    return draw_sample(picture, recipe, rng)


def _of_epoch(
    sources: Sequence[DataSource], settings: TrainSettings, step: int
) -> list[tuple[DataSource, Picture]]:
    pictures = [(source, picture) for source in sources for picture in source.train]
    epoch, index = divmod(step, steps_per_epoch(sources, settings.batch))
    order = np.random.default_rng((settings.seed, epoch, 1)).permutation(len(pictures))
    chosen = order[index * settings.batch : (index + 1) * settings.batch]
    return [pictures[i] for i in chosen]
