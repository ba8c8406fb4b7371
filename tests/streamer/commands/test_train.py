import pytest
import typer
from typer.testing import CliRunner

from tests.support.training import small_run

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from models import checkpoint  # noqa: E402
from streamer.commands.networks.train import register  # noqa: E402


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    made = typer.Typer()
    register(made)
    return made


def invoke(app, *arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_a_run_says_where_its_weights_are(app, make_folder, tmp_path):
    output = tmp_path / "run"
    result = invoke(app, *small_run(make_folder(), output, 1))
    assert result.exit_code == 0, result.output
    assert str(output / "last.safetensors") in result.output.replace("\n", "")
    _, facts = checkpoint.load(output / "last.safetensors")
    assert facts.training["settings"]["network"]["widths"] == [16, 16, 32]


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

    with torch.device("meta"):  # 45 million weights: their names and shapes will do
        shapes = CoreFusionNet().state_dict()
    state = {
        (f"segmentation_head.0.{name[5:]}" if name.startswith("head.") else name): torch.zeros(
            value.shape, dtype=value.dtype
        )
        for name, value in shapes.items()
    }
    torch.save(state, tmp_path / "best_model.pth")
    output = tmp_path / "new" / "official.safetensors"
    result = invoke(app, "import-checkpoint", tmp_path / "best_model.pth", "--output", output)
    assert result.exit_code == 0, result.output
    assert checkpoint.read_facts(output).family == "corefusion"
