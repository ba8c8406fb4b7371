"""The paper's network (`models.networks.corefusion`) as OpenVINO graphs, norms folded. No torch.

Both files hold the same network; a test compares every graph with torch.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from models.engines.graphs import ops
from models.engines.graphs.ops import Node, Weights
from models.engines.library import opset13

MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
DEVIATION = np.array([0.229, 0.224, 0.225], dtype=np.float32)
"""ImageNet's, of RGB in 0..1."""

GAIN = np.float32(1) / DEVIATION
OFFSET = -MEAN / DEVIATION
LEVELS = np.float32(255)
RESNET_LAYERS = 4
DECODER_BLOCKS = 5


class CoreFusionGraph:
    """Builds the parts of a CoreFusionNet from its checkpoint's tensors and configuration."""

    sensitive: tuple[str, ...] = ("encoder2.conv1", "head")

    def __init__(self, weights: Weights, config: Mapping[str, Any]) -> None:
        self._weights = weights
        self._activation = config.get("activation", "tanh")
        self._residual = bool(config.get("residual", False))

    def visible(self, guide: Node) -> list[Node]:
        """uint8 (1, H, W, 3) BGR -> features at 1/2 .. 1/32."""
        # The picture is BGR, the norms and the kernels are RGB's.
        x = ops.scaled(ops.from_nhwc(guide), GAIN[::-1] / LEVELS, OFFSET[::-1])
        return self._encoder("encoder", x, reverse=True)

    def thermal(self, base: Node) -> list[Node]:
        """(1, 1, H, W) about 0..1 -> features at 1/2 .. 1/32."""
        x = ops.scaled(base, GAIN, OFFSET)
        return self._encoder("encoder2", x, reverse=False)

    def decoded(self, features: list[Node], base: Node | None) -> Node:
        """Fused features -> the residual, without a base the picture."""
        *skips, x = features
        for index in range(DECODER_BLOCKS):
            x = ops.doubled(x)
            if skips:
                x = opset13.concat([x, skips.pop()], 1)
            for convolution in ("conv1", "conv2"):
                name = f"decoder.blocks.{index}.{convolution}"
                x = ops.relu(self._normed(x, f"{name}.0", f"{name}.1"))
        head = self._weights["head.weight"], self._weights["head.bias"]
        x = ops.convolution(x, *head, "head")
        if self._activation == "tanh":
            x = opset13.tanh(x)
        elif self._activation == "sigmoid":
            x = _affine(opset13.sigmoid(x), 2.0, -1.0)
        else:
            x = _affine(ops.relu(x), 1.0, -1.0)
        picture = _affine(x, 0.5, 0.0 if self._residual and base is not None else 0.5)
        return picture if self._residual or base is None else opset13.subtract(picture, base)

    def _encoder(self, name: str, x: Node, *, reverse: bool) -> list[Node]:
        kernel = self._weights[f"{name}.conv1.weight"]
        if reverse:
            kernel = kernel[:, ::-1]
        kernel, bias = ops.folded_norm(kernel, 0.0, self._weights, f"{name}.bn1")
        x = ops.relu(ops.convolution(x, kernel, bias, f"{name}.conv1", 2))
        features = [x]
        x = opset13.max_pool(x, [2, 2], [1, 1], [1, 1], [1, 1], [3, 3]).output(0)
        for level in range(1, RESNET_LAYERS + 1):
            x = self._layer(f"{name}.layer{level}", x, 1 if level == 1 else 2)
            features.append(x)
        return features

    def _layer(self, name: str, x: Node, stride: int) -> Node:
        index = 0
        while f"{name}.{index}.conv1.weight" in self._weights:
            block = f"{name}.{index}"
            y = ops.relu(self._normed(x, f"{block}.conv1", f"{block}.bn1", stride))
            y = self._normed(y, f"{block}.conv2", f"{block}.bn2")
            if f"{block}.downsample.0.weight" in self._weights:
                x = self._normed(x, f"{block}.downsample.0", f"{block}.downsample.1", stride)
            x = ops.relu(opset13.add(y, x, name=f"{block}.sum"))
            index, stride = index + 1, 1
        return x

    def _normed(self, x: Node, name: str, norm: str, stride: int = 1) -> Node:
        kernel, bias = ops.folded_norm(self._weights[f"{name}.weight"], 0.0, self._weights, norm)
        return ops.convolution(x, kernel, bias, name, stride)


def _affine(x: Node, gain: float, offset: float) -> Node:
    one = np.ones(1, dtype=np.float32)
    return ops.scaled(x, gain * one, offset * one)
