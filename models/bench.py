"""How fast a model runs here, on which engine, at which precision.

The frames are those of a small camera: 80x60 counts and a 640x480 guide give 640x480.
"""

import importlib.metadata
import platform
import time
from collections.abc import Callable, Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models import checkpoint
from models.catalogue import find_model
from models.engines import openvino, selection
from models.errors import ModelError
from models.predictor import PredictorSettings, build_predictor

SENSOR = (60, 80)
GUIDE = (480, 640)
WARM_UP_FRAMES = 5


def bench(
    model: str | None,
    engine: str | None,
    precision: str | None,
    frames: int,
    threads: int = 0,
    report: Callable[[dict[str, Any]], None] | None = None,
) -> dict[str, Any]:
    """Measure rows.

    With a model, an engine or a precision given there is one row, the rest being what live would
    choose; with none of them, one for every engine and precision here, and the interpolations.

    Args:
        model: a name or checkpoint.
        engine: openvino or torch.
        precision: one of the engine's.
        frames: timed frames a row.
        threads: CPU threads, 0 for all cores.
        report: called with each row as it is done.

    Returns:
        `{"host": {...}, "rows": [...]}`.

    Raises:
        ModelError: for a model, engine or precision there is not.
    """
    if frames < 1:
        raise ModelError(f"frames: wanted 1 or more, got {frames}")
    rows = []
    for settings in _combinations(model, engine, precision, threads):
        row = _measured(settings, frames)
        rows.append(row)
        if report is not None:
            report(row)
    return {"host": host(), "rows": rows}


def host() -> dict[str, Any]:
    """What the figures depend on."""
    return {
        "processor": selection.processor(),
        "cores": openvino.available_cores(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "openvino": _version("openvino"),
        "torch": _version("torch"),
        "cuda_devices": selection.cuda_devices(),
    }


def cost(model: str) -> tuple[int, int]:
    """Parameters and multiply-accumulates at 640x480 of the inference network; no torch."""
    source = find_model(model)
    if source.weights is None:
        return 0, 0
    training = checkpoint.read_facts(source.weights).training
    if "parameters" in training:
        return int(training["parameters"]), int(training["macs_640x480"])
    # A checkpoint as training leaves it: counted from its architecture.
    net, _ = checkpoint.load(source.weights)
    from models.network import cost as network_cost

    return network_cost(net)


def _combinations(
    model: str | None, engine: str | None, precision: str | None, threads: int
) -> Iterator[PredictorSettings]:
    if model is not None or engine is not None or precision is not None:
        yield PredictorSettings(
            model=model or "fast",
            engine=engine or "auto",
            precision=precision or "auto",
            threads=threads,
        )
        return
    for each in openvino.supported_precisions():
        yield PredictorSettings(model="fast", engine="openvino", precision=each, threads=threads)
    if selection.torch_installed():
        from models.engines import torch as torch_engine

        for each in torch_engine.precisions():
            yield PredictorSettings(model="fast", engine="torch", precision=each, threads=threads)
    for interpolation in ("bilinear", "bicubic"):
        yield PredictorSettings(model=interpolation)


def _measured(settings: PredictorSettings, frames: int) -> dict[str, Any]:
    predictor = build_predictor(settings)
    thermal, guide = _scene()
    for _ in range(WARM_UP_FRAMES):
        predictor.predict(thermal, guide)
    infer, latency = [], []
    for _ in range(frames):
        began = time.perf_counter()
        prediction = predictor.predict(thermal, guide)
        latency.append(1e3 * (time.perf_counter() - began))
        infer.append(prediction.stage_ms["infer"])
    parameters, macs = cost(settings.model)
    return {
        "model": predictor.model,
        "engine": predictor.engine,
        "precision": predictor.precision,
        "params_m": round(parameters / 1e6, 4),
        "gmac": round(macs / 1e9, 4),
        "infer_ms": _percentiles(infer),
        "latency_ms": _percentiles(latency),
        "fps": round(1e3 / float(np.median(latency)), 2),
        "threads": predictor.threads,
    }


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
