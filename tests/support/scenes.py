"""Made scenes: a visible and a thermal picture of the same shapes."""

from collections.abc import Sequence
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


def write_rig_pairs(folder: Path, seeds: Sequence[int] = (7, 8), size: int = 640) -> Path:
    """Writes a data folder of what the simulated rig's two cameras see, and returns it."""
    from capture.scene.eye import Eye
    from capture.scene.world import World
    from streamer.config.schema import BracketConfig

    eye = Eye(BracketConfig())
    for kind in ("visible", "thermal"):
        (folder / kind).mkdir(parents=True)
    for seed in seeds:
        world = World(seed, "day", size, size * 3 // 4)
        light = eye.picture(world.light(seed, eye), (size * 3 // 4, size))
        heat = world.heat(seed)
        heat = (heat - heat.min()) * (255 / np.ptp(heat))
        cv2.imwrite(str(folder / "visible" / f"{seed:03d}.png"), light)
        cv2.imwrite(str(folder / "thermal" / f"{seed:03d}.png"), np.rint(heat).astype(np.uint8))
    return folder


def write_thermal(folder: Path, count: int = 3, rows: int = 128, columns: int = 160) -> Path:
    """Writes thermal pictures without a partner into a folder and returns it."""
    folder.mkdir(parents=True)
    for index in range(count):
        cv2.imwrite(str(folder / f"{index:03d}.png"), scene(100 + index, rows, columns)[1])
    return folder


def write_video(
    path: Path,
    seeds: Sequence[int] = (0, 1),
    repeats: int = 10,
    fps: float = 10.0,
    *,
    rows: int = 128,
    columns: int = 160,
    colour: bool = False,
) -> Path:
    """Writes a video of thermal scenes (visible ones in colour), each for some frames."""
    path.parent.mkdir(parents=True, exist_ok=True)
    video = cv2.VideoWriter(
        str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"mp4v"), fps, (columns, rows)
    )
    assert video.isOpened()
    for seed in seeds:
        visible, thermal = scene(seed, rows, columns)
        frame = visible if colour else np.repeat(thermal[:, :, None], 3, axis=2)
        for _ in range(repeats):
            video.write(frame)
    video.release()
    return path
