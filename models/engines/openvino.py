"""OpenVINO on the CPU. Never imports torch."""

import logging
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.checkpoint import sha256
from models.engines.engine import Base, Guide
from models.engines.subgraphs import graph_name
from models.errors import ModelError

log = logging.getLogger(__name__)

PRECISIONS = ("int8", "bf16", "f32")


class OpenVinoEngine:
    """Builds and compiles each graph of a model for one canvas, when it is first needed.

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
            weights: a checkpoint.
            canvas: (H, W), multiples of the network's stride.
            precision: `int8`, `bf16` or `f32`.
            threads: 0 means `default_threads`.
            cache_dir: where compiled graphs are kept; None keeps none.

        Raises:
            ModelError: for a precision that the CPU or the model does not have.
        """
        offered = precisions_of(weights)
        if precision == "int8" and "int8" not in offered:
            raise ModelError(
                f"precision int8: no int8 ranges for {weights} beside it; "
                "corefusion export-model --precision int8 finds them"
            )
        if precision not in offered:
            raise ModelError(
                f"precision: openvino has {', '.join(offered)} here, got {precision!r}"
            )
        self.precision = precision
        self.threads = threads or default_threads()
        self._weights = weights
        self._canvas = canvas
        self._cache_dir = cache_dir
        self._requests: dict[str, Any] = {}

    def infer(
        self, base: Base | None, guide: Guide | None, *, same_guide: bool = False
    ) -> NDArray[np.float32]:
        """See `Engine.infer`."""
        if base is None and guide is None:
            raise ValueError("neither a base nor a guide: one of the two must be given")
        graph = graph_name(base, guide)
        if graph == "both" and same_guide and graph in self._requests:
            graph = "reuse"
        inputs: dict[str, NDArray[Any]] = {}
        if base is not None:
            inputs["base"] = base[None, None]
        if guide is not None and graph != "reuse":
            inputs["guide"] = guide[None]
        # Shared memory both ways: nothing is copied, the result lives until the next call.
        request = self._request(graph)
        result = request.infer(inputs, share_inputs=True, share_outputs=True)
        return np.asarray(result[0][0, 0], dtype=np.float32)

    def _request(self, graph: str) -> Any:
        request = self._requests.get(graph)
        if request is None:
            request = self._requests[graph] = self._compiled(graph)
            if graph == "reuse":
                # One graph writes the features where the other reads them.
                both = self._requests["both"]
                for level in range(len(request.input_tensors) - 1):
                    features = both.get_output_tensor(level + 1)
                    request.set_tensor(f"feature{level}", features)
        return request

    def _compiled(self, graph: str) -> Any:
        from models.engines.graphs import builder, quantization

        # What a table of int8 ranges leaves out runs in the CPU's next best precision.
        rest = "f32" if self.precision == "f32" else cpu_precisions()[0]
        model = builder.build_graph(self._weights, graph, self._canvas, rest)
        if self.precision == "int8":
            quantization.quantise(
                model, quantization.read_table(quantization.table_path(self._weights))
            )
        builder.name_by_order(model)
        properties = {
            "INFERENCE_PRECISION_HINT": rest,
            "INFERENCE_NUM_THREADS": self.threads,
            "PERFORMANCE_HINT": "LATENCY",
        }
        core = _core()
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


def precisions_of(weights: Path) -> tuple[str, ...]:
    """Those of PRECISIONS a checkpoint can run in on this CPU, the exactest last.

    Raises:
        ModelError: if the weights are missing, or the table of int8 ranges beside them is damaged.
    """
    from models.engines.graphs import quantization

    table = quantization.table_path(weights)
    if not table.exists():
        return cpu_precisions()
    if quantization.read_table(table).weights_sha256 != sha256(weights):
        log.warning("%s: made for other weights, left aside", table)
        return cpu_precisions()
    return ("int8", *cpu_precisions())


def cpu_precisions() -> tuple[str, ...]:
    """Those this CPU computes in, rather than emulates; the exactest last."""
    capabilities = _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return ("bf16", "f32") if "BF16" in capabilities else ("f32",)


def library_version() -> str:
    """The version of the engine, part of what a measured choice depends on."""
    import openvino

    return str(openvino.__version__)


def default_threads() -> int:
    """One for each core; from three cores on, one is left to cameras, viewer and recorder.

    On two, where the worker has the larger part of what there is, the second thread takes a live
    frame from 11.9 to 9.6 ms beside a painting viewer, and gains nothing beside a recorder.
    """
    cores = available_cores()
    return cores if cores <= 2 else cores - 1


def available_cores() -> int:
    """Cores this process may run on (a container may have fewer than the machine)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_CORE: list[Any] = []


def _core() -> Any:
    """One Core a process: the import takes 0.2 s, so not before somebody asks."""
    if not _CORE:
        import openvino

        _CORE.append(openvino.Core())
    return _CORE[0]
