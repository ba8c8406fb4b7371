"""Evaluations, each made once: a report is kept beside the runs and found again by its weights."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from models.checkpoint import sha256
from models.errors import ModelError
from models.evaluation.evaluate import EvaluateSettings, evaluate
from models.files import atomic_write
from models.imaging.metrics import Score
from models.imaging.scores import mean_score
from models.registry import INTERPOLATIONS, find_model
from models.reporting.paper_scores import SHARED_PLACES

Report = dict[str, Any]


class ScoreCache:
    """Scores on one data folder, made when they are first asked for."""

    def __init__(self, data: Path, kept: Path, report: Callable[[str], None]) -> None:
        """Open.

        Args:
            data: the folder that is scored.
            kept: a JSON file of reports made before; those of changed weights are made anew.
            report: called before each evaluation that has to be made.

        Raises:
            ModelError: if the file is there and is not one of these.
        """
        self.data, self._kept, self._report = data, kept, report
        self._known: dict[str, Report] = {}
        if kept.exists():
            try:
                self._known = json.loads(kept.read_text(encoding="utf-8"))
            except ValueError as error:
                raise ModelError(f"{kept}: not a file of figures: {error}") from error

    def of(self, model: str, **changes: Any) -> Report:
        """The report of `evaluate` for a model (a name or checkpoint) and its other options."""
        weights = find_model(model).weights
        identity = model if weights is None else sha256(weights)
        words = " ".join([model, *(f"{name} {value}" for name, value in changes.items())])
        # Exact arithmetic, so that a table does not depend on the machine's fastest precision.
        precision = "auto" if model in INTERPOLATIONS else "f32"
        settings = EvaluateSettings(self.data, model, precision=precision, **changes)
        return self._once([identity, changes], words, lambda: evaluate(settings))

    def extremes(self, model: str) -> tuple[str, str]:
        """Stems of the images that a model scores worst and in the middle."""
        rows = sorted(self.of(model)["per_image"], key=lambda row: float(row["psnr_db"]))
        return rows[0]["name"], rows[len(rows) // 2]["name"]

    def rounding(self, weights: Path) -> Report:
        """Scores of a checkpoint's pictures as floats, rounded and truncated: words -> score."""
        key = [sha256(weights), "rounding"]
        return self._once(key, f"{weights} rounding", lambda: _rounding(weights, self.data))

    def score(self, model: str, **changes: Any) -> Score:
        """Mean PSNR (dB) and SSIM."""
        report = self.of(model, **changes)
        return report["psnr_db"], report["ssim"]

    def score_elsewhere(self, model: str) -> Score:
        """The same over the images that show no place trained on."""
        rows = self.of(model)["per_image"]
        return mean_without(rows, SHARED_PLACES)

    def _once(self, identity: list[Any], words: str, make: Callable[[], Report]) -> Report:
        key = json.dumps(["/".join(self.data.resolve().parts[-2:]), *identity], sort_keys=True)
        if key not in self._known:
            self._report(f"evaluating {words}")
            self._known[key] = make()
            with atomic_write(self._kept) as partial:
                partial.write_text(json.dumps(self._known), encoding="utf-8")
        return self._known[key]


def _rounding(weights: Path, data: Path) -> Report:
    from models.reporting.rounding import rounded_scores

    return dict(rounded_scores(weights, data))


def mean_without(rows: Sequence[Report], names: Sequence[str]) -> Score:
    """Mean PSNR (dB) and SSIM over images not in `names`."""
    return mean_score([(row["psnr_db"], row["ssim"]) for row in rows if row["name"] not in names])
