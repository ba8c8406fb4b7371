"""A last layer that looks back: what the picture misses of the samples it was made from, added.

A network's own picture, sampled as its low resolution was, comes back 2.9 levels off (root mean
square, 40 of PBVS's training pairs), though the samples were told it. The layer measures what is
missing and spreads it over each sample's block with one kernel, learned: the linear estimate of the
error at a pixel by the error seen at its sample. Iterated, told how flat the place is, or with the
samples around, it gains no more.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (its name everywhere)

from models.imaging import point_sampling
from models.imaging.point_sampling import REACH, SCALE


class SampleConsistency(nn.Module):
    """For networks whose low resolution is the benchmark's point samples at x8, and no other."""

    sampled: Tensor
    sampled_phases: Tensor
    unsmoothed: Tensor

    def __init__(self) -> None:
        """Start as a layer that adds nothing."""
        super().__init__()
        for name in ("sampled", "sampled_phases", "unsmoothed"):
            kernel = torch.from_numpy(getattr(point_sampling, name)())
            self.register_buffer(name, kernel, persistent=False)
        self.spread = nn.Conv2d(1, SCALE**2, kernel_size=1, bias=False)
        nn.init.zeros_(self.spread.weight)

    def missed(self, base: Tensor, phases: Tensor) -> Tensor:
        """What samples had beyond the picture's: (B, 1, H/8, W/8) float32, the unit of `base`.

        Args:
            base: (B, 1, H, W), up-sampled bilinearly from the samples.
            phases: residual over it, unshuffled to a quarter: (B, 16, H/4, W/4).
        """
        # In half precision rounding would be as large as what is missing of a picture's counts.
        base, phases = base.float(), phases.float()
        samples = F.conv2d(base, self.sampled.float(), stride=SCALE)
        around = F.pad(samples, (REACH,) * 4, mode="replicate")
        beyond = F.conv2d(around, self.unsmoothed.float())
        return beyond - F.conv2d(phases, self.sampled_phases.float(), stride=2)

    def forward(self, base: Tensor, phases: Tensor) -> Tensor:
        """What to add to `phases`, of their shape and type."""
        spread = F.conv2d(self.missed(base, phases), self.spread.weight.float())
        return F.pixel_shuffle(spread, 2).to(phases.dtype)
