"""A catalogue of gettext's: read, brought up to what is marked, written, compiled."""

import ast
import struct
from collections.abc import Iterable
from pathlib import Path

import msgspec

from tools.translate.marked import Marked

_PLURAL_FORMS = "nplurals=2; plural=(n != 1);"
"""Of English, German and most of their kin; a catalogue of another says its own."""


class Entry(msgspec.Struct, frozen=True):
    """A text and what it is in another language: one form, or one for each kind of number."""

    text: str
    many: str
    forms: tuple[str, ...]
    place: str = ""


class Catalogue(msgspec.Struct, frozen=True):
    """All of a language.

    Attributes:
        head: facts by name, as gettext wants them.
        entries: by their text.
    """

    head: dict[str, str]
    entries: dict[str, Entry]


def empty(language: str) -> Catalogue:
    """A catalogue to begin with."""
    head = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": _PLURAL_FORMS,
    }
    return Catalogue(head, {})


def read(path: Path) -> Catalogue:
    """Reads a `.po` file.

    Raises:
        ValueError: a line is none of such a file.
    """
    entries: dict[str, Entry] = {}
    head: dict[str, str] = {}
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#") or not line.strip():
                continue
            key, _, quoted = line.rpartition(" ") if line.startswith('"') else line.partition(" ")
            if line.startswith('"'):
                key, quoted = "", line
            name = key or name
            if not quoted.startswith('"') or not name.startswith("msg"):
                raise ValueError(f"{path}: msgid, msgstr or a quoted text wanted; {line!r} came")
            fields[name] = fields.get(name, "") + ast.literal_eval(quoted)
        text = fields.get("msgid")
        if text == "":
            lines = fields["msgstr"].splitlines()
            head = {line.partition(": ")[0]: line.partition(": ")[2] for line in lines}
        elif text is not None:
            forms = tuple(value for key, value in fields.items() if key.startswith("msgstr"))
            entries[text] = Entry(text, fields.get("msgid_plural", ""), forms)
    return Catalogue(head, entries)


def updated(catalogue: Catalogue, marked: Iterable[Marked]) -> Catalogue:
    """The same with every text that is marked, and no other; new ones have no translation."""
    entries = {}
    for each in marked:
        known = catalogue.entries.get(each.text)
        kept = known.forms if known is not None and known.many == each.many else ()
        forms = kept or (("", "") if each.many else ("",))
        entries[each.text] = Entry(each.text, each.many, forms, each.place)
    return Catalogue(catalogue.head, entries)


def write(catalogue: Catalogue, path: Path) -> None:
    """Writes a `.po` file."""
    head = "".join(f"{name}: {value}\n" for name, value in catalogue.head.items())
    blocks = [f'msgid ""\nmsgstr ""\n{_lines(head)}']
    for entry in catalogue.entries.values():
        lines = [f"#: {entry.place}", f"msgid {_quoted(entry.text)}"]
        if entry.many:
            lines.append(f"msgid_plural {_quoted(entry.many)}")
            lines += [f"msgstr[{n}] {_quoted(form)}" for n, form in enumerate(entry.forms)]
        else:
            lines.append(f"msgstr {_quoted(entry.forms[0])}")
        blocks.append("\n".join(lines))
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def compiled(catalogue: Catalogue) -> bytes:
    """The bytes of a `.mo` file: what is translated, sorted, as gettext's manual describes it."""
    head = "".join(f"{name}: {value}\n" for name, value in catalogue.head.items())
    texts = {b"": head.encode()}
    for entry in catalogue.entries.values():
        if all(entry.forms):
            key = f"{entry.text}\0{entry.many}" if entry.many else entry.text
            texts[key.encode()] = "\0".join(entry.forms).encode()
    keys = sorted(texts)
    both = [*keys, *(texts[key] for key in keys)]
    start = 28 + 8 * len(both)
    table, data = b"", b""
    for text in both:
        table += struct.pack("<II", len(text), start + len(data))
        data += text + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, 0) + table + data


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _lines(text: str) -> str:
    return "\n".join(_quoted(line + "\n") for line in text.splitlines())
