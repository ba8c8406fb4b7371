"""A campaign is a function of its seed, and every try of it can be had alone."""

from itertools import islice

import pytest

from tools.torture.plan import Try, one_try, plan
from tools.torture.scenarios import SCENARIOS


def first(seed: int, count: int = 120, names: tuple[str, ...] = tuple(SCENARIOS)) -> list[Try]:
    return list(islice(plan(seed, {name: SCENARIOS[name] for name in names}), count))


def test_the_same_seed_is_the_same_campaign() -> None:
    assert first(1) == first(1)
    assert first(1) != first(2)


def test_every_scenario_has_its_turn_first() -> None:
    assert {one.scenario.name for one in first(3, len(SCENARIOS))} == set(SCENARIOS)


def test_a_try_alone_is_the_one_of_the_campaign() -> None:
    for one in first(4):
        assert one_try(4, one.scenario, one.index) == one


def test_the_tries_of_a_scenario_do_not_depend_on_the_others() -> None:
    among_all = [one for one in first(5, 400) if one.scenario.name == "signals"][:20]
    assert first(5, 20, ("signals",)) == among_all


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_choice_says_what_it_is_in_a_line(name: str) -> None:
    words = [str(one_try(6, SCENARIOS[name], index).choice) for index in range(50)]
    assert len(set(words)) > 1
    assert all(word and "\n" not in word and "object at" not in word for word in words)
