"""Rules of alarms as they are made in the window. No Qt."""

from collections.abc import Sequence

import msgspec

from gui.language import lowered, mark, tr
from gui.status.alarm_words import alarm_words
from gui.status.told import told
from streamer.measuring.alarm_rule import AlarmRule

QUANTITIES = {
    "max": mark("hottest"),
    "mean": mark("mean"),
    "min": mark("coldest"),
    "delta": mark("difference to the reference"),
    "rate": mark("rate of change"),
}


DOES = {"sound": mark("Sound"), "snapshot": mark("Snapshot"), "record": mark("Record")}
"""What an alarm can do besides being seen."""


class AlarmFormError(ValueError):
    """A rule that makes no sense; says what was wanted, in a sentence."""


def made_rule(
    rules: Sequence[AlarmRule],
    *,
    tool: str,
    quantity: str,
    above: bool,
    limit: float,
    hold_s: float = 0.0,
    sound: bool = True,
    snapshot: bool = False,
    record: bool = False,
) -> AlarmRule:
    """A rule with a name that says what it is, and is free.

    Raises:
        AlarmFormError: it makes no sense.
    """
    plain = {
        "tool": tool,
        "quantity": quantity,
        "above" if above else "below": limit,
        "hold_s": hold_s,
        "sound": sound,
        "snapshot": snapshot,
        "record": record,
    }
    try:
        rule = msgspec.convert({"name": "alarm", **plain}, AlarmRule)
    except msgspec.ValidationError as error:
        words = str(error).partition(" - at")[0].removeprefix("alarm alarm: ")
        raise AlarmFormError(tr("No alarm: {words}", words=told(words))) from error
    taken = {each.name for each in rules}
    names = (rule.condition if n == 1 else f"{rule.condition} ({n})" for n in range(1, 1000))
    name = next(name for name in names if name[:60] not in taken)
    return msgspec.structs.replace(rule, name=name[:60])


def rule_text(rule: AlarmRule) -> str:
    """A rule in one line: its condition, and what is done."""
    done = [lowered(tr(title)) for word, title in DOES.items() if getattr(rule, word)]
    done += [tr("command")] if rule.command else []
    hold = tr(" for {hold_s:g} s", hold_s=rule.hold_s) if rule.hold_s else ""
    name = "" if rule.name.startswith(rule.condition) else f"{rule.name}: "
    return f"{name}{alarm_words(rule.condition)}{hold}" + (f"  ({', '.join(done)})" if done else "")
