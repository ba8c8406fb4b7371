import pytest

from streamer.faults.injection import Fault, FaultPlan, Injection, InjectionError, parse_injection

S = 1_000_000_000


@pytest.mark.parametrize(
    ("spec", "wanted"),
    [
        ("drop:visible@2-4", Injection(Fault.DROP, "visible", 2, 4)),
        ("freeze:thermal@3-5", Injection(Fault.FREEZE, "thermal", 3, 5)),
        ("delay:visible=80ms@2-6.5", Injection(Fault.DELAY, "visible", 2, 6.5, 80)),
        ("ffc:thermal@5", Injection(Fault.FFC, "thermal", 5, 5.6)),
        ("kill:capture.visible@3", Injection(Fault.KILL, "capture.visible", 3, 3)),
        ("kill:inference@4", Injection(Fault.KILL, "inference", 4, 4)),
        ("corrupt:visible@2-3", Injection(Fault.CORRUPT, "visible", 2, 3)),
    ],
)
def test_the_documented_forms(spec: str, wanted: Injection) -> None:
    assert parse_injection(spec, 0.6) == wanted


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("drop", "none of drop:visible@2-4"),
        ("melt:visible@2-4", "none of"),
        ("drop:sr@2-4", "drop takes visible or thermal"),
        ("ffc:visible@2", "ffc takes thermal"),
        ("drop:visible@2", "a time span"),
        ("ffc:thermal@2-3", "one moment"),
        ("drop:visible@4-2", "ends before it starts"),
        ("delay:visible@2-3", "goes with delay alone"),
        ("drop:visible=8ms@2-3", "goes with delay alone"),
        ("kill:recorder.x@3", "kill takes capture.visible"),
    ],
)
def test_a_wrong_form_is_told_what_is_right(spec: str, words: str) -> None:
    with pytest.raises(InjectionError, match=words):
        parse_injection(spec, 0.6)


def test_a_plan_knows_its_target_and_waits_for_the_first_result() -> None:
    plan = FaultPlan([parse_injection("drop:visible@2-4", 1)], "visible")
    assert plan.active(Fault.DROP, 3 * S, None) is None
    assert plan.active(Fault.DROP, 11 * S, 10 * S) is None
    assert plan.active(Fault.DROP, 12 * S, 10 * S) is not None
    assert plan.active(Fault.DROP, 14 * S, 10 * S) is None
    assert plan.active(Fault.FREEZE, 12 * S, 10 * S) is None
    assert not FaultPlan([parse_injection("drop:visible@2-4", 1)], "thermal").has(Fault.DROP)
