"""Training on pairs, thermal pictures and videos beside one another."""

import math

import cv2
import msgspec
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from models.data.augmentation_config import Composites, GuideGeometry  # noqa: E402
from models.errors import ModelError  # noqa: E402
from models.training.feeding.batches import make_batch  # noqa: E402
from models.training.feeding.sources import load_sources  # noqa: E402
from models.training.train import train  # noqa: E402
from tests.support.scenes import scene, write_thermal  # noqa: E402
from tests.support.training_runs import Notes, StopAfter, resumed_equals, weights  # noqa: E402

replace = msgspec.structs.replace

pytestmark = pytest.mark.usefixtures("undrawn")


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
