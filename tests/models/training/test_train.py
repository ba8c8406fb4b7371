import json
import math
import shutil
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from models import checkpoint  # noqa: E402
from models.data.augmentation_config import (  # noqa: E402
    AugmentationConfig,
    Composites,
    GuideGeometry,
)
from models.errors import ModelError  # noqa: E402
from models.training.config import TrainSettings, settings_of  # noqa: E402
from models.training.feeding.batches import make_batch, steps_per_epoch  # noqa: E402
from models.training.feeding.sources import load_sources  # noqa: E402
from models.training.log import COLUMNS, read_log  # noqa: E402
from models.training.losses.criterion import Criterion  # noqa: E402
from models.training.train import train  # noqa: E402
from tests.support.narrow_network import narrow_network  # noqa: E402
from tests.support.scenes import scene, write_folder, write_thermal, write_video  # noqa: E402

SMALL = {
    "widths": [24, 24, 32],
    "visible_blocks": [1, 1, 1],
    "thermal_blocks": [0, 1, 1],
    "decoder_blocks": [1, 1, 1],
}
QUICK = AugmentationConfig(crop_px=64, scales=(4, 8), scale_weights=(0.5, 0.5))
replace = msgspec.structs.replace


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> TrainSettings:
    """A run of six steps that has been made; tests only look at it."""
    folder = tmp_path_factory.mktemp("finished")
    settings = TrainSettings(
        preset="fast",
        data=(str(write_folder(folder / "set", 4)),),
        output=str(folder / "run"),
        steps=6,
        batch=2,
        threads=1,
        warm_up_steps=2,
        save_seconds=1e9,
        network=SMALL,
        recipe=QUICK,
    )
    train(settings)
    return settings


@pytest.fixture
def settings(finished, tmp_path) -> TrainSettings:
    """Those of the finished run, for one of a test's own."""
    return replace(finished, output=str(tmp_path / "run"))


@pytest.fixture(scope="module")
def finished_paper(tmp_path_factory) -> TrainSettings:
    """A run of the paper's preset, four steps in two epochs, of a narrow network."""
    folder = tmp_path_factory.mktemp("paper")
    changes = {
        "data": [str(write_folder(folder / "set", 5, 96, 96, low=True))],
        "output": str(folder / "paper"),
        "epochs": 2,
        "batch": 2,
        "threads": 1,
        "recipe.crop_px": 64,
        "save_seconds": 1e9,
    }
    settings = settings_of("paper", changes)
    with narrow_network():
        train(settings)
    return settings


@pytest.fixture
def paper(finished_paper, tmp_path) -> TrainSettings:
    """Its settings, for a run of a test's own."""
    return replace(finished_paper, output=str(tmp_path / "paper"))


def weights(path):
    return checkpoint.load(path)[0].state_dict()


def same(first, second) -> bool:
    return all(torch.equal(value, second[name]) for name, value in first.items())


class StopAfter:
    """Asks a run to stop once it has made so many steps."""

    def __init__(self, steps):
        self.left = steps

    def on_read(self, words):
        pass

    def on_source(self, line):
        pass

    def on_step(self, progress, words):
        self.left -= 1

    def on_save(self, line):
        pass

    def stop_requested(self):
        return self.left <= 0


class Notes:
    """Writes down what a run tells."""

    def __init__(self):
        self.progress, self.lines, self.read, self.sources = [], [], [], []

    def on_read(self, words):
        self.read.append(words)

    def on_source(self, line):
        self.sources.append(line)

    def on_step(self, progress, words):
        self.progress.append(progress)

    def on_save(self, line):
        self.lines.append(line)

    def stop_requested(self):
        return False


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


def resumed_equals(straight, cut, steps):
    facts = train(cut, observer=StopAfter(3))
    assert (facts["step"], facts["stopped"]) == (3, True)
    facts = train(cut, resume=True)
    assert (facts["step"], facts["stopped"]) == (steps, False)
    first, second = (weights(Path(s.output) / "last.safetensors") for s in (straight, cut))
    assert same(first, second)
    for step, row in enumerate(read_log(Path(straight.output) / "log.csv")):
        assert row["step"] > 0, step


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


@pytest.fixture
def mixed(settings, make_folder, tmp_path) -> TrainSettings:
    """Pairs beside thermal pictures and a thermal video, of other sizes."""
    thermal = write_thermal(tmp_path / "alone", 3, 144, 128)
    video = write_video(tmp_path / "videos" / "a.mp4", (5, 6, 7), 10, 10, rows=112, columns=176)
    return replace(settings, data=(*settings.data, str(thermal), str(video.parent)))


def test_pictures_without_a_partner_teach_beside_pairs(mixed, tmp_path):
    notes = Notes()
    train(replace(mixed, weights=(1.0, 0.5, 4.0)), observer=notes)
    shares = [2 * 1.0, 0.5 * math.sqrt(3), 4 * math.sqrt(3)]
    words = ["4 pairs", "3 thermal pictures", "3 frames of thermal videos"]
    for line, share, said in zip(notes.sources, shares, words, strict=True):
        assert f": {said}, 0 held out, 0 MiB, {share / sum(shares):.1%} of samples" in line
    assert any("video 1 of 1" in words for words in notes.read)
    names = [line.split("\t")[1] for line in (tmp_path / "run/files.txt").read_text().splitlines()]
    assert names[4:] == ["000", "001", "002", "a@0.00", "a@1.00", "a@2.00"]
    sources = load_sources(replace(mixed, weights=(1.0, 0.5, 4.0)))
    drawn = [n for step in range(300) for n in make_batch(sources, mixed, step).names]
    assert sum("@" in name for name in drawn) / len(drawn) == pytest.approx(
        shares[2] / sum(shares), abs=0.06
    )


def test_a_mixed_run_goes_on_as_if_it_had_not_been_cut(mixed, tmp_path):
    mixed = replace(mixed, weights=(1.0, 3.0, 3.0))  # some batches have no guide at all
    sources = load_sources(mixed)
    guides = [make_batch(sources, mixed, step).guide is None for step in range(6)]
    assert set(guides) == {True, False}
    straight = replace(mixed, output=str(tmp_path / "straight"))
    train(straight)
    resumed_equals(straight, mixed, 6)


def test_pictures_without_a_partner_alone_leave_the_visible_branch_as_it_is(mixed, tmp_path):
    settings = replace(mixed, data=mixed.data[1:], average=0.0, optimiser="adam", clip=0.0)
    nets = []
    for steps in (1, 4):
        output = tmp_path / str(steps)
        train(replace(settings, steps=steps, output=str(output)))
        nets.append(weights(output / "last.safetensors"))
    moved = {k for k, v in nets[0].items() if not torch.equal(v, nets[1][k])}
    assert any(name.startswith("thermal.") for name in moved)
    assert not any(name.startswith("visible.") for name in moved), "its norms included"


def test_a_run_with_every_switch_on_goes_on_as_if_it_had_not_been_cut(mixed, tmp_path):
    recipe = msgspec.structs.replace(
        mixed.recipe,
        geometry=GuideGeometry(0.5, 8, 0.5, 0.02, 0.5, 1, 0.5, 6, 0.5, 6),
        composites=Composites(pasted=0.3, alpha=0.2, mixup=0.2, cutblur=0.3),
        visible_as_thermal=0.2,
    )
    straight = replace(mixed, recipe=recipe, output=str(tmp_path / "straight"))
    notes = Notes()
    train(straight, observer=notes)
    assert notes.sources[-1].startswith("guides moved: ")
    resumed_equals(straight, replace(mixed, recipe=recipe), 6)
    sources = load_sources(mixed)
    names = {n for step in range(40) for n in make_batch(sources, straight, step).names}
    assert any("+" in name for name in names)
    for made in (name.split("+") for name in names if "+" in name):
        assert ("@" in made[0]) == ("@" in made[1]), "of one folder"


def test_held_out_pictures_without_a_partner_have_figures_of_their_own(settings, tmp_path):
    thermal = write_thermal(tmp_path / "alone", 26)
    facts = train(replace(settings, data=(*settings.data, str(thermal)), steps=2))
    assert {"sensor_alone_db", "sensor_alone_bilinear_db"} <= set(facts)
    assert "sensor_both_db" not in facts, "of four pairs none is held out"
    assert (tmp_path / "run" / "best.safetensors").exists()


def test_16_bit_pictures_are_taken_and_judged_in_levels(settings, tmp_path):
    folder = tmp_path / "deep"
    folder.mkdir()
    for index in range(26):
        counts = scene(index)[1].astype(np.uint16) * 3 + 7000
        cv2.imwrite(str(folder / f"{index:03d}.png"), counts)
    facts = train(replace(settings, data=(str(folder),), steps=1))
    assert 15 < facts["sensor_alone_bilinear_db"] < 40


def test_a_run_can_be_stopped_while_it_reads(mixed):
    with pytest.raises(ModelError, match="stopped while reading set: 1 of 4; nothing was trained"):
        train(mixed, observer=StopAfter(0))


def test_small_pictures_are_left_out_and_counted(settings, tmp_path):
    thermal = write_thermal(tmp_path / "alone", 3)
    cv2.imwrite(str(thermal / "z.png"), scene(0, 64, 160)[1])
    notes = Notes()
    train(replace(settings, data=(str(thermal),), steps=1), observer=notes)
    assert notes.sources[0].endswith("; left out: 1 smaller than 96 pixels a side")


def test_thermal_alone_has_nothing_to_contrast(paper, tmp_path):
    thermal = write_thermal(tmp_path / "alone", 3, 96, 96)
    with pytest.raises(ModelError, match="alone: thermal pictures without a visible one"):
        train(replace(paper, data=(*paper.data, str(thermal))))


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"geometry": GuideGeometry(parallax=0.1)}, "recipe.geometry"),
        ({"visible_as_thermal": 1.0}, "recipe.visible_as_thermal"),
    ],
)
def test_switches_of_visible_pictures_want_some(mixed, change, name):
    alone = replace(mixed, data=mixed.data[1:], recipe=replace(mixed.recipe, **change))
    with pytest.raises(ModelError) as error:
        train(alone)
    assert str(error.value) == f"{name}: wanted a folder of pairs, got thermal pictures alone"


def test_a_teacher_wants_pictures_that_it_speaks_for(settings, tiny_checkpoint):
    with pytest.raises(ModelError, match="teacher: wanted a folder with a thermal_lr of its own"):
        train(replace(settings, teacher=str(tiny_checkpoint)))


@pytest.mark.usefixtures("narrow")
def test_the_papers_network_learns_from_thermal_alone(paper, tmp_path):
    thermal = write_thermal(tmp_path / "alone", 2, 96, 96)
    loss = msgspec.structs.replace(paper.loss, beta=0.0)
    settings = replace(paper, data=(str(thermal),), loss=loss, epochs=1)
    assert train(settings)["step"] == 1


def test_a_teacher_leads_the_pairs_of_the_benchmark(settings, make_folder, tiny_checkpoint):
    data = (str(make_folder("low", count=2, low=True)), str(make_folder("high", count=2)))
    distilled = replace(settings, data=data, teacher=str(tiny_checkpoint), teacher_share=1.0)
    assert [
        [pair.soft_target is not None for pair in source.train]
        for source in load_sources(distilled)
    ] == [
        [True, True],
        [False, False],
    ]
    train(distilled)


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
