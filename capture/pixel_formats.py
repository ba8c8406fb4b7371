"""Pictures as decoders give them, brought into the three pixel formats."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from capture.camera import CameraError
from streamer.config.schema import CameraConfig, ThermalCameraConfig
from streamer.messages import PixelFormat, Radiometry
from streamer.pictures.counts import ThermalPicture, thermal_counts
from streamer.pictures.errors import PictureError
from streamer.pictures.guides import visible_picture
from streamer.pictures.stored import StoredPicture, is_coloured


def format_of(pixels: NDArray[Any]) -> PixelFormat:
    """The pixel format of an array that is in one."""
    if pixels.ndim == 3:
        return PixelFormat.BGR8
    return PixelFormat.MONO8 if pixels.dtype == np.uint8 else PixelFormat.MONO16


def as_visible(picture: NDArray[Any], name: str) -> NDArray[Any]:
    """What a camera gave, as (H, W, 3) uint8.

    Raises:
        CameraError: it is of another kind; names `name`.
    """
    try:
        return visible_picture(_stored(picture, name), name)
    except PictureError as error:
        raise CameraError(str(error)) from error


def as_thermal(picture: NDArray[Any], name: str, given: Radiometry | None = None) -> ThermalPicture:
    """What a camera gave, as counts; of a picture in colours its brightness, which is relative.

    Raises:
        CameraError: it is of another kind, or in colour where `given` asks for degrees.
    """
    try:
        return thermal_counts(_stored(picture, name), name, given)
    except PictureError as error:
        raise CameraError(str(error)) from error


def radiometry_of(config: CameraConfig) -> Radiometry | None:
    """The map from counts to kelvin that the configuration gives; None where it gives none."""
    if not isinstance(config, ThermalCameraConfig) or config.gain_k <= 0:
        return None
    return Radiometry(config.gain_k, config.offset_k)


def _stored(picture: NDArray[Any], name: str) -> StoredPicture:
    channels = picture.shape[2] if picture.ndim == 3 else 1
    if picture.dtype.name not in ("uint8", "uint16") or channels not in (1, 3, 4):
        raise CameraError(
            f"{name}: 1, 3 or 4 channels of 8 or 16 bits wanted, "
            f"{channels} channels of {picture.dtype.name} came"
        )
    if picture.ndim == 3:
        picture = picture[..., 0] if channels == 1 else np.ascontiguousarray(picture[..., :3])
    return StoredPicture(picture, "in colour" if is_coloured(picture) else "", lossy=True)
