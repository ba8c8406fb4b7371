"""Pictures as decoders give them, brought into the three pixel formats."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from capture.camera import CameraError
from capture.formats import DecodedFrame, FormatChoice, LayoutError
from streamer.config.schema import CameraConfig, ThermalCameraConfig
from streamer.messages import FrameFlag, PixelFormat, Radiometry
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


def unwrapped(
    picture: ThermalPicture, choice: FormatChoice, name: str, given: Radiometry | None = None
) -> tuple[ThermalPicture, DecodedFrame | None]:
    """A thermal picture without the telemetry around it, by the layout that its source has.

    Renderings and pictures that state their degrees themselves are no frames of a camera; they stay
    as they are.

    Args:
        picture: as it is stored, or as a device gave it.
        choice: of the source.
        name: what an error names.
        given: what a setting says that counts mean in kelvin.

    Returns:
        The picture, and what was decoded, if anything was.

    Raises:
        CameraError: it is in no layout, or in another than the setting says.
    """
    if picture.relative or picture.radiometry not in (None, given):
        if choice.format is not None:
            raise CameraError(
                f"{name}: format {choice.format.name} wants counts as the camera sent them, "
                f"{'a picture ' + picture.relative if picture.relative else 'temperatures'} came"
            )
        return picture, None
    try:
        decoded = choice.decode(picture.counts)
    except LayoutError as error:
        raise CameraError(f"{name}: {error}") from error
    if decoded.counts is picture.counts and not decoded.relative:
        return picture, decoded
    stored = StoredPicture(
        decoded.counts,
        decoded.relative,
        decoded.radiometry,
        metadata={**picture.metadata, **decoded.state},
    )
    try:
        return thermal_counts(stored, name, given), decoded
    except PictureError as error:
        raise CameraError(str(error)) from error


def format_choice(config: CameraConfig, name: str, **known: Any) -> FormatChoice:
    """The layout of a thermal source, as far as the configuration says.

    Args:
        config: of the camera; of a visible one nothing is said.
        name: of the source, for people.
        known: further arguments of `FormatChoice`.

    Raises:
        CameraError: it names a layout that there is not.
    """
    setting = config.format if isinstance(config, ThermalCameraConfig) else "auto"
    try:
        return FormatChoice(name, setting, **known)
    except LayoutError as error:
        raise CameraError(str(error)) from error


def flags_of(decoded: DecodedFrame | None) -> tuple[FrameFlag, ...]:
    """What a camera's telemetry says of its shutter, as flags of a frame."""
    return (FrameFlag.FFC,) if decoded is not None and decoded.ffc else ()


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
