"""Messages, as they come from a socket."""

from pathlib import Path
from random import Random

from streamer.messages import decode
from tests.support.mutations import mutated
from tools.torture.crafted.subject import Words
from tools.torture.scenarios.attacks import draw_steps, good_message

_GOOD = 200


class Messages:
    """Damaged messages of every kind."""

    name = "messages"
    batch = 20_000

    def prepare(self, folder: Path) -> None:
        """Good ones of every kind."""
        random = Random(0)
        self._good = [good_message(random) for _ in range(_GOOD)]

    def craft(self, random: Random, folder: Path) -> bytes:
        """One message, damaged."""
        data = random.choice(self._good)
        return mutated(data, draw_steps(random, len(data)))

    def read(self, case: bytes) -> None:
        """As every subscriber does."""
        pixels = getattr(decode(case), "pixels", None)
        if pixels is not None:
            pixels.max()

    def commands(self, case: bytes, folder: Path) -> list[Words]:
        """None takes messages."""
        return []
