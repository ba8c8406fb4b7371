"""Real data and small networks for the tests of models."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.narrow_network import narrow_network
from tests.support.paths import DATA


@pytest.fixture(scope="session")
def shared_data() -> Path:
    if not DATA.is_dir():
        pytest.skip(f"{DATA} is absent (real pairs are not part of the repository)")
    return DATA


@pytest.fixture
def narrow() -> Iterator[None]:
    """The paper's network has few weights while a test runs."""
    pytest.importorskip("torch", reason="PyTorch is not installed")
    with narrow_network():
        yield


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs of training within draw no curves: nobody looks, and it is the half of a short run."""
    loop = pytest.importorskip("models.training.loop", reason="PyTorch is not installed")
    monkeypatch.setattr(loop, "draw_curves", lambda log, picture, title: None)


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small network with lived-in norms, saved; its weights mean nothing."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    from models import checkpoint
    from models.networks.realtime import RealtimeConfig, RealtimeNet

    torch.manual_seed(0)
    net = RealtimeNet(RealtimeConfig((16, 16, 32), (1, 1, 1), (0, 1, 1), (1, 1, 1))).train()
    for _ in range(4):
        net(torch.rand(2, 1, 64, 64), torch.rand(2, 3, 64, 64))
    path = tmp_path_factory.mktemp("tiny") / "tiny.safetensors"
    checkpoint.save(path, net, "nothing", {"step": 0})
    return path


@pytest.fixture(scope="session")
def tiny_model(tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small network's exported weights, graphs beside them."""
    from models.export.export_model import export_model

    output = tmp_path_factory.mktemp("exported")
    return export_model(tiny_checkpoint, output, "tiny")[0]
