"""The log of a run: a CSV row now and then, and the learning curves drawn from it."""

import csv
import importlib.util
from collections.abc import Mapping
from pathlib import Path

from models.errors import ModelError
from models.training.validation import metric_names

TRAINED = ("loss", "pixel", "contrastive", "train_db", "train_ssim")
"""Means over the steps since the row before; the last two as the paper's training loop has them
(one PSNR a batch, in the range of the loss)."""

COLUMNS = ("step", "epoch", "seconds", "rate", *TRAINED, *metric_names())

Row = dict[str, float]


class TrainLog:
    """`log.csv` of a run."""

    def __init__(self, path: Path, resumed_at: int | None = None) -> None:
        """Open.

        Args:
            path: the file; made with its heading if missing.
            resumed_at: the step a run goes on from; rows beyond it were lost with the state and
                will come again, so they are taken out.

        Raises:
            ModelError: if a log of another program is there.
        """
        self.path = path
        kept = [] if resumed_at is None else [r for r in read_log(path) if r["step"] <= resumed_at]
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, COLUMNS).writeheader()
        for row in kept:
            self.add(row)

    def add(self, row: Mapping[str, float]) -> None:
        """Append a row; columns it lacks stay empty."""
        with self.path.open("a", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, COLUMNS).writerow(
                {key: f"{value:.7g}" for key, value in row.items()}
            )


def read_log(path: Path) -> list[Row]:
    """The rows of a log, empty cells left out; none if there is no log.

    Raises:
        ModelError: if it is not a log of this release.
    """
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        # A log from before a column was added is still one.
        if not {"step", "seconds", "loss"} <= set(reader.fieldnames or ()) <= set(COLUMNS):
            raise ModelError(f"{path}: not a log of this release")
        try:
            return [{k: float(v) for k, v in row.items() if v} for row in reader]
        except (TypeError, ValueError) as error:
            raise ModelError(f"{path}: a broken row: {error}") from error


def check_curves() -> None:
    """Make sure, before a run starts, that its curves can be drawn.

    Raises:
        ModelError: if matplotlib is not installed.
    """
    if importlib.util.find_spec("matplotlib") is None:
        raise ModelError(
            "train draws its curves with matplotlib: pip install 'corefusion-live[train]'"
        )


def draw_curves(log: Path, picture: Path, title: str) -> None:
    """PSNR and SSIM over epochs (over thousands of steps where a run has none), as a PNG.

    Figures 3 and 4 of the paper. Training metrics are those of its loop, on what was drawn;
    validation metrics are integer ones, on whole pictures.

    Raises:
        ModelError: as `read_log`.
    """
    from matplotlib.figure import Figure

    rows = read_log(log)
    in_epochs = any("epoch" in row for row in rows)
    axis, scale = ("epoch", 1.0) if in_epochs else ("step", 1e-3)
    figure = Figure(figsize=(10, 4))
    # Margins that fit all labels: a layout found anew at every save would take as long as drawing.
    figure.subplots_adjust(left=0.075, right=0.985, bottom=0.13, top=0.89, wspace=0.19)
    lines = {
        "dB": [("training", "train_db")],
        "SSIM": [("training", "train_ssim")],
    }
    for kind in ("benchmark", "sensor"):
        for unit, suffix in (("dB", "db"), ("SSIM", "ssim")):
            lines[unit] += [
                (f"{kind}: {label}", f"{kind}_{case}_{suffix}")
                for case, label in (
                    ("both", "both"), ("thermal", "visible missing"), ("bilinear", "bilinear"),
                )
            ]  # fmt: skip
    for axes, unit in zip(figure.subplots(1, 2), lines, strict=True):
        for label, column in lines[unit]:
            points = [(row[axis] * scale, row[column]) for row in rows if column in row]
            if points:
                style = ":" if label.endswith("bilinear") else "-"
                axes.plot(*zip(*points, strict=True), style, label=label, linewidth=1.4)
        axes.set_xlabel("epoch" if in_epochs else "thousand steps")
        axes.set_ylabel("PSNR, dB" if unit == "dB" else unit)
        axes.grid(alpha=0.3)
        axes.legend(fontsize=8)
    figure.suptitle(title)
    figure.savefig(picture, dpi=110)
