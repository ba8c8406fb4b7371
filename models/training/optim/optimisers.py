"""The optimisers of a run, stepped together at one learning rate."""

import torch
from torch import nn

from models.training.config import TrainSettings
from models.training.optim.muon import Muon, is_hidden_kernel


def optimisers_of(
    settings: TrainSettings, parameters: list[nn.Parameter], matrices: torch.dtype
) -> list[torch.optim.Optimizer]:
    """Adam, AdamW, or AdamW and Muon, over all parameters together.

    Args:
        settings: of the run.
        parameters: all that are trained.
        matrices: what Muon computes its matrices in.
    """
    rate = settings.learning_rate
    if settings.optimiser == "adam":
        return [torch.optim.Adam(parameters, lr=rate)]
    kernels: list[nn.Parameter] = []
    if settings.optimiser == "muon":
        kernels = [parameter for parameter in parameters if is_hidden_kernel(parameter)]
    chosen = {id(kernel) for kernel in kernels}
    rest = [parameter for parameter in parameters if id(parameter) not in chosen]
    adamw = torch.optim.AdamW(rest, lr=rate, weight_decay=1e-4, betas=(0.9, 0.99), fused=True)
    return [adamw, Muon(kernels, rate, matrices=matrices)] if kernels else [adamw]
