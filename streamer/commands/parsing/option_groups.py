"""Options that commands have in common, said once: an argument that is a group of them.

typer reads a command's signature, one argument an option. A group is a dataclass whose fields are
such arguments; the command takes it whole, and typer sees its fields in its place.
"""

from collections.abc import Callable
from dataclasses import is_dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any


def with_groups(command: Callable[..., None]) -> Callable[..., None]:
    """A command as typer takes it: each of its groups spread out into options.

    Args:
        command: whose annotations are types; options by `Annotated`, groups dataclasses of them.
    """
    spread: list[Parameter] = []
    groups: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {}
    for one in signature(command).parameters.values():
        if is_dataclass(one.annotation) and isinstance(one.annotation, type):
            fields = signature(one.annotation).parameters
            groups[one.name] = one.annotation, tuple(fields)
            spread += fields.values()
        else:
            spread.append(one)

    @wraps(command)
    def spread_out(**given: Any) -> None:
        for name, (group, fields) in groups.items():
            given[name] = group(**{field: given.pop(field) for field in fields})
        command(**given)

    named = [one.replace(kind=Parameter.KEYWORD_ONLY) for one in spread]
    spread_out.__signature__ = Signature(named)  # type: ignore[attr-defined]
    spread_out.__annotations__ = {one.name: one.annotation for one in named}
    return spread_out
