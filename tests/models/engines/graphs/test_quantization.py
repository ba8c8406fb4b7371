import json

import numpy as np
import pytest

from models.engines.graphs.quantization import (
    KERNEL_MAX,
    NARROW_KERNEL_MAX,
    Int8Table,
    quantise,
    read_table,
    table_path,
)
from models.engines.library import openvino, opset13
from models.engines.processor import processor_flags, products_saturate
from models.errors import ModelError
from models.registry import WEIGHTS

GOOD = table_path(WEIGHTS / "fast-sensor.safetensors")


@pytest.mark.parametrize("content", [b"", b"[]", b'{"weights_sha256": "\xcc"}', b"\xff" * 9])
def test_a_file_that_is_no_table(tmp_path, content):
    path = tmp_path / "x.int8.json"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="no table of int8 ranges"):
        read_table(path)


@pytest.mark.parametrize("span", [(-1e300, 0.0), (0.0, 1e300), (5.0, 4.0), (0.0, 1e-38)])
def test_a_range_that_no_graph_can_be_made_with(tmp_path, span):
    table = json.loads(GOOD.read_bytes())
    name = next(iter(table["ranges"]))
    table["ranges"][name] = span
    path = tmp_path / "x.int8.json"
    path.write_text(json.dumps(table))
    with pytest.raises(ModelError, match=rf"the range of {name} is .* wanted"):
        read_table(path)


def test_an_activation_that_never_moves_has_a_range(tmp_path):
    table = json.loads(GOOD.read_bytes())
    table["ranges"] = {"dead": [0.0, 0.0]}
    path = tmp_path / "x.int8.json"
    path.write_text(json.dumps(table))
    assert read_table(path).ranges == {"dead": (0.0, 0.0)}


def test_the_largest_sums_are_exact_on_this_processor():
    """Every activation and every number of a kernel at its end: nothing is clipped on the way."""
    picture = opset13.parameter([1, 32, 16, 16], np.float32, name="picture")
    kernel = opset13.constant(np.full((32, 32, 3, 3), 0.5, np.float32))
    convolution = opset13.convolution(picture, kernel, [1, 1], [0, 0], [0, 0], [1, 1])
    convolution.set_friendly_name("convolution")
    model = openvino.Model([opset13.relu(convolution)], [picture])
    largest = NARROW_KERNEL_MAX if products_saturate(processor_flags()) else KERNEL_MAX
    quantise(model, Int8Table("", "", {"picture": (0.0, 1.0)}), largest)
    hints = {"INFERENCE_PRECISION_HINT": "f32"}
    request = openvino.Core().compile_model(model, "CPU", hints).create_infer_request()
    sums = request.infer([np.ones((1, 32, 16, 16), np.float32)])[0]
    np.testing.assert_allclose(sums, 32 * 9 * 0.5, rtol=1e-3)
