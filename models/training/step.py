"""One step of training, and the learning rate it takes."""

import math

import torch

from models.data.batch import Batch
from models.training.config import TrainSettings
from models.training.state import TrainingState

StepMetrics = dict[str, float]
"""A step's loss and its terms by name, and PSNR (dB) and SSIM of its batch."""


def training_step(state: TrainingState, batch: Batch, rate: float, clip: float) -> StepMetrics:
    """One step; returns the loss and its terms as numbers. Nothing moves if it is not finite."""
    for optimiser in state.optimisers:
        for group in optimiser.param_groups:
            group["lr"] = rate
        optimiser.zero_grad(set_to_none=True)
    base, guide, target, present = (
        torch.from_numpy(array).to(state.device, non_blocking=True)
        for array in (batch.base, batch.guide, batch.target, batch.present)
    )
    guide = guide.contiguous(memory_format=torch.channels_last)
    # bf16 keeps f32's range and needs no loss scaling.
    with torch.autocast(state.device.type, dtype=torch.bfloat16, enabled=state.bf16):
        loss, parts = state.criterion(state.net, base, guide, target, present)
    value = float(loss.detach())
    if not math.isfinite(value):
        return {"loss": value}
    loss.backward()
    if clip > 0:
        torch.nn.utils.clip_grad_norm_(state.net.parameters(), clip)
    for optimiser in state.optimisers:
        optimiser.step()
    metrics = {name: float(part.detach()) for name, part in parts.items()}
    metrics["train_db"], metrics["train_ssim"] = metrics.pop("psnr"), metrics.pop("similarity")
    return {"loss": value, **metrics}


def learning_rate(settings: TrainSettings, step: int, progress: float) -> float:
    """Linear warm-up in steps; then constant, or a cosine over the run down to a hundredth."""
    warm = min(1.0, (step + 1) / settings.warm_up_steps) if settings.warm_up_steps else 1.0
    if settings.schedule == "constant":
        return settings.learning_rate * warm
    cosine = 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))
    return settings.learning_rate * warm * cosine
