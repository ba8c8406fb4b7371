"""How many pictures one file holds."""

from pathlib import Path

from streamer.pictures.npy import npy_shape
from streamer.pictures.tiff import tiff_pages


def page_count(path: Path) -> int:
    """Pages of a TIFF or an array; 1 of everything else, and of what cannot be read."""
    try:
        match path.suffix.lower():
            case ".tif" | ".tiff":
                return max(1, tiff_pages(path))
            case ".npy":
                shape = npy_shape(path)
                return max(1, shape[0]) if len(shape) >= 3 and not _is_colour(shape) else 1
    except (OSError, ValueError):
        pass  # decoding it will say what is wrong with it
    return 1


def _is_colour(shape: tuple[int, ...]) -> bool:
    return len(shape) == 3 and shape[2] in (3, 4)
