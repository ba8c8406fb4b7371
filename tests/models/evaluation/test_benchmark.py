import pytest

from models.checkpoint import read_facts
from models.engines import selection
from models.errors import ModelError
from models.evaluation.benchmark import bench, bench_all
from models.evaluation.benchmark_cases import random_weights
from models.inference.predictor import PredictorSettings


@pytest.mark.parametrize("engine", ["torch", "openvino"])
@pytest.mark.parametrize("model", ["paper", "paper+"])
def test_the_papers_network_runs_with_random_weights(model, engine):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    figures = bench(PredictorSettings(model, engine, "f32"), frames=1)
    (row,) = figures["rows"]
    assert (row["model"], row["engine"], row["precision"]) == (model, engine, "f32")
    assert row["weights"] == "random"
    assert row["params_m"] == pytest.approx(45.7, abs=0.1)
    assert row["gmac"] == pytest.approx(59.06, abs=0.05)
    assert "ratio" not in row


def test_a_mean_over_views_says_so():
    (row,) = bench(PredictorSettings("fast", views=4), frames=1)["rows"]
    assert (row["model"], row["views"]) == ("fast", 4)


def test_no_frames_give_no_row():
    with pytest.raises(ModelError, match="frames: wanted 1 or more, got 0"):
        bench(PredictorSettings("bilinear"), frames=0)


def test_random_weights_are_those_of_the_preset(tmp_path):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    facts = read_facts(random_weights("paper+", tmp_path))
    assert facts.family == "corefusion"
    assert facts.config["residual"] is True


def test_without_torch_there_are_none(tmp_path, monkeypatch):
    monkeypatch.setattr(selection, "torch_installed", lambda: False)
    with pytest.raises(ModelError, match="bench of paper: PyTorch makes its random weights"):
        random_weights("paper", tmp_path)


def test_the_whole_table_is_measured_against_its_first_row():
    pytest.importorskip("torch", reason="PyTorch is not installed")
    told = []
    figures = bench_all(frames=3, progress=lambda *now: told.append(now))
    rows = figures["rows"]
    first = rows[0]
    assert (first["model"], first["engine"], first["precision"]) == ("paper", "torch", "f32")
    assert first["ratio"] == 1
    # The reference is the network as published; the same made as fast as PyTorch allows comes next.
    assert [row.get("as_trained", False) for row in rows] == [True] + [False] * (len(rows) - 1)
    assert (rows[1]["model"], rows[1]["engine"], rows[1]["precision"]) == ("paper", "torch", "f32")
    assert [done for done, _, _ in told] == list(range(len(rows)))
    named = {(row["model"], row["engine"], row["precision"]): row for row in rows}
    fast = named["fast", "openvino", "int8"]
    assert fast["ratio"] == pytest.approx(first["infer_ms"]["p50"] / fast["infer_ms"]["p50"], 0.01)
    assert named["bilinear", "opencv", "f32"]["ratio"] is None
