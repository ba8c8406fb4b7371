import json
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from models.errors import ModelError
from models.registry import WEIGHTS
from streamer.commands.networks import bench as bench_command
from streamer.commands.networks import train as training_commands
from streamer.commands.networks.evaluate import register
from tests.support.paths import ROOT
from tests.support.scenes import write_rig_pairs


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    made = typer.Typer()
    register(made)
    training_commands.register(made)
    bench_command.register(made)
    return made


def invoke(app, *arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=True)


def test_evaluate_writes_its_report(app, make_folder, tmp_path):
    report = tmp_path / "new" / "report.json"
    result = invoke(
        app, "evaluate", "--data", make_folder(), "--model", "bicubic", "--report", report
    )
    assert result.exit_code == 0, result.output
    assert "bicubic" in result.output
    figures = json.loads(report.read_text())
    assert figures["images"] == 3
    assert f"{figures['psnr_db']:.3f}" in result.output


def test_evaluate_says_that_there_are_no_visible_pictures(app, make_folder):
    result = invoke(app, "evaluate", "--data", make_folder() / "thermal", "--model", "bicubic")
    assert result.exit_code == 0, result.output
    told = " ".join(result.output.split())  # however long the folder's name is
    assert "no visible/ in it, evaluated as with --missing visible" in told
    assert "3 thermal pictures" in told


def test_fit_uncertainty_writes_what_evaluate_then_reports(app, make_folder, tmp_path, monkeypatch):
    monkeypatch.setattr("models.evaluation.uncertainty_fit.SENSOR_SCALES", (8,))
    weights = tmp_path / "mine.safetensors"
    weights.write_bytes((WEIGHTS / "fast-sensor.safetensors").read_bytes())
    folder = make_folder("train")
    precise = ("--engine", "openvino", "--precision", "f32", "--threads", 1)
    result = invoke(
        app,
        "fit-uncertainty",
        "--model",
        weights,
        "--data",
        f"{folder}=2",
        "--split",
        "all",
        *precise,
    )
    assert result.exit_code == 0, result.output
    assert (tmp_path / "mine.uncertainty.json").is_file()
    report = tmp_path / "e.json"
    result = invoke(
        app, "evaluate", "--model", weights, "--data", folder, "--report", report, *precise
    )
    foretold = json.loads(report.read_text())["uncertainty"]
    assert f"foretold errors: {foretold['within_1_sigma']:.1%} of pixels" in " ".join(
        result.output.split()
    )


def test_a_model_error_passes_through_for_the_application_to_print(app, tmp_path):
    result = invoke(app, "evaluate", "--data", tmp_path / "nowhere")
    assert isinstance(result.exception, ModelError)


@pytest.mark.parametrize(
    "arguments",
    [
        ("evaluate",),
        ("evaluate", "--data", "x", "--guide", "shifted"),
        ("evaluate", "--data", "x", "--missing", "both"),
        ("bench", "--frames", "0"),
    ],
)
def test_wrong_usage(app, arguments):
    assert invoke(app, *arguments).exit_code == 2


def test_bench_makes_one_row_of_what_is_given(app, tmp_path):
    report = tmp_path / "bench.json"
    arguments = ("--model", "fast", "--engine", "openvino", "--precision", "f32", "--frames", "3")
    result = invoke(app, "bench", *arguments, "--report", report)
    assert result.exit_code == 0, result.output
    figures = json.loads(report.read_text())
    (row,) = figures["rows"]
    assert set(row) == {
        "model", "engine", "precision", "params_m", "gmac", "infer_ms", "latency_ms",
        "uncertainty_ms", "fps", "threads",
    }  # fmt: skip
    assert (row["model"], row["engine"], row["precision"]) == ("fast", "openvino", "f32")
    assert 0 < row["infer_ms"]["p50"] <= row["latency_ms"]["p50"] <= row["latency_ms"]["p95"]
    assert 0 < row["uncertainty_ms"]["p50"] < row["latency_ms"]["p50"]
    assert row["params_m"] > 0.1
    assert row["gmac"] > 0.5
    assert figures["host"]["cores"] >= 1


def test_bench_without_a_precision_takes_the_one_live_would(app, tmp_path):
    report = tmp_path / "bench.json"
    arguments = ("bench", "--model", "fast", "--engine", "openvino", "--frames", "2")
    assert invoke(app, *arguments, "--report", report).exit_code == 0
    assert len(json.loads(report.read_text())["rows"]) == 1


def test_train_then_export_then_evaluate(app, make_folder, tmp_path):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    folder = make_folder(count=2, rows=240, columns=256)
    run = tmp_path / "run"
    result = invoke(
        app, "train", "--preset", "fast", "--data", folder, "--output", run, "--steps", 1
    )
    assert result.exit_code == 0, result.output
    exported = tmp_path / "exported"
    result = invoke(app, "export-model", "--model", run / "last.safetensors", "--output", exported)
    assert result.exit_code == 0, result.output
    assert {path.name for path in exported.iterdir()} == {
        "last.safetensors", "last.bf16.xml", "last.bf16.bin",
    }  # fmt: skip
    result = invoke(
        app, "evaluate", "--data", folder, "--model", exported / "last.safetensors",
        "--engine", "openvino", "--precision", "f32",
    )  # fmt: skip
    assert result.exit_code == 0, result.output


def test_importing_the_commands_imports_no_model():
    script = (
        "import sys, streamer.commands.networks.evaluate\n"
        "unwanted = ('torch', 'openvino', 'models.inference.predictor')\n"
        "assert not [m for m in sys.modules if m in unwanted]\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT, timeout=60)


def test_evaluate_says_how_guides_lay(app, tmp_path):
    folder = write_rig_pairs(tmp_path / "rig", seeds=(7,))
    asked = ("evaluate", "--data", folder, "--model", "bicubic", "--align")
    result = invoke(app, *asked, "--guide", "shifted:6")
    assert result.exit_code == 0, result.output
    assert "guides: lined up 1, left 0, refused 0; moved by" in result.output
    result = invoke(app, *asked, "--guide", "black")
    assert "guides: lined up 0, left 0, refused 1\n" in result.output
    result = invoke(app, *asked, "--video", "hand")
    assert result.exit_code == 2
    assert "--align is of stills" in " ".join(result.output.split())
