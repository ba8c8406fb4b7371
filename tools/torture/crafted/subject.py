"""The contract of a kind of crafted input."""

from pathlib import Path
from random import Random
from typing import Any, Protocol

from streamer.errors import CorefusionError

Words = list[str]
"""Of a command line, after the program's name."""


class Broken(Exception):  # noqa: N818 - what is found, not an error of this program
    """A promise that a case has broken, in words."""


class Subject(Protocol):
    """One kind of input.

    Attributes:
        name: as counts and findings call it.
        batch: cases a try: some seconds' worth.
    """

    name: str
    batch: int

    def prepare(self, folder: Path) -> None:
        """Makes the good input that the others are made of; once a process."""
        ...

    def craft(self, random: Random, folder: Path) -> Any:
        """Makes one case."""
        ...

    def read(self, case: Any) -> None:
        """Reads it as the application does.

        Raises:
            CorefusionError: it is refused, which is all right.
            Broken: it is read, and something else is wrong.
        """
        ...

    def commands(self, case: Any, folder: Path) -> list[Words]:
        """What a user would read it with."""
        ...


LONGEST = 800
"""Characters of a refusal."""


def check_refusal(error: CorefusionError) -> None:
    """A refusal is one line that people can read.

    Raises:
        Broken: this one is not.
    """
    words = str(error)
    if not words.strip():
        raise Broken(f"a refusal without words: {type(error).__name__}")
    if len(words) > LONGEST:
        raise Broken(f"a refusal of {len(words)} characters: {words[:120]}")
