"""The real-time network: CoReFusion's idea at a cost two CPU cores can pay at camera rate.

Two separate encoders (visible, thermal), the element-wise maximum of their features at 1/4, 1/8
and 1/16 of the canvas, one decoder, a residual over the bilinear base. What differs from the
paper is where the work is done: nothing but the last pixel shuffle runs at full resolution.

How the sensor's grid meets the network's: the thermal frame is up-sampled bilinearly to the canvas
*outside* the network (the paper's input as well), so one network serves every scale from x2 to
x16. Both inputs enter through a 4x4 convolution of stride 4, which is a pixel unshuffle and the
first convolution in one step.

Every branch stage ends in ReLU, hence features are never negative and max(f, 0) = f: multiplying
the features of an absent branch by 0 *is* the network without that branch, exactly. The deployed
graphs therefore leave the branch out altogether.
"""

from typing import ClassVar, Literal, cast

import msgspec
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (its name everywhere)

from models.imaging.point_sampling import sampling_of
from models.networks.back_projection import BackProjection
from models.networks.base import GuidedNetwork, Output, check_canvas
from models.networks.repconv import RepConv, Stage, folded_convolution
from models.networks.unfilled import Unfilled

STRIDE = 16
"""Height and width of the canvas must be multiples of this (the deepest stage is at 1/16)."""


DETAIL_SIGMAS_PX = (2.0, 1.0)
"""Blurs that the guide's high-pass pictures start as differences to."""


class RealtimeConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Widths and depths of a RealtimeNet; stored beside its weights.

    Attributes:
        widths: channels at 1/4, 1/8 and 1/16 of the canvas.
        visible_blocks: equal-width convolutions after the entry of each visible stage.
        thermal_blocks: the same for the thermal encoder.
        decoder_blocks: equal-width convolutions of the decoder at 1/4, 1/8 and 1/16.
        details: high-pass pictures of the guide that the head may weigh into its own; 0 for none.
        samples: the point samples the picture is made consistent with (see
            `models.networks.back_projection`): `linear` as the benchmark takes them, `cubic` as the
            challenge of 2024; True as release 0.1 took the benchmark's to be.
    """

    widths: tuple[int, int, int] = (48, 64, 128)
    visible_blocks: tuple[int, int, int] = (1, 1, 2)
    thermal_blocks: tuple[int, int, int] = (0, 2, 2)
    decoder_blocks: tuple[int, int, int] = (2, 2, 2)
    details: int = 0
    samples: bool | Literal["linear", "cubic"] = False

    def __post_init__(self) -> None:
        if not 0 <= self.details <= len(DETAIL_SIGMAS_PX):
            raise ValueError(f"details: wanted 0 to {len(DETAIL_SIGMAS_PX)}, got {self.details}")
        for name in ("widths", "visible_blocks", "thermal_blocks", "decoder_blocks"):
            values = getattr(self, name)
            low = 1 if name == "widths" else 0
            if len(values) != 3 or min(values) < low:
                raise ValueError(f"{name}: wanted three numbers from {low} up, got {values}")


def _repeated(width: int, count: int) -> list[nn.Module]:
    return [RepConv(width, width) for _ in range(count)]


class Encoder(nn.Module):
    """One modality: (B, inputs, H, W) -> features at 1/4, 1/8, 1/16, none of them negative."""

    def __init__(
        self, inputs: int, widths: tuple[int, int, int], blocks: tuple[int, int, int]
    ) -> None:
        super().__init__()
        entry = nn.Conv2d(inputs, widths[0], kernel_size=4, stride=4)
        nn.init.kaiming_normal_(entry.weight, nonlinearity="relu")
        self.stage4 = Stage(entry, *_repeated(widths[0], blocks[0]))
        self.stage8 = Stage(RepConv(widths[0], widths[1], 2), *_repeated(widths[1], blocks[1]))
        self.stage16 = Stage(RepConv(widths[1], widths[2], 2), *_repeated(widths[2], blocks[2]))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Features at 1/4, 1/8 and 1/16."""
        f4 = self.stage4(x)
        f8 = self.stage8(f4)
        return f4, f8, self.stage16(f8)


class GuideHighPass(nn.Conv2d):
    """High-pass pictures of the guide, unshuffled to 1/4: (B, 3, H, W) -> (B, 16 count, H/4, W/4).

    No bias and no ReLU: a black guide has none. A convolution network can only add what it knows of
    the guide; the head's gains multiply it, place by place, which is a local linear model (guided
    filtering, He et al. 2010) whose full-resolution part costs nothing but this convolution.
    """

    SIDE = 12

    def __init__(self, count: int) -> None:
        super().__init__(3, 16 * count, self.SIDE, stride=4, padding=4, bias=False)
        with torch.no_grad():
            for index in range(count):
                kernels = _high_pass(DETAIL_SIGMAS_PX[index], self.SIDE)
                self.weight[16 * index : 16 * (index + 1)] = kernels[:, None] / 3


def _high_pass(sigma: float, side: int) -> Tensor:
    """(16, side, side): each pixel of the middle 4x4 less the Gaussian mean around it."""
    place = torch.arange(side, dtype=torch.float32)
    kernels = []
    for row in range(4, 8):
        for column in range(4, 8):
            rows = torch.exp(-((place - row) ** 2) / (2 * sigma**2))
            columns = torch.exp(-((place - column) ** 2) / (2 * sigma**2))
            mean = torch.outer(rows / rows.sum(), columns / columns.sum())
            kernels.append(-mean)
            kernels[-1][row, column] += 1
    return torch.stack(kernels)


class Decoder(nn.Module):
    """Fused features -> residual picture, unshuffled to a quarter: (B, 16, H/4, W/4)."""

    def __init__(
        self, widths: tuple[int, int, int], blocks: tuple[int, int, int], details: int
    ) -> None:
        super().__init__()
        c4, c8, c16 = widths
        self.stage16 = Stage(*_repeated(c16, blocks[2]))
        self.up16 = nn.Conv2d(c16, 4 * c8, kernel_size=1)
        self.stage8 = Stage(*_repeated(c8, blocks[1]))
        self.up8 = nn.Conv2d(c8, 4 * c4, kernel_size=1)
        self.stage4 = Stage(*_repeated(c4, blocks[0]))
        # Scaled down, not zeroed: the start is close to the base, yet gradients reach every layer.
        self.head = RepConv(c4, 16 + details, gain=0.05)

    def forward(self, f4: Tensor, f8: Tensor, f16: Tensor, detail: Tensor | None) -> Tensor:
        """Fused features at 1/4, 1/8 and 1/16, and the guide's detail -> (B, 16, H/4, W/4)."""
        x = self.stage16(f16)
        x = self.stage8(F.relu(F.pixel_shuffle(self.up16(x), 2) + f8))
        x = self.stage4(F.relu(F.pixel_shuffle(self.up8(x), 2) + f4))
        x = self.head(x)
        phases = x[:, :16]
        if detail is not None:
            for index in range(x.shape[1] - 16):
                gain = x[:, 16 + index : 17 + index]
                phases = phases + gain * detail[:, 16 * index : 16 * (index + 1)]
        return cast(Tensor, phases)


class RealtimeNet(GuidedNetwork):
    """Two encoders, max fusion, one decoder; a residual over the base."""

    family: ClassVar[str] = "realtime"
    stride: ClassVar[int] = STRIDE

    config: RealtimeConfig

    def __init__(self, config: RealtimeConfig | None = None) -> None:
        super().__init__()
        self.config = config or RealtimeConfig()
        self.visible = Encoder(3, self.config.widths, self.config.visible_blocks)
        self.thermal = Encoder(1, self.config.widths, self.config.thermal_blocks)
        details = self.config.details
        self.decoder = Decoder(self.config.widths, self.config.decoder_blocks, details)
        self.detail = GuideHighPass(details) if details else None
        sampling = sampling_of(self.config.samples)
        self.samples = None if sampling is None else BackProjection(sampling)
        # What stands in for the base when there is no thermal frame at all.
        self.constant = nn.Parameter(torch.tensor(0.5))

    def forward(self, base: Tensor, guide: Tensor | None, present: Tensor | None = None) -> Output:
        """See `GuidedNetwork.forward`: base + residual, constant + residual without thermal."""
        check_canvas(base, guide, STRIDE)
        thermal = self.thermal(base)
        if guide is None:
            visible, detail = tuple(torch.zeros_like(f) for f in thermal), None
        else:
            visible = self.visible(guide)
            detail = None if self.detail is None else self.detail(guide)
        deepest = visible[-1], thermal[-1]
        measured, feel = base, None
        if present is not None:
            see = present[:, 0].view(-1, 1, 1, 1)
            feel = present[:, 1].view(-1, 1, 1, 1)
            visible = tuple(f * see for f in visible)
            thermal = tuple(f * feel for f in thermal)
            base = base * feel + self.constant * (1 - feel)
            detail = None if detail is None else detail * see
        # torch.maximum's backward pass, which splits ties in two, takes 7 ms of a step of 90.
        fused = [torch.where(v > t, v, t) for v, t in zip(visible, thermal, strict=True)]
        phases = self.decoder(*fused, detail)
        with torch.autocast(base.device.type, enabled=False):
            return Output(base + self._picture(phases.float(), measured, feel), *deepest)

    def deepest_features(self, base: Tensor, guide: Tensor) -> tuple[Tensor, Tensor]:
        """See `GuidedNetwork.deepest_features`; (B, widths[2], H / 16, W / 16) each."""
        return self.visible(guide)[-1], self.thermal(base)[-1]

    def residual(self, base: Tensor | None, guide: Tensor | None) -> Tensor:
        """See `GuidedNetwork.residual`; without `base` the learned constant stands for it."""
        if guide is None:
            if base is None:
                raise ValueError("neither a base nor a guide: one of the two must be given")
            return self._picture(self.decoder(*self.thermal(base), None), base)
        detail = None if self.detail is None else self.detail(guide)
        if base is None:
            return self._picture(self.decoder(*self.visible(guide), detail)) + self.constant
        pairs = zip(self.visible(guide), self.thermal(base), strict=True)
        phases = self.decoder(*(torch.maximum(v, t) for v, t in pairs), detail)
        return self._picture(phases, base)

    def _picture(
        self, phases: Tensor, base: Tensor | None = None, feel: Tensor | None = None
    ) -> Tensor:
        """(B, 16, H/4, W/4) -> (B, 1, H, W), consistent with the samples of a base."""
        if self.samples is not None and base is not None:
            missed = self.samples(base, phases)
            phases = phases + (missed if feel is None else missed * feel)
        return F.pixel_shuffle(phases, 4)

    def deployed(self) -> "RealtimeNet":
        """See `GuidedNetwork.deployed`: kernels folded."""
        return folded(self)


def folded(net: RealtimeNet) -> RealtimeNet:
    """A copy for inference: every RepConv and its norm replaced by the one convolution they are."""
    with Unfilled():
        copy = RealtimeNet(net.config)
    copy.load_state_dict(net.state_dict())
    for module in copy.modules():
        if isinstance(module, Stage):
            for index, norm in enumerate(module.norms):
                single = folded_convolution(module.convolutions[index], cast(nn.BatchNorm2d, norm))
                module.convolutions[index] = single
                module.norms[index] = nn.Identity()
    copy.decoder.head = folded_convolution(copy.decoder.head, None)  # type: ignore[assignment]
    return copy.eval()
