"""One step of training."""

import math

import torch

from models.data.batch import Batch
from models.training.state import TrainingState

StepMetrics = dict[str, float]
"""A step's loss and its terms by name, and PSNR (dB) and SSIM of its batch."""


def training_step(state: TrainingState, batch: Batch, rate: float, clip: float) -> StepMetrics:
    """One step; returns the loss and its terms as numbers. Nothing moves if it is not finite.

    Args:
        state: its network, criterion and optimisers are used and moved; the counters are not.
        batch: what is learnt from.
        rate: the learning rate.
        clip: largest norm of the network's gradient, 0 for any. The contrastive modules' gradient
            is neither counted nor clipped: they serve training alone, their batch norms bound what
            reaches them, and a large gradient of theirs would shorten the network's own step.
    """
    for optimiser in state.optimisers:
        for group in optimiser.param_groups:
            group["lr"] = rate
        optimiser.zero_grad(set_to_none=True)
    base, target, present = (
        torch.from_numpy(array).to(state.device, non_blocking=True)
        for array in (batch.base, batch.target, batch.present)
    )
    guide = None
    if batch.guide is not None:
        guide = torch.from_numpy(batch.guide).to(state.device, non_blocking=True)
        guide = guide.contiguous(memory_format=torch.channels_last)
    # bf16 keeps f32's range and needs no loss scaling.
    with torch.autocast(state.device.type, dtype=torch.bfloat16, enabled=state.bf16):
        output = state.net(base, guide, present)
        mirrored = None
        if state.criterion.takes_mirrored and guide is not None:
            # The paper's augmentations are flips: a mirrored batch is each picture's second view.
            mirrored = state.net.deepest_features(base.flip(-1), guide.flip(-1))
        loss, parts = state.criterion(output, target, mirrored)
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
