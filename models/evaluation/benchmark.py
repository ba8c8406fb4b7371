"""How fast a model runs here, on which engine, at which precision.

The frames are those of a small camera: 80x60 counts and a 640x480 guide give 640x480. The paper's
network in eager PyTorch, as its authors run it, is what the others are measured by; no weights of
it are shipped, and its speed does not depend on them, so random ones will do.
"""

import importlib.metadata
import platform
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from models import checkpoint
from models.engines import selection
from models.engines.factory import EngineFactory
from models.evaluation.benchmark_cases import REFERENCE, Row, row_of, whole_table
from models.inference.predictor import Predictor, PredictorSettings, build_predictor
from models.registry import find_model
from streamer.cores import available_cores

SENSOR = (60, 80)
GUIDE = (480, 640)
WARM_UP_FRAMES = 5

Progress = Callable[[int, int, str], None]
"""Called with (rows done, rows in all, the row that is under way)."""


def bench(
    settings: PredictorSettings, frames: int, progress: Progress | None = None
) -> dict[str, Any]:
    """One row: how fast a predictor is.

    Args:
        settings: what to measure; `paper` and `paper+` run with random weights.
        frames: timed frames, 1 or more.
        progress: called before the row.

    Returns:
        `{"host": {...}, "rows": [...]}`.

    Raises:
        ModelError: for a model, engine or precision there is not.
    """
    with tempfile.TemporaryDirectory() as folder:
        return _table([row_of(settings, frames, Path(folder))], Path(folder), progress)


def bench_all(frames: int, threads: int = 0, progress: Progress | None = None) -> dict[str, Any]:
    """A row for every model, engine and precision here, the paper's network first.

    Args:
        frames: timed frames a row, 1 or more.
        threads: CPU threads, 0 for the engine's own choice, which is live's.
        progress: called before each row.

    Returns:
        As `bench`, with a `ratio` in each row: the time of the reference's engine to this one's.
    """
    with tempfile.TemporaryDirectory() as folder:
        planned = list(whole_table(frames, threads, Path(folder)))
        table = _table(planned, Path(folder), progress)
    rows = table["rows"]
    if rows[0]["model"] == REFERENCE:
        reference = rows[0]["infer_ms"]["p50"]
        for measured in rows:
            own = measured["infer_ms"]["p50"]
            measured["ratio"] = round(reference / own, 2) if measured["gmac"] else None
    return table


def host() -> dict[str, Any]:
    """What the figures depend on."""
    return {
        "processor": selection.processor(),
        "cores": available_cores(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "openvino": _version("openvino"),
        "torch": _version("torch"),
        "cuda_devices": selection.cuda_devices(),
    }


def cost(weights: Path | None) -> tuple[int, int]:
    """Parameters and multiply-accumulates at 640x480 of the inference network; no torch."""
    if weights is None:
        return 0, 0
    training = checkpoint.read_facts(weights).training
    if "macs_640x480" in training:
        return int(training["parameters"]), int(training["macs_640x480"])
    # A checkpoint as training leaves it: counted from its architecture.
    net, _ = checkpoint.load(weights)
    from models.networks.base import cost as network_cost

    return network_cost(net)


def _table(planned: Sequence[Row], folder: Path, progress: Progress | None) -> dict[str, Any]:
    rows = []
    counted: dict[str, tuple[int, int]] = {}  # counting the paper's network takes a while
    for done, row in enumerate(planned):
        if progress is not None:
            words = f"{row.name} {row.settings.engine} {row.settings.precision}"
            progress(done, len(planned), words)
        model = row.settings.model
        if model not in counted:
            counted[model] = cost(find_model(model).weights)
        rows.append(_measured(row, folder, *counted[model]))
    return {"host": host(), "rows": rows}


def _measured(row: Row, folder: Path, parameters: int, macs: int) -> dict[str, Any]:
    settings = msgspec.structs.replace(row.settings, canvas=GUIDE)
    if row.random:  # nothing of it is worth keeping
        settings = msgspec.structs.replace(settings, cache_dir=str(folder / "cache"))
    predictor = _as_trained(settings) if row.as_trained else build_predictor(settings)
    thermal, guide = _scene()
    past = predictor.past()
    warm_up = min(WARM_UP_FRAMES, row.frames)
    for number in range(warm_up):
        predictor.predict(thermal, guide, past=past, moment_ns=number)
    infer, latency, uncertainty = [], [], []
    for number in range(warm_up, warm_up + row.frames):
        began = time.perf_counter()
        prediction = predictor.predict(thermal, guide, past=past, moment_ns=number)
        latency.append(1e3 * (time.perf_counter() - began))
        infer.append(prediction.stage_ms["infer"])
        if "uncertainty" in prediction.stage_ms:
            uncertainty.append(prediction.stage_ms["uncertainty"])
    measured = {
        "model": row.name,
        "engine": predictor.engine,
        "precision": predictor.precision,
        "params_m": round(parameters / 1e6, 4),
        "gmac": round(macs / 1e9, 4),
        "infer_ms": _percentiles(infer),
        "latency_ms": _percentiles(latency),
        "uncertainty_ms": _percentiles(uncertainty) if uncertainty else None,
        "fps": round(1e3 / float(np.median(latency)), 2),
        "threads": predictor.threads,
    }
    if predictor.views > 1:
        measured["views"] = predictor.views
    if row.random:
        measured["weights"] = "random"
    if row.as_trained:
        measured["as_trained"] = True
    return measured


def _as_trained(settings: PredictorSettings) -> Predictor:
    from models.engines.torch import TorchEngine

    spec = replace(settings.engine_spec(Path(settings.model)), canvas=GUIDE)
    engine = TorchEngine(spec, as_trained=True)
    stride = checkpoint.stride_of(spec.weights)
    factory = EngineFactory(lambda canvas: engine, engine, spec.canvas, "", stride)
    return Predictor(REFERENCE, settings, factory)


def _percentiles(values: list[float]) -> dict[str, float]:
    p50, p95 = np.percentile(values, (50, 95))
    return {"p50": round(float(p50), 3), "p95": round(float(p95), 3)}


def _scene() -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
    """Smooth shapes in counts, and a guide: noise would be an unlikely frame."""
    rng = np.random.default_rng(0)
    coarse = rng.uniform(0, 1, (12, 16)).astype(np.float32)
    thermal = 7000 + 600 * cv2.resize(coarse, SENSOR[::-1], interpolation=cv2.INTER_CUBIC)
    colours = rng.uniform(0, 255, (24, 32, 3)).astype(np.float32)
    guide = cv2.resize(colours, GUIDE[::-1], interpolation=cv2.INTER_LINEAR)
    return thermal.astype(np.uint16), guide.astype(np.uint8)


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
