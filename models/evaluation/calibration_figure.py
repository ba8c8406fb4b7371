"""The reliability diagram of foretold errors: what was foretold against what was seen."""

import importlib.util
from pathlib import Path
from typing import Any

from models.errors import ModelError

FEWEST = 0.0005
"""Stretches with a smaller share of the pixels are not drawn: chance moves them."""


def check_figures(picture: Path) -> None:
    """Make sure, before anything is measured, that it can be drawn.

    Raises:
        ModelError: if matplotlib is not installed.
    """
    if importlib.util.find_spec("matplotlib") is None:
        raise ModelError(f"{picture}: drawn with matplotlib: pip install 'corefusion-live[train]'")


def draw_calibration(foretold: dict[str, Any], title: str, picture: Path) -> None:
    """Write the plot of a report's `uncertainty`, in the format of the file's suffix.

    Raises:
        ModelError: if it cannot be written.
    """
    from matplotlib.figure import Figure

    rows = foretold["calibration"]
    least = FEWEST * sum(row["pixels"] for row in rows)
    drawn = [row for row in rows if row["pixels"] >= least]
    sigmas = [row["sigma"] for row in drawn]
    figure = Figure(figsize=(9, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.plot(sigmas, sigmas, ":", color="0.5", label="as foretold")
    left.plot(sigmas, [row["seen"] for row in drawn], "o-", label="68 % were off by no more")
    left.set_xscale("log", base=2)
    left.set_yscale("log", base=2)
    left.set_ylabel("seen, levels")
    right.axhspan(0.63, 0.73, color="0.9")
    right.axhline(0.6827, linestyle=":", color="0.5")
    right.plot(sigmas, [row["within_1_sigma"] for row in drawn], "o-", label="within 1 sigma")
    right.set_xscale("log", base=2)
    right.set_ylim(0, 1)
    right.set_ylabel("share of pixels")
    for axes in (left, right):
        axes.set_xlabel("foretold sigma, levels")
        axes.grid(alpha=0.3)
        axes.legend(fontsize=8)
    figure.suptitle(
        f"{title}: {foretold['within_1_sigma']:.1%} within 1 sigma, "
        f"{foretold['within_2_sigma']:.1%} within 2"
    )
    try:
        picture.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(picture, dpi=110)
    except OSError as error:
        raise ModelError(f"{picture}: {error.strerror or error}") from error
    except ValueError as error:
        raise ModelError(f"{picture}: {str(error).splitlines()[0]}") from error
