import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from models.imaging import metrics  # noqa: E402
from models.networks.base import Output  # noqa: E402
from models.training.config import LossSettings  # noqa: E402
from models.training.losses import pixel  # noqa: E402
from models.training.losses.criterion import Criterion  # noqa: E402


@pytest.fixture
def pictures():
    """Two grey pictures in levels that resemble one another."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 256, (40, 56)).astype(np.float32)
    return np.clip(truth + rng.integers(-20, 21, truth.shape), 0, 255).astype(np.float32), truth


def tensors(pictures, signed):
    return tuple(torch.tensor(p / 127.5 - 1 if signed else p / 255)[None, None] for p in pictures)


@pytest.mark.parametrize("signed", [False, True])
def test_ssim_and_psnr_are_scikit_images(pictures, signed):
    # brings scipy.stats: a second, for every worker that only collects this file
    from skimage.metrics import peak_signal_noise_ratio, structural_similarity

    prediction, truth = tensors(pictures, signed)
    span = 2.0 if signed else 1.0
    images = [x[0, 0].double().numpy() for x in (prediction, truth)]
    # scikit-image means over all pixels but a border of five, which the window cannot fit around.
    expected = structural_similarity(
        *images, data_range=span, gaussian_weights=True, sigma=1.5, use_sample_covariance=False
    )
    found = float(pixel.structural_similarity(prediction, truth, span))
    assert found == pytest.approx(expected, abs=1e-4)
    expected = peak_signal_noise_ratio(images[1], images[0], data_range=span)
    assert float(pixel.psnr_db(prediction, truth, span)) == pytest.approx(expected, abs=1e-4)
    assert float(pixel.psnr_loss(prediction, truth, span)) == pytest.approx(
        1 - expected / 40, abs=1e-5
    )


def test_the_integer_metric_and_the_loss_agree_on_integers(pictures):
    prediction, truth = tensors(pictures, signed=False)
    similarity = float(pixel.structural_similarity(prediction, truth))
    assert similarity == pytest.approx(metrics.ssim(*pictures), abs=1e-4)


def test_mse_and_mae(pictures):
    prediction, truth = tensors(pictures, signed=True)
    difference = prediction.numpy() - truth.numpy()
    assert float(pixel.mse(prediction, truth)) == pytest.approx(np.mean(difference**2), rel=1e-5)
    assert float(pixel.mae(prediction, truth)) == pytest.approx(
        np.mean(np.abs(difference)), rel=1e-5
    )


def test_root_mean_square_is_taken_picture_by_picture():
    truth = torch.zeros(2, 1, 16, 16)
    prediction = torch.stack([torch.full((1, 16, 16), value) for value in (0.1, -0.3)])
    assert float(pixel.rmse(prediction, truth)) == pytest.approx(0.2, abs=1e-3)


def test_pictures_that_agree_have_finite_losses_and_gradients():
    picture = torch.rand(1, 1, 32, 32, requires_grad=True)
    same = picture.detach()
    total = (
        pixel.charbonnier(picture, same)
        + pixel.rmse(picture, same)
        + pixel.mse(picture, same)
        + pixel.psnr_loss(picture, same, 1.0)
        + pixel.ssim_loss(picture, same)
    )
    total.backward()
    assert torch.isfinite(picture.grad).all()


def test_every_fourth_window_has_nearly_the_mean_of_all():
    rng = np.random.default_rng(2)
    coarse = torch.tensor(rng.random((4, 1, 24, 24)), dtype=torch.float32)
    truth = torch.nn.functional.interpolate(coarse, size=(192, 192), mode="bilinear")
    prediction = truth + 0.05 * torch.tensor(rng.standard_normal(truth.shape), dtype=torch.float32)
    every = float(pixel.structural_similarity(prediction, truth))
    fourth = float(pixel.structural_similarity(prediction, truth, stride=4))
    assert every < 0.95
    assert fourth == pytest.approx(every, abs=5e-3)


def test_half_precision_does_not_reach_the_loss(pictures):
    """SSIM's variances in bf16 come out negative on flat pictures, and the loss infinite."""
    prediction, truth = (x.repeat(2, 1, 1, 1) * 0.01 + 0.9 for x in tensors(pictures, signed=False))
    criterion = Criterion(LossSettings())
    exact, _ = criterion(only(prediction), truth)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        half, _ = criterion(only(prediction), truth)
    assert float(half) == pytest.approx(float(exact), abs=1e-6)


def test_a_picture_smaller_than_the_window_is_refused():
    small = torch.rand(1, 1, 10, 40)
    with pytest.raises(ValueError, match="at least 11 pixels"):
        pixel.structural_similarity(small, small)


def only(picture) -> Output:
    """An output whose features no criterion without beta looks at."""
    return Output(picture, torch.zeros(0), torch.zeros(0))


def test_the_criterion_is_equation_8(pictures):
    prediction, truth = tensors(pictures, signed=False)
    shown, wanted = tensors(pictures, signed=True)
    paper = Criterion(LossSettings(pixel="mse", ssim=0.1, psnr=0.1, signed=True))
    loss, parts = paper(only(prediction), truth)
    expected = (
        pixel.mse(shown, wanted)
        + 0.1 * pixel.psnr_loss(shown, wanted, 2.0)
        + 0.1 * pixel.ssim_loss(shown, wanted, 2.0)
    )
    assert float(loss) == pytest.approx(float(expected), abs=1e-5)
    assert float(parts["psnr"]) == pytest.approx(
        metrics.official([pictures[0]], [pictures[1]])[0], abs=1e-3
    )
    assert float(parts["similarity"]) == pytest.approx(
        metrics.official([pictures[0]], [pictures[1]])[1], abs=1e-3
    )


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("views", ["modalities", "augmentations"])
def test_beta_weighs_the_contrastive_term_and_trains_the_heads(views):
    from models.networks.corefusion import CoreFusionNet

    torch.manual_seed(0)
    net = CoreFusionNet().train()
    base, guide, target = (torch.rand(3, channels, 64, 64) for channels in (1, 3, 1))
    settings = LossSettings(pixel="mse", ssim=0.1, psnr=0.1, beta=0.5, signed=True, views=views)
    criterion = Criterion(settings).train()
    assert criterion.takes_mirrored == (views == "augmentations")
    mirrored = None
    if criterion.takes_mirrored:
        mirrored = net.deepest_features(base.flip(-1), guide.flip(-1))
    loss, parts = criterion(net(base, guide), target, mirrored)
    expected = (
        parts["pixel"] + 0.1 * (1 - parts["similarity"]) + 0.1 * (1 - parts["psnr"] / 40)
        + 0.5 * parts["contrastive"]
    )  # fmt: skip
    assert loss.item() == pytest.approx(expected.item(), abs=1e-5)
    loss.backward()
    for head in criterion.heads:
        assert head.fc1.weight.grad.abs().sum() > 0
