"""What an adapter of radiometric stills does."""

from pathlib import Path
from typing import Protocol

from streamer.pictures.stored import StoredPicture


class StillAdapter(Protocol):
    """Reads one maker's stills.

    Attributes:
        name: of the format, in words: `FLIR radiometric JPEG`.
        extra: the optional extra of this package that it needs; empty where it needs none.
        library: what that installs, with its licence.
        told: what is read of a file, or why nothing is; a sentence of the reference.
    """

    @property
    def name(self) -> str:
        """In words."""

    @property
    def extra(self) -> str:
        """The optional extra, or nothing."""

    @property
    def library(self) -> str:
        """Its library and licence."""

    @property
    def told(self) -> str:
        """What is read, or why nothing is."""

    def recognises(self, data: bytes) -> bool:
        """Whether a file's content is of this format."""

    def read(self, path: Path, data: bytes) -> StoredPicture:
        """Kelvin of each pixel, or its counts, and the visible picture if there is one.

        Args:
            path: of the file.
            data: its content.

        Raises:
            PictureError: it holds no temperatures, or they cannot be read here.
        """
