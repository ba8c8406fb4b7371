"""Finished and unfinished training runs, as rows of tables: what each was, and how it differs."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from models import checkpoint
from models.errors import ModelError
from models.training.config import FREE_ON_RESUME, PRESETS, TrainSettings
from models.training.log import Row, read_log

UNREMARKABLE = (*FREE_ON_RESUME, "weights", "seed", "preset", "recipe.crop_px", "select")
"""Settings that say how long and where, not what."""


@dataclass(frozen=True, slots=True)
class TrainedRun:
    """One run.

    Attributes:
        name: its folder.
        weights: the checkpoint scored: the best, or the last where none was chosen.
        step, epoch: of that checkpoint; epoch None for runs that do not count them.
        steps, minutes: of the run so far.
        complete: whether it reached its budget.
        differences: setting -> value, where it departs from its preset.
        train: PSNR (dB) and SSIM of the training loop around that checkpoint, or None.
    """

    name: str
    weights: Path
    settings: TrainSettings
    step: int
    epoch: float | None
    steps: int
    minutes: float
    complete: bool
    differences: dict[str, Any]
    train: tuple[float, float] | None

    @property
    def beta(self) -> float:
        """Weight of the contrastive loss."""
        return self.settings.loss.beta

    @property
    def label(self) -> str:
        """The preset and what was changed in it."""
        changed = [f"{key.split('.')[-1]} {_plain(v)}" for key, v in self.differences.items()]
        return ", ".join([self.settings.preset, *changed])

    @property
    def group(self) -> tuple[str, int, int]:
        """Runs that may be compared: preset, crop, and the steps they were given."""
        return self.settings.preset, self.settings.recipe.crop_px, self.steps

    @property
    def command(self) -> str:
        """The command that makes it, data folders as D."""
        settings = self.settings
        budget = next(n for n in ("epochs", "steps", "minutes") if getattr(settings, n) is not None)
        weights = [f"={w:g}" if w != 1 else "" for w in settings.weights]
        weighted = zip(settings.data, weights or [""] * len(settings.data), strict=True)
        sets = [f"--set {key}={_plain(value)}" for key, value in self.differences.items()]
        return " ".join(
            [
                f"corefusion train --preset {settings.preset}",
                *(f"--data D/{'/'.join(Path(d).parts[-2:])}{weight}" for d, weight in weighted),
                f"--crop {settings.recipe.crop_px} --{budget} {getattr(settings, budget)}",
                f"--seed {settings.seed}",
                *([f"--threads {settings.threads}"] if settings.threads else []),
                *sets,
                f"--output runs/{self.name}",
            ]
        )


def find_runs(folder: Path) -> list[TrainedRun]:
    """Every run below a folder, by name; folders that hold none are passed over.

    Raises:
        ModelError: for a run whose files are damaged.
    """
    return sorted(_runs(folder), key=lambda run: run.name)


def _runs(folder: Path) -> Iterator[TrainedRun]:
    for path in folder.glob("*/settings.json"):
        home = path.parent
        weights = next(
            (home / n for n in ("best.safetensors", "last.safetensors") if (home / n).exists()),
            None,
        )
        if weights is None:
            continue  # begun, nothing saved yet
        try:
            settings = msgspec.json.decode(path.read_bytes(), type=TrainSettings)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:  # ValidationError included
            raise ModelError(f"{path}: not the settings of a run: {error}") from error
        rows = read_log(home / "log.csv")
        last = rows[-1] if rows else {}
        training = checkpoint.read_facts(weights).training
        step = int(training["step"])
        yield TrainedRun(
            name=home.name,
            weights=weights,
            settings=settings,
            step=step,
            epoch=training.get("epoch"),
            steps=int(last.get("step", step)),
            minutes=round(float(last.get("seconds", 0.0)) / 60, 1),
            complete=_complete(settings, last),
            differences=differences(settings),
            train=_train_scores(rows, step),
        )


def differences(settings: TrainSettings) -> dict[str, Any]:
    """Where settings depart from their preset, by path, budget, paths and seed aside."""
    now, preset = (_flat(msgspec.to_builtins(s)) for s in (settings, PRESETS[settings.preset]))
    return {
        key: value
        for key, value in sorted(now.items())
        if preset.get(key) != value and key not in UNREMARKABLE
    }


def _flat(tree: dict[str, Any], path: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        name = f"{path}{key}"
        flat |= _flat(value, f"{name}.") if isinstance(value, dict) else {name: value}
    return flat


def _complete(settings: TrainSettings, last: Row) -> bool:
    if settings.steps is not None:
        return last.get("step", 0) >= settings.steps
    if settings.epochs is not None:
        return last.get("epoch", 0) >= settings.epochs
    return last.get("seconds", 0) >= 60 * (settings.minutes or 0)


def _train_scores(rows: list[Row], step: int) -> tuple[float, float] | None:
    for row in rows:
        if row["step"] >= step and "train_db" in row:
            return row["train_db"], row["train_ssim"]
    return None


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)
