"""The table that makes a graph an 8-bit one: the ranges activations take, found by calibration.

It lies beside the weights as NAME.int8.json and holds numbers alone, a few kilobytes: kernels are
quantised from the weights themselves, channel by channel, when a graph is built. So one file of
weights serves every precision, and the table is all that calibration
(`models.export.calibration`) adds.
"""

from pathlib import Path

import msgspec
import numpy as np

from models.engines.graphs import ops
from models.engines.graphs.ops import Node
from models.engines.library import openvino, opset13
from models.errors import ModelError
from models.files import atomic_write

LEVELS = 256
KERNEL_MAX = 127
"""Kernels are symmetric, -127..127."""

NARROW_KERNEL_MAX = 63
"""For processors that hold the sum of two products in 16 bits: 2 * 255 * 63 fits, and is exact.

There 127 lost 0.14 dB of `fast:benchmark` to clipped sums, where 63 loses 0.007."""

_LARGEST, _SMALLEST = 1e9, 1e-20
"""Of an activation, and of the span of one: with others no graph can be compiled."""


class Int8Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What calibration found.

    Attributes:
        weights_sha256: the weights it was made for.
        made_from: the pictures it was made from, in words.
        ranges: lowest and highest value of an activation, by the node it comes out of.
        kept: convolutions left in higher precision.
    """

    weights_sha256: str
    made_from: str
    ranges: dict[str, tuple[float, float]]
    kept: tuple[str, ...] = ()


def table_path(weights: Path) -> Path:
    """fast-sensor.safetensors -> fast-sensor.int8.json beside it."""
    return weights.with_name(f"{weights.stem}.int8.json")


def read_table(path: Path) -> Int8Table:
    """Read a table.

    Raises:
        ModelError: if it is missing, no such table, or one with ranges that no activation has.
    """
    try:
        table = msgspec.json.decode(path.read_bytes(), type=Int8Table)
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ModelError(f"{path}: no table of int8 ranges: {error}") from error
    for name, (low, high) in table.ranges.items():
        if not (-_LARGEST <= low <= high <= _LARGEST and (low == high or high - low > _SMALLEST)):
            raise ModelError(
                f"{path}: the range of {name:.60} is {low:g} to {high:g}: a lowest and a highest "
                f"value within {_LARGEST:g} wanted"
            )
    return table


def write_table(path: Path, table: Int8Table) -> None:
    """Write a table as JSON, one line a range."""
    text = msgspec.json.format(msgspec.json.encode(table), indent=1)
    with atomic_write(path) as partial:
        partial.write_bytes(text + b"\n")


def quantise(model: openvino.Model, table: Int8Table, kernel_max: int) -> None:
    """Make a float graph, as the builder gives it, an 8-bit one, in place.

    Args:
        model: the graph.
        table: the ranges of its activations.
        kernel_max: the largest number in a kernel, by the processor that is to run it.
    """
    for node in model.get_ordered_ops():
        name = node.get_friendly_name()
        if name in table.ranges:
            _quantise_output(node, *table.ranges[name])
        if node.get_type_name() == "Convolution" and name not in table.kept:
            _quantise_kernel(node, kernel_max)
    model.validate_nodes_and_infer_types()


def _quantise_output(node: Node, low: float, high: float) -> None:
    readers = node.output(0).get_target_inputs()
    limits = [ops.constant(np.array(value, dtype=np.float32)) for value in (low, high)]
    levels = opset13.fake_quantize(node, *limits, *limits, LEVELS)
    for reader in readers:
        reader.replace_source_output(levels.output(0))


def _quantise_kernel(node: Node, kernel_max: int) -> None:
    kernel = node.input_value(1).get_node().get_data()
    highest = np.abs(kernel).max(axis=(1, 2, 3), keepdims=True)
    step = np.maximum(highest, np.float32(1e-9)) / kernel_max  # a dead channel has a step too
    numbers = opset13.convert(
        ops.constant(np.rint(kernel / step).astype(np.int8)), openvino.Type.f32
    )
    node.input(1).replace_source_output(opset13.multiply(numbers, ops.constant(step)).output(0))
