"""A bare network on whole pictures, arrays in, arrays out: for figures on the way, not for use."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from models.imaging.network_inputs import WHITE, base_of_levels, guide_planes
from models.networks.base import GuidedNetwork


@torch.inference_mode()
def super_resolved(
    net: GuidedNetwork, levels: NDArray[np.float32], guide: NDArray[Any] | None
) -> NDArray[np.float32]:
    """The picture of a network as it is deployed, not rounded and not clipped.

    Args:
        net: in eval mode.
        levels: (H, W), the low resolution up-sampled, in 8-bit levels; both sides multiples of the
            network's stride.
        guide: (H, W, 3) uint8 BGR, or None.

    Returns:
        (H, W) in 8-bit levels.
    """
    device = next(net.parameters()).device
    base = torch.from_numpy(base_of_levels(levels))[None, None].to(device)
    planes = None if guide is None else torch.from_numpy(guide_planes(guide[None])).to(device)
    picture = base + net.residual(base, planes)
    return np.asarray(picture[0, 0].cpu().numpy() * WHITE)
