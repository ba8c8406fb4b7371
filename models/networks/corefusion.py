"""The paper's network: two ResNet-34 encoders, max fusion, U-Net decoder, Tanh.

Kasliwal et al., "CoReFusion: Contrastive Regularized Fusion for Guided Thermal Super-Resolution",
CVPR workshops 2023, section 3 and figure 1; where the text is silent, the official code decides
(ImageNet normalisation of both inputs, decoder widths, nearest up-sampling).

When a modality is missing, its features are multiplied by zero. Every level ends in a ReLU, so
max(f, 0) = f: this is the paper's "only the features of the one encoder", exactly.
"""

from pathlib import Path
from typing import ClassVar, Literal, cast

import msgspec
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (its name everywhere)

from models.errors import ModelError
from models.networks.base import GuidedNetwork, Output, check_canvas
from models.networks.resnet import WIDTHS, ResNet34, load_named, read_state_dict
from models.networks.unet import WIDTHS as DECODER_WIDTHS
from models.networks.unet import UnetDecoder
from models.networks.unfilled import Unfilled

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
"""Of RGB in 0..1; the official code puts both inputs through them, weights loaded or not."""


class CoreFusionConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Switches of the network; stored beside its weights.

    Attributes:
        activation: of the head. The paper has tanh and compares it with sigmoid and relu.
        residual: whether the head gives the difference to the bilinear base (ours) or the
            picture itself (the paper).
    """

    activation: Literal["tanh", "sigmoid", "relu"] = "tanh"
    residual: bool = False


class CoreFusionNet(GuidedNetwork):
    """Inputs and outputs as every `GuidedNetwork`; within, targets are in [-1, 1] as in the paper.

    A canvas that is no multiple of 32 is padded at the bottom and right, and the result cropped.
    """

    family: ClassVar[str] = "corefusion"
    stride: ClassVar[int] = 32

    config: CoreFusionConfig
    mean: Tensor
    deviation: Tensor

    def __init__(self, config: CoreFusionConfig | None = None) -> None:
        super().__init__()
        self.config = config or CoreFusionConfig()
        self.encoder = ResNet34()
        self.encoder2 = ResNet34()
        self.decoder = UnetDecoder(WIDTHS)
        self.head = nn.Conv2d(DECODER_WIDTHS[-1], 1, 3, padding=1)
        nn.init.xavier_uniform_(self.head.weight)
        nn.init.zeros_(cast(Tensor, self.head.bias))
        if self.config.residual:
            # A start near the base, yet gradients reach every layer.
            nn.init.xavier_uniform_(self.head.weight, gain=0.05)
        mean = torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1)
        deviation = torch.tensor(IMAGENET_STD).view(1, 3, 1, 1)
        self.register_buffer("mean", mean, persistent=False)
        self.register_buffer("deviation", deviation, persistent=False)

    def encode_visible(self, guide: Tensor) -> list[Tensor]:
        """(B, 3, H, W) BGR in 0..1 -> features at 1/2 .. 1/32."""
        return cast(list[Tensor], self.encoder((guide.flip(1) - self.mean) / self.deviation))

    def encode_thermal(self, base: Tensor) -> list[Tensor]:
        """(B, 1, H, W) about 0..1, repeated to three channels -> features at 1/2 .. 1/32."""
        return cast(list[Tensor], self.encoder2((base - self.mean) / self.deviation))

    def decode(self, fused: list[Tensor], base: Tensor | None) -> Tensor:
        """Fused features -> picture in 0..1, on the base where the network is a residual one."""
        x = self.head(self.decoder(fused))
        if self.config.activation == "tanh":
            x = torch.tanh(x)
        elif self.config.activation == "sigmoid":
            x = 2 * torch.sigmoid(x) - 1  # the same targets in [-1, 1] for each
        else:
            x = F.relu(x) - 1
        if not self.config.residual:
            return (x + 1) / 2
        return x / 2 + (0.5 if base is None else base)

    def forward(self, base: Tensor, guide: Tensor | None, present: Tensor | None = None) -> Output:
        """See `GuidedNetwork.forward`; any canvas is taken."""
        height, width = base.shape[-2:]
        if guide is None or base.shape[-2:] == guide.shape[-2:]:
            base, guide = _padded(base), None if guide is None else _padded(guide)
        check_canvas(base, guide, self.stride)
        thermal = self.encode_thermal(base)
        if guide is None:
            visible = [torch.zeros_like(f) for f in thermal]
        else:
            visible = self.encode_visible(guide)
        deepest = visible[-1], thermal[-1]
        if present is not None:
            see, feel = (present[:, index].view(-1, 1, 1, 1) for index in (0, 1))
            visible = [f * see for f in visible]
            thermal = [f * feel for f in thermal]
            base = base * feel + 0.5 * (1 - feel)
        fused = [torch.maximum(v, t) for v, t in zip(visible, thermal, strict=True)]
        return Output(self.decode(fused, base)[..., :height, :width], *deepest)

    def deepest_features(self, base: Tensor, guide: Tensor) -> tuple[Tensor, Tensor]:
        """See `GuidedNetwork.deepest_features`; (B, 512, H / 32, W / 32) each."""
        return self.encode_visible(guide)[-1], self.encode_thermal(base)[-1]

    def residual(self, base: Tensor | None, guide: Tensor | None) -> Tensor:
        """See `GuidedNetwork.residual`."""
        given = base if base is not None else guide
        if given is None:
            raise ValueError("neither a base nor a guide: one of the two must be given")
        height, width = given.shape[-2:]
        base, guide = (None if x is None else _padded(x) for x in (base, guide))
        if base is None:
            assert guide is not None
            picture = self.decode(self.encode_visible(guide), None)
        elif guide is None:
            picture = self.decode(self.encode_thermal(base), base) - base
        else:
            pairs = zip(self.encode_visible(guide), self.encode_thermal(base), strict=True)
            picture = self.decode([torch.maximum(v, t) for v, t in pairs], base) - base
        return picture[..., :height, :width]

    def deployed(self) -> "CoreFusionNet":
        """A copy in eval mode; engines fold its norms themselves."""
        with Unfilled():
            copy = CoreFusionNet(self.config)
        copy.load_state_dict(self.state_dict())
        return copy.eval()


def _padded(image: Tensor) -> Tensor:
    height, width = image.shape[-2:]
    down, right = -height % CoreFusionNet.stride, -width % CoreFusionNet.stride
    if not down and not right:
        return image
    return F.pad(image, (0, right, 0, down), mode="replicate")


def load_official(path: Path) -> CoreFusionNet:
    """The network of a checkpoint of the official code, in segmentation_models_pytorch's names.

    Its contrastive modules served training alone and are left out.

    Raises:
        ModelError: if the file is unreadable or holds another architecture (the code's history
            has several: concatenation, attention, one encoder).
    """
    state = {}
    for name, value in read_state_dict(path).items():
        if name.startswith("contrastive_head"):
            continue
        state[name.replace("segmentation_head.0.", "head.")] = value
    if not state:
        raise ModelError(f"{path}: no tensor in it")
    with Unfilled():
        net = CoreFusionNet()
    load_named(net, state, path, "a state dict of the official CoReFusion network")
    return net.eval()
