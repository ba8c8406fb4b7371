"""The table of docs/results.md that is not the challenge's: what a sensor sees, clean and noisy."""

from collections.abc import Sequence
from typing import Any

from models.imaging import microbolometer
from models.registry import shipped
from models.reporting.runs import TrainedRun
from models.reporting.score_cache import ScoreCache
from models.reporting.sections import main_runs
from models.reporting.table import Table

CONDITIONS: dict[str, dict[str, Any]] = {
    "sensor": {"degradation": "sensor"},
    "sensor, visible missing": {"degradation": "sensor", "missing": "visible"},
    "sensor-noisy": {"degradation": "sensor-noisy"},
    "sensor-noisy, visible missing": {"degradation": "sensor-noisy", "missing": "visible"},
}


def as_sensors_see(runs: Sequence[TrainedRun], scores: ScoreCache) -> Table:
    """Bilinear, the runs of the paper's network, and the weights shipped for sensors."""
    models = [("bilinear", "bilinear")]
    models += [(f"{r.settings.preset}, beta {r.beta:g}", str(r.weights)) for r in main_runs(runs)]
    models += [(name, name) for name in shipped() if name.endswith(":sensor")]
    rows = []
    for label, model in models:
        cells = []
        for condition in CONDITIONS.values():
            # Interpolation never sees the guide.
            seen = {k: v for k, v in condition.items() if model != "bilinear" or k != "missing"}
            cells.append("{:.2f} / {:.3f}".format(*scores.score(model, **seen)))
        rows.append((label, *cells))
    return Table(
        "As a sensor sees them",
        "The same pictures as a microbolometer's: averages over areas of 8x8, without and with "
        "blur, noise, pattern and bad pixels (recipe "
        f"{microbolometer.RECIPE} of [sensor-noisy](reference/low-resolutions.md)); PSNR in dB / "
        "SSIM. Another table than the challenge's: the two never compare.",
        ("model", *CONDITIONS),
        tuple(rows),
    )
