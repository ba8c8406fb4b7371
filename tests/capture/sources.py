"""Small real files for the tests, and short ways to the sections of the configuration."""

from pathlib import Path

import cv2
import numpy as np

from streamer.config.schema import CameraConfig, ThermalCameraConfig


def visible_config(source: object = "sim", **fields) -> CameraConfig:
    return CameraConfig(
        **{"source": str(source), "width": 64, "height": 48, "rate_hz": 30.0, **fields}
    )


def thermal_config(source: object = "sim", **fields) -> ThermalCameraConfig:
    given = {"source": str(source), "width": 80, "height": 60, "rate_hz": 30.0, **fields}
    return ThermalCameraConfig(**given)


def picture(index: int, width: int = 64, height: int = 48) -> np.ndarray:
    """Frame number `index`: its brightness tells which one it is."""
    ramp = np.linspace(0, 60, width)[None, :, None] + np.linspace(0, 30, height)[:, None, None]
    return np.repeat(ramp + 10 * index, 3, axis=2).astype(np.uint8)


def write_video(path: Path, frames: int = 8, rate_hz: float = 25.0, codec: str = "mp4v") -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), rate_hz, (64, 48))
    assert writer.isOpened()
    for index in range(frames):
        writer.write(picture(index))
    writer.release()
    return path


def write_folder(path: Path, frames: int = 8, dtype: type = np.uint8, grey: bool = False) -> Path:
    path.mkdir()
    for index in range(frames):
        image = picture(index)
        if grey:
            image = image[..., 0].astype(dtype) * (257 if dtype is np.uint16 else 1)
        assert cv2.imwrite(str(path / f"frame{index}.png"), image)
    return path
