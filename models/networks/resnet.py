"""ResNet-34's convolutional part (He et al., 2016), under torchvision's parameter names.

A `resnet34` state dict of torchvision therefore loads as it is; only its classifier is left out.
"""

import pickle
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (its name everywhere)

from models.errors import ModelError

WIDTHS = (64, 64, 128, 256, 512)
"""Channels of the features at 1/2, 1/4, 1/8, 1/16 and 1/32."""

BLOCKS = (3, 4, 6, 3)

CLASSIFIER = ("fc.weight", "fc.bias")


class BasicBlock(nn.Module):
    """Two 3x3 convolutions beside a shortcut, ReLU last."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x: Tensor) -> Tensor:
        """(B, inputs, H, W) -> (B, outputs, H / stride, W / stride), none negative."""
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + self.downsample(x))


class ResNet34(nn.Module):
    """The encoder: five levels of features, each behind a ReLU, hence none negative."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, WIDTHS[0], 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(WIDTHS[0])
        inputs = WIDTHS[0]
        for index, (outputs, count) in enumerate(zip(WIDTHS[1:], BLOCKS, strict=True)):
            first = BasicBlock(inputs, outputs, 1 if index == 0 else 2)
            rest = [BasicBlock(outputs, outputs, 1) for _ in range(count - 1)]
            setattr(self, f"layer{index + 1}", nn.Sequential(first, *rest))
            inputs = outputs
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor) -> list[Tensor]:
        """(B, 3, H, W) -> features at 1/2, 1/4, 1/8, 1/16 and 1/32."""
        features = [F.relu(self.bn1(self.conv1(x)))]
        x = F.max_pool2d(features[0], 3, 2, 1)
        for index in range(len(BLOCKS)):
            x = getattr(self, f"layer{index + 1}")(x)
            features.append(x)
        return features

    def load_weights(self, path: Path) -> None:
        """Load a state dict in torchvision's names (.pth or .safetensors), classifier ignored.

        Raises:
            ModelError: if the file is unreadable or is no ResNet-34.
        """
        state = read_state_dict(path)
        for name in CLASSIFIER:
            state.pop(name, None)
        load_named(self, state, path, "a ResNet-34 in torchvision's names")


def read_state_dict(path: Path) -> dict[str, Tensor]:
    """A flat name -> tensor mapping from a .safetensors or torch file; never runs a pickle's code.

    Raises:
        ModelError: if the file is missing, damaged or holds something else.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        if path.suffix == ".safetensors":
            return dict(load_file(path))
        state: Any = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise ModelError(f"{path}: no such file") from error
    except (SafetensorError, RuntimeError, EOFError, OSError, ValueError, KeyError) as error:
        raise ModelError(f"{path}: not a state dict: {str(error).splitlines()[0]:.120}") from error
    except pickle.UnpicklingError as error:
        raise ModelError(
            f"{path}: wanted a state dict (torch.save(model.state_dict(), ...)), got a pickle of "
            "something else"
        ) from error
    if not isinstance(state, dict) or not all(isinstance(v, Tensor) for v in state.values()):
        raise ModelError(f"{path}: wanted a state dict, name -> tensor, got {type(state).__name__}")
    return state


def load_named(module: nn.Module, state: dict[str, Tensor], path: Path, what: str) -> None:
    """`load_state_dict`, its many-lined refusal as one error.

    Raises:
        ModelError: if names or shapes differ.
    """
    try:
        module.load_state_dict(state)
    except RuntimeError as error:
        lines = [line.strip() for line in str(error).splitlines()[1:] if line.strip()]
        first = lines[0] if lines else str(error)
        raise ModelError(f"{path}: wanted {what}: {first:.120}") from error
