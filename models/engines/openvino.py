"""OpenVINO on the CPU. Never imports torch."""

import logging
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.checkpoint import sha256
from models.engines.engine import Base, Guide
from models.engines.selection import torch_installed
from models.errors import ModelError
from models.graphs import GRAPHS, RT_INFO, GraphFacts, facts_from_json, graph_name, graph_path

log = logging.getLogger(__name__)

PRECISIONS = ("bf16", "f32")


class OpenVinoEngine:
    """Compiles each graph of a model for one canvas, when it is first needed.

    A compiled graph is kept in the cache folder: a restarted worker has it in 16 ms instead of 40.
    """

    name = "openvino"

    def __init__(
        self,
        weights: Path,
        canvas: tuple[int, int],
        precision: str,
        threads: int = 0,
        cache_dir: Path | None = None,
    ) -> None:
        """Make ready.

        Args:
            weights: the checkpoint whose graphs lie beside it.
            canvas: (H, W), multiples of 16.
            precision: `bf16` or `f32`.
            threads: 0 means one for each core this process may use.
            cache_dir: where compiled graphs are kept; None keeps none.

        Raises:
            ModelError: for a precision the CPU does not have.
        """
        if precision not in supported_precisions():
            raise ModelError(
                f"precision: openvino has {', '.join(supported_precisions())} here, "
                f"got {precision!r}"
            )
        self.precision = precision
        self.threads = threads or available_cores()
        self._weights = weights
        self._canvas = canvas
        self._cache_dir = cache_dir
        self._requests: dict[str, Any] = {}

    def infer(self, base: Base | None, guide: Guide | None) -> NDArray[np.float32]:
        """See `Engine.infer`."""
        if base is None and guide is None:
            raise ValueError("neither a base nor a guide: one of the two must be given")
        graph = graph_name(base, guide)
        request = self._requests.get(graph)
        if request is None:
            request = self._requests[graph] = self._compiled(graph)
        inputs: dict[str, NDArray[Any]] = {}
        if base is not None:
            inputs["base"] = base[None, None]
        if guide is not None:
            inputs["guide"] = guide[None]
        # Shared memory both ways: nothing is copied, the result lives until the next call.
        result = request.infer(inputs, share_inputs=True, share_outputs=True)
        return np.asarray(result[0][0, 0], dtype=np.float32)

    def _compiled(self, graph: str) -> Any:
        core = _core()
        model = _read(graph_path(self._weights, graph))
        height, width = self._canvas
        shapes = {"base": [1, 1, height, width], "guide": [1, height, width, 3]}
        # Fixed sizes run 10 % faster than the graph's free ones.
        model.reshape({port.any_name: shapes[port.any_name] for port in model.inputs})
        properties = {
            "INFERENCE_PRECISION_HINT": self.precision,
            "INFERENCE_NUM_THREADS": self.threads,
            "PERFORMANCE_HINT": "LATENCY",
        }
        if self._cache_dir is not None:
            compiled = self._cache_dir / "compiled"
            try:
                kept = {**properties, "CACHE_DIR": str(compiled)}
                return core.compile_model(model, "CPU", kept).create_infer_request()
            except RuntimeError as error:  # a full or read-only disk is no reason not to run
                reason = str(error).strip().splitlines()[-1]
                log.warning("%s: compiled graphs are not kept: %s", compiled, reason)
                self._cache_dir = None
        return core.compile_model(model, "CPU", properties).create_infer_request()


def supported_precisions() -> tuple[str, ...]:
    """Those of PRECISIONS this CPU computes in."""
    capabilities = _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return PRECISIONS if "BF16" in capabilities else ("f32",)


def library_version() -> str:
    """The version of the engine, part of what a measured choice depends on."""
    import openvino

    return str(openvino.__version__)


def graph_facts(weights: Path) -> GraphFacts:
    """What the graphs beside a checkpoint say about themselves.

    Raises:
        ModelError: if there is none, or it was not written by export-model.
    """
    path = graph_path(weights, "both")
    model = _read(path)
    if not model.has_rt_info(RT_INFO):
        raise ModelError(f"{path}: not a graph written by corefusion export-model")
    return facts_from_json(model.get_rt_info(RT_INFO).value)


def with_graphs(weights: Path, cache_dir: Path) -> Path:
    """A checkpoint that has its graphs beside it: the given one, or a copy made in the cache.

    Raises:
        ModelError: if graphs would have to be made and PyTorch is not installed.
    """
    digest = sha256(weights)
    if graph_path(weights, "both").exists() and graph_facts(weights).weights_sha256 == digest:
        return weights
    made = cache_dir / "graphs" / digest[:16] / weights.name
    if all(graph_path(made, graph).with_suffix(".bin").exists() for graph in GRAPHS):
        return made
    if not torch_installed():
        raise ModelError(
            f"{weights}: no graphs beside it, and making them needs PyTorch; "
            f"corefusion export-model --model {weights}"
        )
    from models.export_model import export_model

    export_model(weights, made.parent, weights.stem)
    return made


def available_cores() -> int:
    """Cores this process may run on (a container may have fewer than the machine)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _read(path: Path) -> Any:
    if not path.exists() or not path.with_suffix(".bin").exists():
        raise ModelError(f"{path}: no such graph; corefusion export-model makes it")
    try:
        return _core().read_model(path)
    except RuntimeError as error:
        raise ModelError(f"{path}: not a graph OpenVINO can read") from error


_CORE: list[Any] = []


def _core() -> Any:
    """One Core a process: the import takes 0.2 s, so not before somebody asks."""
    if not _CORE:
        import openvino

        _CORE.append(openvino.Core())
    return _CORE[0]
