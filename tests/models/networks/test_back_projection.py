"""The layer that looks back at the samples, and the kernels it measures with."""

import cv2
import numpy as np
import pytest

from models.imaging import degradation
from models.imaging.degradation import point_samples
from models.imaging.point_sampling import (
    REACH,
    SCALE,
    deconvolution_kernel,
    phase_sampling_kernel,
    sampling_kernel,
)
from tests.support.scenes import scene

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from models.networks.back_projection import BackProjection  # noqa: E402
from models.networks.realtime import RealtimeConfig, RealtimeNet  # noqa: E402

F = torch.nn.functional

SAMPLINGS = ("linear", "cubic", "blurred")
each_sampling = pytest.mark.parametrize("sampling", SAMPLINGS)


def tensor(picture):
    return torch.from_numpy(picture.astype(np.float32))[None, None]


@pytest.fixture
def truth():
    return scene(3)[1].astype(np.float32)


@each_sampling
def test_the_kernel_takes_the_samples_of_the_degradation(truth, sampling):
    kernel = torch.from_numpy(sampling_kernel(sampling))
    found = F.conv2d(tensor(truth), kernel, stride=SCALE)[0, 0].numpy()
    # Up to the border: a block's sample reads nothing outside of it.
    assert np.abs(found - point_samples(truth, SCALE, sampling)).max() < 1e-3


@pytest.mark.parametrize("size", [(8, 8), (8, 40), (104, 72), (120, 168)])
@pytest.mark.parametrize(
    ("name", "sampling", "how"),
    [("benchmark", "linear", cv2.INTER_LINEAR), ("challenge24", "cubic", cv2.INTER_CUBIC)],
)
def test_rounded_they_are_opencvs_bit_for_bit(name, sampling, how, size):
    picture = np.random.default_rng(size).integers(0, 256, size, dtype=np.uint8)
    expected = cv2.resize(picture, (size[1] // 8, size[0] // 8), interpolation=how)
    kernel = torch.from_numpy(sampling_kernel(sampling))
    exact = F.conv2d(tensor(picture), kernel, stride=SCALE)[0, 0]
    found = torch.floor(exact + 0.5).clamp(0, 255).numpy().astype(np.uint8)
    # By INTER_CUBIC some builds of OpenCV round a half up, some to even.
    tied = (exact.numpy() % 1 == 0.5) & (sampling == "cubic")
    assert np.array_equal(found[~tied], expected[~tied])
    assert np.array_equal(degradation.named(name)(picture, SCALE), expected)


@each_sampling
def test_so_does_that_of_an_unshuffled_picture(truth, sampling):
    phases = F.pixel_unshuffle(tensor(truth), 4)
    kernel = torch.from_numpy(phase_sampling_kernel(sampling))
    found = F.conv2d(phases, kernel, stride=2)[0, 0].numpy()
    assert np.abs(found - point_samples(truth, SCALE, sampling)).max() < 1e-3


@each_sampling
def test_a_base_tells_the_samples_it_was_made_of(sampling):
    samples = np.random.default_rng(1).uniform(0, 255, (16, 20)).astype(np.float32)
    base = cv2.resize(samples, (160, 128), interpolation=cv2.INTER_LINEAR)
    kernel = torch.from_numpy(sampling_kernel(sampling))
    taken = F.conv2d(tensor(base), kernel, stride=SCALE)
    around = F.pad(taken, (REACH,) * 4, mode="replicate")
    beyond = F.conv2d(around, torch.from_numpy(deconvolution_kernel(sampling)))
    found = (taken + beyond)[0, 0].numpy()
    assert np.abs(taken[0, 0].numpy() - samples).max() > 5  # not without the kernel
    assert np.abs(found - samples).max() < 0.3


@each_sampling
def test_nothing_is_missed_of_the_truth_and_all_of_the_base(truth, sampling):
    samples = point_samples(truth, SCALE, sampling)
    base = cv2.resize(samples, truth.shape[::-1], interpolation=cv2.INTER_LINEAR)
    layer = BackProjection(sampling)
    whole = F.pixel_unshuffle(tensor(truth - base), 4)
    nothing = torch.zeros_like(whole)
    assert float(layer.sample_error(tensor(base), whole).detach().abs().max()) < 0.2
    missed = layer.sample_error(tensor(base), nothing)[0, 0].detach().numpy()
    assert np.abs(missed - (samples - point_samples(base, SCALE, sampling))).max() < 0.2


@each_sampling
def test_a_spread_of_the_sampling_itself_makes_the_picture_measure_right(truth, sampling):
    """The least correction that does: the sampling's transpose over its square."""
    samples = point_samples(truth, SCALE, sampling)
    base = cv2.resize(samples, truth.shape[::-1], interpolation=cv2.INTER_LINEAR)
    layer = BackProjection(sampling)
    kernel = sampling_kernel(sampling)
    least = F.pixel_unshuffle(torch.from_numpy(kernel / (kernel**2).sum()), 4)
    with torch.no_grad():
        # (1, 16, 2, 2) by phase and quarter -> the 64 channels that pixel_shuffle takes apart.
        layer.spread.weight.copy_(least.reshape(64, 1, 1, 1))
        phases = torch.zeros(1, 16, truth.shape[0] // 4, truth.shape[1] // 4)
        picture = tensor(base) + F.pixel_shuffle(phases + layer(tensor(base), phases), 4)
    found = point_samples(picture[0, 0].numpy(), SCALE, sampling)
    assert np.abs(found - samples).max() < 0.3


def test_it_starts_as_nothing_and_learns_a_spread():
    torch.manual_seed(0)
    net = RealtimeNet(RealtimeConfig((16, 16, 32), samples="linear"))
    base, guide = torch.rand(2, 1, 64, 64), torch.rand(2, 3, 64, 64)
    phases = torch.rand(2, 16, 16, 16)
    assert not net.samples(base, phases).any()
    net(base, guide).picture.square().mean().backward()
    assert net.samples.spread.weight.grad.abs().max() > 0


def test_there_are_no_samples_without_a_thermal_picture():
    torch.manual_seed(0)
    net = RealtimeNet(RealtimeConfig((16, 16, 32), samples="linear")).eval()
    torch.nn.init.normal_(net.samples.spread.weight)
    base, guide = torch.rand(1, 1, 64, 64), torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        told = net(base, guide, torch.tensor([[1.0, 0.0]])).picture
        assert torch.allclose(told, net.residual(None, guide), atol=1e-5)
        told = net(base, guide, torch.tensor([[0.0, 1.0]])).picture
        assert torch.allclose(told, base + net.residual(base, None), atol=1e-5)


def test_half_precision_measures_in_full():
    torch.manual_seed(0)
    layer = BackProjection("linear")
    torch.nn.init.normal_(layer.spread.weight)
    base, phases = torch.rand(1, 1, 64, 64), torch.rand(1, 16, 16, 16).half()
    with torch.no_grad():
        expected = layer(base, phases.float())
        found = layer.half()(base, phases)
    assert found.dtype == torch.float16
    torch.testing.assert_close(found.float(), expected, atol=5e-3, rtol=5e-3)


def test_it_costs_next_to_nothing():
    from models.networks.base import cost

    plain, looking_back = (
        cost(RealtimeNet(RealtimeConfig(samples=on))) for on in (False, "linear")
    )
    assert looking_back[0] - plain[0] == SCALE**2
    assert 1 < looking_back[1] / plain[1] < 1.001


def test_networks_of_release_0_1_keep_the_kernels_they_were_trained_with():
    old, exact = (RealtimeNet(RealtimeConfig(samples=on)).samples for on in (True, "linear"))
    for name in ("sampling_kernel", "phase_sampling_kernel", "deconvolution_kernel"):
        expected = torch.from_numpy(globals()[name]("blurred"))
        assert torch.equal(getattr(old, name), expected)
        assert not torch.equal(getattr(exact, name), expected)
