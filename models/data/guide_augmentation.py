"""What other cameras, lights and weathers do to a visible picture, drawn at random."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.augmentation_config import AugmentationConfig

Generator = np.random.Generator


def augment_guide(
    guide: NDArray[np.uint8], augmentation: AugmentationConfig, rng: Generator
) -> NDArray[np.uint8]:
    """The picture in another camera, light or weather: (H, W, 3) uint8 BGR to the same."""
    out = guide
    if rng.random() < augmentation.recoloured:
        # Gamma and channel gains in one table a channel.
        ramp = (np.arange(256) / 255.0) ** rng.uniform(0.6, 1.6)
        table = np.stack([ramp * rng.uniform(0.6, 1.3) for _ in range(3)], axis=-1)
        levels = np.clip(table * 255, 0, 255).astype(np.uint8)
        out = _bytes(cv2.LUT(np.ascontiguousarray(out), levels[None]))
    if rng.random() < augmentation.grey:
        out = _bytes(cv2.cvtColor(cv2.cvtColor(out, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR))
    if rng.random() < augmentation.spoiled:
        out = (_dark, _blurred, _veiled)[int(rng.integers(3))](out, rng)
    return out


def _bytes(image: Any) -> NDArray[np.uint8]:
    return np.asarray(image).astype(np.uint8, copy=False)


def _dark(guide: NDArray[np.uint8], rng: Generator) -> NDArray[np.uint8]:
    noise = rng.standard_normal(guide.shape, dtype=np.float32) * rng.uniform(2, 12)
    return np.clip(guide * rng.uniform(0.02, 0.4) + noise, 0, 255).astype(np.uint8)


def _blurred(guide: NDArray[np.uint8], rng: Generator) -> NDArray[np.uint8]:
    return np.asarray(cv2.GaussianBlur(guide, (0, 0), rng.uniform(0.7, 4.0)), dtype=np.uint8)


def _veiled(guide: NDArray[np.uint8], rng: Generator) -> NDArray[np.uint8]:
    """Smoke or fog: a smooth grey layer of uneven thickness."""
    rows, columns = guide.shape[:2]
    coarse = rng.uniform(0.0, 1.0, (4, 4)).astype(np.float32)
    thickness = cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC)
    thickness = np.clip(thickness + rng.uniform(-0.3, 0.5), 0, 1)[:, :, None]
    veil = rng.uniform(80, 230)
    return _bytes(np.clip(guide * (1 - thickness) + veil * thickness, 0, 255))
