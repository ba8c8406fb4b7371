"""Palettes: what colours a thermal picture is shown in, on screen and in exported video.

As tables they are 256 colours, packed as 0xffRRGGBB: what Qt paints fastest.
"""

from collections.abc import Callable
from functools import cache, partial

import msgspec
import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.uint32]


class Palette(msgspec.Struct, frozen=True):
    """One palette: its name in config.yaml, its title, and how its colours come about."""

    name: str
    title: str
    perceptual: bool
    colours: Callable[[], NDArray[np.float64]]  # (256, 3), 0..1


def _ramp(*stops: tuple[float, int, int, int]) -> NDArray[np.float64]:
    points = np.array(stops, dtype=np.float64)
    where = np.linspace(0, 1, 256)
    channels = [np.interp(where, points[:, 0], points[:, channel] / 255) for channel in (1, 2, 3)]
    return np.stack(channels, axis=1)


def _library(name: str) -> NDArray[np.float64]:
    import cmap  # 35 ms that a viewer on an own palette does not pay at start

    return np.asarray(cmap.Colormap(name).lut(256), dtype=np.float64)[:, :3]


_IRON = (
    (0.00, 0, 0, 10),
    (0.12, 28, 4, 92),
    (0.30, 112, 8, 140),
    (0.48, 190, 32, 104),
    (0.64, 232, 86, 22),
    (0.80, 250, 156, 8),
    (0.92, 254, 222, 92),
    (1.00, 255, 255, 246),
)
_RAINBOW = (
    (0.00, 12, 8, 84),
    (0.18, 10, 64, 214),
    (0.36, 0, 178, 206),
    (0.52, 40, 196, 64),
    (0.68, 226, 220, 24),
    (0.84, 240, 112, 12),
    (1.00, 214, 16, 32),
)
_WHITE_HOT = ((0.0, 0, 0, 0), (1.0, 255, 255, 255))
_BLACK_HOT = ((0.0, 255, 255, 255), (1.0, 0, 0, 0))

PALETTES: dict[str, Palette] = {
    palette.name: palette
    for palette in (
        Palette("iron", "Iron", False, partial(_ramp, *_IRON)),
        Palette("rainbow", "Rainbow", False, partial(_ramp, *_RAINBOW)),
        Palette("white_hot", "White hot", True, partial(_ramp, *_WHITE_HOT)),
        Palette("black_hot", "Black hot", True, partial(_ramp, *_BLACK_HOT)),
        Palette("inferno", "Inferno", True, partial(_library, "bids:inferno")),
        Palette("magma", "Magma", True, partial(_library, "bids:magma")),
        Palette("thermal", "Thermal", True, partial(_library, "cmocean:thermal")),
        Palette("viridis", "Viridis", True, partial(_library, "bids:viridis")),
        Palette("cividis", "Cividis", True, partial(_library, "cividis:cividis")),
        Palette("batlow", "Batlow", True, partial(_library, "crameri:batlow")),
    )
}
_INVERTED = "_r"  # as matplotlib writes it
DEFAULT = "iron"
GREY = "white_hot"  # for pictures that are no measurement
DIVERGING = Palette("berlin", "Differences", True, partial(_library, "crameri:berlin"))


def is_known(name: str) -> bool:
    """Whether there is such a palette, inverted or not."""
    return upright(name) in PALETTES


def upright(name: str) -> str:
    """The name of a palette without the mark of an inverted one."""
    return name.removesuffix(_INVERTED)


def inverted(name: str) -> str:
    """The name of the same palette the other way round; `iron_r` for `iron`, and back."""
    return upright(name) if name.endswith(_INVERTED) else name + _INVERTED


def title(name: str) -> str:
    """A palette's title in words."""
    words = PALETTES.get(upright(name), PALETTES[DEFAULT]).title
    return f"{words}, inverted" if name.endswith(_INVERTED) else words


def add(palette: Palette) -> None:
    """Takes one of the user's own among the others; one of the same name is replaced."""
    PALETTES[palette.name] = palette
    table.cache_clear()


@cache
def table(name: str) -> Table:
    """The 256 packed colours of a palette; those of the default one for an unknown name."""
    colours = PALETTES.get(upright(name), PALETTES[DEFAULT]).colours()
    return _pack(colours[::-1] if name.endswith(_INVERTED) else colours)


@cache
def diverging() -> Table:
    """The palette of differences: dark at zero, so that only what differs stands out."""
    return _pack(DIVERGING.colours())


def _pack(colours: NDArray[np.float64]) -> Table:
    rgb = np.rint(colours * 255).astype(np.uint32)
    packed: Table = np.full(len(rgb), 0xFF000000, np.uint32)
    packed |= rgb[:, 0] << 16 | rgb[:, 1] << 8 | rgb[:, 2]
    packed.flags.writeable = False
    return packed
