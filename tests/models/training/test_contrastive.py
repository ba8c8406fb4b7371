import math

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from models.training.losses.contrastive import ContrastiveHead, nt_xent  # noqa: E402


def plain(first, second, temperature):
    """Equations 6 and 7 written out: one loop over the embeddings, one over their negatives."""
    everything = [*first, *second]
    count = len(first)

    def similarity(a, b):
        return float(a @ b / (a.norm() * b.norm()))

    total = 0.0
    for i, own in enumerate(everything):
        partner = everything[(i + count) % (2 * count)]
        below = 0.0
        for k, other in enumerate(everything):
            if k != i:
                below += math.exp(similarity(own, other) / temperature)
        total += -math.log(math.exp(similarity(own, partner) / temperature) / below)
    return total / (2 * count)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("temperature", [0.5, 1.0])
def test_it_is_the_double_loop(count, temperature):
    torch.manual_seed(count)
    first, second = (
        torch.randn(count, 16, dtype=torch.float64),
        torch.randn(count, 16, dtype=torch.float64),
    )
    expected = plain(first, second, temperature)
    assert float(nt_xent(first, second, temperature)) == pytest.approx(expected, abs=1e-9)


def test_agreeing_pairs_cost_less_than_mixed_up_ones():
    torch.manual_seed(0)
    first = torch.randn(6, 32)
    second = first + 0.1 * torch.randn(6, 32)
    assert nt_xent(first, second) < nt_xent(first, second.roll(1, 0))


def test_gradients_reach_both_and_are_finite():
    first, second = (torch.randn(4, 8, requires_grad=True) for _ in range(2))
    nt_xent(first, second).backward()
    for embedding in (first, second):
        assert torch.isfinite(embedding.grad).all()
        assert embedding.grad.abs().sum() > 0


def test_bad_input():
    with pytest.raises(ValueError, match="differ"):
        nt_xent(torch.zeros(3, 4), torch.zeros(2, 4))
    with pytest.raises(ValueError, match="temperature: wanted above 0, got 0"):
        nt_xent(torch.zeros(3, 4), torch.zeros(3, 4), 0)


def test_the_head_is_pool_fc_bn_fc_bn():
    torch.manual_seed(0)
    features = torch.rand(4, 512, 3, 2)
    for relu in (True, False):
        head = ContrastiveHead(512, relu)
        made = head(features)
        hidden = head.bn1(head.fc1(torch.nn.functional.adaptive_avg_pool2d(features, 1).flatten(1)))
        hidden = torch.relu(hidden) if relu else hidden
        assert torch.allclose(made, head.bn2(head.fc2(hidden)), atol=1e-5)
        assert made.shape == (4, 64)
    # Both of the official code: 0.593 M.
    assert 2 * sum(p.numel() for p in head.parameters()) == 593_280
