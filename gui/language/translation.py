"""Text as it is written in the code, English, to text as it is shown. No Qt.

A catalogue of gettext's for each language lies beside this module: `python -m tools.translate`
finds what is marked by these functions, and compiles the catalogues.
"""

import gettext
from collections.abc import Sequence
from pathlib import Path

SOURCE = "en"
"""The language of the code: it needs no catalogue."""

CATALOGUES = Path(__file__).parent / "catalogues"

_NOUNS_ARE_LARGE = ("de", "lb")

_chosen: gettext.NullTranslations = gettext.NullTranslations()


def tr(text: str, /, **values: object) -> str:
    """A text in the chosen language, English where it has none.

    Args:
        text: as it is written in the code: a literal, or what was marked where it was written.
        values: for its placeholders; without any, braces stand for themselves.
    """
    translated = _chosen.gettext(text) if text else ""  # gettext's own head has the empty text
    return translated.format(**values) if values else translated


def plural(one: str, many: str, n: int, /, **values: object) -> str:
    """As `tr`, of a text that differs by a number; `{n}` is the number."""
    return _chosen.ngettext(one, many, n).format(n=n, **values)


def mark(text: str, /) -> str:
    """The text itself: in a table, of which `tr` makes what is shown."""
    return text


def lowered(text: str, /) -> str:
    """A translated text as it stands within a sentence: small, where nouns are."""
    return text if text and _chosen.info().get("language") in _NOUNS_ARE_LARGE else text.lower()


def languages() -> tuple[str, ...]:
    """The languages there are, by their codes, English first."""
    return SOURCE, *sorted(path.stem for path in CATALOGUES.glob("*.mo"))


def choose(wanted: Sequence[str]) -> str:
    """Takes the first language that there is; English if there is none of them.

    Call it before a window is made: what has been translated stays as it is.

    Args:
        wanted: codes, the dearest first, as systems write them: `de`, `de_AT`, `de-CH`.

    Returns:
        The code of the language.
    """
    global _chosen
    known = languages()
    codes = (code for each in wanted for code in (each.replace("-", "_"), _bare(each)))
    found = next((code for code in codes if code in known), SOURCE)
    if found == SOURCE:
        _chosen = gettext.NullTranslations()
    else:
        with (CATALOGUES / f"{found}.mo").open("rb") as file:
            _chosen = gettext.GNUTranslations(file)
    return found


def _bare(code: str) -> str:
    """Without a country, a script, an encoding."""
    return code.replace("-", "_").partition("_")[0].partition(".")[0]
