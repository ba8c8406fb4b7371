"""What every network here is to the rest: two inputs, either of them absent, one picture."""

from abc import abstractmethod
from typing import ClassVar, NamedTuple, Self, TypeVar

import msgspec
import torch
from torch import Tensor, nn


class Output(NamedTuple):
    """What a network computes of a batch.

    Attributes:
        picture: (B, 1, H, W) in the units of the base.
        visible_features: (B, C, H / stride, W / stride), the visible encoder's deepest, before an
            absent modality is zeroed: what a contrastive loss compares. Zero without a guide.
        thermal_features: the thermal encoder's, of the same shape.
    """

    picture: Tensor
    visible_features: Tensor
    thermal_features: Tensor


class GuidedNetwork(nn.Module):
    """A guided super-resolution network.

    Attributes:
        family: the name of its kind in a checkpoint.
        stride: height and width of a canvas are multiples of this.
        config: everything needed to build it anew.
    """

    family: ClassVar[str]
    stride: ClassVar[int]
    config: msgspec.Struct

    @abstractmethod
    def forward(self, base: Tensor, guide: Tensor | None, present: Tensor | None = None) -> Output:
        """Super-resolve a batch.

        Args:
            base: thermal up-sampled bilinearly to the canvas, (B, 1, H, W), about 0..1.
            guide: visible picture, (B, 3, H, W), BGR in 0..1; None is one that nobody sees, and
                the visible encoder rests.
            present: (B, 2) of 0 or 1, (visible there, thermal there); None means both are.

        Returns:
            The picture, and the deepest features of both encoders.

        Raises:
            ValueError: if the two inputs differ in size or the canvas is no multiple of `stride`.
        """

    @abstractmethod
    def deepest_features(self, base: Tensor, guide: Tensor) -> tuple[Tensor, Tensor]:
        """The features of `Output` alone, nothing decoded: (visible's, thermal's).

        Args:
            base: (B, 1, H, W), about 0..1.
            guide: (B, 3, H, W), BGR in 0..1.
        """

    @abstractmethod
    def residual(self, base: Tensor | None, guide: Tensor | None) -> Tensor:
        """What is deployed: present branches alone, the base not added.

        The sum is left to the caller, in float32: half precision would round 16-bit thermal
        frames.

        Args:
            base: (B, 1, H, W), about 0..1, or None.
            guide: (B, 3, H, W), BGR in 0..1, or None.

        Returns:
            (B, 1, H, W), the residual over `base`; without `base` the picture itself.

        Raises:
            ValueError: if both are None.
        """

    @abstractmethod
    def deployed(self) -> Self:
        """A copy for inference, with everything folded that can be."""


Network = TypeVar("Network", bound=GuidedNetwork)


def channels_last(net: Network) -> Network:
    """The same network, its kernels laid out for channels_last pictures."""
    # torch's stubs do not know the argument.
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return net


def check_canvas(base: Tensor, guide: Tensor | None, stride: int) -> None:
    """Refuse sizes a network cannot take, naming sizes it could.

    Raises:
        ValueError: see `GuidedNetwork.forward`.
    """
    if guide is not None and base.shape[-2:] != guide.shape[-2:]:
        raise ValueError(
            f"base is {tuple(base.shape[-2:])} but the guide is {tuple(guide.shape[-2:])}: "
            "resize the guide to the base's canvas"
        )
    height, width = base.shape[-2:]
    if height % stride or width % stride:
        fits = (-(-height // stride) * stride, -(-width // stride) * stride)
        raise ValueError(
            f"a canvas of {height}x{width} is no multiple of {stride}: "
            f"pad it to {fits[0]}x{fits[1]}"
        )


def cost(net: GuidedNetwork, height: int = 480, width: int = 640) -> tuple[int, int]:
    """Parameters and multiply-accumulates of a network as deployed, both branches, at a canvas."""
    from torch.utils.flop_counter import FlopCounterMode

    abstract = net.deployed().to("meta")  # shapes alone: nothing is computed
    base = torch.zeros(1, 1, height, width, device="meta")
    guide = torch.zeros(1, 3, height, width, device="meta")
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        abstract.residual(base, guide)
    parameters = sum(value.numel() for value in abstract.parameters())
    return parameters, counter.get_total_flops() // 2
