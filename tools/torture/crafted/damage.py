"""Damage to bytes, drawn for `tests.support.mutations.mutated`."""

from random import Random

_KINDS = ("flip", "cut", "insert", "delete", "repeat", "zero")
_HEAD = 400  # bytes: where most formats say what they are


def draw_steps(random: Random, size: int) -> list[tuple[str, float, int]]:
    """Damage for `mutated`: half of it in the first bytes, where the header is."""
    share = random.choice((1.0, min(1.0, _HEAD / max(1, size))))
    return [
        (random.choice(_KINDS), share * random.random(), random.randrange(256))
        for _ in range(random.randint(1, 4))
    ]
