import msgspec
import pytest

from streamer.measuring.object_parameters import ObjectParameters
from streamer.measuring.tool_set import MOST_TOOLS, ToolHistory, ToolSet


def with_tools(*kinds):
    tools = ToolSet()
    for kind in kinds:
        tools = tools.added(
            tools.made(kind, [(0.1, 0.1), (0.4, 0.5)][: 1 if kind == "spot" else 2])
        )
    return tools


def test_names_are_given_by_kind_and_a_free_number():
    tools = with_tools("spot", "spot", "box")
    assert [tool.name for tool in tools.tools] == ["Sp1", "Sp2", "Bx1"]
    assert tools.removed("Sp1").made("spot", [(0.1, 0.1)]).name == "Sp1"


def test_a_name_that_is_taken_or_none_is_not_given():
    tools = with_tools("spot", "box")
    for wanted in ("Bx1", "", "   ", "\x07"):
        assert tools.renamed("Sp1", wanted) == tools
    assert tools.renamed("Sp1", " motor\n left ").tools[0].name == "motor left"


def test_the_reference_goes_with_its_tool():
    tools = with_tools("spot", "box").compared_with("Sp1")
    assert tools.renamed("Sp1", "air").reference == "air"
    assert tools.removed("Sp1").reference == ""
    assert tools.compared_with("Sp1").reference == ""


def test_there_is_a_bound():
    tools = with_tools(*["spot"] * MOST_TOOLS)
    assert tools.added(tools.made("spot", [(0.5, 0.5)])) == tools


def test_parameters_of_a_tool_and_of_the_picture():
    tools, tape = with_tools("spot", "box"), ObjectParameters(emissivity=0.96)
    tools = tools.with_parameters(ObjectParameters(emissivity=0.8)).with_parameters(tape, "Sp1")
    assert [tools.parameters_of(tool).emissivity for tool in tools.tools] == [0.96, 0.8]
    assert tools.with_parameters(None, "Sp1").parameters_of(tools.tools[1]).emissivity == 0.8


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reference": "nobody"}, "reference: the name of a tool wanted"),
        (
            {"tools": [{"kind": "spot", "name": "a", "points": [[0.1, 0.1]]}] * 2},
            "two are called a",
        ),
        ({"tools": [{"kind": "box", "name": "a", "points": [[0.1, 0.1]]}]}, "2 points wanted"),
        ({"tools": [{"kind": "star", "name": "a", "points": []}]}, "star"),
        ({"parameters": {"emissivity": 0}}, "0.01"),
    ],
)
def test_what_makes_no_sense_in_a_file_is_refused_in_words(change, words):
    with pytest.raises(msgspec.ValidationError, match=words):
        msgspec.convert(change, ToolSet)


def test_steps_are_taken_back_and_again():
    history = ToolHistory(ToolSet())
    steps = [with_tools(*["spot"] * number) for number in range(1, 4)]
    assert [history.change(step) for step in (*steps, steps[-1])] == [True, True, True, False]
    assert history.undo()
    assert history.undo()
    assert history.current == steps[0]
    assert history.redo()
    assert history.current == steps[1]
    history.change(steps[0])
    assert not history.can_redo, "another way was taken"
    while history.undo():
        pass
    assert history.current == ToolSet()
