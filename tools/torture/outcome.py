"""The contract of a scenario, and what one try of it came to."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from tools.torture.runs.site import Site

Choice = TypeVar("Choice")


@dataclass
class Outcome:
    """What one try came to.

    Attributes:
        findings: broken promises, a line each; none where all held.
        counts: what was done, by kind: `SIGKILL`, `messages`, ...
        measured: figures of the table of aims, by name.
    """

    findings: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    measured: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def find(self, findings: Iterable[str]) -> None:
        """Adds broken promises."""
        self.findings += findings


class Scenario(Protocol[Choice]):
    """One kind of mishap. What is left to chance is drawn first, so that it can be repeated.

    Attributes:
        name: as `--only` takes it.
        about: one sentence.
        weight: its share of the tries, beside the others'.
    """

    name: str
    about: str
    weight: float

    def missing(self) -> str:
        """Why this host cannot make it; nothing where it can."""
        ...

    def draw(self, random: Random) -> Choice:
        """Everything that is left to chance; the same for the same random numbers."""
        ...

    def run(self, choice: Choice, site: "Site") -> Outcome:
        """Makes it happen to real processes, and judges what they did."""
        ...


AnyScenario = Scenario[Any]
