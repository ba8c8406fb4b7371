import importlib.util
import json
from pathlib import Path

import cv2
import msgspec
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
if importlib.util.find_spec("matplotlib") is None:  # who collects need not import it
    pytest.skip("matplotlib is not installed", allow_module_level=True)

from models import checkpoint  # noqa: E402
from models.errors import ModelError  # noqa: E402
from models.evaluation.evaluate import EvaluateSettings, evaluate  # noqa: E402
from models.imaging import metrics  # noqa: E402
from models.registry import shipped  # noqa: E402
from models.reporting.rounding import rounded_scores  # noqa: E402
from models.reporting.runs import find_runs  # noqa: E402
from models.reporting.score_cache import ScoreCache, mean_without  # noqa: E402
from models.reporting.sections import main_runs  # noqa: E402
from models.reporting.tables import TablesSettings, tables  # noqa: E402
from models.training.config import settings_of  # noqa: E402
from models.training.log import TrainLog  # noqa: E402

SENSORS = [name for name in shipped() if name.endswith(":sensor")]


@pytest.fixture
def data(make_folder) -> Path:
    return make_folder("val", count=3, low=True)


@pytest.fixture
def make_run(tmp_path, tiny_checkpoint):
    """A run's files as training leaves them; the network is a small one, its figures are real."""

    def make(name: str, preset: str, steps: int, **overrides) -> Path:
        folder = tmp_path / "runs" / name
        folder.mkdir(parents=True)
        changes = {"data": ["d/train"], "output": str(folder), "steps": steps, "recipe.crop_px": 64}
        settings = settings_of(preset, changes, overrides.items())
        (folder / "settings.json").write_bytes(msgspec.json.encode(settings))
        net, _ = checkpoint.load(tiny_checkpoint)
        with torch.no_grad():  # each run's weights are its own
            net.constant.add_(len(list((tmp_path / "runs").iterdir())))
        facts = {"step": steps - 1, "epoch": 2.5}
        checkpoint.save(folder / "best.safetensors", net, "benchmark x8", facts)
        log = TrainLog(folder / "log.csv")
        log.add({"step": steps, "epoch": 3.0, "seconds": 90.0, "train_db": 20.5, "train_ssim": 0.7})
        return folder

    return make


def test_a_run_of_another_program_is_named(make_run, tmp_path):
    folder = make_run("odd", "fast", 40)
    stored = folder / "settings.json"
    stored.write_text(stored.read_text().replace('"rmse"', '"wasserstein"'))
    with pytest.raises(ModelError, match=r"odd/settings.json: not the settings of a run: .*pixel"):
        find_runs(tmp_path / "runs")
    stored.write_bytes(stored.read_bytes().replace(b'"wasserstein"', b'"\xcc"'))
    with pytest.raises(ModelError, match=r"odd/settings.json: not the settings of a run"):
        find_runs(tmp_path / "runs")


def test_runs_say_what_they_are(make_run, tmp_path):
    make_run("b0", "paper", 40, **{"loss.beta": 0})
    make_run("mae", "paper", 40, **{"loss.beta": 0, "loss.pixel": "mae"})
    (tmp_path / "runs" / "begun").mkdir()
    first, second = find_runs(tmp_path / "runs")
    assert (first.name, first.beta, first.complete) == ("b0", 0.0, True)
    assert (first.step, first.epoch, first.minutes, first.train) == (39, 2.5, 1.5, (20.5, 0.7))
    assert second.differences == {"loss.beta": 0.0, "loss.pixel": "mae"}
    assert second.label == "paper, beta 0, pixel mae"
    assert second.command == (
        "corefusion train --preset paper --data D/d/train --crop 64 --steps 40 --seed 1 "
        "--set loss.beta=0 --set loss.pixel=mae --output runs/mae"
    )


def test_the_longest_run_of_a_beta_speaks_for_it(make_run, tmp_path):
    make_run("short", "paper", 10, **{"loss.beta": 0})
    make_run("long", "paper", 50, **{"loss.beta": 0})
    make_run("other", "paper", 90, **{"loss.beta": 0, "loss.pixel": "mae"})
    make_run("plus", "paper+", 50)
    assert [run.name for run in main_runs(find_runs(tmp_path / "runs"))] == ["long", "plus"]


def test_the_page(make_run, data, tmp_path):
    make_run("b0", "paper", 50, **{"loss.beta": 0})
    make_run("s-b0", "paper", 10, **{"loss.beta": 0})
    make_run("s-mae", "paper", 10, **{"loss.beta": 0, "loss.pixel": "mae"})
    make_run("s-plus", "paper+", 10)
    make_run("s-no-residual", "paper+", 10, **{"network.residual": False})
    output = tmp_path / "docs" / "results.md"
    bench = tmp_path / "bench.json"
    row = {"model": "paper", "engine": "torch", "precision": "f32", "latency_ms": {"p50": 700.0}}
    bench.write_text(json.dumps({"rows": [row]}))
    settings = TablesSettings(tmp_path / "runs", data, output, bench, ("001_01",))
    said: list[str] = []
    made = {table.title: table for table in tables(settings, said.append)}

    beta = made["Weight of the contrastive loss (the paper's table 1)"]
    weights = tmp_path / "runs" / "b0" / "best.safetensors"
    report = evaluate(EvaluateSettings(data, str(weights), precision="f32"))
    assert beta.rows[0] == (
        "0", "", "", "20.500", "0.7000", f"{report['psnr_db']:.3f}", f"{report['ssim']:.4f}",
        "2.5", "50",
    )  # fmt: skip
    assert beta.rows[1] == ("0.001", *[""] * 8), "what was not run stays empty"
    assert beta.rows[4][1:3] == ("28.039", "0.8322")

    claims = made["The paper's claims: MSE, Tanh"]
    assert [row[0] for row in claims.rows] == ["paper, beta 0", "paper, beta 0, pixel mae"]
    ablation = made["What paper+ adds, taken out one at a time"]
    assert [row[0] for row in ablation.rows] == [
        "paper+",
        "paper+, residual false",
        "paper, beta 0",
    ]
    overview = next(iter(made.values()))
    assert ("700.0 (torch f32)") in {row[-1] for row in overview.rows}

    noisy = made["As a sensor sees them"]
    assert [row[0] for row in noisy.rows] == [
        "bilinear",
        "paper, beta 0",
        "paper+, beta 0",
        *SENSORS,
    ]
    settled = EvaluateSettings(data, "bilinear", degradation="sensor-noisy")
    found = evaluate(settled)
    assert found["recipe"] == 2
    assert noisy.rows[0][3] == noisy.rows[0][4] == f"{found['psnr_db']:.2f} / {found['ssim']:.3f}"

    text = output.read_text()
    assert "## When an input is bad" in text
    assert "have not converged" in text
    assert json.loads(output.with_suffix(".json").read_text())[0]["title"] == overview.title
    picture = cv2.imread(str(output.with_suffix(".jpg")))
    assert picture.shape[0] == 480

    said.clear()
    tables(settings, said.append)
    assert all(line.startswith("drawing") for line in said), "nothing is evaluated twice"


def test_figures_follow_the_weights(make_run, data, tmp_path, tiny_checkpoint):
    weights = make_run("b0", "paper", 50) / "best.safetensors"
    said: list[str] = []
    scores = ScoreCache(data, tmp_path / "figures.json", said.append)
    scores.score(str(weights))
    ScoreCache(data, tmp_path / "figures.json", said.append).score(str(weights))
    assert len(said) == 1
    weights.write_bytes(tiny_checkpoint.read_bytes())
    scores.score(str(weights))
    assert len(said) == 2


def test_rounding_scores_the_same_pictures(tiny_checkpoint, data):
    scores = rounded_scores(tiny_checkpoint, data)
    floats, rounded, truncated = scores.values()
    report = evaluate(EvaluateSettings(data, str(tiny_checkpoint), engine="torch"))
    assert rounded[0] == pytest.approx(report["psnr_db"], abs=2e-3)
    assert abs(floats[0] - rounded[0]) < 0.05
    assert truncated != rounded


def test_a_mean_without_some():
    rows = [
        {"name": n, "psnr_db": p, "ssim": p / 100} for n, p in (("a", 10), ("b", 20), ("c", 60))
    ]
    assert mean_without(rows, ["c", "not there"]) == pytest.approx((15, 0.15))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"output": Path("results.txt")}, "wanted a name ending in .md"),
        ({"runs": Path("nowhere")}, "nowhere: no such folder of runs"),
        ({"bench": Path("nowhere.json")}, "not a report of corefusion bench"),
        ({"images": ("999_99",)}, "no image 999_99"),
    ],
)
def test_bad_input(data, tmp_path, change, message):
    (tmp_path / "runs").mkdir()
    given = {"runs": tmp_path / "runs", "data": data, "output": tmp_path / "r.md", **change}
    with pytest.raises(ModelError, match=message):
        tables(TablesSettings(**given), lambda line: None)


@pytest.mark.parametrize("thermal", ["noise:4", "blur:1"])
def test_a_poor_thermal_picture_scores_lower(data, thermal):
    settings = EvaluateSettings(data, "bilinear", thermal=thermal)
    report, clean = evaluate(settings), evaluate(EvaluateSettings(data, "bilinear"))
    assert report["thermal"] == thermal
    assert report["psnr_db"] < clean["psnr_db"] - 0.1
    assert evaluate(settings) == report, "noise is drawn alike every time"


@pytest.mark.parametrize("thermal", ["noise", "noise:x", "blur:0", "fog:1", "blur:nan"])
def test_thermal_faults_there_are_not(data, thermal):
    with pytest.raises(ModelError, match="thermal: wanted own, noise:SIGMA or blur:SIGMA"):
        evaluate(EvaluateSettings(data, "bilinear", thermal=thermal))


def test_unrounded_scores_see_fractions():
    import numpy as np

    truth = np.full((20, 20), 100.0)
    assert metrics.unrounded(truth + 0.25, truth)[0] == pytest.approx(60.17, abs=0.01)
    assert metrics.psnr_db(truth + 0.25, truth) == float("inf")
