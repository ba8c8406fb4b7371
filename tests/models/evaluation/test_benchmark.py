from contextlib import contextmanager

import pytest

from models.checkpoint import read_facts
from models.engines import selection
from models.engines.openvino import precisions_of
from models.errors import ModelError
from models.evaluation import benchmark
from models.evaluation.benchmark import bench, bench_all
from models.evaluation.benchmark_cases import random_weights
from models.inference.predictor import PredictorSettings
from models.registry import WEIGHTS
from tests.support.narrow_network import narrow_network

SHIPPED = WEIGHTS / "fast-sensor.safetensors"


@contextmanager
def small_frames():
    """Frames of a fourteenth of the pixels: what is counted, named and compared stays the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(benchmark, "SENSOR", (16, 20))
        patch.setattr(benchmark, "GUIDE", (128, 160))
        patch.setattr(benchmark, "WARM_UP_FRAMES", 1)
        yield


@pytest.fixture(scope="module")
def table():
    """The whole table, the paper's network narrow in it, and what it told on the way."""
    pytest.importorskip("torch", reason="PyTorch is not installed")
    told = []
    with small_frames(), narrow_network():
        figures = bench_all(frames=3, progress=lambda *now: told.append(now))
    return figures["rows"], told


@pytest.mark.usefixtures("narrow")
def test_the_papers_network_runs_with_random_weights():
    pytest.importorskip("torch", reason="PyTorch is not installed")
    from models.networks.base import cost
    from models.networks.corefusion import CoreFusionConfig, CoreFusionNet

    with small_frames():
        (row,) = bench(PredictorSettings("paper+", "openvino", "f32"), frames=1)["rows"]
    assert (row["model"], row["engine"], row["precision"]) == ("paper+", "openvino", "f32")
    assert row["weights"] == "random"
    parameters, macs = cost(CoreFusionNet(CoreFusionConfig(residual=True)))
    assert (row["params_m"], row["gmac"]) == (round(parameters / 1e6, 4), round(macs / 1e9, 4))
    assert "ratio" not in row


def test_a_mean_over_views_says_so():
    with small_frames():
        (row,) = bench(PredictorSettings("fast", views=4), frames=1)["rows"]
    assert (row["model"], row["views"]) == ("fast", 4)


def test_no_frames_give_no_row():
    with pytest.raises(ModelError, match="frames: wanted 1 or more, got 0"):
        bench(PredictorSettings("bilinear"), frames=0)


@pytest.mark.usefixtures("narrow")
def test_random_weights_are_those_of_the_preset(tmp_path):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    facts = read_facts(random_weights("paper+", tmp_path))
    assert facts.family == "corefusion"
    assert facts.config["residual"] is True


def test_without_torch_there_are_none(tmp_path, monkeypatch):
    monkeypatch.setattr(selection, "torch_installed", lambda: False)
    with pytest.raises(ModelError, match="bench of paper: PyTorch makes its random weights"):
        random_weights("paper", tmp_path)


def test_the_whole_table_is_measured_against_its_first_row(table):
    rows, told = table
    first = rows[0]
    assert (first["model"], first["engine"], first["precision"]) == ("paper", "torch", "f32")
    assert first["ratio"] == 1
    # The reference is the network as published; the same made as fast as PyTorch allows comes next.
    assert [row.get("as_trained", False) for row in rows] == [True] + [False] * (len(rows) - 1)
    assert (rows[1]["model"], rows[1]["engine"], rows[1]["precision"]) == ("paper", "torch", "f32")
    assert [done for done, _, _ in told] == list(range(len(rows)))
    named = {(row["model"], row["engine"], row["precision"]): row for row in rows}
    for row in rows:
        if row["gmac"]:
            wanted = first["infer_ms"]["p50"] / row["infer_ms"]["p50"]
            assert row["ratio"] == pytest.approx(wanted, rel=0.01, abs=0.01)
    assert {("fast", "openvino", one) for one in precisions_of(SHIPPED)} <= set(named)
    assert named["bilinear", "opencv", "f32"]["ratio"] is None


@pytest.mark.usefixtures("narrow")
def test_the_papers_rows_are_of_random_weights(table):
    from models.networks.base import cost
    from models.networks.corefusion import CoreFusionNet

    parameters, macs = cost(CoreFusionNet())
    papers = [row for row in table[0] if row["model"] == "paper"]
    assert {(row["engine"], row["precision"]) for row in papers} >= {
        ("torch", "f32"),
        ("openvino", "f32"),
    }
    for row in papers:
        assert row["weights"] == "random"
        assert row["params_m"] == round(parameters / 1e6, 4)
        assert row["gmac"] == round(macs / 1e9, 4)


def test_frames_are_those_of_a_small_camera():
    (row,) = bench(PredictorSettings("fast", "openvino", "f32"), frames=1)["rows"]
    thermal, guide = benchmark._scene()
    assert (thermal.shape, guide.shape) == ((60, 80), (480, 640, 3))
    assert row["latency_ms"]["p50"] >= row["infer_ms"]["p50"] > 0
