"""What alarms say, in the user's language; what users have typed stays as it is. No Qt.

A rule says what it watches in English, to logs and recordings: `Sp1 max above 80 °C`. One that was
made in the window is called so as well.
"""

import re

from gui.language import mark, tr

_CONDITION = re.compile(
    r"(?P<tool>.+) (?P<quantity>max|mean|min|delta|rate) (?P<side>above|below) "
    r"(?P<limit>\S+ (?:°C|K|K/min))(?P<rest>(?:: \S+ (?:°C|K|K/min))?(?: \(\d+\))?)"
)
_WORDS = (mark("max"), mark("mean"), mark("min"), mark("delta"), mark("rate"), mark("picture"))
_SIDES = {
    "above": mark("{tool} {quantity} above {limit}"),
    "below": mark("{tool} {quantity} below {limit}"),
}
_PICTURE = _WORDS[-1]  # in place of a tool


def alarm_words(text: str) -> str:
    """A condition, with the value behind it or without; another text as it is."""
    found = _CONDITION.fullmatch(text)
    if found is None:
        return text
    tool, quantity, limit = found["tool"], tr(found["quantity"]), found["limit"]
    if tool == _PICTURE:
        tool = tr(_PICTURE)
    words = tr(_SIDES[found["side"]], tool=tool, quantity=quantity, limit=limit)
    return words + found["rest"]


def alarm_name(name: str) -> str:
    """A name that the window has made of a condition, in words; one that was typed as it is."""
    return alarm_words(name)
