"""How many pictures one file holds."""

from pathlib import Path

from streamer.pictures.errors import PictureError
from streamer.pictures.formats import cptv, fff
from streamer.pictures.formats.npy import npy_shape
from streamer.pictures.formats.tiff import tiff_pages


def page_count(path: Path) -> int:
    """Pages of a TIFF, an array, a CPTV or FLIR file; 1 of all else, and of what cannot be read."""
    try:
        match path.suffix.lower():
            case ".tif" | ".tiff":
                return max(1, tiff_pages(path))
            case ".npy":
                shape = npy_shape(path)
                return max(1, shape[0]) if len(shape) >= 3 and not _is_colour(shape) else 1
            case cptv.SUFFIX:
                return cptv.cptv_pages(path)
            case suffix if suffix in fff.SUFFIXES:
                return len(fff.fff_blocks(path))
    except (OSError, ValueError, PictureError):
        pass  # decoding it will say what is wrong with it
    return 1


def _is_colour(shape: tuple[int, ...]) -> bool:
    return len(shape) == 3 and shape[2] in (3, 4)
