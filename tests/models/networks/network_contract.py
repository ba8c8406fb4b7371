"""What every guided network must do, whatever it is made of. A family's test subclasses this."""

from abc import abstractmethod
from copy import deepcopy

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from models import checkpoint  # noqa: E402
from models.networks.base import GuidedNetwork, cost  # noqa: E402

MODES = {"both": (True, True), "thermal_only": (True, False), "visible_only": (False, True)}


def lived_in(net: GuidedNetwork) -> GuidedNetwork:
    """The network in eval mode, its norms' statistics no longer the initial ones."""
    net.train()
    with torch.no_grad():
        for _ in range(3):
            net(torch.rand(2, 1, 64, 64), torch.rand(2, 3, 64, 64))
    return net.eval()


def double(net: GuidedNetwork) -> GuidedNetwork:
    """A copy whose arithmetic rounds a billion times finer.

    In float32 a library takes other kernels for another batch or other weights, each with its own
    rounding: features near 100 differ by 1e-4, and a head makes of it what it likes. What is left
    of a comparison here is what the network computes, on any processor.
    """
    return deepcopy(net).double()


class NetworkContract:
    """What every guided network must do."""

    @abstractmethod
    @pytest.fixture
    def net(self) -> GuidedNetwork:
        """A small network of the family, lived in."""

    @pytest.fixture
    def inputs(self):
        """(base, guide) of two frames at a canvas that is no square."""
        torch.manual_seed(1)
        return torch.rand(2, 1, 64, 96), torch.rand(2, 3, 64, 96)

    @torch.inference_mode()
    def test_the_picture_is_the_base_and_what_is_deployed(self, net, inputs):
        base, guide = inputs
        picture = net(base, guide).picture
        assert picture.shape == base.shape
        assert torch.isfinite(picture).all()
        assert torch.allclose(picture, base + net.residual(base, guide), atol=1e-6)

    @torch.inference_mode()
    def test_without_a_mask_both_are_present(self, net, inputs):
        masked = net(*inputs, torch.ones(2, 2)).picture
        assert torch.allclose(net(*inputs).picture, masked, atol=1e-6)

    @torch.inference_mode()
    def test_masked_features_are_the_network_without_that_branch(self, net, inputs):
        base, guide = inputs
        masked = net(base, guide, torch.tensor([[0.0, 1.0], [1.0, 0.0]])).picture
        assert torch.allclose(masked[:1], (base + net.residual(base, None))[:1], atol=1e-6)
        assert torch.allclose(masked[1:], net.residual(None, guide)[1:], atol=1e-6)

    @torch.inference_mode()
    def test_features_end_in_a_relu_and_are_those_before_any_mask(self, net, inputs):
        base, guide = inputs
        output = net(base, guide)
        masked = net(base, guide, torch.zeros(2, 2))
        alone = net.deepest_features(base, guide)
        for features, unmasked, own in zip(output[1:], masked[1:], alone, strict=True):
            assert features.shape[:1] + features.shape[2:] == (
                2, 64 // net.stride, 96 // net.stride,
            )  # fmt: skip
            assert features.min() >= 0
            assert features.max() > 0
            assert torch.equal(features, unmasked)
            assert torch.equal(features, own)

    @torch.inference_mode()
    @pytest.mark.parametrize("mode", MODES)
    def test_what_is_deployed_computes_the_same(self, net, inputs, mode):
        shown = [
            x.double() if there else None for x, there in zip(inputs, MODES[mode], strict=True)
        ]
        deployed = net.deployed()
        assert not deployed.training
        expected = double(net).residual(*shown)
        assert torch.allclose(expected, double(deployed).residual(*shown), atol=1e-5)

    @torch.inference_mode()
    def test_a_frame_does_not_look_at_its_neighbours(self, net, inputs):
        net, (base, guide) = double(net), (x.double() for x in inputs)
        alone = net(base[:1], guide[:1]).picture
        assert torch.allclose(net(base, guide).picture[:1], alone, rtol=0, atol=1e-6)

    def test_gradients_reach_every_parameter(self, net, inputs):
        fresh = type(net)(net.config).train()
        fresh(*inputs, torch.tensor([[1.0, 1.0], [1.0, 0.0]])).picture.square().mean().backward()
        missed = [name for name, p in fresh.named_parameters() if p.grad is None]
        assert missed == []

    def test_inputs_that_do_not_fit_are_refused(self, net):
        with pytest.raises(ValueError, match="resize the guide"):
            net(torch.rand(1, 1, 64, 64), torch.rand(1, 3, 32, 64))
        with pytest.raises(ValueError, match="neither"):
            net.residual(None, None)

    def test_a_checkpoint_of_it_comes_back(self, net, inputs, tmp_path):
        path = tmp_path / "net.safetensors"
        checkpoint.save(path, net, "benchmark x8", {"step": 1})
        loaded, facts = checkpoint.load(path)
        assert (facts.family, checkpoint.stride_of(path)) == (net.family, net.stride)
        assert loaded.config == net.config
        with torch.inference_mode():
            assert torch.equal(loaded(*inputs).picture, net(*inputs).picture)

    def test_its_cost_is_counted_as_deployed(self, net):
        parameters, macs = cost(net, 64, 96)
        assert parameters == sum(p.numel() for p in net.deployed().parameters())
        # Four times the pixels, four times the work.
        assert cost(net, 128, 192) == (parameters, 4 * macs)
