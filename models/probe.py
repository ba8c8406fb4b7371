"""Says what networks run on here: `python -m models.probe`, as JSON.

A process of its own, since an engine that meets an instruction its CPU lacks takes the process
with it. Torch is imported only where a CUDA device is.
"""

import importlib.metadata
import sys
import tempfile

import msgspec
import numpy as np

from models.checkpoint import read_facts, sha256
from models.engines import openvino, selection
from models.engines.graphs.quantization import read_table, table_path
from models.errors import ModelError
from models.inference.predictor import PredictorSettings, build_predictor
from models.registry import default_model, find_model, shipped
from streamer.cores import available_cores
from streamer.runtime.answers import NetworkAnswer

_TRIAL_SENSOR = (60, 80)


def network_facts() -> NetworkAnswer:
    """Asks the engines, reads the weights, and tries one frame."""
    model = default_model("sensor")
    devices = selection.cuda_devices()
    return NetworkAnswer(
        library=openvino.library_version(),
        precisions=_precisions(model),
        cores=available_cores(),
        threads=openvino.default_threads(),
        cuda_devices=devices,
        torch=_torch_version(),
        cuda_usable=_cuda_usable() if devices and selection.torch_installed() else None,
        default_model=model,
        weights={name: _wrong_with(name) for name in shipped()},
        trial=_trial(model),
    )


def _precisions(model: str) -> list[str]:
    try:
        weights = find_model(model).weights
        return list(
            openvino.cpu_precisions() if weights is None else openvino.precisions_of(weights)
        )
    except ModelError:  # told of the weights themselves
        return list(openvino.cpu_precisions())


def _wrong_with(name: str) -> str:
    weights = find_model(name).weights
    assert weights is not None  # shipped models have some
    try:
        read_facts(weights)
        table = table_path(weights)
        if table.exists() and read_table(table).weights_sha256 != sha256(weights):
            return f"{table.name} was made for other weights: no int8"
    except ModelError as error:
        return str(error)
    return ""


def _trial(model: str) -> str:
    """One frame in the CPU's exactest precision; nothing of it is kept."""
    with tempfile.TemporaryDirectory(prefix="corefusion-doctor-") as folder:
        settings = PredictorSettings(
            model=model, engine="openvino", precision="f32", canvas=(240, 320), cache_dir=folder
        )
        try:
            predictor = build_predictor(settings)
            thermal = np.arange(np.prod(_TRIAL_SENSOR), dtype=np.uint16).reshape(_TRIAL_SENSOR)
            predictor.predict(thermal, None)
        except (ModelError, RuntimeError, OSError) as error:
            return str(error).strip().splitlines()[0]
    return ""


def _torch_version() -> str | None:
    try:
        return importlib.metadata.version("torch")
    except importlib.metadata.PackageNotFoundError:
        return None


def _cuda_usable() -> bool:
    from models.engines.torch import cuda_usable

    return cuda_usable()


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(network_facts()))
