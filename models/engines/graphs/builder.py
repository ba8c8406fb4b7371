"""From a checkpoint to an OpenVINO graph in memory, without torch and without files beside it.

    base       (1, 1, H, W) float32, about 0..1
    guide      (1, H, W, 3) uint8, BGR as OpenCV reads
    picture    (1, 1, H, W) float32
    feature0.. (1, H / s, W / s, C), the visible encoder's, in the type the graph computes in

What each graph takes and gives: `models.engines.subgraphs`. Sizes are fixed when a graph is
built: it then runs 10 % faster than one of free sizes. Features leave and enter channels last and
unconverted, as they lie in memory: handing them out then costs 1 % of a frame, in float32 planes
15 %.
"""

from pathlib import Path
from typing import Protocol

import numpy as np

from models import checkpoint
from models.engines.graphs import ops
from models.engines.graphs.corefusion import CoreFusionGraph
from models.engines.graphs.ops import Node
from models.engines.graphs.realtime import RealtimeGraph
from models.engines.library import openvino, opset13
from models.errors import ModelError

Size = tuple[int, int]
"""(H, W) of the canvas, multiples of the network's stride."""


class GraphParts(Protocol):
    """A network's two encoders and its decoder, as nodes.

    Attributes:
        sensitive: convolutions that 8 bits are not enough for: what reads thermal counts, and what
            writes the picture.
    """

    sensitive: tuple[str, ...]

    def visible(self, guide: Node) -> list[Node]:
        """uint8 (1, H, W, 3) BGR -> features, the finest first, and what else the decoder takes."""
        ...

    def thermal(self, base: Node) -> list[Node]:
        """float32 (1, 1, H, W) about 0..1 -> features, the finest first."""
        ...

    def decoded(self, features: list[Node], base: Node | None) -> Node:
        """Fused features -> the residual, without a base the picture; (1, 1, H, W)."""
        ...


def parts_of(weights: Path) -> GraphParts:
    """The network of a checkpoint.

    Raises:
        ModelError: as `checkpoint.read_facts`, for a family there is not, or missing tensors.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    facts = checkpoint.read_facts(weights)
    try:
        tensors = {name: value.astype(np.float32) for name, value in load_file(weights).items()}
    except SafetensorError as error:
        first = str(error).splitlines()[0]  # it may quote a stranger's header at any length
        raise ModelError(f"{weights}: {first:.90}") from error
    except (TypeError, AttributeError, ValueError) as error:  # what numpy has no name or room for
        reason = f"wanted tensors of numpy's types and shapes: {error!s:.90}"
        raise ModelError(f"{weights}: {reason}") from error
    if facts.family == "realtime":
        return RealtimeGraph(tensors, facts.config)
    if facts.family == "corefusion":
        return CoreFusionGraph(tensors, facts.config)
    known = " or ".join(checkpoint.STRIDES)
    raise ModelError(f"{weights}: weights of a {facts.family!r} network, wanted {known}")


def build_graph(weights: Path, graph: str, size: Size, precision: str = "f32") -> openvino.Model:
    """One of a model's graphs at one canvas.

    Args:
        weights: a checkpoint.
        graph: one of `models.engines.subgraphs.GRAPHS`.
        size: of the canvas; (-1, -1) leaves it free.
        precision: `f32` or `bf16`, of the features that are handed on.

    Raises:
        ModelError: as `parts_of`, and if the tensors do not make up the network.
    """
    parts = parts_of(weights)
    try:
        return _BUILDERS[graph](parts, size, getattr(openvino.Type, precision))
    except KeyError as error:
        raise ModelError(f"{weights}: no tensor {error} in it") from error
    except (ValueError, IndexError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[-1]
        raise ModelError(f"{weights}: does not fit the network it names: {reason:.90}") from error


def name_by_order(model: openvino.Model) -> None:
    """Name the nodes that have no name of their own.

    OpenVINO numbers them through all graphs a process has made, and takes names for part of what a
    graph is: a compiled one kept in a cache would never be found again.
    """
    for index, node in enumerate(model.get_ordered_ops()):
        if node.get_friendly_name() == node.get_name():
            node.set_friendly_name(f"{node.get_type_name()}.{index}")


def save_graph(model: openvino.Model, path: Path, *, halved: bool) -> None:
    """Write a graph as OpenVINO's XML and, beside it, its numbers, float16 if halved."""
    openvino.save_model(model, path, compress_to_fp16=halved)


def _both(parts: GraphParts, size: Size, kind: openvino.Type) -> openvino.Model:
    base, guide = _base(size), _guide(size)
    seen = parts.visible(guide)
    picture = parts.decoded(_fused(seen, parts.thermal(base)), base)
    features = {
        f"feature{level}": opset13.convert(opset13.transpose(node, np.array([0, 2, 3, 1])), kind)
        for level, node in enumerate(seen)
    }
    return ops.model_of({"picture": picture, **features}, [base, guide])


def _thermal_only(parts: GraphParts, size: Size, kind: openvino.Type) -> openvino.Model:
    base = _base(size)
    return ops.model_of({"picture": parts.decoded(parts.thermal(base), base)}, [base])


def _visible_only(parts: GraphParts, size: Size, kind: openvino.Type) -> openvino.Model:
    guide = _guide(size)
    return ops.model_of({"picture": parts.decoded(parts.visible(guide), None)}, [guide])


def _reuse(parts: GraphParts, size: Size, kind: openvino.Type) -> openvino.Model:
    base = _base(size)
    shapes = [node.output(0).get_partial_shape() for node in parts.visible(_guide(size))]
    given, seen = [], []
    for level, (_, channels, height, width) in enumerate(shapes):
        shape = openvino.PartialShape([1, height, width, channels])
        given.append(ops.parameter(f"feature{level}", shape, kind))
        numbers = opset13.convert(given[-1], openvino.Type.f32)
        seen.append(opset13.transpose(numbers, np.array([0, 3, 1, 2])))
    picture = parts.decoded(_fused(seen, parts.thermal(base)), base)
    return ops.model_of({"picture": picture}, [base, *given])


_BUILDERS = {
    "both": _both,
    "thermal_only": _thermal_only,
    "visible_only": _visible_only,
    "reuse": _reuse,
}


def _base(size: Size) -> Node:
    return ops.parameter("base", openvino.PartialShape([1, 1, *size]), openvino.Type.f32)


def _guide(size: Size) -> Node:
    return ops.parameter("guide", openvino.PartialShape([1, *size, 3]), openvino.Type.u8)


def _fused(visible: list[Node], thermal: list[Node]) -> list[Node]:
    """The maximum, level by level; what the visible side has beyond the levels goes on alone."""
    fused = [
        opset13.maximum(v, t, name=f"fused.{level}")
        for level, (v, t) in enumerate(zip(visible, thermal, strict=False))
    ]
    return [*fused, *visible[len(thermal) :]]
