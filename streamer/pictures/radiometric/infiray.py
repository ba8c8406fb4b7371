"""InfiRay's JPEGs (P2 Pro and its kin): temperatures by the layout that owners have published.

Behind a segment APP2 that begins with IJPEG the sensor's data is spread over segments APP3: first
the picture as it was shown, (H, W) of 16 bits, then as many raw readings, little-endian, 64 to a
kelvin.
"""

from pathlib import Path

import numpy as np

from streamer.pictures.errors import Cause, PictureError
from streamer.pictures.formats.orientation import jpeg_segments
from streamer.pictures.stored import StoredPicture

_APP2, _APP3 = 0xE2, 0xE3
_SHAPES = ((192, 256), (288, 384), (512, 640), (120, 160), (240, 320), (480, 640))
_BYTES_A_PIXEL = 4  # two of the picture, two of the reading
_READINGS_A_KELVIN = 64.0
_PLAUSIBLE_K = (173.15, 2273.15)


class InfirayJpeg:
    """Stills of InfiRay's cameras for telephones."""

    name = "InfiRay JPEG (IJPEG)"
    extra = ""
    library = ""
    told = (
        "Temperatures of every pixel, a 64th of a kelvin fine, by the layout that owners have "
        "published; of other sizes or readings it is refused."
    )

    def recognises(self, data: bytes) -> bool:
        """Whether there is a segment of InfiRay's own."""
        return any(
            marker == _APP2 and content.startswith(b"IJPEG")
            for marker, content in jpeg_segments(data)
        )

    def read(self, path: Path, data: bytes) -> StoredPicture:
        """Kelvin as the camera has them.

        Raises:
            PictureError: its data is not as published.
        """
        block = b"".join(content for marker, content in jpeg_segments(data) if marker == _APP3)
        if not block:
            raise PictureError(
                f"{path}: no radiometric data in its InfiRay segments", Cause.NOT_RADIOMETRIC
            )
        shape = next(
            (each for each in _SHAPES if each[0] * each[1] * _BYTES_A_PIXEL == len(block)), None
        )
        if shape is None:
            raise PictureError(
                f"{path}: {len(block)} bytes of InfiRay data are of no sensor whose layout is "
                "published; export the temperatures with the maker's program",
                Cause.NOT_READ,
            )
        raw = np.frombuffer(block[len(block) // 2 :], "<u2").reshape(shape)
        kelvin = raw / _READINGS_A_KELVIN
        low, high = float(kelvin.min()), float(kelvin.max())
        if low < _PLAUSIBLE_K[0] or high > _PLAUSIBLE_K[1]:
            raise PictureError(
                f"{path}: readings of {low:.0f} to {high:.0f} K: its data is not as published",
                Cause.NOT_READ,
            )
        return StoredPicture(kelvin, metadata={"file": path.name}, kelvin=True)
