import json
import shutil
from pathlib import Path

import msgspec
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from models import checkpoint  # noqa: E402
from models.data.augmentation_config import AugmentationConfig  # noqa: E402
from models.errors import ModelError  # noqa: E402
from models.training.feeding.batches import make_batch, steps_per_epoch  # noqa: E402
from models.training.feeding.sources import load_sources  # noqa: E402
from models.training.log import COLUMNS, read_log  # noqa: E402
from models.training.losses.criterion import Criterion  # noqa: E402
from models.training.train import train  # noqa: E402
from tests.support.training_runs import Notes, StopAfter, resumed_equals, same, weights  # noqa: E402

replace = msgspec.structs.replace

pytestmark = pytest.mark.usefixtures("undrawn")
"""Of the tests' own runs; those that are finished before have their curves."""


def test_training_lowers_the_loss_on_a_batch_never_drawn(settings, tmp_path):
    batch = make_batch(load_sources(settings), settings, 10_000)
    base, guide, target, present = (
        torch.from_numpy(a) for a in (batch.base, batch.guide, batch.target, batch.present)
    )
    found = []
    for steps in (5, 40):
        output = tmp_path / str(steps)
        train(replace(settings, steps=steps, learning_rate=3e-3, average=0.95, output=str(output)))
        net, facts = checkpoint.load(output / "last.safetensors")
        assert facts.training["step"] == steps
        with torch.inference_mode():
            output = net(base, guide, present)
            found.append(float(Criterion(settings.loss)(output, target)[0]))
    assert found[1] < 0.75 * found[0], found


def test_a_resumed_run_equals_one_that_was_not_cut(finished, settings):
    resumed_equals(finished, settings, 6)


@pytest.mark.usefixtures("narrow")
def test_so_does_one_of_the_papers_preset(finished_paper, paper):
    resumed_equals(finished_paper, paper, 4)


@pytest.mark.parametrize("precision", ["f32", "bf16"])
def test_passes_in_half_precision_keep_full_weights(settings, precision, tmp_path):
    settings = replace(settings, precision=precision, output=str(tmp_path / precision))
    train(settings)
    state = torch.load(tmp_path / precision / "state.pt", weights_only=True)
    floating = [t for t in state["net"].values() if t.is_floating_point()]
    assert floating
    assert all(t.dtype == torch.float32 and torch.isfinite(t).all() for t in floating)


def test_a_killed_run_goes_on_from_its_last_save(finished, settings, tmp_path):
    """State and log from different moments: rows the state does not know are taken out."""
    log = tmp_path / "run" / "log.csv"
    train(settings, observer=StopAfter(3))
    state = (tmp_path / "run" / "state.pt").read_bytes()
    train(settings, resume=True, observer=StopAfter(2))
    assert [row["step"] for row in read_log(log)] == [3, 5]
    (tmp_path / "run" / "state.pt").write_bytes(state)
    train(settings, resume=True)
    lines = log.read_text().splitlines()[1:]
    assert all(line.partition(",")[0].isdigit() for line in lines), "kept rows as they were"
    assert [row["step"] for row in read_log(log)] == [3, 6]
    first, second = (weights(Path(s.output) / "last.safetensors") for s in (finished, settings))
    assert same(first, second)


@pytest.mark.usefixtures("narrow")
def test_the_papers_preset_end_to_end(finished_paper):
    paper = finished_paper
    folder = Path(paper.output)
    loaded, stored = checkpoint.load(folder / "last.safetensors")
    assert loaded.family == "corefusion"
    # five pairs, batches of two, one left out
    assert (stored.training["step"], stored.training["epoch"]) == (4, 2)
    assert stored.training["settings"]["loss"]["beta"] == 1
    assert stored.training["settings"]["data"] == ["/".join(paper.data[0].split("/")[-2:])]
    assert json.loads((folder / "settings.json").read_text())["epochs"] == 2
    rows = read_log(folder / "log.csv")
    assert [row["epoch"] for row in rows] == [1, 2]
    assert all(row["contrastive"] > 0 for row in rows)
    assert (folder / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_every_pair_comes_once_an_epoch(paper):
    sources = load_sources(paper)
    steps = steps_per_epoch(sources, paper.batch)
    for epoch in range(3):
        names = [
            name
            for step in range(steps)
            for name in make_batch(sources, paper, epoch * steps + step).names
        ]
        assert len(set(names)) == len(names) == 4
    assert steps_per_epoch(sources, 4) == 1, "a batch of one pair is left out"
    assert steps_per_epoch(sources, 3) == 2


def test_whole_frames(paper):
    whole = replace(paper, recipe=msgspec.structs.replace(paper.recipe, crop_px=0))
    batch = make_batch(load_sources(whole), whole, 0)
    assert batch.base.shape == batch.target.shape == (2, 1, 96, 96)
    assert batch.present.min() == 1


def test_whole_frames_of_two_sizes_are_refused(paper, make_folder):
    other = make_folder("other", count=2, rows=96, columns=128, low=True)
    recipe = msgspec.structs.replace(paper.recipe, crop_px=0)
    mixed = replace(paper, data=(*paper.data, str(other)), recipe=recipe)
    with pytest.raises(ModelError, match="all be of one size: 000_01 is 96x96, 000_01 128x96"):
        train(mixed)


def test_a_run_lists_the_pictures_it_used(finished):
    run = Path(finished.output)
    lines = (run / "files.txt").read_text().splitlines()
    assert len(lines) == 4
    assert all("/val/" not in line and "/rig/" not in line for line in lines)
    assert (run / "log.csv").read_text().splitlines()[0] == ",".join(COLUMNS)


def test_weights_tell_no_paths(settings, tiny_checkpoint, tmp_path):
    train(replace(settings, init=str(tiny_checkpoint), network={}))
    _, facts = checkpoint.load(tmp_path / "run" / "last.safetensors")
    assert facts.training["settings"]["init"] == "/".join(tiny_checkpoint.parts[-2:])
    assert str(tmp_path) not in json.dumps(facts.training)


def test_the_development_split_stays_out_unless_asked_for(settings, make_folder, tmp_path):
    data = (str(make_folder("large", count=26)),)
    held = load_sources(replace(settings, data=data))[0]
    assert {p.name for p in held.train} & {p.name for p in held.dev} == set()
    assert [p.name for p in held.dev] == ["006_01", "014_01", "018_01"]
    whole = load_sources(replace(settings, data=data, hold_out=False))[0]
    assert (len(whole.train), len(whole.dev)) == (26, 0)
    facts = train(replace(settings, data=data))
    assert 0 < facts["sensor_both_db"] < facts["sensor_bilinear_db"]
    assert (tmp_path / "run" / "best.safetensors").exists()


def test_scoring_data_are_refused(settings, make_folder, tmp_path):
    folder = make_folder("val")
    with pytest.raises(ModelError, match="for scoring, never for training"):
        train(replace(settings, data=(str(folder),)))
    assert not (tmp_path / "run").exists()


def test_progress_and_saves_on_the_way(settings, tmp_path):
    notes = Notes()
    train(replace(settings, steps=3, save_seconds=0.0), observer=notes)
    assert len(notes.lines) == 4
    assert "ms/step" in notes.lines[0]
    assert notes.progress == pytest.approx([step / 3 for step in range(1, 4)])
    assert (tmp_path / "run" / "state.pt").exists()


def test_minutes_bound_a_run(settings):
    assert train(replace(settings, steps=None, minutes=0.002))["step"] >= 1


def test_a_second_run_does_not_overwrite_the_first(finished):
    with pytest.raises(ModelError, match="holds a run already"):
        train(finished)


def test_starting_from_a_checkpoint(settings, tiny_checkpoint, tmp_path):
    train(replace(settings, init=str(tiny_checkpoint), network={}, steps=1, learning_rate=0.0))
    before, after = weights(tiny_checkpoint), weights(tmp_path / "run" / "last.safetensors")
    for name, value in before.items():
        if name.endswith(("weight3", "weight1")):
            assert torch.allclose(value, after[name], atol=1e-6)


def test_a_loss_that_is_not_finite_stops_the_run_and_keeps_the_last_good_weights(
    settings, tmp_path
):
    wild = replace(settings, steps=400, learning_rate=1e12, clip=0.0, save_seconds=0.0)
    with pytest.raises(ModelError, match=r"step \d+: the loss is (nan|inf) on 00\d_01") as error:
        train(wild)
    assert "the last good weights are" in str(error.value)
    for value in weights(tmp_path / "run" / "last.safetensors").values():
        assert torch.isfinite(value).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"recipe": AugmentationConfig(crop_px=256)}, "no picture of at least 288 pixels"),
        ({"network": {"width": 3}}, "network: Object contains unknown field `width`"),
        ({"data": ()}, "wanted a data folder, got none"),
        ({"device": "cuda"}, "this PyTorch reaches no CUDA device"),
        ({"init": "nowhere.safetensors"}, "No such file"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(settings, change, message):
    if change.get("device") == "cuda" and torch.cuda.is_available():
        pytest.skip("there is a CUDA device")
    with pytest.raises(ModelError, match=message) as error:
        train(replace(settings, **change))
    assert "\n" not in str(error.value)


def test_resuming_needs_a_run(settings):
    with pytest.raises(ModelError, match="nothing to resume from"):
        train(settings, resume=True)


def test_a_damaged_state_is_refused(finished, settings, tmp_path):
    shutil.copytree(finished.output, settings.output)
    path = tmp_path / "run" / "state.pt"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(ModelError, match="cannot resume"):
        train(settings, resume=True)


def test_a_run_that_could_not_draw_its_curves_does_not_start(settings, monkeypatch, tmp_path):
    import importlib.util

    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "matplotlib" else found(name)
    )
    with pytest.raises(ModelError, match=r"matplotlib: pip install 'corefusion-live\[train\]'"):
        train(settings)
    assert not (tmp_path / "run").exists()
