import math

import msgspec
import pytest

from models.errors import ModelError
from models.training.config import PRESETS, TrainSettings, check_same_run, settings_of


def test_the_papers_recipe():
    paper = settings_of("paper", {"data": ["d"], "output": "o"})
    assert (paper.epochs, paper.batch, paper.optimiser, paper.learning_rate) == (
        500, 8, "adam", 1e-4,
    )  # fmt: skip
    loss = paper.loss
    assert (loss.pixel, loss.ssim, loss.psnr, loss.beta, loss.signed) == ("mse", 0.1, 0.1, 1, True)
    assert (paper.schedule, paper.average, paper.select) == ("constant", 0, "ssim")
    recipe = paper.recipe
    assert (recipe.crop_px, recipe.dihedral, recipe.benchmark) == (0, False, 1)
    assert recipe.no_visible == recipe.no_thermal == recipe.shifted == recipe.jitter == 0


def test_paper_plus_adds_what_it_lacks():
    plus = settings_of("paper+", {})
    assert plus.network == {"residual": True}
    assert plus.recipe.dihedral
    assert plus.recipe.no_visible > 0 < plus.recipe.crop_px
    assert plus.average > 0
    assert plus.loss.psnr == 0


def test_changes_by_option_and_by_path():
    settings = settings_of(
        "paper", {"loss.beta": 0.01, "recipe.crop_px": 128, "steps": 9, "epochs": None},
        [("recipe.dihedral", True), ("network.activation", "relu"), ("average", 0.9)],
    )  # fmt: skip
    assert (settings.loss.beta, settings.recipe.crop_px, settings.steps) == (0.01, 128, 9)
    assert settings.recipe.dihedral
    assert settings.network == {"activation": "relu"}
    assert (settings.epochs, settings.average) == (None, 0.9)
    assert PRESETS["paper"].loss.beta == 1, "a preset itself never changes"


@pytest.mark.parametrize("preset", PRESETS)
def test_settings_survive_json(preset):
    settings = settings_of(preset, {"data": ["a", "b"], "output": "o"})
    text = msgspec.json.encode(settings)
    assert msgspec.json.decode(text, type=TrainSettings) == settings


@pytest.mark.parametrize(
    ("preset", "changes", "overrides", "message"),
    [
        ("papr", {}, (), "preset: wanted paper, paper\\+, fast, quality, got 'papr'"),
        ("paper", {"loss.beta": -0.5}, (), "beta: wanted 0 or more, got -0.5"),
        ("paper", {"batch": 1}, (), "batch: wanted 1 or more, 2 or more with beta, got 1"),
        ("paper", {"steps": 3, "minutes": 1.0}, (), "steps and minutes exclude each other"),
        ("fast", {"loss.beta": 1.0}, (), "only the corefusion family has contrastive"),
        ("paper", {}, [("recipe.crop", 3)], r"no recipe\.crop; here are benchmark, comp"),
        (
            "paper",
            {},
            [("recipe.crop_px", "big")],
            "settings: recipe.crop_px: Expected `int`, got `str`$",
        ),
        ("paper", {}, [("recipe.crop_px", 8)], "crop_px: wanted 0 or 16 and more, got 8"),
        ("paper", {}, [("loss.pixel", "huber")], "Invalid enum value 'huber'"),
        ("paper", {}, [("seed.x", 1)], "seed has no fields"),
        ("paper+", {"recipe.crop_px": 0}, (), "dihedral: whole frames cannot be turned"),
        ("paper", {"recipe.resampled": 0.5}, (), "resampled: whole frames are taken as they are"),
        ("fast", {"data": ["a"], "weights": [1.0, 2.0]}, (), "wanted one for each of 1 folders"),
        ("fast", {"data": ["a"], "weights": [0.0]}, (), "weights: a: wanted above 0, got 0"),
        ("fast", {"data": ["a"], "weights": [math.inf]}, (), "wanted above 0, got inf"),
        ("paper", {"data": ["a"], "weights": [2.0]}, (), "weights want sampling=weighted"),
        ("fast", {"videos.alike": 2.0}, (), "alike: wanted above 0 and 1 at most"),
        ("paper", {"recipe.composites.mixup": 0.5}, (), "composites: whole frames are taken as"),
        ("fast", {"recipe.geometry.shifted": 2}, (), "shifted: wanted 0..1, got 2"),
        ("fast", {}, [("recipe.geometry.shift", 2)], r"no recipe\.geometry\.shift; here are para"),
        ("fast", {"recipe.visible_as_thermal": 2}, (), "visible_as_thermal: wanted 0..1, got 2"),
        ("fast", {"recipe.zoom": 0.5}, (), "zoom: wanted 1 or more, got 0.5"),
        ("fast", {"recipe.noisy": 3}, (), "train settings: recipe: noisy: wanted 0..1, got 3$"),
        ("fast", {"recipe.no_visible": -1}, (), "no_visible: wanted 0..1, got -1$"),
        ("fast", {"recipe.shift_px": -3}, (), "shift_px: wanted 0 or more, got -3"),
        ("fast", {"recipe.scales": [4, 32]}, (), r"scales: wanted some of 2\.\.16, got \[4, 32\]"),
        (
            "fast",
            {"recipe.scales": [4]},
            (),
            "scale_weights: wanted 1, one for each of scales, that",
        ),
        ("fast", {"recipe.scale_weights": [1.0] * 6}, (), "that add up to 1, got"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(preset, changes, overrides, message):
    with pytest.raises(ModelError, match=message) as error:
        settings_of(preset, changes, overrides)
    assert "\n" not in str(error.value)


def test_a_run_is_only_resumed_as_itself(tmp_path):
    settings = settings_of("paper", {"data": ["d"], "output": str(tmp_path), "steps": 5})
    stored = tmp_path / "settings.json"
    with pytest.raises(ModelError, match="nothing to resume from"):
        check_same_run(stored, settings)
    stored.write_bytes(msgspec.json.encode(settings))
    check_same_run(stored, msgspec.structs.replace(settings, steps=9, threads=2))
    with pytest.raises(ModelError, match="cannot resume: seed was 1, is 2"):
        check_same_run(stored, msgspec.structs.replace(settings, seed=2))
    stored.write_bytes(msgspec.json.encode(msgspec.to_builtins(settings) | {"recipe": {}}))
    with pytest.raises(ModelError, match="cannot resume: recipe was"):
        check_same_run(stored, settings)
    stored.write_text("{")
    with pytest.raises(ModelError, match="not the settings of a run"):
        check_same_run(stored, settings)


def test_a_run_of_release_0_1_goes_on_with_the_low_resolutions_it_had(tmp_path):
    settings = settings_of("fast", {"data": ["d"], "output": str(tmp_path), "steps": 5})
    assert (settings.recipe.sampling, settings.recipe.noise) == ("linear", "microbolometer")
    tree = msgspec.to_builtins(settings)
    del tree["recipe"]["sampling"], tree["recipe"]["noise"]
    then = {"sampling": "blurred", "noise": "plain"}
    stored = tmp_path / "settings.json"
    for _ in range(2):  # also when it is stopped once more
        stored.write_bytes(msgspec.json.encode(tree))
        resumed = check_same_run(stored, settings)
        assert resumed.recipe == msgspec.structs.replace(settings.recipe, **then)
        tree = msgspec.to_builtins(resumed)
    other = msgspec.structs.replace(settings.recipe, sampling="cubic")
    with pytest.raises(ModelError, match="cannot resume: recipe was"):
        check_same_run(stored, msgspec.structs.replace(settings, recipe=other))
