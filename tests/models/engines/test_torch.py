"""PyTorch as an engine, and as what the graphs of OpenVINO are held against."""

from functools import lru_cache

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed")

from models.engines.openvino import OpenVinoEngine
from models.engines.torch import TorchEngine
from models.errors import ModelError
from models.registry import WEIGHTS
from tests.models.engines.engine_contract import (
    CANVAS,
    MODES,
    EngineContract,
    frames,
    given,
    spec,
)

REALTIME = {"widths": (16, 16, 32)}
NETWORKS = {
    "details": ("realtime", {**REALTIME, "details": 1}),
    "two details": ("realtime", {**REALTIME, "details": 2}),
    "samples": ("realtime", {**REALTIME, "samples": "linear"}),
    "samples of 0.1": ("realtime", {**REALTIME, "samples": True}),
    "paper": ("corefusion", {}),
    "residual": ("corefusion", {"residual": True}),
    "sigmoid": ("corefusion", {"activation": "sigmoid"}),
    "relu": ("corefusion", {"activation": "relu", "residual": True}),
}
WIDE = ("paper",)
"""Of the paper's networks one has all its channels; the heads of the others are what is new."""


class TestTorch(EngineContract):
    @pytest.fixture(scope="class")
    @classmethod
    def build(cls, tiny_model):
        return lambda canvas: TorchEngine(spec(tiny_model, canvas=canvas))


class TestAsTrained(EngineContract):
    @pytest.fixture(scope="class")
    @classmethod
    def build(cls, tiny_model):
        return lambda canvas: TorchEngine(spec(tiny_model, canvas=canvas), as_trained=True)


@lru_cache(maxsize=1)  # the modes of one network come one after the other
def both_engines(path):
    return TorchEngine(spec(path)), OpenVinoEngine(spec(path))


@pytest.mark.parametrize(
    "weights",
    ["tiny_checkpoint", "tiny_model", "fast-sensor", "fast-benchmark", *NETWORKS],
    scope="module",
)
@pytest.mark.parametrize("mode", MODES)
def test_the_graph_and_the_network_agree(mode, weights, make_checkpoint, request):
    if weights in NETWORKS:
        family, config = NETWORKS[weights]
        narrow = family == "corefusion" and weights not in WIDE
        if narrow:
            request.getfixturevalue("narrow")
        path = make_checkpoint(family, narrow=narrow, **config)
    elif weights.startswith("tiny"):
        path = request.getfixturevalue(weights)
    else:
        path = WEIGHTS / f"{weights}.safetensors"
    shown = given(mode, *frames())
    torch_engine, openvino_engine = both_engines(path)
    reference = torch_engine.infer(*shown).copy()
    picture = openvino_engine.infer(*shown)
    assert picture.shape == CANVAS
    assert np.abs(picture - reference).max() < 1e-4 * max(1.0, np.abs(reference).max())


def test_folding_changes_no_picture(tiny_model):
    shown = given("both", *frames())
    exact = TorchEngine(spec(tiny_model), as_trained=True).infer(*shown).copy()
    assert np.abs(TorchEngine(spec(tiny_model)).infer(*shown) - exact).max() < 1e-5


@pytest.mark.parametrize("precision", ["int8", "bf16", "auto"])
def test_a_precision_it_has_not(tiny_model, precision):
    with pytest.raises(ModelError, match=f"precision: torch has .*f32 on .*, got '{precision}'"):
        TorchEngine(spec(tiny_model, precision))
