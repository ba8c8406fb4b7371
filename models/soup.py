"""Several runs from one start, averaged: one network better than each, at the cost of one.

Wortsman et al., "Model soups" (ICML 2022). Runs that start from the same weights end in one basin:
on pairs trained on, the middle of two stages of `fast:benchmark` scored what the two score on
average, and what single runs have learnt by rote from their order of samples cancels out.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import torch

from models import checkpoint
from models.checkpoint import Facts
from models.errors import ModelError
from models.network import GuidedNetwork


def averaged(sources: Sequence[Path]) -> tuple[GuidedNetwork, Facts]:
    """The mean of checkpoints of one architecture, with the facts of the first.

    Args:
        sources: one or more. What the others say of their training is kept as `averaged_with`.

    Raises:
        ModelError: as `checkpoint.load`, and if one is of another architecture than the first.
    """
    net, facts = checkpoint.load(sources[0])
    others = [checkpoint.load(source) for source in sources[1:]]
    if not others:
        return net, facts
    for source, (other, said) in zip(sources[1:], others, strict=True):
        if (said.family, other.config) != (facts.family, net.config):
            raise ModelError(
                f"{source}: a {said.family} network of {other.config}, "
                f"wanted {facts.family} of {net.config} as {sources[0]}"
            )
    states = [each.state_dict() for each in (net, *(other for other, _ in others))]
    with torch.no_grad():
        for name, value in states[0].items():
            if value.dtype.is_floating_point:  # counters of norms stay the first one's
                value.copy_(torch.stack([state[name] for state in states]).mean(dim=0))
    training = {**facts.training, "averaged_with": [said.training for _, said in others]}
    return net, msgspec.structs.replace(facts, training=training)
