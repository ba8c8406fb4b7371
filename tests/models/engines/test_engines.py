import subprocess
import sys
from functools import cache, lru_cache

import cv2
import numpy as np
import pytest

from models.engines import openvino, selection
from models.engines.graphs.quantization import table_path
from models.engines.openvino import OpenVinoEngine, precisions_of
from models.errors import ModelError
from models.registry import WEIGHTS
from tests.support.paths import ROOT

CANVAS = (64, 96)
MODES = {"both": (True, True), "thermal_only": (True, False), "visible_only": (False, True)}
SHIPPED = WEIGHTS / "fast-sensor.safetensors"


@pytest.fixture
def inputs() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    base = rng.uniform(0, 1, CANVAS).astype(np.float32)
    return base, rng.integers(0, 256, (*CANVAS, 3), dtype=np.uint8)


def given(mode, inputs):
    return tuple(array if there else None for array, there in zip(inputs, MODES[mode], strict=True))


@pytest.fixture(scope="session")
def paper_checkpoint(tmp_path_factory):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    from models import checkpoint

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("paper")

    @cache
    def make(**config):
        net = checkpoint.build("corefusion", config).train()
        with torch.no_grad():
            net(torch.rand(2, 1, 64, 64), torch.rand(2, 3, 64, 64))
        path = folder / ("-".join(["net", *map(str, config.values())]) + ".safetensors")
        checkpoint.save(path, net.eval(), "nothing", {})
        return path

    return make


@lru_cache(maxsize=2)  # of the tests of one network, which stand beside each other
def both_engines(path):
    from models.engines.torch import TorchEngine

    return TorchEngine(path, CANVAS, "f32"), OpenVinoEngine(path, CANVAS, "f32")


def agree(path, mode, inputs):
    shown = given(mode, inputs)
    torch_engine, openvino_engine = both_engines(path)
    reference = torch_engine.infer(*shown).copy()
    picture = openvino_engine.infer(*shown)
    assert picture.shape == CANVAS
    assert np.abs(picture - reference).max() < 1e-4 * max(1.0, np.abs(reference).max())


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("weights", ["tiny_checkpoint", "tiny_model", "shipped"])
def test_the_graph_and_the_torch_network_agree(mode, weights, inputs, request):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    agree(SHIPPED if weights == "shipped" else request.getfixturevalue(weights), mode, inputs)


@pytest.mark.parametrize("details", [1, 2])
@pytest.mark.parametrize("mode", MODES)
def test_so_do_those_that_weigh_in_details(mode, details, inputs, tmp_path):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    from models import checkpoint

    torch.manual_seed(0)
    net = checkpoint.build("realtime", {"widths": (16, 16, 32), "details": details}).train()
    with torch.no_grad():
        net.decoder.head.weight3.mul_(20)  # a network that has learnt to use them
        net(torch.rand(2, 1, 64, 64), torch.rand(2, 3, 64, 64))
    path = tmp_path / "details.safetensors"
    checkpoint.save(path, net.eval(), "nothing", {})
    agree(path, mode, inputs)
    if mode == "both":
        base, guide = inputs
        engine = OpenVinoEngine(path, CANVAS, "f32")
        first = engine.infer(base, guide).copy()
        again = engine.infer(base, np.zeros_like(guide), same_guide=True)
        assert np.abs(first - again).max() < 1e-5


@pytest.mark.parametrize("mode", MODES)
def test_so_do_those_that_look_back_at_the_samples(mode, inputs, tmp_path):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    from models import checkpoint

    torch.manual_seed(0)
    net = checkpoint.build("realtime", {"widths": (16, 16, 32), "samples": True})
    torch.nn.init.normal_(net.samples.spread.weight)
    path = tmp_path / "samples.safetensors"
    checkpoint.save(path, net.eval(), "nothing", {})
    agree(path, mode, inputs)


@pytest.mark.parametrize(
    "config",
    [{}, {"residual": True}, {"activation": "sigmoid"}, {"activation": "relu", "residual": True}],
    ids=str,
    scope="module",
)
@pytest.mark.parametrize("mode", MODES)
def test_so_do_those_of_the_papers_network(mode, config, inputs, paper_checkpoint):
    agree(paper_checkpoint(**config), mode, inputs)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("precision", ["int8", "bf16"])
def test_lower_precisions_keep_the_picture(mode, precision, inputs):
    if precision not in precisions_of(SHIPPED):
        pytest.skip(f"this CPU has no {precision}")
    base, guide = inputs
    smooth = cv2.GaussianBlur(base, (0, 0), 6), cv2.GaussianBlur(guide, (0, 0), 3)
    shown = given(mode, smooth)
    exact = OpenVinoEngine(SHIPPED, CANVAS, "f32").infer(*shown).copy()
    rough = OpenVinoEngine(SHIPPED, CANVAS, precision).infer(*shown)
    assert np.sqrt(np.mean((exact - rough) ** 2)) < 0.005


@pytest.mark.parametrize("precision", ["int8", "bf16", "f32"])
def test_features_of_a_guide_seen_before_serve_again(precision, inputs):
    if precision not in precisions_of(SHIPPED):
        pytest.skip(f"this CPU has no {precision}")
    base, guide = inputs
    engine = OpenVinoEngine(SHIPPED, CANVAS, precision)
    tolerance = 1e-6 if precision == "f32" else 4e-3  # a step of bf16 at a residual of 1
    others = [np.roll(base, shift, axis=1).copy() for shift in (3, 7)]
    expected = [engine.infer(other, guide).copy() for other in others]
    engine.infer(base, guide)
    engine.infer(base, None)  # neither of the other modes touches the features
    engine.infer(None, 255 - guide)
    for other, picture in zip(others, expected, strict=True):
        # What is given as the guide is not even looked at.
        again = engine.infer(other, np.zeros_like(guide), same_guide=True)
        assert np.abs(again - picture).max() <= tolerance


def test_without_a_first_time_there_is_nothing_to_reuse(tiny_checkpoint, inputs):
    first = OpenVinoEngine(tiny_checkpoint, CANVAS, "f32").infer(*inputs).copy()
    other = OpenVinoEngine(tiny_checkpoint, CANVAS, "f32")
    assert np.array_equal(other.infer(*inputs, same_guide=True), first)


def test_nothing_to_infer_from(tiny_model):
    with pytest.raises(ValueError, match="neither"):
        OpenVinoEngine(tiny_model, CANVAS, "f32").infer(None, None)


def test_threads_are_taken(tiny_model, inputs):
    engine = OpenVinoEngine(tiny_model, CANVAS, "f32", threads=1)
    assert engine.threads == 1
    assert engine.infer(*inputs).shape == CANVAS


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 2), (3, 2), (16, 15)])
def test_a_core_is_left_to_the_rest_where_there_are_three(cores, threads, monkeypatch):
    monkeypatch.setattr(openvino, "available_cores", lambda: cores)
    assert openvino.default_threads() == threads


def test_a_precision_there_is_not(tiny_model):
    with pytest.raises(ModelError, match="got 'int3'"):
        OpenVinoEngine(tiny_model, CANVAS, "int3")


def test_weights_that_are_missing_or_lack_a_tensor(tiny_checkpoint, tmp_path, inputs):
    from safetensors.numpy import load_file, save_file

    with pytest.raises(ModelError, match="No such file"):
        OpenVinoEngine(tmp_path / "x.safetensors", CANVAS, "f32").infer(*inputs)
    tensors = load_file(tiny_checkpoint)
    del tensors["decoder.up8.weight"]
    lacking = tmp_path / "lacking.safetensors"
    save_file(tensors, lacking, metadata={"format": "1", "family": "realtime", "config": "{}"})
    with pytest.raises(ModelError, match=r"lacking\.safetensors: no tensor .*decoder\.up8"):
        OpenVinoEngine(lacking, CANVAS, "f32").infer(*inputs)


def test_int8_needs_its_ranges(tiny_checkpoint, tmp_path, caplog):
    with pytest.raises(ModelError, match="no int8 ranges"):
        OpenVinoEngine(tiny_checkpoint, CANVAS, "int8")
    copy = tmp_path / "copy.safetensors"
    copy.write_bytes(tiny_checkpoint.read_bytes())
    table = table_path(copy)
    table.write_bytes(table_path(SHIPPED).read_bytes())  # of other weights
    assert "int8" not in precisions_of(copy)
    assert "made for other weights" in caplog.text
    table.write_text("{ half")
    with pytest.raises(ModelError, match="no table of int8 ranges"):
        precisions_of(copy)


def test_the_openvino_path_never_imports_torch(tiny_model, tmp_path):
    script = (
        "import sys, numpy as np\n"
        "from models.inference.predictor import PredictorSettings, build_predictor\n"
        f"p = build_predictor(PredictorSettings(model={str(tiny_model)!r}, engine='openvino',"
        f" cache_dir={str(tmp_path)!r}))\n"
        "p.predict(np.arange(48, dtype='u1').reshape(6, 8), np.zeros((48, 64, 3), 'u1'))\n"
        "assert 'torch' not in sys.modules\n"
        "assert 'zmq' not in sys.modules and 'PySide6' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT, timeout=60)


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

    def infer(self, base, guide, *, same_guide=False):
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
    OpenVinoEngine(SHIPPED, CANVAS, "f32", cache_dir=tmp_path).infer(*inputs)
    assert len(list((tmp_path / "compiled").glob("*.blob"))) == 2  # other weights, another graph
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
