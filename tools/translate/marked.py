"""Finds what is marked for translation, and what ought to be."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

GUI = Path(__file__).parents[2] / "gui"
_MARKING = {"tr": (0,), "mark": (0,), "plural": (0, 1), "Action": (1, 3)}
"""Which arguments of a call are texts: of `gui.language`, and the titles and tips of the table."""


class Marked(NamedTuple):
    """A text that is translated.

    Attributes:
        text: in English; of a number, for one.
        many: for another number; empty where there is none.
        place: the file that has it first.
    """

    text: str
    many: str
    place: str


def marked_texts() -> list[Marked]:
    """Everything that is marked, each text once, in the order of files and lines."""
    found: dict[str, Marked] = {}
    for path in sorted(GUI.rglob("*.py")):
        place = path.relative_to(GUI.parent).as_posix()
        calls = [node for node in ast.walk(_tree(path)) if isinstance(node, ast.Call)]
        for call in sorted(calls, key=lambda each: (each.lineno, each.col_offset)):
            texts = [arg.value for arg in _texts_of(call) if isinstance(arg.value, str)]
            if _name(call) == "plural":
                found.setdefault(texts[0], Marked(texts[0], texts[1], place))
            else:
                for text in filter(None, texts):
                    found.setdefault(text, Marked(text, "", place))
    return list(found.values())


def unmarked_texts(path: Path) -> Iterator[tuple[int, str]]:
    """What a file holds that reads as words, and is not marked: line and text."""
    tree = _tree(path)
    passed = set(_others(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            passed |= {id(each) for arg in _texts_of(node) for each in ast.walk(arg)}
    for node in ast.walk(tree):
        if id(node) not in passed and isinstance(node, ast.Constant | ast.JoinedStr):
            text = _written(node)
            if _reads_as_words(text):
                yield node.lineno, text


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _texts_of(call: ast.Call) -> list[ast.Constant]:
    """The literals that a call marks, in a choice between two as well."""
    places = _MARKING.get(_name(call), ())
    arguments = [call.args[place] for place in places if place < len(call.args)]
    return [
        node
        for argument in arguments
        if isinstance(argument, ast.Constant | ast.IfExp)
        for node in _values(argument)
    ]


def _values(node: ast.expr) -> list[ast.Constant]:
    if isinstance(node, ast.IfExp):
        return _values(node.body) + _values(node.orelse)
    return [node] if isinstance(node, ast.Constant) else []


def _others(tree: ast.Module) -> Iterator[int]:
    """What is no text to be seen: docstrings, annotations, keys, what goes to logs and errors."""
    for node in ast.walk(tree):
        hidden: list[ast.AST] = []
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            hidden = [node.value]
        elif isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            hidden = [node.annotation]
        elif isinstance(node, ast.FunctionDef) and node.returns is not None:
            hidden = [node.returns]
        elif isinstance(node, ast.Subscript):
            hidden = [node.slice]
        elif isinstance(node, ast.JoinedStr):
            hidden = list(node.values)
            for value in node.values:  # words inside of braces count, the pieces around them do not
                if isinstance(value, ast.FormattedValue):
                    hidden.extend(ast.walk(value.format_spec) if value.format_spec else ())
        yield from map(id, hidden)


def _written(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(
        str(piece.value) if isinstance(piece, ast.Constant) else "{}" for piece in node.values
    )


def _reads_as_words(text: str) -> bool:
    """Two words and more, or one that begins large; names of files, keys, formats are neither."""
    words = re.findall(r"[A-Za-z]{2,}", text)
    return bool(words) and (" " in text.strip() or text.lstrip("&")[:1].isupper())
