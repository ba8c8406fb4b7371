"""Training losses. Pictures are (B, 1, H, W) in about 0..1; every loss is a scalar."""

import torch
from torch import Tensor

SSIM_WEIGHT = 0.1


def charbonnier(prediction: Tensor, target: Tensor, epsilon: float = 1e-3) -> Tensor:
    """A smooth L1: robust to edges that no network can place, differentiable at zero."""
    return torch.sqrt((prediction - target) ** 2 + epsilon**2).mean()


def structural_similarity(prediction: Tensor, target: Tensor) -> Tensor:
    """SSIM with the metric's own window (11x11 Gaussian, sigma 1.5), range 1, without rounding."""
    # A Gaussian as two products with banded matrices: a convolution of one channel is what CPU
    # libraries are worst at, and cost three times the network's own forward and backward pass.
    rows, columns = (_gaussian_band(side, prediction) for side in prediction.shape[-2:])

    def smooth(image: Tensor) -> Tensor:
        return rows @ image @ columns.T

    count = prediction.shape[0]
    stacked = torch.cat([prediction, target, prediction**2, target**2, prediction * target], dim=0)
    mean_x, mean_y, xx, yy, xy = torch.split(smooth(stacked), count)
    c1, c2 = 0.01**2, 0.03**2
    luminance = (2 * mean_x * mean_y + c1) / (mean_x**2 + mean_y**2 + c1)
    structure = (2 * (xy - mean_x * mean_y) + c2) / (xx - mean_x**2 + yy - mean_y**2 + c2)
    return torch.mean(luminance * structure)


def _gaussian_band(side: int, like: Tensor) -> Tensor:
    """(side - 10, side): row i holds the 11 taps centred on pixel i + 5."""
    index = torch.arange(side, dtype=like.dtype, device=like.device)
    distance = index[None, :] - (index[: side - 10, None] + 5)
    band = torch.exp(-(distance**2) / (2 * 1.5**2)) * (distance.abs() <= 5)
    return band / band.sum(dim=1, keepdim=True)


def reconstruction(prediction: Tensor, target: Tensor) -> Tensor:
    """Charbonnier + 0.1 (1 - SSIM)."""
    similarity = structural_similarity(prediction, target)
    return charbonnier(prediction, target) + SSIM_WEIGHT * (1 - similarity)
