"""The real-time network as OpenVINO graphs, kernels and norms folded. No torch.

This and `models.networks.realtime` hold the same network; a test compares every graph with torch.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.engines.graphs import ops
from models.engines.graphs.ops import Node, Weights
from models.engines.library import opset13
from models.imaging.degradation import PointSampling
from models.imaging.point_sampling import (
    REACH,
    SCALE,
    deconvolution_kernel,
    phase_sampling_kernel,
    sampling_kernel,
    sampling_of,
)

LEVELS = 255.0
PHASES = 16
"""Channels of the head that are the picture, a pixel of each 4x4 block in each."""

DETAIL_PADDING = 4

SAMPLES = tuple(
    f"samples.{part}" for part in ("base", "beyond", "picture", "spread", "missed", "sum")
)


class RealtimeGraph:
    """Builds the parts of a RealtimeNet from its checkpoint's tensors and configuration."""

    def __init__(self, weights: Weights, config: Mapping[str, Any]) -> None:
        self._weights = weights
        self._details = weights["decoder.head.bias"].size - PHASES
        self.sensitive: tuple[str, ...] = ("thermal.stage4.convolutions.0", "decoder.head")
        if self._details:
            each = [f"detail.{kind}.{i}" for i in range(self._details) for kind in ("gain", "sum")]
            self.sensitive += ("detail", *each)
        self._sampling = sampling_of(config.get("samples", False))
        if self._sampling:
            self.sensitive += SAMPLES

    def visible(self, guide: Node) -> list[Node]:
        """uint8 (1, H, W, 3) BGR -> features at 1/4, 1/8 and 1/16, and the guide's details."""
        # The first convolutions take the division by 255 with them.
        levels = ops.from_nhwc(guide)
        features = self._encoder("visible", levels, 1 / LEVELS)
        if not self._details:
            return features
        kernel = self._weights["detail.weight"] / np.float32(LEVELS)
        return [*features, ops.convolution(levels, kernel, None, "detail", 4, DETAIL_PADDING)]

    def thermal(self, base: Node) -> list[Node]:
        """(1, 1, H, W) about 0..1 -> features at 1/4, 1/8 and 1/16."""
        return self._encoder("thermal", base, 1.0)

    def decoded(self, features: list[Node], base: Node | None) -> Node:
        """Fused features, and details if any -> the residual, without a base the picture."""
        f4, f8, f16, *detail = features
        x = self._stage("decoder.stage16", f16)
        x = self._stage("decoder.stage8", self._up("decoder.up16", x, f8))
        x = self._stage("decoder.stage4", self._up("decoder.up8", x, f4))
        x = self._head(x, detail)
        if self._sampling and base is not None:
            x = opset13.add(x, self._missed(base, x, self._sampling), name="samples.sum")
        x = ops.unblocked(x, 4)
        return x if base is not None else opset13.add(x, ops.constant(self._weights["constant"]))

    def _head(self, x: Node, detail: list[Node]) -> Node:
        """The picture's phases, with the guide's details weighed in where there are any."""
        kernel, bias = self._kernel("decoder.head")
        if not detail:  # the gains of what is not there are left out
            return ops.convolution(x, kernel[:PHASES], bias[:PHASES], "decoder.head")
        x = ops.convolution(x, kernel, bias, "decoder.head")
        phases, *gains = ops.parted(x, [PHASES, *[1] * self._details])
        pictures = ops.parted(detail[0], [PHASES] * self._details)
        for index, (gain, picture) in enumerate(zip(gains, pictures, strict=True)):
            weighed = opset13.multiply(gain, picture, name=f"detail.gain.{index}")
            phases = opset13.add(phases, weighed, name=f"detail.sum.{index}")
        return phases

    def _missed(self, base: Node, phases: Node, sampling: PointSampling) -> Node:
        """What the picture misses of the samples behind the base, spread over their blocks."""
        kernel = sampling_kernel(sampling)
        measured = ops.convolution(base, kernel, None, "samples.base", SCALE, 0)
        around = np.array([0, 0, REACH, REACH])
        padded = opset13.pad(measured, around, around, "edge")
        kernel = deconvolution_kernel(sampling)
        beyond = ops.convolution(padded, kernel, None, "samples.beyond", padding=0)
        kernel = phase_sampling_kernel(sampling)
        shown = ops.convolution(phases, kernel, None, "samples.picture", 2, 0)
        missed = opset13.subtract(beyond, shown, name="samples.missed")
        kernel = self._weights["samples.spread.weight"]
        return ops.shuffled(missed, kernel, None, "samples.spread", 2)

    def _encoder(self, name: str, x: Node, gain: float) -> list[Node]:
        f4 = self._stage(f"{name}.stage4", x, stride=4, gain=gain)
        f8 = self._stage(f"{name}.stage8", f4, stride=2)
        return [f4, f8, self._stage(f"{name}.stage16", f8, stride=2)]

    def _stage(self, name: str, x: Node, stride: int = 1, gain: float = 1.0) -> Node:
        """Convolutions with a ReLU behind each; only the first has a stride and a gain."""
        count = sum(
            key.startswith(f"{name}.norms.") and key.endswith(".running_var")
            for key in self._weights
        )
        for index in range(count):
            convolution = f"{name}.convolutions.{index}"
            kernel, bias = ops.folded_norm(
                *self._kernel(convolution, stride), self._weights, f"{name}.norms.{index}"
            )
            padding = 0 if stride == kernel.shape[-1] else None
            kernel = kernel * np.float32(gain)
            x = ops.relu(ops.convolution(x, kernel, bias, convolution, stride, padding))
            stride, gain = 1, 1.0
        return x

    def _up(self, name: str, x: Node, skip: Node) -> Node:
        wide = ops.shuffled(x, *self._kernel(name), name, 2)
        return ops.relu(opset13.add(wide, skip, name=f"{name}.sum"))

    def _kernel(
        self, name: str, stride: int = 1
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Kernel and bias of a convolution; the three branches of a RepConv summed."""
        bias = self._weights[f"{name}.bias"]
        if f"{name}.weight" in self._weights:
            return self._weights[f"{name}.weight"], bias
        kernel = self._weights[f"{name}.weight3"].copy()
        kernel[:, :, 1, 1] += self._weights[f"{name}.weight1"][:, :, 0, 0]
        outputs, inputs = kernel.shape[:2]
        if outputs == inputs and stride == 1:
            kernel[range(outputs), range(outputs), 1, 1] += 1
        return kernel, bias
