"""Training losses.

The paper's are equations 1 to 5 and 8; its pictures are in [-1, 1], so its data range is 2. Every
function takes (B, 1, H, W) and returns a scalar.
"""

import torch
from torch import Tensor

PSNR_CEILING_DB = 40.0
"""The paper's PSNR loss is 1 - PSNR / 40: zero for a picture of 40 dB."""


def mse(prediction: Tensor, target: Tensor) -> Tensor:
    """Equation 2: mean squared error."""
    return ((prediction - target) ** 2).mean()


def mae(prediction: Tensor, target: Tensor) -> Tensor:
    """Equation 1: mean absolute error; the paper found it worse than MSE."""
    return (prediction - target).abs().mean()


def charbonnier(prediction: Tensor, target: Tensor, epsilon: float = 1e-3) -> Tensor:
    """A smooth L1: robust to edges that no network can place, differentiable at zero."""
    return torch.sqrt((prediction - target) ** 2 + epsilon**2).mean()


def rmse(prediction: Tensor, target: Tensor, epsilon: float = 1e-2) -> Tensor:
    """Mean over the pictures of each one's root mean squared error.

    Where the inputs do not determine a pixel, an absolute error is least at its median, a squared
    one at its mean, which PSNR rewards. The root lets easy and hard pictures weigh alike, as they
    do in a mean of decibels; `epsilon` (of a span of 1: 40 dB) keeps the easiest from taking over.
    """
    squares = ((prediction - target) ** 2).mean(dim=(1, 2, 3))
    return torch.sqrt(squares + epsilon**2).mean()


def psnr_db(prediction: Tensor, target: Tensor, data_range: float) -> Tensor:
    """Equation 3 over the whole batch, in dB; finite where the pictures are equal."""
    error = mse(prediction, target).clamp_min(1e-12)
    return 10 * torch.log10(data_range**2 / error)


def psnr_loss(prediction: Tensor, target: Tensor, data_range: float) -> Tensor:
    """Equation 4: 1 - PSNR / 40."""
    return 1 - psnr_db(prediction, target, data_range) / PSNR_CEILING_DB


def structural_similarity(
    prediction: Tensor, target: Tensor, data_range: float = 1.0, stride: int = 1
) -> Tensor:
    """SSIM with the metric's own window (11x11 Gaussian, sigma 1.5), without rounding.

    Args:
        prediction: (B, 1, H, W).
        target: the same.
        data_range: span of the pictures' values.
        stride: windows are taken every so many pixels each way. Neighbours share nearly all their
            pixels: at 4 the mean is the same within a few thousandths, at a tenth of the cost.

    Raises:
        ValueError: if a side is shorter than the window.
    """
    if min(prediction.shape[-2:]) < 11:
        raise ValueError(f"SSIM needs at least 11 pixels a side, got {tuple(prediction.shape)}")
    # A Gaussian as two products with banded matrices: a convolution of one channel is what CPU
    # libraries are worst at, and cost three times the network's own forward and backward pass.
    rows, columns = (_gaussian_band(side, stride, prediction) for side in prediction.shape[-2:])

    def smooth(image: Tensor) -> Tensor:
        return rows @ image @ columns.T

    count = prediction.shape[0]
    stacked = torch.cat([prediction, target, prediction**2, target**2, prediction * target], dim=0)
    mean_x, mean_y, xx, yy, xy = torch.split(smooth(stacked), count)
    c1, c2 = (0.01 * data_range) ** 2, (0.03 * data_range) ** 2
    luminance = (2 * mean_x * mean_y + c1) / (mean_x**2 + mean_y**2 + c1)
    structure = (2 * (xy - mean_x * mean_y) + c2) / (xx - mean_x**2 + yy - mean_y**2 + c2)
    return torch.mean(luminance * structure)


def ssim_loss(prediction: Tensor, target: Tensor, data_range: float = 1.0) -> Tensor:
    """Equation 5: 1 - SSIM."""
    return 1 - structural_similarity(prediction, target, data_range)


def _gaussian_band(side: int, stride: int, like: Tensor) -> Tensor:
    """(ceil((side - 10) / stride), side): row i holds the 11 taps centred on pixel i stride + 5."""
    index = torch.arange(side, dtype=like.dtype, device=like.device)
    distance = index[None, :] - (index[: side - 10 : stride, None] + 5)
    band = torch.exp(-(distance**2) / (2 * 1.5**2)) * (distance.abs() <= 5)
    return band / band.sum(dim=1, keepdim=True)
