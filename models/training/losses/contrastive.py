"""The contrastive modules (figure 2) and their loss (equations 6 and 7)."""

from typing import Literal, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (its name everywhere)

Views = Literal["modalities", "augmentations"]
"""What makes a positive pair: the two modalities of one scene (the official code), or two
augmented views of one modality's picture (the paper's words)."""

EMBEDDING = 64
HIDDEN = 512


class ContrastiveHead(nn.Module):
    """Average pool, FC, BN, FC, BN; with `relu` the official code's ReLU behind the first BN.

    The paper states no widths; 512 -> 512 -> 64 are the official code's.
    """

    def __init__(self, inputs: int, relu: bool = True) -> None:
        super().__init__()
        self.fc1 = nn.Linear(inputs, HIDDEN)
        self.bn1 = nn.BatchNorm1d(HIDDEN)
        self.relu = relu
        self.fc2 = nn.Linear(HIDDEN, EMBEDDING)
        self.bn2 = nn.BatchNorm1d(EMBEDDING)

    def forward(self, features: Tensor) -> Tensor:
        """(B, inputs, h, w) -> (B, 64), not normalised. In training B is at least 2."""
        x = self.bn1(self.fc1(features.mean(dim=(2, 3))))
        if self.relu:
            x = F.relu(x)
        return cast(Tensor, self.bn2(self.fc2(x)))


def nt_xent(first: Tensor, second: Tensor, temperature: float = 0.5) -> Tensor:
    """Normalised temperature-scaled cross entropy over a batch of pairs.

    Equation 6 for each of the 2B embeddings, equation 7 their mean. The paper writes no
    temperature (1); the official code has 0.5.

    Args:
        first: (B, D) embeddings.
        second: (B, D) embeddings; row i belongs to row i of the first.
        temperature: above 0.

    Returns:
        A scalar. With B = 1 there is nothing to tell apart and it is 0.

    Raises:
        ValueError: if the shapes differ or the temperature is not positive.
    """
    if first.shape != second.shape or first.ndim != 2:
        raise ValueError(f"embeddings: {tuple(first.shape)} and {tuple(second.shape)} differ")
    if temperature <= 0:
        raise ValueError(f"temperature: wanted above 0, got {temperature}")
    count = first.shape[0]
    all_of_them = F.normalize(torch.cat([first, second]), dim=1)
    similarity = all_of_them @ all_of_them.T / temperature
    # No embedding is its own negative.
    itself = torch.eye(2 * count, dtype=torch.bool, device=first.device)
    similarity = similarity.masked_fill(itself, -torch.inf)
    partner = torch.arange(2 * count, device=first.device).roll(count)
    return F.cross_entropy(similarity, partner)
