"""What changes while training, and how it survives a kill: weights, optimiser, step, time."""

import copy
import math
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from models import checkpoint
from models.engines.openvino import cpu_precisions
from models.errors import ModelError
from models.files import atomic_write
from models.networks.base import GuidedNetwork, channels_last
from models.networks.corefusion import CoreFusionNet
from models.networks.realtime import RealtimeNet
from models.training.config import TrainSettings
from models.training.losses.criterion import Criterion
from models.training.net2net import grow
from models.training.optim.optimisers import optimisers_of


def resolve_device(wanted: str) -> torch.device:
    """Resolve `auto`.

    Raises:
        ModelError: for cuda where there is none.
    """
    there = torch.cuda.is_available()
    if wanted == "cuda" and not there:
        raise ModelError("device cuda: this PyTorch reaches no CUDA device")
    return torch.device("cuda" if there and wanted != "cpu" else "cpu")


def use_bf16(wanted: str, device: torch.device) -> bool:
    """Whether forward and backward passes run in bf16.

    On two Zen 5 cores bf16 takes 0.58 of f32's time; a CPU that has to emulate it takes a multiple.
    """
    if wanted == "auto":
        return device.type == "cuda" or "bf16" in cpu_precisions()
    return wanted == "bf16"


class TrainingState:
    """The network, its moving average, the criterion's own weights, the optimisers, the counters.

    Attributes:
        net: as it is trained.
        bf16: whether passes run in bf16.
        optimisers: stepped together, at one learning rate.
        average: the exponential moving average (EMA) of the tensors, by name; None without one.
        step: steps done.
        seconds: time at work.
        best: the best validation metric so far.
    """

    def __init__(self, settings: TrainSettings) -> None:
        """Fresh, or from `settings.init`.

        Raises:
            ModelError: for a configuration, checkpoint or encoder file that does not fit.
        """
        torch.manual_seed(settings.seed)
        self.device = resolve_device(settings.device)
        self.bf16 = use_bf16(settings.precision, self.device)
        self.net = channels_last(_network(settings)).train().to(self.device)
        self.criterion = Criterion(settings.loss).train().to(self.device)
        self.average: dict[str, Tensor] | None = None
        if settings.average > 0:
            self.average = {k: v.detach().clone() for k, v in self.net.state_dict().items()}
        # Where bf16 is emulated it takes twenty times as long, two thirds of a step.
        matrices = torch.bfloat16 if use_bf16("auto", self.device) else torch.float32
        self.optimisers = optimisers_of(
            settings, [*self.net.parameters(), *self.criterion.parameters()], matrices
        )
        self.step = 0
        self.seconds = 0.0
        self.best = -math.inf

    def weights(self) -> dict[str, Tensor]:
        """The tensors that are evaluated and saved: averaged where there is an average."""
        return self.net.state_dict() if self.average is None else self.average

    def evaluated_net(self) -> GuidedNetwork:
        """A copy with `weights`, in eval mode, for the development split."""
        net = copy.deepcopy(self.net)
        net.load_state_dict(self.weights())
        return channels_last(net.eval())

    def update_ema(self, decay: float) -> None:
        """Move the exponential moving average (EMA) of the weights towards the present ones."""
        if self.average is None:
            return
        # Young averages forget faster, else the random start would weigh for a thousand steps.
        decay = min(decay, (1 + self.step) / (10 + self.step))
        present = self.net.state_dict()
        moving = [name for name, value in present.items() if value.dtype.is_floating_point]
        with torch.no_grad():
            torch._foreach_lerp_(
                [self.average[name] for name in moving],
                [present[name] for name in moving],
                1 - decay,
            )
            for name in present.keys() - set(moving):
                self.average[name].copy_(present[name])

    def freeze_norms(self) -> None:
        """From here on train the function that is deployed: fixed statistics, not the batch's.

        The decoder's norms see batches mixed of one and of two modalities; what they settle on
        would else never be what one frame alone is put through.
        """
        for module in self.net.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()

    def save(self, path: Path) -> None:
        """Write everything that `load` needs, whole or not at all."""
        state = {
            "net": self.net.state_dict(),
            "average": self.average,
            "objective": self.criterion.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
            "step": self.step,
            "seconds": self.seconds,
            "best": self.best,
        }
        with atomic_write(path) as partial:
            torch.save(state, partial)

    def load(self, path: Path) -> None:
        """Go on from a saved state.

        Raises:
            ModelError: if it is missing, damaged or of another network or loss.
        """
        try:
            state: dict[str, Any] = torch.load(path, map_location=self.device, weights_only=True)
            self.net.load_state_dict(state["net"])
            self.criterion.load_state_dict(state["objective"])
            for optimiser, known in zip(self.optimisers, state["optimisers"], strict=True):
                optimiser.load_state_dict(known)
        except FileNotFoundError as error:
            raise ModelError(f"{path}: nothing to resume from") from error
        except (RuntimeError, KeyError, ValueError, EOFError) as error:
            raise ModelError(f"{path}: cannot resume: {str(error).splitlines()[0]}") from error
        self.average = state["average"]
        self.step, self.seconds = state["step"], state["seconds"]
        self.best = state["best"]


def _network(settings: TrainSettings) -> GuidedNetwork:
    try:
        net = checkpoint.build(settings.family, settings.network)
    except ValueError as error:  # msgspec's own errors are ValueErrors
        raise ModelError(f"network: {str(error).splitlines()[0]}") from error
    if settings.init is not None:
        wanted = net
        net, _ = checkpoint.load(Path(settings.init))
        if net.family != settings.family:
            raise ModelError(
                f"{settings.init}: weights of a {net.family!r} network, wanted {settings.family!r}"
            )
        if settings.network and isinstance(net, RealtimeNet) and isinstance(wanted, RealtimeNet):
            net = grow(net, wanted.config)
    if settings.encoder_weights is not None and isinstance(net, CoreFusionNet):
        for encoder in (net.encoder, net.encoder2):
            encoder.load_weights(Path(settings.encoder_weights))
    return net
