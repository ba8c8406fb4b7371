"""The page low-resolutions.md: what `--degradation` makes, and `sensor-noisy` in figures."""

from models.imaging import degradation, microbolometer
from models.imaging.microbolometer import (
    BAD_PIXELS,
    COLUMNS_MK,
    GAIN,
    LEVEL_MK,
    NETD_MK,
    OFFSET_MK,
    OPTICS,
    RECIPE,
    ROWS_MK,
    SHADING_GRID,
    SHADING_MK,
)
from tools.reference.markdown import page, prose, table

_KINDS = (
    ("given", "what lies in the folder's `thermal_lr/`"),
    (
        "benchmark",
        "the PBVS challenge of 2023, track 2, bit for bit: `cv2.resize` by `INTER_LINEAR` on 8 "
        "bits. At x8 the mean of the 2x2 pixels in the middle of each block, a half rounded up",
    ),
    (
        "challenge24",
        "the challenges of 2024 and 2025, track 1: `INTER_CUBIC` on 8 bits, four pixels a side",
    ),
    ("sensor", "the mean over each pixel's area (`INTER_AREA`), rounded: an ideal microbolometer"),
    ("sensor-noisy", "a cheap microbolometer, below"),
)

_NOISY = f"""
Recipe {RECIPE}. Every frame draws a value from each row, evenly, then its pixels. Evaluated, the
frame of the n-th picture of a folder (sorted, from 0) is drawn from `numpy.random.PCG64(n)`; it is
the same on every machine, bit for bit. Trained on, each sample draws anew.

An 8-bit picture that was gained automatically carries no temperature, so one is agreed on: a level
stands for {LEVEL_MK:g} mK, the whole range for {LEVEL_MK * 255 / 1000:g} K. A 16-bit frame has its
own span in place of the range. Strengths in mK are standard deviations.
"""

_OLD = """
Recipe 1, of release 0.1, had blur, noise of 0.1 to 1.2 % of the range, columns to 0.4 %, gain and
offset, and neither rows, shading nor bad pixels. Figures of the two do not compare, though they are
about as hard: on 16 development pairs bilinear has 25.99 dB by recipe 1 and 25.98 by recipe 2, the
weights of release 0.1 27.90 and 27.80.
"""


def low_resolutions_page() -> str:
    """The page."""
    noisy = (
        ("optics", f"{_of(OPTICS)} sensor pixels", "sigma of a Gaussian, before the average"),
        ("NETD", f"{_of(NETD_MK)} mK", "of each pixel in each frame"),
        ("columns", f"{_of(COLUMNS_MK)} mK", "an offset to each column"),
        ("rows", f"{_of(ROWS_MK)} mK", "an offset to each row"),
        (
            "shading",
            f"{_of(SHADING_MK)} mK",
            f"offsets on a grid of {SHADING_GRID[0]}x{SHADING_GRID[1]}, bilinear between",
        ),
        ("gain", _of(GAIN), "of the whole frame"),
        ("offset", f"{_of(OFFSET_MK)} mK", "of the whole frame"),
        (
            "bad pixels",
            f"{_of(tuple(100 * part for part in BAD_PIXELS))} %",
            "stuck at the upper end of the range (hot) or the lower (dead)",
        ),
    )
    return page(
        "Low resolutions",
        "What `corefusion evaluate --degradation` measures on, `train --degradation` trains for.",
        table(["name", "what it is"], [[f"`{name}`", what] for name, what in _KINDS]),
        "Point samples (`given`, `benchmark`, `challenge24`) and averages are two tables.",
        "## `sensor-noisy`",
        prose(_NOISY),
        table(["fault", "drawn from", "what"], noisy),
        prose(_OLD),
        f"In code: `{degradation.__name__}`, `{microbolometer.__name__}`.",
    )


def _of(limits: tuple[float, ...]) -> str:
    return f"{limits[0]:g} to {limits[1]:g}"
