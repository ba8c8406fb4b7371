import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from models.networks.corefusion import CoreFusionNet  # noqa: E402
from models.networks.realtime import RealtimeConfig, RealtimeNet  # noqa: E402
from models.networks.unfilled import Unfilled  # noqa: E402


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize(
    "build", [CoreFusionNet, lambda: RealtimeNet(RealtimeConfig(details=2, samples=True))]
)
def test_no_weight_is_drawn_and_nothing_else_differs(build):
    drawn = build()
    before = torch.get_rng_state()
    with Unfilled():
        made = build()
    assert torch.equal(torch.get_rng_state(), before)
    assert made.state_dict().keys() == drawn.state_dict().keys()
    for name, buffer in drawn.named_buffers():
        assert torch.equal(made.get_buffer(name), buffer), name
    made.load_state_dict(drawn.state_dict())
    assert torch.rand(1) != torch.rand(1), "beyond it numbers are drawn again"
