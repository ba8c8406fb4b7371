import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from models.errors import ModelError  # noqa: E402
from models.networks.base import cost  # noqa: E402
from models.networks.corefusion import (  # noqa: E402
    IMAGENET_MEAN,
    IMAGENET_STD,
    CoreFusionConfig,
    CoreFusionNet,
    load_official,
)
from models.networks.resnet import ResNet34  # noqa: E402
from tests.models.networks.network_contract import NetworkContract, lived_in  # noqa: E402
from tests.support.narrow_network import narrow_network  # noqa: E402


@pytest.fixture(scope="module")
def net() -> CoreFusionNet:
    """A narrow one; tests that build others of its width are marked with `narrow`."""
    torch.manual_seed(0)
    with narrow_network():
        return lived_in(CoreFusionNet())


@pytest.fixture(scope="module")
def residual_net() -> CoreFusionNet:
    torch.manual_seed(0)
    with narrow_network():
        return lived_in(CoreFusionNet(CoreFusionConfig("relu", residual=True)))


@pytest.fixture(scope="module")
def full_net() -> CoreFusionNet:
    """One of the paper's own width."""
    torch.manual_seed(0)
    return CoreFusionNet().eval()


@pytest.mark.usefixtures("narrow")
class TestCoreFusion(NetworkContract):
    @pytest.fixture
    def net(self, net):
        return net


@pytest.mark.usefixtures("narrow")
class TestResidual(NetworkContract):
    @pytest.fixture
    def net(self, residual_net):
        return residual_net


@pytest.fixture(scope="module")
def inputs():
    torch.manual_seed(1)
    return torch.rand(2, 1, 64, 96), torch.rand(2, 3, 64, 96)


def test_size_and_cost_are_the_papers(full_net):
    # The official code's, its 0.593 M of contrastive modules left out.
    parameters, macs = cost(full_net)
    assert parameters == 45_721_041
    assert macs == 59_056_128_000


@torch.inference_mode()
def test_every_level_is_the_maximum_of_features_that_are_never_negative(full_net, inputs):
    net, (base, guide) = full_net, inputs
    visible, thermal = net.encode_visible(guide), net.encode_thermal(base)
    widths = [(f.shape[1], 64 // f.shape[2]) for f in visible]
    assert widths == [(64, 2), (64, 4), (128, 8), (256, 16), (512, 32)]
    for v, t in zip(visible, thermal, strict=True):
        assert v.min() >= 0
        assert t.min() >= 0
    fused = [torch.maximum(v, t) for v, t in zip(visible, thermal, strict=True)]
    assert torch.equal(net.decode(fused, base), net(base, guide).picture)


@torch.inference_mode()
def test_a_missing_modality_is_exactly_the_other_encoder_alone(net, inputs):
    base, guide = inputs
    present = torch.tensor([[0.0, 1.0], [1.0, 0.0]])
    masked = net(base, guide, present).picture
    assert torch.equal(masked[:1], net.decode(net.encode_thermal(base), base)[:1])
    assert torch.equal(masked[1:], net.decode(net.encode_visible(guide), None)[1:])


@torch.inference_mode()
@pytest.mark.parametrize("size", [(48, 64), (50, 70), (32, 33)])
def test_other_sizes_are_padded_and_cropped(net, size):
    height, width = size
    base, guide = torch.rand(1, 1, height, width), torch.rand(1, 3, height, width)
    border = (0, -width % 32, 0, -height % 32)
    padded = [torch.nn.functional.pad(x, border, mode="replicate") for x in (base, guide)]
    assert torch.allclose(
        net(base, guide).picture, net(*padded).picture[..., :height, :width], atol=1e-6
    )
    assert net.residual(base, guide).shape == base.shape


@torch.inference_mode()
@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu"])
@pytest.mark.parametrize("residual", [False, True])
def test_heads_and_residual(inputs, activation, residual):
    base, guide = inputs
    torch.manual_seed(0)
    made = CoreFusionNet(CoreFusionConfig(activation, residual)).eval()
    picture = made(base, guide).picture
    assert picture.shape == base.shape
    if residual and activation != "relu":
        assert (picture - base).abs().max() <= 0.5
    elif activation != "relu":
        assert 0 <= picture.min() <= picture.max() <= 1
    assert torch.allclose(picture, base + made.residual(base, guide), atol=1e-6)


def official_state(net: CoreFusionNet) -> dict[str, torch.Tensor]:
    """The names that the official code's own torch.save(model.state_dict()) gives."""
    state = {}
    for name, value in net.state_dict().items():
        state["segmentation_head.0." + name[5:] if name.startswith("head.") else name] = value
    for head in ("contrastive_head1", "contrastive_head2"):
        state[f"{head}.2.weight"] = torch.rand(512, 512)
        state[f"{head}.5.weight"] = torch.rand(64, 512)
    return state


def test_the_official_codes_names_are_the_librarys(net):
    names = set(official_state(net))
    for name in (
        "encoder.conv1.weight", "encoder.bn1.running_mean", "encoder.layer1.0.conv1.weight",
        "encoder2.layer4.2.bn2.bias", "encoder.layer2.0.downsample.0.weight",
        "encoder2.layer3.0.downsample.1.running_var", "decoder.blocks.0.conv1.0.weight",
        "decoder.blocks.4.conv2.1.num_batches_tracked", "segmentation_head.0.bias",
    ):  # fmt: skip
        assert name in names, name


@pytest.mark.usefixtures("narrow")
def test_an_official_checkpoint_gives_the_same_picture(net, tmp_path, inputs):
    path = tmp_path / "best_model.pth"
    torch.save(official_state(net), path)
    base, guide = inputs
    imported = load_official(path)
    with torch.inference_mode():
        assert torch.equal(imported(base, guide).picture, net(base, guide).picture)
        # What the official code computes: both inputs through ImageNet's mean and deviation, RGB.
        mean, deviation = (torch.tensor(v).view(3, 1, 1) for v in (IMAGENET_MEAN, IMAGENET_STD))
        visible = net.encoder((guide[:, [2, 1, 0]] - mean) / deviation)
        thermal = net.encoder2((base.repeat(1, 3, 1, 1) - mean) / deviation)
        fused = [torch.maximum(v, t) for v, t in zip(visible, thermal, strict=True)]
        tanh = torch.tanh(net.head(net.decoder(fused)))
        assert torch.allclose(imported(base, guide).picture, (tanh + 1) / 2, atol=1e-6)


@pytest.mark.usefixtures("narrow")
def test_other_architectures_of_the_official_code_are_refused(net, tmp_path):
    state = official_state(net)
    state["cbam.ChannelGate.mlp.1.weight"] = torch.rand(64, 1024)
    torch.save(state, tmp_path / "cbam.pth")
    with pytest.raises(ModelError, match=r"cbam\.pth: wanted a state dict of the official"):
        load_official(tmp_path / "cbam.pth")
    whole = tmp_path / "whole.pth"
    torch.save({"model": net.state_dict(), "epoch": 3}, whole)
    with pytest.raises(ModelError, match="wanted a state dict"):
        load_official(whole)
    whole.write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(ModelError, match=r"whole\.pth"):
        load_official(whole)


def test_a_pickle_with_code_is_never_run(tmp_path):
    path = tmp_path / "evil.pth"
    torch.save(torch.nn.Linear(2, 2), path)
    with pytest.raises(ModelError, match="got a pickle of something else"):
        load_official(path)


@pytest.mark.usefixtures("narrow")
def test_imagenet_weights_load_by_torchvisions_names(tmp_path):
    torch.manual_seed(3)
    donor, encoder = ResNet34(), ResNet34()
    state = {**donor.state_dict(), "fc.weight": torch.rand(1000, 512), "fc.bias": torch.rand(1000)}
    torch.save(state, tmp_path / "resnet34.pth")
    encoder.load_weights(tmp_path / "resnet34.pth")
    for name, value in donor.state_dict().items():
        assert torch.equal(value, encoder.state_dict()[name]), name
    del state["layer3.5.bn2.weight"]
    torch.save(state, tmp_path / "cut.pth")
    with pytest.raises(ModelError, match=r"wanted a ResNet-34.*layer3\.5\.bn2\.weight"):
        encoder.load_weights(tmp_path / "cut.pth")
