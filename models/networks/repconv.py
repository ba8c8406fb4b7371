"""Re-parameterised convolutions: several branches in training, one kernel in use."""

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (its name everywhere)


class RepConv(nn.Module):
    """3x3 + 1x1 + identity (where the widths agree), evaluated as the one 3x3 they sum to.

    Summing the kernels instead of the results is the same function; training then pays for one
    convolution too. Without the identity the real-time network does not train at all from scratch
    in the time a CPU has (27.5 dB after 600 steps, bilinear's own).
    """

    def __init__(self, inputs: int, outputs: int, stride: int = 1, gain: float = 1.0) -> None:
        super().__init__()
        self.stride = stride
        self.identity = inputs == outputs and stride == 1
        self.weight3 = nn.Parameter(torch.empty(outputs, inputs, 3, 3))
        self.weight1 = nn.Parameter(torch.empty(outputs, inputs, 1, 1))
        self.bias = nn.Parameter(torch.zeros(outputs))
        nn.init.kaiming_normal_(self.weight3, nonlinearity="relu")
        nn.init.kaiming_normal_(self.weight1, nonlinearity="relu")
        # The identity already carries the signal; full-size branches beside it would double the
        # variance at every layer.
        scale = gain * (0.35 if self.identity else 0.8)
        with torch.no_grad():
            self.weight3.mul_(scale)
            self.weight1.mul_(scale * 0.5)

    def kernel(self) -> Tensor:
        """The single 3x3 kernel, (outputs, inputs, 3, 3)."""
        centre: Tensor = self.weight1
        if self.identity:
            eye = torch.eye(centre.shape[0], dtype=centre.dtype, device=centre.device)
            centre = centre + eye[:, :, None, None]
        return self.weight3 + F.pad(centre, (1, 1, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        """(B, inputs, H, W) -> (B, outputs, H / stride, W / stride)."""
        return F.conv2d(x, self.kernel(), self.bias, stride=self.stride, padding=1)


class Stage(nn.Module):
    """Convolutions, each with a batch norm and a ReLU behind it, the last included.

    The norms are there for training and folded into the kernels at export. Without them Adam
    drives most channels below zero for good within 500 steps at any rate worth having: of the
    visible features at 1/16, 126 of 128 were dead, and the guide was worth half as much.
    """

    def __init__(self, *convolutions: nn.Module) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList(convolutions)
        self.norms = nn.ModuleList(
            nn.BatchNorm2d(cast(Tensor, convolution.bias).shape[0], momentum=0.05)
            for convolution in convolutions
        )

    def forward(self, x: Tensor) -> Tensor:
        """Features of the same or half the size, none negative."""
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            x = F.relu(norm(convolution(x)))
        return x


def folded_convolution(convolution: nn.Module, norm: nn.BatchNorm2d | None) -> nn.Conv2d:
    """The one plain convolution that a RepConv or an entry, and the norm behind it, come to."""
    if isinstance(convolution, RepConv):
        kernel, stride, padding = convolution.kernel(), convolution.stride, 1
    else:
        entry = cast(nn.Conv2d, convolution)
        kernel, stride, padding = entry.weight, entry.stride[0], 0
    bias = cast(Tensor, convolution.bias)
    if norm is not None:
        mean, variance = cast(Tensor, norm.running_mean), cast(Tensor, norm.running_var)
        gain = norm.weight / torch.sqrt(variance + norm.eps)
        kernel = kernel * gain[:, None, None, None]
        bias = (bias - mean) * gain + norm.bias
    outputs, inputs, size, _ = kernel.shape
    single = nn.Conv2d(inputs, outputs, size, stride=stride, padding=padding)
    with torch.no_grad():
        single.weight.copy_(kernel)
        cast(Tensor, single.bias).copy_(bias)
    return single
