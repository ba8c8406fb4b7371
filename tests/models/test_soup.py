"""The average of several checkpoints."""

import pytest

from models.errors import ModelError
from models.predictor import PredictorSettings, build_predictor

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from models import checkpoint  # noqa: E402
from models.export_model import export_model  # noqa: E402
from models.soup import averaged  # noqa: E402


@pytest.fixture
def sibling(tiny_checkpoint, tmp_path):
    """The small network, every weight a little off."""
    net, _ = checkpoint.load(tiny_checkpoint)
    torch.manual_seed(3)
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.add_(0.1 * torch.rand_like(parameter))
    path = tmp_path / "sibling.safetensors"
    checkpoint.save(path, net, "nothing", {"step": 7})
    return path


def test_every_weight_is_the_mean(tiny_checkpoint, sibling):
    first, second = (checkpoint.load(path)[0].state_dict() for path in (tiny_checkpoint, sibling))
    net, facts = averaged([tiny_checkpoint, sibling])
    for name, value in net.state_dict().items():
        if value.dtype.is_floating_point:
            torch.testing.assert_close(value, (first[name] + second[name]) / 2)
        else:
            assert torch.equal(value, first[name])
    assert facts.training == {"step": 0, "averaged_with": [{"step": 7}]}


def test_one_alone_is_itself(tiny_checkpoint):
    net, facts = averaged([tiny_checkpoint])
    known = checkpoint.load(tiny_checkpoint)[0].state_dict()
    assert all(torch.equal(value, known[name]) for name, value in net.state_dict().items())
    assert "averaged_with" not in facts.training


def test_another_architecture_is_refused(tiny_checkpoint, tmp_path):
    other = tmp_path / "deeper.safetensors"
    net = checkpoint.build("realtime", {"widths": (16, 16, 32)})
    checkpoint.save(other, net, "nothing", {})
    with pytest.raises(ModelError, match=r"deeper.safetensors: a realtime network .* wanted"):
        averaged([tiny_checkpoint, other])


def test_the_average_is_exported_and_runs(tiny_checkpoint, sibling, tmp_path):
    written = export_model(
        tiny_checkpoint, tmp_path / "out", "mean", "f32", averaged_with=[sibling]
    )
    expected, _ = averaged([tiny_checkpoint, sibling])
    found, _ = checkpoint.load(written[0])
    head = expected.state_dict()["decoder.head.weight3"]
    assert torch.equal(found.state_dict()["decoder.head.weight3"], head)
    predictor = build_predictor(PredictorSettings(model=str(written[0]), engine="openvino"))
    assert predictor.weights_sha256 == checkpoint.sha256(written[0])


def test_no_table_of_ranges_fits_an_average(tiny_checkpoint, sibling, tmp_path):
    with pytest.raises(ModelError, match="int8 wants training pictures"):
        export_model(tiny_checkpoint, tmp_path, "mean", "int8", averaged_with=[sibling])
    assert not (tmp_path / "mean.safetensors").exists()
