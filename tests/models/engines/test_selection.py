import time

import numpy as np
import pytest

from models.engines import selection
from models.engines.spec import EngineName, Precision
from models.errors import ModelError

BOTH = (Precision.BF16, Precision.F32)


def benchmark_key(**changes) -> selection.BenchmarkKey:
    facts = {
        "engine": "openvino",
        "library": "1",
        "processor": "x",
        "weights_sha256": "y",
        "canvas": (64, 96),
        "threads": 2,
    }
    return selection.BenchmarkKey(**{**facts, **changes})


class Stub:
    """An engine of a known speed and error."""

    name, threads = EngineName.OPENVINO, 1

    def __init__(self, precision: Precision, seconds: float, error: float) -> None:
        self.precision, self.seconds, self.error = precision, seconds, error

    def infer(self, base, guide):
        time.sleep(self.seconds)
        return base + np.float32(self.error)


def test_the_faster_precision_is_chosen_and_remembered(tmp_path):
    built: list[Stub] = []

    def build(precision: Precision) -> Stub:
        built.append(Stub(precision, 0.001 if precision == "bf16" else 0.01, 0.0))
        return built[-1]

    choose = selection.choose_precision
    assert choose(benchmark_key(), BOTH, build, tmp_path) == "bf16"
    assert len(built) == 2
    assert choose(benchmark_key(), BOTH, build, tmp_path) == "bf16"
    assert len(built) == 2  # from the file this time
    choose(benchmark_key(library="2"), BOTH, build, tmp_path)
    assert len(built) == 4  # another library is measured anew


@pytest.mark.parametrize("error", [0.5, float("nan")])
def test_a_precision_that_spoils_the_picture_is_left_out(tmp_path, error):
    def build(precision: Precision) -> Stub:
        return Stub(
            precision, 0.0 if precision == "bf16" else 0.003, error if precision == "bf16" else 0.0
        )

    assert selection.choose_precision(benchmark_key(), BOTH, build, tmp_path) == "f32"


def test_a_broken_memory_is_no_obstacle(tmp_path):
    (tmp_path / "precision.json").write_text("{ half")
    build = lambda precision: Stub(precision, 0.001, 0.0)  # noqa: E731
    assert selection.choose_precision(benchmark_key(), BOTH, build, tmp_path) in (
        "bf16",
        "f32",
    )


def test_auto_is_torch_only_with_a_device_and_torch(monkeypatch):
    for devices, installed, expected in (
        (0, True, "openvino"),
        (1, False, "openvino"),
        (1, True, "torch"),
    ):
        monkeypatch.setattr(selection, "cuda_devices", lambda n=devices: n)
        monkeypatch.setattr(selection, "torch_installed", lambda n=installed: n)
        assert selection.choose_engine(EngineName.AUTO) == expected


def test_torch_must_be_there_to_be_chosen(monkeypatch):
    monkeypatch.setattr(selection, "torch_installed", lambda: False)
    with pytest.raises(ModelError, match="PyTorch is not installed"):
        selection.choose_engine(EngineName.TORCH)


def test_without_a_folder_nothing_is_remembered(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    built = []

    def build(precision: Precision) -> Stub:
        built.append(precision)
        return Stub(precision, 0.0, 0.0)

    for _ in range(2):
        selection.choose_precision(benchmark_key(), BOTH, build, None)
    assert len(built) == 4
    assert list(tmp_path.iterdir()) == []
