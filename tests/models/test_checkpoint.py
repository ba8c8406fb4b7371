import json

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from models import checkpoint
from models.engines.graphs.builder import parts_of
from models.errors import ModelError


def metadata(path):
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        return json.loads(file.read(length))["__metadata__"]


def test_facts_come_back(tiny_checkpoint):
    facts = checkpoint.read_facts(tiny_checkpoint)
    assert facts.family == "realtime"
    assert facts.config["widths"] == [16, 16, 32]
    assert facts.training == {"step": 0}


def test_weights_come_back(tiny_checkpoint, tmp_path):
    import torch

    net, facts = checkpoint.load(tiny_checkpoint)
    again = tmp_path / "again.safetensors"
    checkpoint.save(again, net, facts.degradation, facts.training)
    other, _ = checkpoint.load(again)
    for name, value in net.state_dict().items():
        assert torch.equal(value, other.state_dict()[name]), name


def test_a_missing_file(tmp_path):
    with pytest.raises(ModelError, match=r"x\.safetensors: No such file"):
        checkpoint.load(tmp_path / "x.safetensors")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a zip file, as torch.save writes"])
def test_a_foreign_file(tmp_path, content):
    path = tmp_path / "x.safetensors"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="not a safetensors file"):
        checkpoint.load(path)


@pytest.mark.parametrize("kept", [0.01, 0.5, 0.999])
def test_a_truncated_file(tiny_checkpoint, tmp_path, kept):
    path = tmp_path / "x.safetensors"
    whole = tiny_checkpoint.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(ModelError, match=r"truncated|cut off"):
        checkpoint.load(path)


def test_safetensors_of_somebody_else(tmp_path):
    path = tmp_path / "x.safetensors"
    save_file({"a": np.zeros(3, np.float32)}, path)
    with pytest.raises(ModelError, match="no CoReFusion Live checkpoint"):
        checkpoint.load(path)


def test_another_architecture(tiny_checkpoint, tmp_path):
    tensors, facts = load_file(tiny_checkpoint), metadata(tiny_checkpoint)
    path = tmp_path / "x.safetensors"
    save_file(tensors, path, {**facts, "family": "paper"})
    with pytest.raises(ModelError, match="weights of a 'paper' network"):
        checkpoint.load(path)
    wider = json.dumps({**json.loads(facts["config"]), "widths": [16, 16, 48]})
    save_file(tensors, path, {**facts, "config": wider})
    with pytest.raises(ModelError, match="does not fit the architecture it names"):
        checkpoint.load(path)
    unknown = json.dumps({**json.loads(facts["config"]), "depth": 3})
    save_file(tensors, path, {**facts, "config": unknown})
    with pytest.raises(ModelError, match="unknown field"):
        checkpoint.load(path)


def crafted(path, **changes):
    """A checkpoint of one number whose metadata were written by somebody else."""
    fields = {"format": "1", "family": "realtime", "config": "{}", "training": "{}", **changes}
    fields = {name: value for name, value in fields.items() if value is not None}
    save_file({"a": np.zeros(1, np.float32)}, path, metadata=fields)
    return path


@pytest.mark.parametrize(
    "changes",
    [
        {"config": "no JSON"},
        {"config": None},
        {"config": "[1, 2]"},
        {"config": "[" * 200_000},
        {"training": "no JSON"},
        {"training": "3"},
        {"training": "[" * 200_000},
    ],
    ids=lambda changes: f"{changes!s:.30}",
)
def test_crafted_metadata_are_one_error(tmp_path, changes):
    path = crafted(tmp_path / "x.safetensors", **changes)
    with pytest.raises(ModelError, match=r"x\.safetensors: its metadata are none") as refused:
        checkpoint.load(path)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize(
    "header",
    [
        "[" * 200_000,
        '{"a": ' * 100_000,
        '{"__metadata__": [1], "a": {"data_offsets": [0, 4]}}',
        '{"__metadata__": {"format": 1}, "a": {"data_offsets": [0, 4]}}',
        '{"a": {"data_offsets": []}}',
        '{"a": {"data_offsets": [0, "4x"]}}',
        '{"a": {"data_offsets": [0, Infinity]}}',
        "3",
    ],
    ids=lambda header: header[:30],
)
def test_a_crafted_header_is_one_error(tmp_path, header):
    path = tmp_path / "x.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header.encode() + bytes(4))
    with pytest.raises(ModelError, match=r"x\.safetensors: not a safetensors file"):
        checkpoint.load(path)


@pytest.mark.parametrize(
    ("dtype", "shape", "size"),
    [
        ("X" * 700, [1], 4),
        ("BF16", [2], 4),
        ("F8_E4M3", [4], 4),
        ("F32", [1] * 5000, 4),
    ],
    ids=["no type", "bf16", "f8", "5000 dimensions"],
)
@pytest.mark.parametrize("read", [checkpoint.load, parts_of], ids=["torch", "openvino"])
def test_a_crafted_tensor_is_one_short_error(tmp_path, read, dtype, shape, size):
    meta = {"format": "1", "family": "realtime", "config": "{}", "training": "{}"}
    entry = {"dtype": dtype, "shape": shape, "data_offsets": [0, size]}
    header = json.dumps({"__metadata__": meta, "a": entry}).encode()
    path = tmp_path / "x.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(size))
    with pytest.raises(ModelError, match=r"x\.safetensors: ") as refused:
        read(path)
    said = str(refused.value).replace(str(path), "")
    assert len(said.splitlines()) == 1
    assert len(said) <= 180
