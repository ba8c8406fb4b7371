"""The page config.md: every key with its type, range, default and sentence."""

import inspect
import re
from typing import Any, NamedTuple

import msgspec
from msgspec import inspect as msgspec_inspect

from streamer.config.loading import commented_defaults
from streamer.config.schema import Config
from tools.reference.markdown import code, page, prose, table

_HEAD = """
`corefusion config` prints these defaults as a file. A file given with `--config` needs to hold only
what it changes; `--set section.key=value` changes one key for one run, and wins. An unknown key, a
wrong type or a value out of range is refused with the key's path.
"""


class Key(NamedTuple):
    """One key: its path, and what the file says behind it."""

    path: str
    meaning: str


def config_page() -> str:
    """The page."""
    defaults: dict[str, Any] = msgspec.to_builtins(Config())
    sections: dict[str, list[list[str]]] = {}
    for key in commented_keys():
        section = key.path.partition(".")[0]
        value, kind = _value(defaults, key.path), _kind(key.path)
        row = [code(key.path), _type(kind), code(_shown(value)), key.meaning]
        sections.setdefault(section, []).append(row)
    parts = []
    for section, rows in sections.items():
        kind = getattr(_struct(section), "cls", None)
        ours = isinstance(kind, type) and issubclass(kind, msgspec.Struct)
        told = (kind.__doc__ if ours else "") or ""  # NoneType says something from 3.13 on
        # as written: from Python 3.13 on the compiler takes the indent away, before that it stays
        about = inspect.cleandoc(told).partition("\nAttributes:\n")[0].strip()
        head = ["key", "type", "default", "meaning"]
        parts.append(f"## {section}\n\n{about}\n\n{table(head, rows)}")
    return page("Configuration", prose(_HEAD), *parts)


def commented_keys() -> list[Key]:
    """Every key of the shipped file in its order."""
    found: list[Key] = []
    above: list[str] = []
    for line in commented_defaults().splitlines():
        parsed = re.match(r"(?P<indent> *)(?P<name>\w+):(?P<value>[^#]*)(#\s*(?P<words>.*))?", line)
        if parsed is None:
            continue
        del above[len(parsed["indent"]) // 2 :]
        above.append(parsed["name"])
        if parsed["value"].strip():
            words = _words(parsed["name"], parsed["words"] or "", found)
            found.append(Key(".".join(above), words))
    return found


def _words(name: str, words: str, before: list[Key]) -> str:
    """`as above` becomes what stands above, at the key of the same name."""
    if words != "as above":
        return words
    return next(key.meaning for key in reversed(before) if key.path.endswith(f".{name}"))


def _struct(path: str) -> Any:
    kind: Any = msgspec_inspect.type_info(Config)
    for part in path.split("."):
        kind = next(field.type for field in kind.fields if field.name == part)
    return kind


def _kind(path: str) -> Any:
    return _struct(path)


def _value(tree: dict[str, Any], path: str) -> Any:
    value: Any = tree
    for part in path.split("."):
        value = value[part]
    return value


def _type(kind: Any) -> str:
    if isinstance(kind, msgspec_inspect.LiteralType):
        return " | ".join(code(str(value)) for value in _in_order(kind))
    names = {
        "IntType": "integer",
        "FloatType": "number",
        "StrType": "text",
        "BoolType": "yes or no",
    }
    if isinstance(kind, msgspec_inspect.VarTupleType | msgspec_inspect.ListType):
        return "list"
    words = names[type(kind).__name__]
    low, high = _limit(kind, "ge", "gt", "above"), _limit(kind, "le", "lt", "below")
    limits = " to ".join(limit for limit in (low, high) if limit)
    if low and not high:
        limits = low if low.startswith("above") else f"at least {low}"
    return f"{words}, {limits}" if limits else words


def _limit(kind: Any, inclusive: str, exclusive: str, words: str) -> str:
    closed, opened = getattr(kind, inclusive, None), getattr(kind, exclusive, None)
    if closed is not None:
        return f"{closed:g}"
    return f"{words} {opened:g}" if opened is not None else ""


def _in_order(kind: Any) -> list[Any]:
    return sorted(kind.values, key=lambda value: (isinstance(value, str), value))


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
