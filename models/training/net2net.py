"""A deeper or wider RealtimeNet that starts as the function of a smaller one.

The function-preserving transformations of Chen et al., "Net2Net: Accelerating learning via
knowledge transfer" (ICLR 2016): training the larger tier from its smaller sibling saves it the
hours the sibling had. The guide's high-pass pictures start with a gain of zero, and so does
back-projection. New channels are computed from random kernels, and nothing reads them at first: the
weights that will start at zero (Net2WiderNet copies channels instead). A new block is the identity:
its kernels are zero beside the identity a RepConv carries, and its norm undoes itself, for the
statistics of what reaches it are known. What a stage passes on is a rectified Gaussian, whose
moments follow from the gain and bias of the norm before.
"""

import math
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn

from models.errors import ModelError
from models.networks.realtime import RealtimeConfig, RealtimeNet
from models.networks.repconv import RepConv, Stage


def grow(net: RealtimeNet, config: RealtimeConfig) -> RealtimeNet:
    """A network of `config` that computes what `net` computes, but for another kind of samples.

    Args:
        net: the smaller network.
        config: nothing of it less than `net`'s.

    Raises:
        ModelError: if `config` is not `net`'s with more of something.
    """
    _check_larger(net.config, config)
    larger = RealtimeNet(config)
    stages = {name: stage for name, stage in net.named_modules() if isinstance(stage, Stage)}
    known = net.state_dict()
    with torch.no_grad():
        for name, value in larger.state_dict().items():
            if name.startswith("decoder.head."):
                value.zero_()
            if name in known:
                _put_into(value, known[name])
        for name, stage in larger.named_modules():
            if isinstance(stage, Stage):
                for index in range(len(stages[name].convolutions), len(stage.convolutions)):
                    _make_identity(stage, index)
    return larger


def _check_larger(old: RealtimeConfig, new: RealtimeConfig) -> None:
    for name in RealtimeConfig.__struct_fields__:
        before, after = getattr(old, name), getattr(new, name)
        # Which samples are looked back at may change: the kernels are not learned.
        smaller = before and not after if name == "samples" else np.any(np.less(after, before))
        if smaller:
            raise ModelError(
                f"network.{name}: wanted at least {before} as in the weights to start from, "
                f"got {after}"
            )
    if old.decoder_blocks != new.decoder_blocks and 0 in old.decoder_blocks:
        raise ModelError("network.decoder_blocks: a stage without blocks has no norm to grow from")


def _put_into(value: Tensor, known: Tensor) -> None:
    """`known` in the corner of `value`; what joins its outputs to new inputs is zero."""
    if value.ndim > 1:
        value[: known.shape[0]] = 0
    value[tuple(map(slice, known.shape))] = known


def _make_identity(stage: Stage, index: int) -> None:
    convolution = cast(RepConv, stage.convolutions[index])
    before = cast(nn.BatchNorm2d, stage.norms[index - 1])
    norm = cast(nn.BatchNorm2d, stage.norms[index])
    for parameter in (convolution.weight3, convolution.weight1, convolution.bias):
        parameter.zero_()
    mean, variance = _rectified(before.bias, before.weight.abs())
    cast(Tensor, norm.running_mean).copy_(mean)
    cast(Tensor, norm.running_var).copy_(variance)
    norm.weight.copy_(torch.sqrt(variance + norm.eps))
    norm.bias.copy_(mean)


def _rectified(mean: Tensor, deviation: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and variance of max(x, 0) for a Gaussian x."""
    deviation = deviation.clamp_min(1e-6)
    z = mean / deviation
    above = 0.5 * (1 + torch.erf(z / math.sqrt(2)))
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    first = mean * above + deviation * density
    second = (mean**2 + deviation**2) * above + mean * deviation * density
    return first, (second - first**2).clamp_min(0)
