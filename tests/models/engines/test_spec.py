from pathlib import Path

import pytest

from models.engines.spec import EngineName, EngineSpec, Precision
from models.errors import ModelError


def test_names_are_words_of_the_command_line():
    assert EngineName.of("openvino") is EngineName.OPENVINO
    assert Precision.of("int8") is Precision.INT8
    with pytest.raises(ModelError, match="engine: wanted auto, openvino or torch, got 'tpu'"):
        EngineName.of("tpu")
    with pytest.raises(ModelError, match=r"precision: wanted .*fp16 or f32, got 'int3'"):
        Precision.of("int3")


def test_there_are_four_numbers_of_views():
    with pytest.raises(ModelError, match="views: wanted 1, 2, 4, 8, got 3"):
        EngineSpec(Path("x"), views=3)
