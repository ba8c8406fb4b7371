"""Made pictures, data folders and small networks for the tests of models."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.support.paths import DATA


def scene(seed: int, rows: int = 128, columns: int = 160) -> tuple[np.ndarray, np.ndarray]:
    """(visible, thermal) of one made scene: warm shapes whose edges the visible camera sees."""
    rng = np.random.default_rng(seed)
    thermal = np.full((rows, columns), 60.0, dtype=np.float32)
    thermal += np.linspace(0, 40, columns, dtype=np.float32)
    visible = np.full((rows, columns, 3), 90, dtype=np.uint8)
    for _ in range(14):
        centre = (int(rng.integers(columns)), int(rng.integers(rows)))
        axes = (int(rng.integers(4, 30)), int(rng.integers(4, 30)))
        angle = float(rng.uniform(0, 180))
        cv2.ellipse(thermal, centre, axes, angle, 0, 360, float(rng.uniform(30, 230)), -1)
        colour = tuple(int(v) for v in rng.integers(0, 256, 3))
        cv2.ellipse(visible, centre, axes, angle, 0, 360, colour, -1)
    return visible, np.rint(thermal).clip(0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    if not DATA.is_dir():
        pytest.skip(f"{DATA} is absent (real pairs are not part of the repository)")
    return DATA


@pytest.fixture
def make_folder(tmp_path: Path) -> Callable[..., Path]:
    """Writes a data folder of made pairs and returns it."""

    def make(
        name: str = "set", count: int = 3, rows: int = 128, columns: int = 160, low: bool = False
    ) -> Path:
        from models.imaging.degradation import benchmark

        folder = tmp_path / name
        kinds = ["visible", "thermal"] + (["thermal_lr"] if low else [])
        for kind in kinds:
            (folder / kind).mkdir(parents=True)
        for index in range(count):
            visible, thermal = scene(index, rows, columns)
            stem = f"{index:03d}_01"
            cv2.imwrite(str(folder / "visible" / f"{stem}.jpg"), visible)
            cv2.imwrite(str(folder / "thermal" / f"{stem}.png"), thermal)
            if low:
                small = benchmark(thermal, 8)
                cv2.imwrite(str(folder / "thermal_lr" / f"{stem}.bmp"), small)
        return folder

    return make


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
