"""Formats that are recognised and not read: what they are, why not, and what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from streamer.pictures.errors import Cause, PictureError
from streamer.pictures.stored import StoredPicture

_UNI_T_BYTES = 320 * 240


@dataclass(frozen=True, slots=True)
class Unread:
    """An adapter that says why it reads nothing; its pictures are renderings, and no counts."""

    name: str
    told: str
    recognise: Callable[[bytes], bool]
    extra: str = ""
    library: str = ""

    def recognises(self, data: bytes) -> bool:
        """Whether a file's content is of this format."""
        return self.recognise(data)

    def read(self, path: Path, data: bytes) -> StoredPicture:
        """Refuses.

        Raises:
            PictureError: always.
        """
        raise PictureError(f"{path} is a {self.name}: {self.told}", Cause.NOT_READ)


def _uni_t(data: bytes) -> bool:
    if not data.startswith(b"BM") or len(data) < 54:
        return False
    width, height, bits = (
        int.from_bytes(data[at:end], "little", signed=True)
        for at, end in ((18, 22), (22, 26), (28, 30))
    )
    end = int.from_bytes(data[10:14], "little") + (width * bits + 31) // 32 * 4 * abs(height)
    return width > 0 and len(data) - end >= _UNI_T_BYTES


UNI_T = Unread(
    "BMP with thermal data behind it, as UNI-T writes it",
    "what it holds is stretched in contrast, and no temperature can be had of it; take 16-bit "
    "pictures over USB instead",
    _uni_t,
)
