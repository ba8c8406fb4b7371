import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from models.catalogue import WEIGHTS
from models.engines import selection
from models.engines.openvino import OpenVinoEngine, graph_facts, supported_precisions
from models.errors import ModelError
from models.graphs import GRAPHS, graph_path

CANVAS = (64, 96)
MODES = {"both": (True, True), "thermal_only": (True, False), "visible_only": (False, True)}


@pytest.fixture
def inputs() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    base = rng.uniform(0, 1, CANVAS).astype(np.float32)
    return base, rng.integers(0, 256, (*CANVAS, 3), dtype=np.uint8)


def given(mode, inputs):
    return tuple(array if there else None for array, there in zip(inputs, MODES[mode], strict=True))


@pytest.mark.parametrize("mode", GRAPHS)
@pytest.mark.parametrize("weights", ["tiny_model", "shipped"])
def test_the_graph_and_the_torch_network_agree(mode, weights, inputs, request):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    from models.engines.torch import TorchEngine

    path = (
        WEIGHTS / "fast.safetensors" if weights == "shipped" else request.getfixturevalue(weights)
    )
    shown = given(mode, inputs)
    reference = TorchEngine(path, CANVAS, "f32").infer(*shown).copy()
    picture = OpenVinoEngine(path, CANVAS, "f32").infer(*shown)
    assert picture.shape == CANVAS
    # The graph holds half-precision kernels: a part in a thousand of what it adds.
    assert np.abs(picture - reference).max() < 5e-3 * max(1.0, np.abs(reference).max())


@pytest.mark.parametrize("mode", GRAPHS)
def test_half_precision_keeps_the_picture(mode, inputs):
    if "bf16" not in supported_precisions():
        pytest.skip("this CPU has no bf16")
    shown = given(mode, inputs)
    path = WEIGHTS / "fast.safetensors"
    exact = OpenVinoEngine(path, CANVAS, "f32").infer(*shown).copy()
    rough = OpenVinoEngine(path, CANVAS, "bf16").infer(*shown)
    assert np.sqrt(np.mean((exact - rough) ** 2)) < 0.005


def test_nothing_to_infer_from(tiny_model):
    with pytest.raises(ValueError, match="neither"):
        OpenVinoEngine(tiny_model, CANVAS, "f32").infer(None, None)


def test_threads_are_taken(tiny_model, inputs):
    engine = OpenVinoEngine(tiny_model, CANVAS, "f32", threads=1)
    assert engine.threads == 1
    assert engine.infer(*inputs).shape == CANVAS


def test_a_precision_there_is_not(tiny_model):
    with pytest.raises(ModelError, match="got 'int3'"):
        OpenVinoEngine(tiny_model, CANVAS, "int3")


def test_missing_and_broken_graphs(tiny_model, tmp_path):
    with pytest.raises(ModelError, match="no such graph; corefusion export-model makes it"):
        OpenVinoEngine(tmp_path / "x.safetensors", CANVAS, "f32").infer(
            None, np.zeros((64, 96, 3), "u1")
        )
    path = graph_path(tmp_path / "x.safetensors", "both")
    path.write_text("<net/>")
    path.with_suffix(".bin").write_bytes(b"")
    with pytest.raises(ModelError, match="not a graph"):
        graph_facts(tmp_path / "x.safetensors")


def test_the_openvino_path_never_imports_torch(tiny_model, tmp_path):
    script = (
        "import sys, numpy as np\n"
        "from models.predictor import PredictorSettings, build_predictor\n"
        f"p = build_predictor(PredictorSettings(model={str(tiny_model)!r}, engine='openvino',"
        f" cache_dir={str(tmp_path)!r}))\n"
        "p.predict(np.arange(48, dtype='u1').reshape(6, 8), np.zeros((48, 64, 3), 'u1'))\n"
        "assert 'torch' not in sys.modules\n"
        "assert 'zmq' not in sys.modules and 'PySide6' not in sys.modules\n"
    )
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", script], check=True, cwd=root, timeout=60)


def machine(**changes) -> selection.Machine:
    facts = {
        "engine": "openvino",
        "library": "1",
        "processor": "x",
        "weights_sha256": "y",
        "canvas": CANVAS,
        "threads": 2,
    }
    return selection.Machine(**{**facts, **changes})


class Stub:
    """An engine of a known speed and error."""

    name, threads = "openvino", 1

    def __init__(self, precision: str, seconds: float, error: float) -> None:
        self.precision, self.seconds, self.error = precision, seconds, error
        self.calls = 0

    def infer(self, base, guide):
        import time

        self.calls += 1
        time.sleep(self.seconds)
        return base + np.float32(self.error)


def test_the_faster_precision_is_chosen_and_remembered(tmp_path):
    built: list[Stub] = []

    def build(precision: str) -> Stub:
        built.append(Stub(precision, 0.001 if precision == "bf16" else 0.01, 0.0))
        return built[-1]

    choose = selection.choose_precision
    assert choose(machine(), ("bf16", "f32"), build, tmp_path) == "bf16"
    assert len(built) == 2
    assert choose(machine(), ("bf16", "f32"), build, tmp_path) == "bf16"
    assert len(built) == 2  # from the file this time
    choose(machine(library="2"), ("bf16", "f32"), build, tmp_path)
    assert len(built) == 4  # another library is measured anew


@pytest.mark.parametrize("error", [0.5, float("nan")])
def test_a_precision_that_spoils_the_picture_is_left_out(tmp_path, error):
    def build(precision: str) -> Stub:
        return Stub(
            precision, 0.0 if precision == "bf16" else 0.003, error if precision == "bf16" else 0.0
        )

    assert selection.choose_precision(machine(), ("bf16", "f32"), build, tmp_path) == "f32"


def test_a_broken_memory_is_no_obstacle(tmp_path):
    (tmp_path / "precision.json").write_text("{ half")
    build = lambda precision: Stub(precision, 0.001, 0.0)  # noqa: E731
    assert selection.choose_precision(machine(), ("bf16", "f32"), build, tmp_path) in (
        "bf16",
        "f32",
    )


def test_auto_is_torch_only_with_a_device_and_torch(monkeypatch):
    for devices, installed, expected in (
        (0, True, "openvino"),
        (1, False, "openvino"),
        (1, True, "torch"),
    ):
        monkeypatch.setattr(selection, "cuda_devices", lambda n=devices: n)
        monkeypatch.setattr(selection, "torch_installed", lambda n=installed: n)
        assert selection.choose_engine("auto") == expected


def test_engines_there_are_not(monkeypatch):
    with pytest.raises(ModelError, match="wanted auto, openvino or torch, got 'tpu'"):
        selection.choose_engine("tpu")
    monkeypatch.setattr(selection, "torch_installed", lambda: False)
    with pytest.raises(ModelError, match="PyTorch is not installed"):
        selection.choose_engine("torch")


def test_compiled_graphs_are_kept_where_that_is_possible(tiny_model, tmp_path, inputs):
    exact = OpenVinoEngine(tiny_model, CANVAS, "f32").infer(*inputs).copy()
    for _ in range(2):
        engine = OpenVinoEngine(tiny_model, CANVAS, "f32", cache_dir=tmp_path)
        assert np.array_equal(engine.infer(*inputs), exact)
    (blob,) = (tmp_path / "compiled").glob("*.blob")
    blob.chmod(0o600)
    blob.write_bytes(b"damaged")
    engine = OpenVinoEngine(tiny_model, CANVAS, "f32", cache_dir=tmp_path)
    assert np.array_equal(engine.infer(*inputs), exact)


def test_a_cache_that_cannot_be_written_is_said_and_done_without(
    tiny_model, tmp_path, inputs, caplog
):
    (tmp_path / "file").write_text("in the way")
    engine = OpenVinoEngine(tiny_model, CANVAS, "f32", cache_dir=tmp_path / "file")
    assert engine.infer(*inputs).shape == CANVAS
    assert "compiled graphs are not kept" in caplog.text
