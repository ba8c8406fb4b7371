"""What release 0.1.0 wrote opens as it did: weights, tables of int8 ranges, runs, kept scores.

`tests/data/0.1/models` was written by the code at commit 95ff6a4 and is never made anew:

tiny.safetensors, tiny.int8.json   a real-time network of random weights, norms lived in, as
                                   `corefusion export-model --precision int8` wrote it
answers.npz                        what 0.1.0's OpenVINO engine gave in f32 for `base` and `guide`
                                   at 32x48 in each mode, and its predictor for `thermal` at 64x96
                                   (which knew no bounds of readings)
pairs/                             three made pairs with their low resolution
run/, resumed.csv                  a run on them of `corefusion train --preset fast`, stopped after
                                   four of six steps, and its log after `--resume` (the settings
                                   are in the file; paths cut short)
paper-settings.json, -facts.json   those of one step of `--preset paper+`, most switches turned
paper-rows.json                    log rows of two steps of `--preset paper` on the pairs (batch 2,
                                   crop 64, one thread), for each kind of views
runs.json                          the two runs as the tables of 0.1.0 described them
figures.json                       scores of tiny.safetensors kept by `corefusion tables`

Figures are held within what another CPU may round otherwise; names and keys exactly.
"""

import gzip
import json
import shutil
from pathlib import Path

import msgspec
import numpy as np
import pytest

from models import checkpoint
from models.engines.engine import GuideHandle
from models.engines.graphs.quantization import read_table, table_path
from models.engines.openvino import OpenVinoEngine, precisions_of
from models.engines.spec import EngineSpec, Precision
from models.inference.predictor import PredictorSettings, build_predictor
from models.training.config import TrainSettings, check_same_run, settings_of
from tests.support.paths import ROOT

OLD = ROOT / "tests" / "data" / "0.1" / "models"
WEIGHTS = OLD / "tiny.safetensors"
MODES = {"both": (True, True), "thermal_only": (True, False), "visible_only": (False, True)}

TINY_RUN = settings_of(
    "fast",
    {
        "data": ["pairs/train"],
        "output": "runs/tiny",
        "steps": 6,
        "recipe.crop_px": 64,
        "seed": 7,
        "threads": 1,
    },
    {
        "batch": 2,
        "precision": "f32",
        "warm_up_steps": 2,
        "save_seconds": 0.0,
        "network.widths": [4, 4, 4],
        "network.visible_blocks": [0, 0, 1],
        "network.thermal_blocks": [0, 0, 1],
        "network.decoder_blocks": [1, 1, 1],
        "recipe.spoiled": 0.25,
        "recipe.no_visible": 0.1,
        "loss.ssim": 0.2,
    }.items(),
)


@pytest.fixture(scope="module")
def answers():
    with np.load(OLD / "answers.npz") as stored:
        return dict(stored)


@pytest.fixture
def runs(tmp_path) -> Path:
    """A folder of the two runs, writable."""
    shutil.copytree(OLD / "run", tmp_path / "runs" / "tiny")
    state = tmp_path / "runs" / "tiny" / "state.pt"
    packed = state.with_suffix(".pt.gz")
    state.write_bytes(gzip.decompress(packed.read_bytes()))
    packed.unlink()
    paper = tmp_path / "runs" / "paper"
    paper.mkdir()
    shutil.copy(OLD / "paper-settings.json", paper / "settings.json")
    # The paper's network is too large to keep: any weights tell step and epoch.
    shutil.copy(OLD / "run" / "last.safetensors", paper / "last.safetensors")
    return tmp_path / "runs"


@pytest.fixture
def pairs(tmp_path) -> Path:
    return Path(shutil.copytree(OLD / "pairs", tmp_path / "pairs" / "train"))


def test_a_checkpoint_tells_what_it_told():
    facts = checkpoint.read_facts(WEIGHTS)
    assert (facts.family, facts.degradation) == ("realtime", "benchmark x8")
    assert facts.config == {
        "widths": [8, 8, 16],
        "visible_blocks": [1, 0, 1],
        "thermal_blocks": [0, 1, 1],
        "decoder_blocks": [1, 1, 1],
        "details": 1,
        "samples": True,
    }
    stored = facts.training.pop("settings")
    assert facts.training == {
        "preset": "fast", "step": 4, "minutes": 0.1, "parameters": 22378, "macs_640x480": 213163200,
    }  # fmt: skip
    assert msgspec.convert(stored, TrainSettings) == msgspec.structs.replace(
        TINY_RUN, output="tiny"
    )


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("engine", ["openvino", "torch"])
def test_a_checkpoint_gives_the_picture_it_gave(engine, mode, answers):
    spec = EngineSpec(WEIGHTS, precision=Precision.F32, canvas=(32, 48))
    if engine == "torch":
        engine_of = pytest.importorskip("models.engines.torch").TorchEngine
    else:
        engine_of = OpenVinoEngine
    with_base, with_guide = MODES[mode]
    picture = engine_of(spec).infer(
        answers["base"] if with_base else None,
        GuideHandle(answers["guide"]) if with_guide else None,
    )
    assert np.abs(picture - answers[mode]).max() < 1e-3  # of a span of 1 to 3


def test_a_predictor_gives_the_counts_it_gave(answers, tmp_path):
    settings = PredictorSettings(
        model=str(WEIGHTS), engine="openvino", precision="f32", threads=1, canvas=(64, 96),
        cache_dir=str(tmp_path), bounded=False,
    )  # fmt: skip
    predicted = build_predictor(settings).predict(answers["thermal"], answers["guide"]).pixels
    assert predicted.dtype == answers["predicted"].dtype
    assert np.abs(predicted.astype(int) - answers["predicted"]).max() <= 1


def test_its_table_of_int8_ranges_is_that_of_its_weights(answers):
    table = read_table(table_path(WEIGHTS))
    assert table.weights_sha256 == checkpoint.sha256(WEIGHTS)
    assert precisions_of(WEIGHTS)[0] == "int8"
    assert table.kept == (
        "thermal.stage4.convolutions.0", "decoder.head", "detail", "detail.gain.0", "detail.sum.0",
        "samples.base", "samples.beyond", "samples.picture", "samples.spread", "samples.missed",
        "samples.sum",
    )  # fmt: skip
    from models.engines.graphs.builder import build_graph

    # Every range and every exception is found in a graph as it is built now.
    names = {n.get_friendly_name() for n in build_graph(WEIGHTS, "both", (32, 48)).get_ops()}
    assert {*table.ranges, *table.kept} <= names
    engine = OpenVinoEngine(EngineSpec(WEIGHTS, precision=Precision.INT8, canvas=(32, 48)))
    picture = engine.infer(answers["base"], GuideHandle(answers["guide"]))
    error = np.sqrt(np.mean((picture - answers["both"]) ** 2))
    assert error < 0.1 * answers["both"].std()


def test_settings_of_a_run_are_read_and_written_alike():
    stored = json.loads((OLD / "run" / "settings.json").read_text())
    assert msgspec.convert(stored, TrainSettings) == TINY_RUN
    # Later releases have more settings; those of then are written as they were.
    assert _of_then(msgspec.to_builtins(TINY_RUN), stored) == _with_tuples(stored)
    paper = json.loads((OLD / "paper-settings.json").read_text())
    assert msgspec.convert(paper, TrainSettings) == settings_of(
        "paper+",
        {"data": ["pairs/train"], "output": "runs/paper", "steps": 1, "loss.beta": 0.01},
        {
            "threads": 2,
            "batch": 2,
            "recipe.crop_px": 64,
            "network.activation": "relu",
            "loss.views": "augmentations",
            "loss.pixel": "mae",
        }.items(),
    )


def test_a_checkpoint_of_the_papers_network_is_still_described():
    pytest.importorskip("torch", reason="PyTorch is not installed")
    from models.networks.corefusion import CoreFusionConfig

    facts = msgspec.json.decode((OLD / "paper-facts.json").read_bytes(), type=checkpoint.Facts)
    assert msgspec.convert(facts.config, CoreFusionConfig) == CoreFusionConfig("relu", True)
    settings = msgspec.convert(facts.training["settings"], TrainSettings)
    assert (settings.preset, settings.loss.beta, settings.output) == ("paper+", 0.01, "paper")


def test_runs_make_the_rows_of_tables_that_they_made(runs):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    from models.reporting.runs import find_runs

    told = [
        {
            "name": run.name,
            "label": run.label,
            "command": run.command,
            "step": run.step,
            "epoch": run.epoch,
            "steps": run.steps,
            "minutes": run.minutes,
            "complete": run.complete,
            "differences": run.differences,
            "train": run.train,
        }
        for run in find_runs(runs)
    ]
    assert json.loads(json.dumps(told)) == json.loads((OLD / "runs.json").read_text())


def test_kept_scores_are_found_again(tmp_path):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    from models.reporting.score_cache import ScoreCache

    kept = tmp_path / "figures.json"
    shutil.copy(OLD / "figures.json", kept)
    made: list[str] = []
    # Only the folder's last two names count: its pictures are not there to be scored again.
    scores = ScoreCache(tmp_path / "set" / "val", kept, made.append)
    assert scores.score(str(WEIGHTS)) == pytest.approx((10.386285, 0.0310292), abs=1e-6)
    assert scores.score(str(WEIGHTS), missing="visible")[0] == pytest.approx(15.110763, abs=1e-6)
    assert set(scores.rounding(WEIGHTS)) == {
        "floats",
        "integers, rounded (`integer`)",
        "integers, truncated (the official notebook)",
    }
    assert made == []


@pytest.mark.usefixtures("undrawn")
def test_a_run_is_resumed_and_goes_on_as_it_did(runs, pairs):
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    pytest.importorskip("torch", reason="PyTorch is not installed")
    from models.training.log import read_log
    from models.training.train import train

    folder = runs / "tiny"
    before = read_log(folder / "log.csv")
    settings = msgspec.structs.replace(TINY_RUN, data=(str(pairs),), output=str(folder))
    check_same_run(folder / "settings.json", settings)
    facts = train(settings, resume=True)
    assert (facts["step"], facts["stopped"]) == (6, False)
    rows, wanted = read_log(folder / "log.csv"), read_log(OLD / "resumed.csv")
    assert rows[:4] == before, "rows of before stay as they were"
    assert _losses(rows) == pytest.approx(_losses(wanted), rel=1e-3)
    assert (folder / "files.txt").read_text().split("\t")[-1] == "002_01\n"


@pytest.mark.usefixtures("undrawn")
def test_a_seed_makes_the_run_it_made(pairs, tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    pytest.importorskip("torch", reason="PyTorch is not installed")
    from models.training.log import read_log
    from models.training.train import train

    output = tmp_path / "again"
    then = {"sampling": "blurred", "noise": "plain"}  # there was nothing else
    recipe = msgspec.structs.replace(TINY_RUN.recipe, **then)
    train(msgspec.structs.replace(TINY_RUN, data=(str(pairs),), output=str(output), recipe=recipe))
    rows, wanted = read_log(output / "log.csv"), read_log(OLD / "resumed.csv")
    assert [set(row) for row in rows] == [set(row) for row in wanted]
    for key in ("rate", "loss", "pixel", "train_db", "train_ssim"):
        found = [row[key] for row in rows if key in row]
        assert found == pytest.approx([row[key] for row in wanted if key in row], rel=1e-3), key


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("views", ["modalities", "augmentations"])
def test_the_papers_loss_is_what_it_was(views, pairs, tmp_path, monkeypatch):
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    pytest.importorskip("torch", reason="PyTorch is not installed")
    from models.training.log import read_log
    from models.training.state import TrainingState
    from models.training.train import train

    # Half a gigabyte that nobody goes on from.
    monkeypatch.setattr(TrainingState, "save", lambda state, path: None)
    settings = settings_of(
        "paper",
        {"data": [str(pairs)], "output": str(tmp_path / "run"), "steps": 1, "threads": 1},
        {"batch": 2, "recipe.crop_px": 64, "loss.views": views}.items(),
    )
    train(settings)
    row = read_log(tmp_path / "run" / "log.csv")[0]
    wanted = json.loads((OLD / "paper-rows.json").read_text())[views][0]
    del row["seconds"], wanted["seconds"]
    assert row == pytest.approx(wanted, rel=1e-3)


def _losses(rows) -> list[float]:
    return [row["loss"] for row in rows if "loss" in row]


def _of_then(tree, stored):
    """Of a tree of settings what `stored` has as well."""
    if not isinstance(tree, dict):
        return tree
    return {key: _of_then(tree[key], inner) for key, inner in stored.items()}


def _with_tuples(tree):
    """Lists as the tuples that msgspec keeps, but for a network's configuration, plain values."""
    network = tree["network"]

    def plain(value):
        if isinstance(value, list):
            return tuple(plain(item) for item in value)
        return {k: plain(v) for k, v in value.items()} if isinstance(value, dict) else value

    return {**plain(tree), "network": network}
