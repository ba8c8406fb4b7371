"""Checkpoints of all kinds for the engines."""

from contextlib import nullcontext

import pytest

from tests.support.narrow_network import narrow_network


@pytest.fixture(scope="session")
def make_checkpoint(tmp_path_factory):
    """Saves a network of a family with norms that have seen something; equal ones once."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    from models import checkpoint

    folder = tmp_path_factory.mktemp("engines")
    made = {}

    def make(family: str, *, narrow: bool = False, **config):
        key = f"{family} {narrow} {config}"
        if key not in made:
            torch.manual_seed(0)
            with narrow_network() if narrow else nullcontext():
                net = checkpoint.build(family, config).train()
            with torch.no_grad():
                if config.get("details"):
                    net.decoder.head.weight3.mul_(20)  # a network that has learnt to use them
                if config.get("samples"):
                    torch.nn.init.normal_(net.samples.spread.weight)
                net(torch.rand(2, 1, 64, 64), torch.rand(2, 3, 64, 64))
            made[key] = folder / f"net-{len(made)}.safetensors"
            checkpoint.save(made[key], net.eval(), "nothing", {})
        return made[key]

    return make
