"""The paper's network with a sixty-fourth of its weights; the way through it is the same."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

WIDTHS = (8, 8, 16, 32, 64)


@contextmanager
def narrow_network() -> Iterator[None]:
    """Its encoders and contrastive heads have an eighth of the channels where built within."""
    from models.networks import corefusion, resnet
    from models.training.losses import criterion

    with pytest.MonkeyPatch.context() as patch:
        for module in (resnet, corefusion, criterion):
            patch.setattr(module, "WIDTHS", WIDTHS)
        yield
