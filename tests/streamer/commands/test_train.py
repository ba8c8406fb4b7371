import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tests.support.paths import ROOT

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from models import checkpoint  # noqa: E402
from streamer.commands.train import register  # noqa: E402

SMALL = (
    "network.widths=[16,16,32]",
    "network.visible_blocks=[1,1,1]",
    "network.thermal_blocks=[0,1,1]",
    "network.decoder_blocks=[1,1,1]",
)


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    made = typer.Typer()
    register(made)
    return made


def invoke(app, *arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


def small_run(data: Path, output: Path, steps: int, *more: str) -> list[str]:
    arguments = ["train", "--preset", "fast", "--data", data, "--output", output]
    arguments += ["--steps", steps, "--crop", 64, "--threads", 1, "--set", "batch=2"]
    for change in (*SMALL, "recipe.scales=[4,8]", "recipe.scale_weights=[0.5,0.5]"):
        arguments += ["--set", change]
    return [str(a) for a in (*arguments, *more)]


def test_a_run_says_where_its_weights_are(app, make_folder, tmp_path):
    output = tmp_path / "run"
    result = invoke(app, *small_run(make_folder(), output, 2))
    assert result.exit_code == 0, result.output
    assert str(output / "last.safetensors") in result.output.replace("\n", "")
    _, facts = checkpoint.load(output / "last.safetensors")
    assert facts.training["settings"]["network"]["widths"] == [16, 16, 32]


def test_a_signal_saves_and_resume_goes_on(make_folder, tmp_path):
    output = tmp_path / "run"
    command = [sys.executable, "-m", "streamer", *small_run(make_folder(), output, 100_000)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 60
        while not (output / "files.txt").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(1.0)
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert "stopped; the same command with --resume goes on" in said
    _, facts = checkpoint.load(output / "last.safetensors")
    done = facts.training["step"]
    again = [sys.executable, "-m", "streamer"]
    again += small_run(make_folder("set2"), output, done + 3, "--resume")
    subprocess.run(again, cwd=ROOT, check=True, timeout=120, capture_output=True)
    assert checkpoint.load(output / "last.safetensors")[1].training["step"] == done + 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--preset", "papr"), "wanted paper, paper+, fast, quality"),
        (("--preset", "paper", "--beta", "-1"), "beta: wanted 0 or more, got -1"),
        (("--preset", "fast", "--minutes", "1", "--steps", "1"), "exclude each other"),
        (("--preset", "fast", "--set", "recipe.nothing=1"), "no recipe.nothing"),
        (("--preset", "fast", "--device", "tpu"), "tpu"),
    ],
)
def test_wrong_usage(app, tmp_path, arguments, message):
    result = invoke(app, "train", *arguments, "--data", "x", "--output", tmp_path / "y")
    assert result.exit_code == 2
    words = " ".join(result.output.replace("│", " ").split())
    assert message in words


def test_an_official_checkpoint_is_taken_over(app, tmp_path):
    from models.networks.corefusion import CoreFusionNet

    state = {
        (f"segmentation_head.0.{name[5:]}" if name.startswith("head.") else name): value
        for name, value in CoreFusionNet().state_dict().items()
    }
    torch.save(state, tmp_path / "best_model.pth")
    output = tmp_path / "new" / "official.safetensors"
    result = invoke(app, "import-checkpoint", tmp_path / "best_model.pth", "--output", output)
    assert result.exit_code == 0, result.output
    assert checkpoint.read_facts(output).family == "corefusion"
