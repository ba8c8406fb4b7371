"""The U-Net decoder of the paper: up-sample, concatenate the skip, two convolutions, five times.

Parameter names are those of segmentation_models_pytorch, the library of the official code.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (its name everywhere)

WIDTHS = (256, 128, 64, 32, 16)
"""Channels at 1/16, 1/8, 1/4, 1/2 and 1."""


def _convolution(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


class DecoderBlock(nn.Module):
    """Nearest x2, the skip beside it, two convolutions."""

    def __init__(self, inputs: int, skip: int, outputs: int) -> None:
        super().__init__()
        self.conv1 = _convolution(inputs + skip, outputs)
        self.conv2 = _convolution(outputs, outputs)

    def forward(self, x: Tensor, skip: Tensor | None) -> Tensor:
        """(B, inputs, h, w) and (B, skip, 2h, 2w) -> (B, outputs, 2h, 2w)."""
        x = F.interpolate(x, scale_factor=2.0, mode="nearest")
        if skip is not None:
            x = torch.cat([x, skip], dim=1)
        x = self.conv1(x)
        x = self.conv2(x)
        return x


class UnetDecoder(nn.Module):
    """Fused features at 1/2 .. 1/32 -> (B, 16, H, W)."""

    def __init__(self, encoder_widths: tuple[int, ...]) -> None:
        super().__init__()
        *skips, deepest = encoder_widths
        inputs = (deepest, *WIDTHS[:-1])
        self.blocks = nn.ModuleList(
            DecoderBlock(i, s, o)
            for i, s, o in zip(inputs, (*reversed(skips), 0), WIDTHS, strict=True)
        )
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_uniform_(module.weight, mode="fan_in", nonlinearity="relu")

    def forward(self, features: list[Tensor]) -> Tensor:
        """Features at 1/2, 1/4, 1/8, 1/16 and 1/32, the shallowest first."""
        *skips, x = features
        for block, skip in zip(self.blocks, (*reversed(skips), None), strict=True):
            x = block(x, skip)
        return x
