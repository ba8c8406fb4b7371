"""Pictures as decoders give them, brought into the three pixel formats."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.camera import CameraError
from streamer.messages import PixelFormat, Radiometry

_NEARLY_GREY = 12  # largest difference of channels that a lossy codec makes of a grey picture


def format_of(pixels: NDArray[Any]) -> PixelFormat:
    """The pixel format of an array that is in one."""
    if pixels.ndim == 3:
        return PixelFormat.BGR8
    return PixelFormat.MONO8 if pixels.dtype == np.uint8 else PixelFormat.MONO16


def as_visible(picture: NDArray[Any], name: str) -> NDArray[Any]:
    """Any decoded picture as (H, W, 3) uint8.

    Raises:
        CameraError: it is of another kind; names `name`.
    """
    picture = _checked(picture, name)
    if picture.dtype == np.uint16:
        picture = (picture >> 8).astype(np.uint8)
    if picture.ndim == 2:
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR))
    return picture


def as_thermal(picture: NDArray[Any], name: str) -> NDArray[Any]:
    """Any decoded picture as (H, W) uint8 or uint16; of a colour picture, its brightness.

    Raises:
        CameraError: it is of another kind; names `name`.
    """
    picture = _checked(picture, name)
    if picture.ndim == 2:
        return picture
    blue, green, red = cv2.split(picture)
    if np.array_equal(blue, green) and np.array_equal(green, red):
        return np.asarray(green)
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))


def is_colourful(picture: NDArray[Any]) -> bool:
    """Whether a picture meant to be thermal was coloured with a palette: its counts are lost."""
    if picture.ndim == 2:
        return False
    sample = picture[::4, ::4].astype(np.int32)
    return bool((sample.max(axis=2) - sample.min(axis=2)).max() > 3 * _NEARLY_GREY)


def radiometry_of(gain_k: float, offset_k: float) -> Radiometry | None:
    """The map from counts to kelvin that the configuration gives; None where it gives none."""
    return Radiometry(gain_k, offset_k) if gain_k > 0 else None


def _checked(picture: NDArray[Any], name: str) -> NDArray[Any]:
    channels = picture.shape[2] if picture.ndim == 3 else 1
    if picture.dtype.name not in ("uint8", "uint16") or channels not in (1, 3, 4):
        raise CameraError(
            f"{name}: 1, 3 or 4 channels of 8 or 16 bits wanted, "
            f"{channels} channels of {picture.dtype.name} came"
        )
    if channels == 4:
        return np.ascontiguousarray(picture[..., :3])
    return picture[..., 0] if picture.ndim == 3 and channels == 1 else picture
