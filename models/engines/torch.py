"""PyTorch on CUDA, or on the CPU in f32. Importing this module imports torch.

On CUDA: fp16, channels_last, pinned copies and a recorded CUDA graph for each mode.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from models import checkpoint
from models.engines.engine import Base, Guide
from models.engines.subgraphs import graph_name
from models.errors import ModelError
from models.networks.base import channels_last


class TorchEngine:
    """Runs a checkpoint at one canvas."""

    name = "torch"

    def __init__(
        self,
        weights: Path,
        canvas: tuple[int, int],
        precision: str,
        threads: int = 0,
        *,
        as_trained: bool = False,
    ) -> None:
        """Make ready.

        Args:
            weights: a checkpoint.
            canvas: (H, W), multiples of the network's stride.
            precision: `f32`, on CUDA also `fp16`.
            threads: CPU threads, 0 for torch's own choice.
            as_trained: nothing folded, pictures in PyTorch's own layout: what a published network
                is before anyone has made it faster, for comparison.

        Raises:
            ModelError: for an unusable checkpoint, or a precision the device does not have.
        """
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        offered = ("fp16", "f32") if self.device.type == "cuda" else ("f32",)
        if precision not in offered:
            raise ModelError(
                f"precision: torch has {', '.join(offered)} on {self.device.type}, "
                f"got {precision!r}"
            )
        self.precision = precision
        if self.device.type == "cpu" and threads:
            torch.set_num_threads(threads)
        self.threads = 0 if self.device.type == "cuda" else torch.get_num_threads()
        self._dtype = torch.float16 if precision == "fp16" else torch.float32
        net, _ = checkpoint.load(weights)
        self._as_trained = as_trained
        ready = net.eval() if as_trained else channels_last(net.deployed())
        self._net = ready.to(self.device, self._dtype)
        height, width = canvas
        pinned = self.device.type == "cuda"
        # Staging, allocated once: host (pinned, so that copies run beside the CPU) and device.
        self._host_base = torch.empty((1, 1, height, width), pin_memory=pinned)
        self._host_guide = torch.empty((1, height, width, 3), dtype=torch.uint8, pin_memory=pinned)
        self._host_picture = torch.empty((1, 1, height, width), pin_memory=pinned)
        self._base = torch.zeros((1, 1, height, width), device=self.device)
        self._guide = torch.zeros((1, height, width, 3), dtype=torch.uint8, device=self.device)
        self._graphs: dict[str, tuple[Any, torch.Tensor]] = {}

    @torch.inference_mode()
    def infer(
        self, base: Base | None, guide: Guide | None, *, same_guide: bool = False
    ) -> NDArray[np.float32]:
        """See `Engine.infer`; a GPU makes the features again sooner than it would keep them."""
        if base is None and guide is None:
            raise ValueError("neither a base nor a guide: one of the two must be given")
        if base is not None:
            self._host_base.numpy()[0, 0] = base
            self._base.copy_(self._host_base, non_blocking=True)
        if guide is not None:
            self._host_guide.numpy()[0] = guide
            self._guide.copy_(self._host_guide, non_blocking=True)
        graph = graph_name(base, guide)
        picture = self._replay(graph) if self.device.type == "cuda" else self._forward(graph)
        self._host_picture.copy_(picture, non_blocking=True)
        if self.device.type == "cuda":
            torch.cuda.current_stream().synchronize()
        return np.asarray(self._host_picture.numpy()[0, 0])

    def _forward(self, graph: str) -> torch.Tensor:
        base = None if graph == "visible_only" else self._base.to(self._dtype)
        guide = None
        if graph != "thermal_only":
            # NHWC bytes seen as NCHW are channels_last already: only the numbers are converted.
            guide = self._guide.permute(0, 3, 1, 2).to(self._dtype).div_(255)
            if self._as_trained:
                guide = guide.contiguous()
        return torch.Tensor.float(self._net.residual(base, guide))

    def _replay(self, graph: str) -> torch.Tensor:
        """Replay the mode's CUDA graph, recording it when the mode first occurs."""
        if graph not in self._graphs:
            side = torch.cuda.Stream()  # type: ignore[no-untyped-call]
            side.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(side):
                for _ in range(3):  # lazy initialisations must not fall into the recording
                    self._forward(graph)
            torch.cuda.current_stream().wait_stream(side)
            recording = torch.cuda.CUDAGraph()
            with torch.cuda.graph(recording):
                picture = self._forward(graph)
            self._graphs[graph] = (recording, picture)
        recording, picture = self._graphs[graph]
        recording.replay()
        return picture


def cuda_usable() -> bool:
    """Whether this build of torch reaches a CUDA device (a CPU build never does)."""
    return torch.cuda.is_available()


def precisions() -> tuple[str, ...]:
    """What torch offers on the device it would use, fastest first."""
    return ("fp16", "f32") if torch.cuda.is_available() else ("f32",)
