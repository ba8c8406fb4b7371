from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from models import checkpoint  # noqa: E402
from models.errors import ModelError  # noqa: E402
from models.realtime import RealtimeConfig  # noqa: E402
from models.train import Run, TrainSettings, load_sources, train  # noqa: E402
from models.transforms import Recipe  # noqa: E402

SMALL = RealtimeConfig((16, 16, 32), (1, 1, 1), (0, 1, 1), (1, 1, 1))
QUICK = Recipe(crop_px=64, scales=(4, 8), scale_weights=(0.5, 0.5))


@pytest.fixture
def settings(make_folder, tmp_path) -> TrainSettings:
    return TrainSettings(
        data=(make_folder(count=4),),
        output=tmp_path / "run",
        steps=6,
        batch=2,
        warm_up_steps=2,
        save_seconds=1e9,
        config=SMALL,
        recipe=QUICK,
    )


def weights(path):
    return checkpoint.load(path)[0].state_dict()


def test_training_lowers_the_loss_on_a_batch_never_drawn(settings, tmp_path):
    from models.losses import reconstruction
    from models.train import draw_batch

    batch = draw_batch(load_sources(settings.data, 64), settings, 10_000)
    base, guide, target, present = (
        torch.from_numpy(a) for a in (batch.base, batch.guide, batch.target, batch.present)
    )
    found = []
    for steps in (5, 150):
        output = tmp_path / str(steps)
        train(
            replace(settings, steps=steps, learning_rate=3e-3, average=0.95, output=output),
            lambda line: None,
        )
        net, facts = checkpoint.load(output / "last.safetensors")
        assert facts.training["step"] == steps
        with torch.inference_mode():
            found.append(float(reconstruction(net(base, guide, present), target)))
    assert found[1] < 0.7 * found[0], found


def test_a_resumed_run_equals_one_that_was_not_cut(settings, tmp_path):
    straight = replace(settings, output=tmp_path / "straight")
    train(straight, lambda line: None)
    # Cut after three of six steps: the schedule is that of six, the loop is left early.
    run = Run(settings)
    sources = load_sources(settings.data, 64)
    from models.train import draw_batch, learning_rate, train_step

    for step in range(3):
        batch = draw_batch(sources, settings, step)
        rate = learning_rate(settings, step, step / settings.steps)
        train_step(run, batch, rate, settings.clip)
        run.step += 1
        run.average_in(settings.average)
    settings.output.mkdir()
    run.save_state(settings.output / "state.pt")
    train(replace(settings, resume=True), lambda line: None)
    first, second = (weights(s.output / "last.safetensors") for s in (straight, settings))
    for name, value in first.items():
        assert torch.allclose(value, second[name], atol=1e-6), name


def test_a_run_lists_the_pictures_it_used(settings):
    train(settings, lambda line: None)
    lines = (settings.output / "files.txt").read_text().splitlines()
    assert len(lines) == 4
    assert all("/val/" not in line and "/rig/" not in line for line in lines)
    assert (settings.output / "log.csv").read_text().startswith("step,seconds,loss,rate,")


def test_scoring_data_are_refused(settings, tmp_path):
    folder = settings.data[0].rename(tmp_path / "val")
    with pytest.raises(ModelError, match="for scoring, never for training"):
        train(replace(settings, data=(folder,)), lambda line: None)
    assert not settings.output.exists()


def test_progress_and_saves_on_the_way(settings):
    lines: list[str] = []
    train(replace(settings, save_seconds=0.0), lines.append)
    assert len(lines) == 6
    assert "min left" in lines[0]
    assert (settings.output / "state.pt").exists()


def test_minutes_bound_a_run(settings):
    facts = train(replace(settings, steps=None, minutes=0.02), lambda line: None)
    assert facts["step"] >= 1


def test_a_second_run_does_not_overwrite_the_first(settings):
    train(settings, lambda line: None)
    with pytest.raises(ModelError, match="holds a run already"):
        train(settings, lambda line: None)


def test_starting_from_a_checkpoint(settings, tiny_checkpoint):
    settings = replace(settings, init=tiny_checkpoint, steps=1, learning_rate=0.0)
    train(settings, lambda line: None)
    before, after = weights(tiny_checkpoint), weights(settings.output / "last.safetensors")
    for name, value in before.items():
        if name.endswith(("weight3", "weight1")):
            assert torch.allclose(value, after[name], atol=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"preset": "paper"}, "this release trains fast; got 'paper'"),
        ({"minutes": 1.0}, "either minutes or steps"),
        ({"resume": True}, "nothing to resume from"),
        ({"recipe": Recipe(crop_px=256)}, "no pair of at least 288 pixels"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(settings, change, message):
    with pytest.raises(ModelError, match=message) as error:
        train(replace(settings, **change), lambda line: None)
    assert "\n" not in str(error.value)


def test_a_state_of_another_network_is_refused(settings):
    train(settings, lambda line: None)
    wider = replace(settings, resume=True, config=RealtimeConfig((16, 32, 32)))
    with pytest.raises(ModelError, match="cannot resume"):
        train(wider, lambda line: None)
