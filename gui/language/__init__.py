"""The words of the window in the user's language."""

from gui.language.translation import choose, languages, lowered, mark, plural, tr

__all__ = ["choose", "languages", "lowered", "mark", "plural", "tr"]
