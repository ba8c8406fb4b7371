"""OpenVINO on the CPU. Never imports torch."""

import logging
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.checkpoint import sha256
from models.engines.engine import Base, GuideHandle, check_inputs
from models.engines.processor import processor_flags, products_saturate
from models.engines.spec import EngineName, EngineSpec, Precision
from models.engines.subgraphs import graph_name
from models.errors import ModelError
from streamer.cores import available_cores

log = logging.getLogger(__name__)

PRECISIONS = (Precision.INT8, Precision.BF16, Precision.F32)


class OpenVinoEngine:
    """Builds and compiles each graph of a model for one canvas, when it is first needed.

    A compiled graph is kept in the cache folder: a restarted worker has it in 16 ms instead of 40.
    The features of one guide are kept, those of the newest call with both inputs.
    """

    name = EngineName.OPENVINO

    def __init__(self, spec: EngineSpec) -> None:
        """Make ready.

        Args:
            spec: its canvas in multiples of the network's stride, its precision one of PRECISIONS;
                no threads are `default_threads`, views are not this engine's.

        Raises:
            ModelError: for a precision that the CPU or the model does not have.
        """
        offered = precisions_of(spec.weights)
        if spec.precision is Precision.INT8 and Precision.INT8 not in offered:
            raise ModelError(
                f"precision int8: no int8 ranges for {spec.weights} beside it; "
                "corefusion export-model --precision int8 finds them"
            )
        if spec.precision not in offered:
            raise ModelError(
                f"precision: openvino has {', '.join(offered)} here, got '{spec.precision}'"
            )
        self.precision = spec.precision
        self.threads = spec.threads or default_threads()
        self._weights = spec.weights
        self._canvas = spec.canvas
        self._cache_dir = spec.cache_dir
        self._requests: dict[str, Any] = {}
        self._encoded: GuideHandle | None = None  # whose features lie in the outputs of `both`

    def infer(self, base: Base | None, guide: GuideHandle | None) -> NDArray[np.float32]:
        """See `Engine.infer`."""
        check_inputs(base, guide)
        graph = graph_name(base, guide)
        if graph == "both":
            if guide is self._encoded:
                graph = "reuse"
            else:
                self._encoded = None  # until the features are there
        inputs: dict[str, NDArray[Any]] = {}
        if base is not None:
            inputs["base"] = base[None, None]
        if guide is not None and graph != "reuse":
            inputs["guide"] = guide.pixels[None]
        # Shared memory both ways: nothing is copied, the result lives until the next call.
        request = self._request(graph)
        result = request.infer(inputs, share_inputs=True, share_outputs=True)
        if graph == "both":
            self._encoded = guide
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
        rest = Precision.F32 if self.precision is Precision.F32 else cpu_precisions()[0]
        model = builder.build_graph(self._weights, graph, self._canvas, rest)
        if self.precision is Precision.INT8:
            table = quantization.read_table(quantization.table_path(self._weights))
            narrow = products_saturate(processor_flags())
            largest = quantization.NARROW_KERNEL_MAX if narrow else quantization.KERNEL_MAX
            quantization.quantise(model, table, largest)
        builder.name_by_order(model)
        properties = {
            "INFERENCE_PRECISION_HINT": rest.value,
            "INFERENCE_NUM_THREADS": self.threads,
            "PERFORMANCE_HINT": "LATENCY",
            # Each process would bind its threads to the first cores: two of them, or one beside a
            # window that is busy there, share a core while the next stands idle.
            "ENABLE_CPU_PINNING": False,
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


def precisions_of(weights: Path) -> tuple[Precision, ...]:
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
    return (Precision.INT8, *cpu_precisions())


def cpu_precisions() -> tuple[Precision, ...]:
    """Those this CPU computes in, rather than emulates; the exactest last."""
    capabilities = _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    half = (Precision.BF16,) if "BF16" in capabilities else ()
    return (*half, Precision.F32)


def library_version() -> str:
    """The version of the engine, part of what a measured choice depends on."""
    from models.engines.library import openvino

    return str(openvino.__version__)


def default_threads() -> int:
    """One for each core; from three cores on, one is left to cameras, viewer and recorder.

    On two, where the worker has the larger part of what there is, the second thread takes a live
    frame from 11.9 to 9.6 ms beside a painting viewer, and gains nothing beside a recorder.
    """
    cores = available_cores()
    return cores if cores <= 2 else cores - 1


_CORE: list[Any] = []


def _core() -> Any:
    """The process's one Core, made when first needed: the import takes 0.2 s."""
    if not _CORE:
        from models.engines.library import openvino

        _CORE.append(openvino.Core())
    return _CORE[0]
