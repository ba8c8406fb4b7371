"""Numbers as people type them, by whichever decimal point. No Qt: the locale's is handed in."""

import math
import re

from gui.language import tr

_PLAIN = re.compile(r"([+\-\N{MINUS SIGN}]?)([0-9]*)(?:([.,])([0-9]*))?")
_GROUP = 3  # so many digits behind a point may as well be a group of thousands


class TypedNumberError(ValueError):
    """What was typed is no number that can be meant; says why, in a sentence of its own."""


def typed_number(text: str, decimal_point: str = ".", suffix: str = "") -> float:
    """The number in a text, its decimal point a full stop or a comma.

    No groups of thousands are taken: `40,5` is never 405. Of `1,000` nobody can tell whether it
    means one or a thousand, unless the comma is the locale's decimal point.

    Args:
        text: as it was typed.
        decimal_point: the locale's.
        suffix: the unit, which may stand behind the number.

    Raises:
        TypedNumberError: it is none, or could mean two.
    """
    bare = text.strip()
    if suffix and bare.casefold().endswith(suffix.casefold()):
        bare = bare[: -len(suffix)]
    bare = bare.replace("\N{NO-BREAK SPACE}", " ").strip()
    found = _PLAIN.fullmatch(bare)
    if found is None or not (found[2] or found[4]):
        raise TypedNumberError(
            tr("{quoted} is no number, as 36.5 or 36,5 is", quoted=_quoted(text))
        )
    sign, whole, point, rest = found.groups()
    if (
        point not in (None, decimal_point)
        and len(rest) == _GROUP
        and len(whole) <= _GROUP
        and whole
    ):
        raise TypedNumberError(
            tr(
                "{quoted} can mean {whole}.{rest} or {whole}{rest}; type it without {point!r}",
                quoted=_quoted(text),
                whole=whole,
                rest=rest,
                point=point,
            )
        )
    number = float(f"{whole or 0}.{rest or 0}")
    if not math.isfinite(number):
        raise TypedNumberError(tr("{quoted} is too large", quoted=_quoted(text)))
    return number if sign in ("", "+") else -number


def _quoted(text: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{text.strip():.24}\N{RIGHT DOUBLE QUOTATION MARK}"
