"""Equation 8 as a module: the loss of a batch, with the contrastive heads where beta asks."""

from typing import cast

import torch
from torch import Tensor, nn

from models.networks.base import GuidedNetwork
from models.networks.corefusion import CoreFusionNet
from models.networks.resnet import WIDTHS
from models.training.config import LossSettings
from models.training.losses import pixel
from models.training.losses.contrastive import ContrastiveHead, nt_xent

PIXEL = {
    "mse": pixel.mse,
    "mae": pixel.mae,
    "charbonnier": pixel.charbonnier,
    "rmse": pixel.rmse,
}

Parts = dict[str, Tensor]


class Criterion(nn.Module):
    """Loss of a network's picture; its own parameters are those of the contrastive modules."""

    def __init__(self, settings: LossSettings) -> None:
        super().__init__()
        self.settings = settings
        count = 2 if settings.beta > 0 else 0
        self.heads = nn.ModuleList(
            ContrastiveHead(WIDTHS[-1], settings.head_relu) for _ in range(count)
        )

    def forward(
        self, net: GuidedNetwork, base: Tensor, guide: Tensor, target: Tensor, present: Tensor
    ) -> tuple[Tensor, Parts]:
        """The loss, and its terms unweighted with the batch's `psnr` (dB) and `similarity`.

        Args:
            net: the network.
            base: (B, 1, H, W) about 0..1.
            guide: (B, 3, H, W) BGR in 0..1.
            target: (B, 1, H, W) in 0..1.
            present: (B, 2), see `GuidedNetwork.forward`.
        """
        settings = self.settings
        contrast: Tensor | None = None
        if settings.beta > 0:
            prediction, contrast = self._contrasted(cast(CoreFusionNet, net), base, guide, present)
        else:
            prediction = net(base, guide, present)
        # In half precision SSIM's variances, differences of near equals, come out negative.
        with torch.autocast(prediction.device.type, enabled=False):
            return self._loss(prediction.float(), target, contrast)

    def _loss(
        self, prediction: Tensor, target: Tensor, contrast: Tensor | None
    ) -> tuple[Tensor, Parts]:
        settings = self.settings
        span = 2.0 if settings.signed else 1.0
        shown, wanted = (x * span - (span - 1) for x in (prediction, target))
        similarity = pixel.structural_similarity(shown, wanted, span, settings.ssim_stride)
        parts = {"pixel": PIXEL[settings.pixel](shown, wanted)}
        loss = parts["pixel"] + settings.ssim * (1 - similarity)
        if settings.psnr > 0:
            loss = loss + settings.psnr * pixel.psnr_loss(shown, wanted, span)
        if contrast is not None:
            parts["contrastive"] = contrast
            loss = loss + settings.beta * contrast
        with torch.no_grad():
            parts["psnr"] = pixel.psnr_db(shown, wanted, span)
            parts["similarity"] = similarity.detach()
        return loss, parts

    def _contrasted(
        self, net: CoreFusionNet, base: Tensor, guide: Tensor, present: Tensor
    ) -> tuple[Tensor, Tensor]:
        prediction, visible, thermal = net.with_features(base, guide, present)
        first, second = (
            head(x.float()) for head, x in zip(self.heads, (visible, thermal), strict=True)
        )
        temperature = self.settings.temperature
        if self.settings.views == "modalities":
            return prediction, nt_xent(first, second, temperature)
        # The paper's augmentations are flips; a mirrored batch is the second view of each picture.
        seen = net.encode_visible(guide.flip(-1))[-1], net.encode_thermal(base.flip(-1))[-1]
        again = (head(x.float()) for head, x in zip(self.heads, seen, strict=True))
        terms = [nt_xent(a, b, temperature) for a, b in zip((first, second), again, strict=True)]
        return prediction, (terms[0] + terms[1]) / 2
