import pytest

from gui.state.rigs.choice import RigChoice, StripForm, rig_actions, strip_form
from gui.state.shortcuts import available_actions


def test_rigs_are_gone_through_around_the_end():
    choice = RigChoice(["roof", "yard", "cellar"])
    choice.step(-1)
    assert choice.large == 2
    choice.step(1)
    assert choice.large == 0
    choice.enlarge(1)
    assert choice.large == 1


@pytest.mark.parametrize(
    ("size", "rigs", "form"),
    [
        ((480, 320), 2, StripForm(column=False)),
        ((480, 320), 8, StripForm(column=False, worded=False)),
        ((1280, 800), 2, StripForm(column=True, width=213)),
        ((1280, 800), 8, StripForm(column=True, flat=True, width=213)),
        ((3840, 2160), 4, StripForm(column=True, width=240)),
    ],
)
def test_the_strip_takes_the_room_there_is(size, rigs, form):
    assert strip_form(*size, rigs) == form


def test_no_key_of_several_rigs_is_one_of_a_single_rig_too():
    own = {key for action in available_actions(replay=False) for key in action.keys}
    more = rig_actions([f"r{number}" for number in range(12)])
    keys = [key for action in more for key in action.keys]
    assert not own & set(keys)
    assert len(keys) == len(set(keys))
    assert [action.keys for action in more if action.title in ("r8", "r9")] == [("Alt+9",), ()]
