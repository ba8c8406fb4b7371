"""Actions are found by their words."""

from gui.state.commands.search import found
from gui.state.shortcuts import available_actions

LIVE = available_actions(replay=False)


def names(typed):
    return [action.name for action in found(LIVE, typed)]


def test_nothing_typed_finds_everything_in_its_order():
    assert found(LIVE, " ") == list(LIVE)


def test_the_title_comes_first():
    assert names("rep")[0] == "report"
    assert names("copy")[:2] == ["copy", "copy_picture"]


def test_all_words_are_wanted_whatever_their_order_and_case():
    assert names("PICTURE copy")[0] == "copy_picture"
    assert "copy" not in names("copy table")
    assert names("no such thing") == []


def test_what_is_said_of_it_and_its_key_are_found_as_well():
    assert "next_unit" in names("fahrenheit")
    assert "health" in names("h")
    assert "report" in names("ctrl+shift+r")


def test_actions_of_a_replay_are_not_offered_live():
    assert "loop" not in names("loop")
    assert "loop" in [one.name for one in found(available_actions(replay=True), "loop")]
