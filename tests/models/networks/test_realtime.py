import msgspec
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from models.networks.base import cost  # noqa: E402
from models.networks.realtime import RealtimeConfig, RealtimeNet, folded  # noqa: E402
from tests.models.networks.network_contract import NetworkContract, lived_in  # noqa: E402

SMALL = RealtimeConfig((16, 16, 32), (1, 1, 1), (0, 1, 1), (1, 1, 1))


@pytest.fixture(scope="module")
def net() -> RealtimeNet:
    torch.manual_seed(0)
    return lived_in(RealtimeNet(SMALL))


@pytest.fixture(scope="module")
def detailed_net() -> RealtimeNet:
    torch.manual_seed(0)
    made = RealtimeNet(msgspec.structs.replace(SMALL, details=2, samples=True))
    torch.nn.init.normal_(made.samples.spread.weight)
    return lived_in(made)


class TestRealtime(NetworkContract):
    @pytest.fixture
    def net(self, net):
        return net


class TestWithDetailsAndSamples(NetworkContract):
    @pytest.fixture
    def net(self, detailed_net):
        return detailed_net


@pytest.fixture(scope="module")
def inputs():
    torch.manual_seed(1)
    return torch.rand(2, 1, 48, 64), torch.rand(2, 3, 48, 64)


def test_every_stage_of_both_branches_ends_in_relu(net, inputs):
    base, guide = inputs
    for features in (*net.visible(guide), *net.thermal(base)):
        assert features.min() >= 0
        assert features.max() > 0


def test_nothing_is_left_to_fold(net):
    names = {type(module).__name__ for module in folded(net).modules()}
    assert not names & {"RepConv", "BatchNorm2d"}


def test_cost_counts_what_is_deployed():
    parameters, macs = cost(RealtimeNet(SMALL), 64, 96)
    small = folded(RealtimeNet(SMALL))
    assert parameters == sum(p.numel() for p in small.parameters())
    counted = 0

    def count(module, _inputs, output):
        nonlocal counted
        counted += module.weight.numel() * output.shape[-1] * output.shape[-2]

    for module in small.modules():
        if isinstance(module, torch.nn.Conv2d):
            module.register_forward_hook(count)
    small(torch.zeros(1, 1, 64, 96), torch.zeros(1, 3, 64, 96))
    assert macs == counted


def test_a_size_that_does_not_fit_names_one_that_does(net):
    with pytest.raises(ValueError, match="pad it to 64x48"):
        net(torch.zeros(1, 1, 60, 48), torch.zeros(1, 3, 60, 48))


def test_a_configuration_is_checked():
    with pytest.raises(ValueError, match="widths: wanted three numbers from 1 up"):
        RealtimeConfig(widths=(0, 16, 16))


@torch.inference_mode()
def test_the_guides_detail_is_what_a_blur_takes_away(inputs):
    _, guide = inputs
    torch.manual_seed(2)
    made = RealtimeNet(RealtimeConfig((16, 16, 32), (1, 1, 1), (0, 1, 1), (1, 1, 1), 2)).eval()
    flat = made.detail(torch.full((1, 3, 32, 32), 0.7))[:, :, 1:-1, 1:-1]
    assert flat.abs().max() < 1e-5, "nothing to see on a wall of one colour"
    edge = torch.zeros(1, 3, 32, 32)
    edge[..., 16:] = 1
    pictures = torch.nn.functional.pixel_shuffle(made.detail(edge)[:, :16], 4)
    middle = pictures[0, 0, 16]
    assert middle[16] > 0.3 > -0.3 > middle[15]
    # Multiplied by the features' own presence, as every branch is.
    base = inputs[0]
    masked = made(base, guide, torch.tensor([[0.0, 1.0], [0.0, 1.0]])).picture
    assert torch.allclose(masked, base + made.residual(base, None), atol=1e-6)
