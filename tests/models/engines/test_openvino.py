import subprocess
import sys
from functools import lru_cache

import cv2
import numpy as np
import pytest

from models.engines import openvino
from models.engines.graphs.quantization import table_path
from models.engines.openvino import OpenVinoEngine, precisions_of
from models.errors import ModelError
from models.registry import WEIGHTS
from tests.models.engines.engine_contract import CANVAS, MODES, EngineContract, frames, given, spec
from tests.support.paths import ROOT

SHIPPED = WEIGHTS / "fast-sensor.safetensors"


class TestOpenVino(EngineContract):
    @pytest.fixture(scope="class")
    @classmethod
    def build(cls, tiny_model):
        return lambda canvas: OpenVinoEngine(spec(tiny_model, canvas=canvas))

    def test_features_of_a_guide_shown_again_are_not_computed_again(self, engine, monkeypatch):
        run = []
        request = OpenVinoEngine._request

        def noted(self, graph):
            run.append(graph)
            return request(self, graph)

        monkeypatch.setattr(OpenVinoEngine, "_request", noted)
        base, handle = given("both", *frames())
        other = given("both", *frames(seed=1))[1]
        engine.infer(base, handle)
        engine.infer(base, None)  # neither of the other modes touches the features
        engine.infer(None, other)
        for guide in (handle, handle, other, handle):
            engine.infer(base, guide)
        assert run == [
            "both", "thermal_only", "visible_only", "reuse", "reuse", "both", "both",
        ]  # fmt: skip


class TestPaper(EngineContract):
    @pytest.fixture(scope="class")
    @classmethod
    def build(cls, make_checkpoint):
        weights = make_checkpoint("corefusion", narrow=True, residual=True)
        return lambda canvas: OpenVinoEngine(spec(weights, canvas=canvas))


class TestInt8(EngineContract):
    tolerance = 4e-3  # features are handed on in bf16: a step of it at a residual of 1

    @pytest.fixture(scope="class")
    @classmethod
    def build(cls):
        if "int8" not in precisions_of(SHIPPED):
            pytest.skip("this CPU has no int8")
        return lambda canvas: OpenVinoEngine(spec(SHIPPED, "int8", canvas))


class TestBfloat16(EngineContract):
    tolerance = 4e-3

    @pytest.fixture(scope="class")
    @classmethod
    def build(cls):
        if "bf16" not in precisions_of(SHIPPED):
            pytest.skip("this CPU has no bf16")
        return lambda canvas: OpenVinoEngine(spec(SHIPPED, "bf16", canvas))


@lru_cache
def shipped_engine(precision):
    return OpenVinoEngine(spec(SHIPPED, precision))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("precision", ["int8", "bf16"])
def test_lower_precisions_keep_the_picture(mode, precision):
    if precision not in precisions_of(SHIPPED):
        pytest.skip(f"this CPU has no {precision}")
    base, guide = frames()
    shown = given(mode, cv2.GaussianBlur(base, (0, 0), 6), cv2.GaussianBlur(guide, (0, 0), 3))
    exact, rough = (shipped_engine(p).infer(*shown) for p in ("f32", precision))
    assert np.sqrt(np.mean((exact - rough) ** 2)) < 0.005


def test_threads_are_taken(tiny_model):
    assert OpenVinoEngine(spec(tiny_model, threads=1)).threads == 1


def test_threads_may_run_on_any_core(tiny_model):
    # Bound to the first ones, two processes share a core while the next stands idle.
    engine = OpenVinoEngine(spec(tiny_model, threads=1))
    engine.infer(*given("both", *frames()))
    for request in engine._requests.values():
        assert request.get_compiled_model().get_property("ENABLE_CPU_PINNING") is False


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 2), (3, 2), (16, 15)])
def test_a_core_is_left_to_the_rest_where_there_are_three(cores, threads, monkeypatch):
    monkeypatch.setattr(openvino, "available_cores", lambda: cores)
    assert openvino.default_threads() == threads


@pytest.mark.parametrize("precision", ["fp16", "auto"])
def test_a_precision_it_has_not(tiny_model, precision):
    with pytest.raises(ModelError, match=f"precision: openvino has .*f32 here, got '{precision}'"):
        OpenVinoEngine(spec(tiny_model, precision))


def test_weights_that_are_missing_or_lack_a_tensor(tiny_checkpoint, tmp_path):
    from safetensors.numpy import load_file, save_file

    shown = given("both", *frames())
    with pytest.raises(ModelError, match="No such file"):
        OpenVinoEngine(spec(tmp_path / "x.safetensors")).infer(*shown)
    tensors = load_file(tiny_checkpoint)
    del tensors["decoder.up8.weight"]
    lacking = tmp_path / "lacking.safetensors"
    save_file(tensors, lacking, metadata={"format": "1", "family": "realtime", "config": "{}"})
    with pytest.raises(ModelError, match=r"lacking\.safetensors: no tensor .*decoder\.up8"):
        OpenVinoEngine(spec(lacking)).infer(*shown)


def test_int8_needs_its_ranges(tiny_checkpoint, tmp_path, caplog):
    with pytest.raises(ModelError, match="no int8 ranges"):
        OpenVinoEngine(spec(tiny_checkpoint, "int8"))
    copy = tmp_path / "copy.safetensors"
    copy.write_bytes(tiny_checkpoint.read_bytes())
    table = table_path(copy)
    table.write_bytes(table_path(SHIPPED).read_bytes())  # of other weights
    assert "int8" not in precisions_of(copy)
    assert "made for other weights" in caplog.text
    table.write_text("{ half")
    with pytest.raises(ModelError, match="no table of int8 ranges"):
        precisions_of(copy)


def test_it_never_imports_torch(tiny_model, tmp_path):
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


def test_compiled_graphs_are_kept_where_that_is_possible(tiny_model, tmp_path):
    shown = given("both", *frames())
    exact = OpenVinoEngine(spec(tiny_model)).infer(*shown).copy()
    for _ in range(2):
        engine = OpenVinoEngine(spec(tiny_model, cache_dir=tmp_path))
        assert np.array_equal(engine.infer(*shown), exact)
    (blob,) = (tmp_path / "compiled").glob("*.blob")
    OpenVinoEngine(spec(SHIPPED, cache_dir=tmp_path)).infer(*shown)
    assert len(list((tmp_path / "compiled").glob("*.blob"))) == 2  # other weights, another graph
    blob.chmod(0o600)
    blob.write_bytes(b"damaged")
    engine = OpenVinoEngine(spec(tiny_model, cache_dir=tmp_path))
    assert np.array_equal(engine.infer(*shown), exact)


def test_a_cache_that_cannot_be_written_is_said_and_done_without(tiny_model, tmp_path, caplog):
    (tmp_path / "file").write_text("in the way")
    engine = OpenVinoEngine(spec(tiny_model, cache_dir=tmp_path / "file"))
    assert engine.infer(*given("both", *frames())).shape == CANVAS
    assert "compiled graphs are not kept" in caplog.text
