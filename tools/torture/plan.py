"""What a campaign does, in which order: a function of its seed alone."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from tools.torture.outcome import AnyScenario


@dataclass(frozen=True)
class Try:
    """One try of a scenario.

    Attributes:
        scenario: what is tried.
        index: the how manieth of its scenario, from 0; with the seed it says all of it.
        choice: what is left to chance, drawn.
    """

    scenario: AnyScenario
    index: int
    choice: Any

    @property
    def name(self) -> str:
        """As folders and reports call it."""
        return f"{self.scenario.name}-{self.index}"


def one_try(seed: int, scenario: AnyScenario, index: int) -> Try:
    """The try of this number; whatever else is tried in the campaign does not change it."""
    return Try(scenario, index, scenario.draw(Random(f"{seed}/{scenario.name}/{index}")))


def plan(seed: int, scenarios: Mapping[str, AnyScenario]) -> Iterator[Try]:
    """Without end: each scenario once in random order, then by their weights."""
    random = Random(f"{seed}/order")
    ones = [scenarios[name] for name in sorted(scenarios)]
    next_index: Counter[str] = Counter()
    first = random.sample(ones, len(ones))
    while True:
        scenario = first.pop() if first else random.choices(ones, [one.weight for one in ones])[0]
        yield one_try(seed, scenario, next_index[scenario.name])
        next_index[scenario.name] += 1
