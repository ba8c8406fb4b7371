import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from models.networks.base import cost  # noqa: E402
from models.networks.realtime import RealtimeConfig, RealtimeNet, folded  # noqa: E402

SMALL = RealtimeConfig((16, 16, 32), (1, 1, 1), (0, 1, 1), (1, 1, 1))


@pytest.fixture(scope="module")
def net() -> RealtimeNet:
    torch.manual_seed(0)
    made = RealtimeNet(SMALL).train()
    for _ in range(4):
        made(torch.rand(2, 1, 64, 64), torch.rand(2, 3, 64, 64))
    return made.eval()


@pytest.fixture(scope="module")
def inputs():
    torch.manual_seed(1)
    return torch.rand(2, 1, 48, 64), torch.rand(2, 3, 48, 64)


def test_every_branch_stage_ends_in_relu(net, inputs):
    base, guide = inputs
    for features in (*net.visible(guide), *net.thermal(base)):
        assert features.min() >= 0
        assert features.max() > 0


@torch.inference_mode()
def test_masked_features_are_the_network_without_that_branch(net, inputs):
    base, guide = inputs
    present = torch.tensor([[0.0, 1.0], [1.0, 0.0]])
    masked = net(base, guide, present)
    assert torch.allclose(masked[:1], base[:1] + net.residual(base[:1], None), atol=1e-6)
    assert torch.allclose(masked[1:], net.residual(None, guide[1:]), atol=1e-6)


@torch.inference_mode()
def test_without_a_mask_both_are_present(net, inputs):
    base, guide = inputs
    assert torch.allclose(net(base, guide), net(base, guide, torch.ones(2, 2)), atol=1e-6)
    assert torch.allclose(net(base, guide), base + net.residual(base, guide), atol=1e-6)


@torch.inference_mode()
def test_folding_changes_nothing(net, inputs):
    base, guide = inputs
    small = folded(net)
    for given in ((base, guide), (base, None), (None, guide)):
        assert torch.allclose(net.residual(*given), small.residual(*given), atol=1e-5)
    convolutions = [m for m in small.modules() if type(m).__name__ in ("RepConv", "BatchNorm2d")]
    assert convolutions == []


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
    with pytest.raises(ValueError, match="resize the guide"):
        net(torch.zeros(1, 1, 64, 48), torch.zeros(1, 3, 48, 48))
    with pytest.raises(ValueError, match="neither"):
        net.residual(None, None)


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
    masked = made(base, guide, torch.tensor([[0.0, 1.0], [0.0, 1.0]]))
    assert torch.allclose(masked, base + made.residual(base, None), atol=1e-6)
