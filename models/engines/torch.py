"""PyTorch on CUDA, or on the CPU in f32. Importing this module imports torch.

On CUDA: fp16, channels_last, pinned copies and a recorded CUDA graph for each mode.
"""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from models import checkpoint
from models.engines.engine import Base, GuideHandle, check_inputs
from models.engines.spec import EngineName, EngineSpec, Precision
from models.engines.subgraphs import graph_name
from models.errors import ModelError
from models.networks.base import channels_last


class TorchEngine:
    """Runs a checkpoint at one canvas."""

    name = EngineName.TORCH

    def __init__(self, spec: EngineSpec, *, as_trained: bool = False) -> None:
        """Make ready.

        Args:
            spec: its canvas in multiples of the network's stride, its precision f32, on CUDA also
                fp16; views and cache are not this engine's.
            as_trained: nothing folded, pictures in PyTorch's own layout: what a published network
                is before anyone has made it faster, for comparison.

        Raises:
            ModelError: for an unusable checkpoint, or a precision the device does not have.
        """
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        offered = precisions()
        if spec.precision not in offered:
            raise ModelError(
                f"precision: torch has {', '.join(offered)} on {self.device.type}, "
                f"got '{spec.precision}'"
            )
        self.precision = spec.precision
        if self.device.type == "cpu" and spec.threads:
            torch.set_num_threads(spec.threads)
        self.threads = 0 if self.device.type == "cuda" else torch.get_num_threads()
        self._dtype = torch.float16 if spec.precision is Precision.FP16 else torch.float32
        net, _ = checkpoint.load(spec.weights)
        self._as_trained = as_trained
        ready = net.eval() if as_trained else channels_last(net.deployed())
        self._net = ready.to(self.device, self._dtype)
        height, width = spec.canvas
        pinned = self.device.type == "cuda"
        # Staging, allocated once: host (pinned, so that copies run beside the CPU) and device.
        self._host_base = torch.empty((1, 1, height, width), pin_memory=pinned)
        self._host_guide = torch.empty((1, height, width, 3), dtype=torch.uint8, pin_memory=pinned)
        self._host_picture = torch.empty((1, 1, height, width), pin_memory=pinned)
        self._base = torch.zeros((1, 1, height, width), device=self.device)
        self._guide = torch.zeros((1, height, width, 3), dtype=torch.uint8, device=self.device)
        self._staged: GuideHandle | None = None  # whose pixels the device has
        self._graphs: dict[str, tuple[Any, torch.Tensor]] = {}

    @torch.inference_mode()
    def infer(self, base: Base | None, guide: GuideHandle | None) -> NDArray[np.float32]:
        """See `Engine.infer`; a GPU makes the features again sooner than it would keep them."""
        check_inputs(base, guide)
        if base is not None:
            self._host_base.numpy()[0, 0] = base
            self._base.copy_(self._host_base, non_blocking=True)
        if guide is not None and guide is not self._staged:
            self._staged = guide
            self._host_guide.numpy()[0] = guide.pixels
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
            # another network's thread may use the device meanwhile
            with torch.cuda.graph(recording, capture_error_mode="thread_local"):
                picture = self._forward(graph)
            self._graphs[graph] = (recording, picture)
        recording, picture = self._graphs[graph]
        recording.replay()
        return picture


def cuda_usable() -> bool:
    """Whether this build of torch reaches a CUDA device (a CPU build never does)."""
    return torch.cuda.is_available()


def precisions() -> tuple[Precision, ...]:
    """What torch offers on the device it would use, fastest first."""
    half = (Precision.FP16,) if torch.cuda.is_available() else ()
    return (*half, Precision.F32)
