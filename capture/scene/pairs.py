"""Pairs of pictures without limit, each a function of a seed and its number."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.scene.street.street import HEIGHT, WIDTH, Street
from capture.scene.world import World

TURNS = ("day", "day", "night", "day", "smoke")

YARD_EVERY, YARDS_ALIKE = 12, 8
"""One pair in twelve shows the yard, eight of them one yard at eight moments: it paints longest."""

YARD_SECONDS = 600.0

VISIBLE_NOISE = 2.0
"""Levels, at most, of a visible picture; its double at night."""

_world = lru_cache(maxsize=3)(World)  # one a kind


def simulated_pair(
    seed: int, number: int, kinds: tuple[str, ...] = ()
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], str]:
    """One pair.

    Args:
        seed: of a series of pairs.
        number: in the series, from 0.
        kinds: of the scenes, taking turns: day, night, smoke; TURNS where there are none.

    Returns:
        (480, 640, 3) uint8 BGR; (480, 640) uint8, thermal as a camera's automatic gain gives it;
        and what they show: `street` or `yard`, and day, night or smoke.
    """
    turns = kinds or TURNS
    kind = turns[number % len(turns)]
    rng = np.random.default_rng((seed, number))
    if number % YARD_EVERY == YARD_EVERY - 1:
        place, series = "yard", number // (YARD_EVERY * YARDS_ALIKE)
        world_seed = int(np.random.default_rng((seed, series, 1)).integers(2**62))
        world = _world(world_seed, kind, WIDTH, HEIGHT)
        moment = float(rng.uniform(0, YARD_SECONDS))
        light, heat = world.light(moment), world.heat(moment)
    else:
        place, street = "street", Street(int(rng.integers(2**62)), kind)
        light, heat = street.light, street.heat
    sigma = rng.uniform(0, VISIBLE_NOISE) * (2 if kind == "night" else 1)
    noisy = light + rng.standard_normal(light.shape, np.float32) * np.float32(sigma)
    if rng.random() < 0.5:
        noisy, heat = noisy[:, ::-1], heat[:, ::-1]
    visible = np.ascontiguousarray(np.clip(np.rint(noisy), 0, 255), dtype=np.uint8)
    soft = cv2.GaussianBlur(np.ascontiguousarray(heat), (0, 0), rng.uniform(0.35, 0.9))
    return visible, _gained(soft.astype(np.float32), rng), f"{place} {kind}"


def _gained(kelvin: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Automatic gain: a span of the scene's, partly equalised, as thermal cameras do."""
    low, high = np.percentile(kelvin, (rng.uniform(0.1, 2), 100 - rng.uniform(0.1, 2)))
    linear = np.clip((kelvin - low) / max(float(high - low), 1.0), 0, 1)
    counts, edges = np.histogram(linear, bins=256, range=(0, 1))
    plateau = np.minimum(counts, linear.size // 64)  # a flat sky shall not take all levels
    share = np.concatenate([[0.0], np.cumsum(plateau) / plateau.sum()])
    equal = np.interp(linear, edges, share)
    mixed = linear + (equal - linear) * rng.uniform(0, 0.8)
    return np.asarray(np.rint(mixed * 255), dtype=np.uint8)
