"""Equation 8 as a module: the loss of a batch, with the contrastive heads where beta asks."""

import torch
from torch import Tensor, nn

from models.networks.base import Output
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
    """Loss of a network's output; its own parameters are those of the contrastive modules."""

    def __init__(self, settings: LossSettings) -> None:
        super().__init__()
        self.settings = settings
        count = 2 if settings.beta > 0 else 0
        self.heads = nn.ModuleList(
            ContrastiveHead(WIDTHS[-1], settings.head_relu) for _ in range(count)
        )

    @property
    def takes_mirrored(self) -> bool:
        """Whether it compares features of each modality with those of its mirrored picture."""
        return self.settings.beta > 0 and self.settings.views == "augmentations"

    def forward(
        self, output: Output, target: Tensor, mirrored: tuple[Tensor, Tensor] | None = None
    ) -> tuple[Tensor, Parts]:
        """The loss, and its terms unweighted with the batch's `psnr` (dB) and `similarity`.

        Args:
            output: of the network.
            target: (B, 1, H, W) in 0..1.
            mirrored: the network's `deepest_features` of the batch mirrored left to right, for a
                criterion that takes them: the second view of each picture.
        """
        contrast: Tensor | None = None
        if self.settings.beta > 0:
            features = output.visible_features, output.thermal_features
            contrast = self._contrastive(features, mirrored)
        # In half precision SSIM's variances, differences of near equals, come out negative.
        with torch.autocast(output.picture.device.type, enabled=False):
            return self._loss(output.picture.float(), target, contrast)

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

    def _contrastive(
        self, features: tuple[Tensor, Tensor], mirrored: tuple[Tensor, Tensor] | None
    ) -> Tensor:
        temperature = self.settings.temperature
        first, second = self._embeddings(features)
        if mirrored is None:
            return nt_xent(first, second, temperature)
        again = self._embeddings(mirrored)
        terms = [nt_xent(a, b, temperature) for a, b in zip((first, second), again, strict=True)]
        return (terms[0] + terms[1]) / 2

    def _embeddings(self, features: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        visible, thermal = self.heads
        return visible(features[0].float()), thermal(features[1].float())
