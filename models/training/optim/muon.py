"""Muon: momentum whose update is orthogonalised, for kernels; everything else goes by AdamW.

K. Jordan et al., "Muon: An optimizer for hidden layers in neural networks" (2024), with the scale
of Liu et al., "Muon is scalable for LLM training" (2025), by which one learning rate serves both.
PyTorch's own takes matrices alone; here a kernel is the matrix of its output channels.
"""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

COEFFICIENTS = (3.4445, -4.7750, 2.0315)
"""Of the odd quintic that drives singular values to about 1 in five rounds (Jordan et al.)."""

ROUNDS = 5

MATCHED_RMS = 0.2
"""Root mean square of an AdamW update in practice (Liu et al., section 2.2)."""

LEAST_CHANNELS = 20
"""Kernels of fewer channels on either side read or write a picture, and go by AdamW."""


class Muon(torch.optim.Optimizer):
    """For the kernels that `is_hidden_kernel` names."""

    def __init__(
        self,
        kernels: Iterable[nn.Parameter],
        lr: float,
        momentum: float = 0.95,
        matrices: torch.dtype = torch.bfloat16,
    ) -> None:
        """Momentum is in the kernels' own precision, their orthogonalisation in `matrices`."""
        super().__init__(kernels, {"lr": lr, "momentum": momentum})
        self.matrices = matrices

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        """Move every kernel by its orthogonalised Nesterov momentum."""
        for group in self.param_groups:
            for kernel in group["params"]:
                if kernel.grad is None:
                    continue
                state = self.state[kernel]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(kernel)
                velocity = state["momentum"]
                velocity.mul_(group["momentum"]).add_(kernel.grad)
                ahead = kernel.grad.add(velocity, alpha=group["momentum"])
                # Columns in any order: as a channels_last kernel lies in memory, none is copied.
                rows = ahead.permute(0, 2, 3, 1)
                matrix = rows.reshape(kernel.shape[0], -1)
                update = orthogonalised(matrix, self.matrices).reshape(rows.shape)
                scale = MATCHED_RMS * max(matrix.shape) ** 0.5
                kernel.add_(update.permute(0, 3, 1, 2), alpha=-group["lr"] * scale)


def orthogonalised(matrix: Tensor, dtype: torch.dtype = torch.bfloat16) -> Tensor:
    """(M, N) -> the same singular vectors, all singular values between about 0.7 and 1.2.

    Args:
        matrix: of any precision, which the result has as well.
        dtype: what is computed in. bfloat16 and float32 differ by 2 % of the result at most.
    """
    a, b, c = COEFFICIENTS
    x = matrix.to(dtype)
    tall = x.shape[0] > x.shape[1]
    if tall:
        x = x.T
    x = x / (x.norm() + 1e-7)
    for _ in range(ROUNDS):
        gram = x @ x.T
        x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    made: Tensor = x.T if tall else x
    return made.to(matrix.dtype)


def is_hidden_kernel(parameter: Tensor) -> bool:
    """Whether a parameter is the kernel of a convolution between features."""
    return parameter.ndim == 4 and min(parameter.shape[:2]) >= LEAST_CHANNELS
