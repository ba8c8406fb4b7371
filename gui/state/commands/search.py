"""Finds actions by what somebody types of them. No Qt."""

from collections.abc import Iterable

from gui.language import tr
from gui.state.commands.action import Action


def found(actions: Iterable[Action], typed: str) -> list[Action]:
    """The actions in which every typed word begins a word, the best first; all where none is typed.

    A word of the title counts for more than one of the menu or of what is said about it; among
    equals the order stays.
    """
    words = typed.casefold().split()
    ranked = []
    for action in actions:
        ranks = [_rank(action, word) for word in words]
        if None not in ranks:
            ranked.append((sum(rank for rank in ranks if rank is not None), action))
    return [action for _, action in sorted(ranked, key=lambda one: one[0])]


def _rank(action: Action, word: str) -> int | None:
    """0 where it begins the title, 1 a word of it, 2 one elsewhere; None where it is nowhere."""
    title = tr(action.title).casefold()
    if title.startswith(word):
        return 0
    if any(part.startswith(word) for part in _parts(title)):
        return 1
    elsewhere = f"{tr(action.menu)} {tr(action.tip)}".casefold()
    if any(part.startswith(word) for part in _parts(elsewhere)):
        return 2
    return 2 if word in (key.casefold() for key in action.keys) else None


def _parts(text: str) -> list[str]:
    return text.replace("(", " ").replace(":", " ").replace(";", " ").replace(",", " ").split()
