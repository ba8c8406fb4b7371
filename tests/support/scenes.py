"""Made scenes: a visible and a thermal picture of the same shapes."""

from pathlib import Path

import cv2
import numpy as np


def scene(seed: int, rows: int = 128, columns: int = 160) -> tuple[np.ndarray, np.ndarray]:
    """(visible, thermal) of one made scene: warm shapes whose edges the visible camera sees."""
    rng = np.random.default_rng(seed)
    thermal = np.full((rows, columns), 60.0, dtype=np.float32)
    thermal += np.linspace(0, 40, columns, dtype=np.float32)
    visible = np.full((rows, columns, 3), 90, dtype=np.uint8)
    for _ in range(14):
        centre = (int(rng.integers(columns)), int(rng.integers(rows)))
        axes = (int(rng.integers(4, 30)), int(rng.integers(4, 30)))
        angle = float(rng.uniform(0, 180))
        cv2.ellipse(thermal, centre, axes, angle, 0, 360, float(rng.uniform(30, 230)), -1)
        colour = tuple(int(v) for v in rng.integers(0, 256, 3))
        cv2.ellipse(visible, centre, axes, angle, 0, 360, colour, -1)
    return visible, np.rint(thermal).clip(0, 255).astype(np.uint8)


def write_folder(
    folder: Path, count: int = 3, rows: int = 128, columns: int = 160, *, low: bool = False
) -> Path:
    """Writes a data folder of made pairs, with their `thermal_lr` if asked for, and returns it."""
    from models.imaging.degradation import benchmark

    kinds = ["visible", "thermal"] + (["thermal_lr"] if low else [])
    for kind in kinds:
        (folder / kind).mkdir(parents=True)
    for index in range(count):
        visible, thermal = scene(index, rows, columns)
        stem = f"{index:03d}_01"
        cv2.imwrite(str(folder / "visible" / f"{stem}.jpg"), visible)
        cv2.imwrite(str(folder / "thermal" / f"{stem}.png"), thermal)
        if low:
            small = benchmark(thermal, 8)
            cv2.imwrite(str(folder / "thermal_lr" / f"{stem}.bmp"), small)
    return folder
