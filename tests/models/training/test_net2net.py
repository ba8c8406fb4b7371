import copy

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from models.errors import ModelError  # noqa: E402
from models.networks.realtime import RealtimeConfig, RealtimeNet  # noqa: E402
from models.training.net2net import grow  # noqa: E402

SHALLOW = RealtimeConfig((24, 24, 32), (1, 0, 1), (0, 1, 1), (1, 1, 2))
WIDE = RealtimeConfig((32, 40, 48), (1, 0, 1), (0, 1, 1), (1, 1, 2))
WIDE_AND_DEEP = RealtimeConfig((32, 40, 48), (1, 1, 3), (1, 1, 2), (2, 1, 3), details=1)
DEEP = RealtimeConfig((24, 24, 32), (1, 1, 3), (1, 1, 2), (2, 1, 3), details=1)


@pytest.fixture(scope="module")
def lived_in() -> RealtimeNet:
    torch.manual_seed(0)
    made = RealtimeNet(SHALLOW).train()
    with torch.no_grad():
        for _ in range(60):
            made(torch.rand(4, 1, 64, 64), torch.rand(4, 3, 64, 64))
    return made


@pytest.fixture
def net(lived_in) -> RealtimeNet:
    """A network whose norms have seen something."""
    return copy.deepcopy(lived_in)


def inputs(batch=2):
    torch.manual_seed(1)
    return torch.rand(batch, 1, 64, 64), torch.rand(batch, 3, 64, 64)


LOOKING_BACK = RealtimeConfig((24, 24, 32), (1, 0, 1), (0, 1, 1), (1, 1, 2), samples=True)


@pytest.mark.parametrize("config", [DEEP, WIDE, WIDE_AND_DEEP, LOOKING_BACK])
def test_a_larger_network_starts_as_the_smaller_one(net, config):
    larger = grow(net, config)
    assert sum(p.numel() for p in larger.parameters()) > sum(p.numel() for p in net.parameters())
    with torch.no_grad():
        expected, found = (n.eval()(*inputs()).picture for n in (net, larger))
    assert float((found - expected).abs().max()) < 1e-5


def test_nor_do_the_statistics_of_a_batch_change_it_much(net):
    deeper = grow(net, DEEP).train()
    base, guide = inputs(8)
    with torch.no_grad():
        expected, found = net.train()(base, guide).picture, deeper(base, guide).picture
    change, size = (found - expected).abs().mean(), (expected - base).abs().mean()
    assert float(change) < 0.3 * float(size)


def test_new_blocks_learn(net):
    deeper = grow(net, DEEP).train()
    deeper(*inputs()).picture.square().mean().backward()
    added = deeper.decoder.stage4.convolutions[1]
    assert float(added.weight3.grad.abs().max()) > 0


def test_new_channels_are_read_after_a_step(net):
    wider = grow(net, WIDE).train()
    wider(*inputs()).picture.square().mean().backward()
    reader = wider.decoder.stage4.convolutions[0].weight3
    old = SHALLOW.widths[0]
    assert not reader[:old, old:].any()
    assert reader.grad[:old, old:].any()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"widths": (24, 24, 16)}, r"network.widths: wanted at least \(24, 24, 32\)"),
        ({"visible_blocks": (0, 0, 1)}, "network.visible_blocks: wanted at least"),
    ],
)
def test_another_network_is_refused(net, change, message):
    shape = {"widths": SHALLOW.widths, "decoder_blocks": SHALLOW.decoder_blocks} | change
    with pytest.raises(ModelError, match=message):
        grow(net, RealtimeConfig(**shape))
