"""Structs and enumerations as parts of a page."""

import enum

import msgspec

from tools.reference.markdown import code, table
from tools.reference.source import described, fields, members


def struct_part(kind: type[msgspec.Struct], title: str = "", level: int = 2) -> str:
    """A heading, what the struct is, and a table of its fields."""
    told = any(field.meaning for field in fields(kind))
    head = ["field", "type", "default", *(["meaning"] if told else [])]
    rows = [
        [code(one.name), code(one.type), code(one.default), *([one.meaning] if told else [])]
        for one in fields(kind)
    ]
    parts = [f"{'#' * level} {title or kind.__name__}", described(kind), table(head, rows)]
    return "\n\n".join(part for part in parts if part)


def enum_part(kind: type[enum.Enum], level: int = 2) -> str:
    """A heading, what the enumeration is, and a table of its values."""
    known = members(kind)
    told = any(one.meaning for one in known)
    heading = f"{'#' * level} {kind.__name__}"
    if not told:
        return f"{heading}\n\n{described(kind)}\n\n" + ", ".join(code(one.value) for one in known)
    rows = [[code(one.value), one.meaning] for one in known]
    return f"{heading}\n\n{described(kind)}\n\n" + table(["value", "meaning"], rows)


def type_part(kind: type, level: int = 2) -> str:
    """Whichever of the two it is."""
    if issubclass(kind, enum.Enum):
        return enum_part(kind, level)
    if issubclass(kind, msgspec.Struct):
        return struct_part(kind, level=level)
    raise TypeError(f"{kind.__name__} is neither a struct nor an enumeration")
