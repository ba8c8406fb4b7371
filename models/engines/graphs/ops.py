"""What the graphs of the networks are put together from: OpenVINO operations, named by us.

A convolution is named after its weights in the checkpoint, so that a table of int8 ranges
(`models.engines.graphs.quantization`) finds it again in any of a model's graphs. No torch.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.engines.library import openvino, opset13

Node = Any
"""A node of an OpenVINO graph (the library has no types)."""

Weights = Mapping[str, NDArray[np.float32]]
"""A checkpoint's tensors by name."""

NORM_EPSILON = 1e-5
"""torch's default, which no network here changes."""


GUIDE_LEVELS = "guide.levels"
GUIDE_PLANES = "guide.planes"
"""The guide as numbers, 0..255, as it came and with its channels in front."""


def parameter(name: str, shape: openvino.PartialShape, kind: openvino.Type) -> Node:
    """An input."""
    node = opset13.parameter(shape, kind, name=name)
    node.output(0).get_tensor().set_names({name})
    return node


def constant(values: NDArray[Any]) -> Node:
    """Numbers as they are.

    opset13's own looks for the overload by types at each call: an eighth of building an int8 graph.
    """
    return openvino.op.Constant(values)


def from_nhwc(picture: Node) -> Node:
    """uint8 (1, H, W, C) -> float32 (1, C, H, W)."""
    numbers = opset13.convert(picture, openvino.Type.f32, name=GUIDE_LEVELS)
    return opset13.transpose(numbers, np.array([0, 3, 1, 2]), name=GUIDE_PLANES)


def convolution(
    x: Node,
    kernel: NDArray[np.float32],
    bias: NDArray[np.float32] | None,
    name: str,
    stride: int = 1,
    padding: int | None = None,
) -> Node:
    """Padded by half the kernel, if nothing else is said; the bias a node behind."""
    around = [kernel.shape[-1] // 2 if padding is None else padding] * 2
    weight = constant(np.ascontiguousarray(kernel, dtype=np.float32))
    y = opset13.convolution(x, weight, [stride] * 2, around, around, [1, 1], name=name)
    if bias is None:
        return y
    return opset13.add(y, _channels(bias), name=f"{name}.bias")


def scaled(x: Node, gain: NDArray[np.float32], offset: NDArray[np.float32]) -> Node:
    """Channel by channel, gain * x + offset."""
    return opset13.add(opset13.multiply(x, _channels(gain)), _channels(offset))


def relu(x: Node) -> Node:
    """max(x, 0), named after what it follows."""
    return opset13.relu(x, name=f"{x.get_friendly_name()}.relu")


def shuffled(
    x: Node, kernel: NDArray[np.float32], bias: NDArray[np.float32] | None, name: str, by: int
) -> Node:
    """A convolution and torch's pixel_shuffle behind it."""
    kernel = _blocks_first(kernel, by)
    bias = None if bias is None else _blocks_first(bias, by)
    return unblocked(convolution(x, kernel, bias, name), by)


def unblocked(x: Node, by: int) -> Node:
    """The pixels of each block, in channels one block after the other, to their places."""
    return opset13.depth_to_space(x, "blocks_first", by)


def parted(x: Node, widths: list[int]) -> list[Node]:
    """Channels in groups of these widths."""
    if len(widths) == 1:
        return [x]
    return list(opset13.variadic_split(x, np.int64(1), np.array(widths)).outputs())


def doubled(x: Node) -> Node:
    """Nearest x2."""
    return opset13.interpolate(
        x,
        np.array([2.0, 2.0], dtype=np.float32),
        "nearest",
        "scales",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
        axes=np.array([2, 3]),
    )


def folded_norm(
    kernel: NDArray[np.float32], bias: NDArray[np.float32] | float, weights: Weights, norm: str
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Kernel and bias of a convolution with the batch norm behind it."""
    deviation = np.sqrt(weights[f"{norm}.running_var"] + np.float32(NORM_EPSILON))
    gain = weights[f"{norm}.weight"] / deviation
    shifted = (bias - weights[f"{norm}.running_mean"]) * gain + weights[f"{norm}.bias"]
    return kernel * gain[:, None, None, None], shifted


def model_of(results: dict[str, Node], inputs: list[Node]) -> openvino.Model:
    """The graph that leads from the inputs to the results, under their names and in their order."""
    for name, node in results.items():
        node.output(0).get_tensor().set_names({name})
    return openvino.Model([opset13.result(node) for node in results.values()], inputs, "corefusion")


def _blocks_first(values: NDArray[np.float32], by: int) -> NDArray[np.float32]:
    """Output channels in the order that makes whole runs of memory of what is moved."""
    parts = values.reshape(-1, by * by, *values.shape[1:])
    return np.swapaxes(parts, 0, 1).reshape(values.shape)


def _channels(values: NDArray[np.float32]) -> Node:
    return constant(np.asarray(values, dtype=np.float32).reshape(1, -1, 1, 1))
