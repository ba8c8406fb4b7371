"""Classes as they stand in the source: fields, their types, defaults and meanings."""

import ast
import enum
import functools
import inspect
import io
import re
import textwrap
import tokenize
import typing
from collections.abc import Iterator
from types import ModuleType
from typing import Any, NamedTuple

import msgspec

_UNSET = " | msgspec.UnsetType"


class Field(NamedTuple):
    """One field: its name on the wire, and the rest as the source has it."""

    name: str
    type: str
    default: str
    meaning: str


class Member(NamedTuple):
    """One member of an enumeration; its meaning is the comment behind it."""

    value: str
    meaning: str


def described(kind: type) -> str:
    """The docstring without its list of attributes."""
    return _parts(kind)[0]


def fields(kind: type[msgspec.Struct]) -> list[Field]:
    """The fields of a struct in their order, those of its bases first."""
    written: dict[str, tuple[str, str]] = {}
    meanings: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        if base.__module__ != "msgspec" and issubclass(base, msgspec.Struct):
            written |= _annotations(base)
            meanings |= _parts(base)[1]
    unknown = set(meanings) - set(written)
    if unknown:
        raise ValueError(f"{kind.__name__}: its docstring tells of {', '.join(sorted(unknown))}")
    return [
        Field(
            field.encode_name,
            written[field.name][0].replace(_UNSET, ""),
            _default(field, written[field.name][1]),
            meanings.get(field.name, "").removesuffix("."),
        )
        for field in msgspec.structs.fields(kind)
    ]


def members(kind: type[enum.Enum]) -> list[Member]:
    """The members of an enumeration in their order."""
    comments = _comments(kind)
    return [Member(str(one.value), comments.get(one.name, "")) for one in kind]


def mentioned(kinds: list[type]) -> list[type]:
    """The structs and enumerations that the fields of these are made of, as first met."""
    found: list[type] = []
    waiting = list(kinds)
    while waiting:
        kind = waiting.pop(0)
        for one in _types_in(kind):
            if one not in found and one not in kinds:
                found.append(one)
                waiting.append(one)
    return found


def _default(field: Any, written: str) -> str:
    """A default's value where it is plain, else as the source has it."""
    value = field.default
    if value is msgspec.UNSET:
        return "absent"
    if isinstance(value, enum.Enum):
        return str(value.value)
    return repr(value) if type(value) in (int, float, str, bool) else written


def _types_in(kind: type) -> Iterator[type]:
    if not issubclass(kind, msgspec.Struct):
        return
    for field in msgspec.structs.fields(kind):
        yield from _classes(field.type)


def _classes(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type) and typing.get_origin(annotation) is None:
        if issubclass(annotation, msgspec.Struct | enum.Enum):
            yield annotation
        return
    for argument in typing.get_args(annotation):
        yield from _classes(argument)


def _parts(kind: type) -> tuple[str, dict[str, str]]:
    """Prose and attributes of a docstring in Google's style."""
    text = inspect.cleandoc(kind.__doc__ or "")
    before, _, listed = text.partition("\nAttributes:\n")
    meanings: dict[str, str] = {}
    names: list[str] = []
    for line in inspect.cleandoc("\n" + listed).splitlines():
        if begun := re.match(r"(\w+(?:, \w+)*): (.*)", line):
            names = begun[1].split(", ")
            meanings |= dict.fromkeys(names, begun[2])
        elif line.strip():
            meanings |= {name: f"{meanings[name]} {line.strip()}" for name in names}
    return before.strip(), meanings


def _class_source(kind: type) -> tuple[str, ast.ClassDef]:
    text = _classes_in(inspect.getmodule(kind) or kind).get(kind.__name__)
    if text is None:
        raise ValueError(f"{kind.__name__} is not in the source of its module")
    (node,) = ast.parse(text).body
    assert isinstance(node, ast.ClassDef)
    return text, node


@functools.cache
def _classes_in(module: ModuleType | type) -> dict[str, str]:
    """Each class's own source: what is looked up in it would take long in that of the module."""
    text = inspect.getsource(module)
    lines = text.splitlines(keepends=True)
    found: dict[str, str] = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef):
            own = "".join(lines[node.lineno - 1 : node.end_lineno])
            found.setdefault(node.name, textwrap.dedent(own))
    return found


def _annotations(kind: type) -> dict[str, tuple[str, str]]:
    text, node = _class_source(kind)
    found = {}
    for one in node.body:
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            default = "" if one.value is None else _segment(text, one.value)
            found[one.target.id] = (_segment(text, one.annotation), default)
    return found


def _segment(text: str, node: ast.expr) -> str:
    return re.sub(r"\s+", " ", ast.get_source_segment(text, node) or "")


def _comments(kind: type) -> dict[str, str]:
    text, node = _class_source(kind)
    by_line = {
        token.start[0]: token.string.removeprefix("#").strip()
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT
    }
    return {
        target.id: by_line[one.lineno]
        for one in node.body
        if isinstance(one, ast.Assign) and one.lineno in by_line
        for target in one.targets
        if isinstance(target, ast.Name)
    }
