"""Back-projection: what a picture misses of the samples it was made from, added as a last layer.

Irani and Peleg, "Improving resolution by image registration" (1991), as a layer of a network (Haris
et al., "Deep back-projection networks for super-resolution", CVPR 2018): the picture is sampled as
its low resolution was, and the error seen there is projected back. The same idea for samples that
are averages over areas, as a step behind the network: `models.imaging.agreement.consistency`.

A network's own picture comes back 2.9 levels off (root mean square, 40 of PBVS's training pairs),
though the samples were among its inputs. One learned kernel spreads the error over each sample's
block: the linear estimate of the error at a pixel by the error at its sample. Iterated, with the
flatness of the place as an input, or with the samples around, it gains no more.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (its name everywhere)

from models.imaging import point_sampling
from models.imaging.degradation import PointSampling
from models.imaging.point_sampling import REACH, SCALE


class BackProjection(nn.Module):
    """One round of it, for a benchmark's point samples at x8 and no other low resolution."""

    sampling_kernel: Tensor
    phase_sampling_kernel: Tensor
    deconvolution_kernel: Tensor

    def __init__(self, sampling: PointSampling) -> None:
        """Make a layer that adds nothing until it is trained."""
        super().__init__()
        for name in ("sampling_kernel", "phase_sampling_kernel", "deconvolution_kernel"):
            kernel = torch.from_numpy(getattr(point_sampling, name)(sampling))
            self.register_buffer(name, kernel, persistent=False)
        self.spread = nn.Conv2d(1, SCALE**2, kernel_size=1, bias=False)
        nn.init.zeros_(self.spread.weight)

    def sample_error(self, base: Tensor, phases: Tensor) -> Tensor:
        """The error at the samples: (B, 1, H/8, W/8) float32, in the unit of `base`.

        Args:
            base: (B, 1, H, W), up-sampled bilinearly from the samples.
            phases: residual over it, unshuffled to a quarter: (B, 16, H/4, W/4).
        """
        # In half precision rounding would be as large as what is missing of a picture's counts.
        base, phases = base.float(), phases.float()
        samples = F.conv2d(base, self.sampling_kernel.float(), stride=SCALE)
        around = F.pad(samples, (REACH,) * 4, mode="replicate")
        beyond = F.conv2d(around, self.deconvolution_kernel.float())
        return beyond - F.conv2d(phases, self.phase_sampling_kernel.float(), stride=2)

    def forward(self, base: Tensor, phases: Tensor) -> Tensor:
        """The correction of `phases`, (B, 16, H/4, W/4) in their type; see `sample_error`."""
        spread = F.conv2d(self.sample_error(base, phases), self.spread.weight.float())
        return F.pixel_shuffle(spread, 2).to(phases.dtype)
