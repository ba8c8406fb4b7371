"""FLIR radiometric JPEGs: temperatures and the visible picture inside, through the library flyr.

flyr is not installed by default: it is the extra `flir` of this package (EUPL 1.2, pure Python).
"""

import importlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from streamer.messages import Radiometry
from streamer.paths import PathKind, kind_of
from streamer.recording import RecordingError

SUFFIXES = (".jpg", ".jpeg")
RADIOMETRY = Radiometry(gain_k=0.01, offset_k=0.0)  # finer than any such camera's noise
_SEGMENT = b"FLIR\x00"
_LOOKED_AT = 2**18
_KEPT = ("emissivity", "object_distance", "reflected_apparent_temperature", "relative_humidity")


class RadiometricPicture(NamedTuple):
    """A still: counts of a hundredth of a kelvin, the visible (BGR) if any, what was assumed."""

    counts: NDArray[np.uint16]
    visible: NDArray[np.uint8] | None
    metadata: dict[str, str | int | float | bool]


def is_radiometric(path: Path) -> bool:
    """Whether a file is a JPEG with FLIR's data in it."""
    if path.suffix.lower() not in SUFFIXES or kind_of(path) is not PathKind.FILE:
        return False
    try:
        with path.open("rb") as file:
            return _SEGMENT in file.read(_LOOKED_AT)
    except OSError as error:
        raise RecordingError(f"{path}: {error.strerror or error}") from error


def read_radiometric(path: Path) -> RadiometricPicture:
    """Reads a still.

    FLIR's own counts follow Planck's law; as temperatures they become a straight line of 10 mK.

    Raises:
        RecordingError: flyr is not installed, or it cannot read the file.
    """
    try:
        flyr: Any = importlib.import_module("flyr")
    except ModuleNotFoundError as error:
        raise RecordingError(
            f"{path}: FLIR JPEGs need the library flyr: pip install 'corefusion-live[flir]'"
        ) from error
    try:
        picture = flyr.unpack(str(path))
        kelvin = np.asarray(picture.kelvin, np.float64)
        optical = None if picture.optical is None else np.asarray(picture.optical, np.uint8)
    except Exception as error:  # whatever a parser of foreign files may meet
        raise RecordingError(f"{path}: flyr cannot read it: {error}") from error
    counts = np.clip(np.rint(kelvin / RADIOMETRY.gain_k), 0, 65535).astype(np.uint16)
    visible = None
    if optical is not None and optical.ndim == 3:
        visible = np.ascontiguousarray(optical[..., :3][..., ::-1])
    known: dict[str, Any] = dict(picture.metadata)
    metadata = {name: float(known[name]) for name in _KEPT if name in known}
    return RadiometricPicture(counts, visible, {"file": path.name, **metadata})
