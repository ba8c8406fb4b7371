import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from models import losses, metrics  # noqa: E402


def test_ssim_is_the_metrics_own():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 256, (40, 56)).astype(np.float32)
    other = np.clip(truth + rng.integers(-20, 21, truth.shape), 0, 255).astype(np.float32)
    as_loss = losses.structural_similarity(
        *(torch.tensor(p / 255)[None, None] for p in (other, truth))
    )
    assert float(as_loss) == pytest.approx(metrics.ssim(other, truth), abs=1e-4)


def test_a_perfect_picture_costs_next_to_nothing():
    picture = torch.rand(2, 1, 32, 32)
    assert float(losses.reconstruction(picture, picture)) == pytest.approx(1e-3, abs=1e-4)


def test_gradients_are_finite_where_pictures_agree():
    picture = torch.rand(1, 1, 32, 32, requires_grad=True)
    losses.reconstruction(picture, picture.detach()).backward()
    assert torch.isfinite(picture.grad).all()
