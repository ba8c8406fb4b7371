"""Keys as they are called on the user's keyboard."""

from PySide6.QtGui import QKeySequence


def key_text(key: str) -> str:
    """A key of the table in the language of the window: `Ctrl+Space` is `Strg+Leertaste`."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) or key
