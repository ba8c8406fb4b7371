"""Palettes from files of the user's own.

A line is a colour, the coldest first: red, green and blue from 0 to 255, with commas, semicolons or
spaces between. Empty lines and what follows a `#` are passed over, and so is a first line of words.
"""

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from streamer.errors import CorefusionError
from streamer.thermal import palettes
from streamer.thermal.palettes import PALETTES, Palette

SUFFIXES = (".csv", ".txt")

_MOST = 4096
_LARGEST = 1_000_000  # bytes; 4096 colours are some fifty thousand


class PaletteError(CorefusionError):
    """There is no such palette, or a file is none."""


def read_palette(path: Path) -> Palette:
    """The palette of a file; its name is the file's path, so that it can be found again.

    Raises:
        PaletteError: it cannot be read, or is no palette; says which line and what was wanted.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise PaletteError(f"palette {path}: a file in {' or '.join(SUFFIXES)} wanted")
    try:
        if path.stat().st_size > _LARGEST:
            raise PaletteError(f"palette {path}: {_MOST} lines at most wanted")
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise PaletteError(f"palette {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise PaletteError(f"palette {path}: lines of text wanted") from error
    colours = _colours(path, text)
    if not 2 <= len(colours) <= _MOST:
        raise PaletteError(f"palette {path}: 2 to {_MOST} colours wanted, {len(colours)} came")
    stops = np.array(colours, np.float64) / 255
    return Palette(str(path), path.stem, False, lambda: _spread(stops))


def known_palette(name: str) -> str:
    """A palette's name as it came, once it is there: one of a file is read.

    Raises:
        PaletteError: there is no such palette, or its file is none.
    """
    plain = palettes.upright(name)
    if Path(plain).suffix.lower() in SUFFIXES and not palettes.is_known(name):
        palettes.add(read_palette(Path(plain)))
    if not palettes.is_known(name):
        raise PaletteError(f"palette {name}: a file or one of {', '.join(PALETTES)} wanted")
    return name


def _colours(path: Path, text: str) -> list[tuple[int, int, int]]:
    colours: list[tuple[int, int, int]] = []
    for number, line in enumerate(text.splitlines(), 1):
        fields = re.split(r"[\s,;]+", line.partition("#")[0].strip())
        if fields == [""]:
            continue
        if not colours and not any(re.search(r"\d", field) for field in fields):
            continue  # a head line
        if len(fields) != 3 or not all(re.fullmatch(r"\d{1,3}", field) for field in fields):
            raise PaletteError(
                f"palette {path}, line {number}: red, green, blue wanted, {line.strip()!r:.40} came"
            )
        red, green, blue = (int(field) for field in fields)
        if max(red, green, blue) > 255:
            raise PaletteError(
                f"palette {path}, line {number}: 0 to 255 wanted, {line.strip()!r:.40} came"
            )
        colours.append((red, green, blue))
    return colours


def _spread(stops: NDArray[np.float64]) -> NDArray[np.float64]:
    """256 colours in equal steps from the first to the last."""
    where, at = np.linspace(0, len(stops) - 1, 256), np.arange(len(stops))
    return np.stack([np.interp(where, at, stops[:, channel]) for channel in range(3)], axis=1)
