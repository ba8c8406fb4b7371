"""Text from outside (names of files and cameras, notes in recordings) made safe for a terminal."""

import re

_OBEYED = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # controls: an ESC moves the cursor, a newline makes two lines of one
    "\u2028\u2029\u202a-\u202e\u2066-\u2069"  # separators and turns of the writing's direction
    "\ud800-\udfff]"  # bytes of a file's name that are no UTF-8; nothing can encode them
)
_BYTE = 0xDC00  # PEP 383: a byte that did not decode stands as this plus its value


def printable(text: object) -> str:
    r"""The text on one line, with everything that a terminal would obey spelled out, as `\x1b`."""
    return _OBEYED.sub(_spelled, str(text))


def _spelled(found: re.Match[str]) -> str:
    code = ord(found[0])
    if _BYTE + 0x80 <= code <= _BYTE + 0xFF:
        code -= _BYTE
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"
