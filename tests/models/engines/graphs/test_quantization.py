import json

import pytest

from models.engines.graphs.quantization import read_table, table_path
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
