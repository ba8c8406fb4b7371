"""The page cli.md: every command with its options, from the application itself."""

import enum
import inspect
import re
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import typer
from typer.models import OptionInfo

from streamer.commands.table import TABLE
from tools.reference.markdown import code, fenced, page, prose, table

_HEAD = """
`corefusion COMMAND --help` prints the same. Exit codes: 0 done, 1 failed (one line on standard
error says what), 2 wrong usage.

`SRC` is `sim` (the simulated rig), `none`, a device (`/dev/video2`, `2`, or `vid:pid` of USB), a
video file, a folder of images, a recording (`.mcap`), or a driver of one's own
(`python:MODULE:CLASS`). `NAME` of a model is `fast` or `quality`, each with `:sensor` or
`:benchmark`, or `nearest`, `bilinear`, `bicubic`; `paper` and `paper+` have to be trained first.

`COREFUSION_LOG` (`DEBUG`, `INFO`, `WARNING`) in the environment says how much is logged on
standard error; `QT_QPA_PLATFORM=offscreen` shows the window nowhere; `XDG_CACHE_HOME` moves the
cache.

`corefusion --version` prints the version; `corefusion --install-completion` makes the shell
complete commands and options, and `corefusion --show-completion` prints how.
"""


class Parameter(NamedTuple):
    """An option or argument, as the function behind its command declares it.

    Attributes:
        name: as it is typed; of an argument, what stands for it.
        value: what stands for its value; empty for a flag.
        meaning: its help.
        default: as it would be typed; empty where there is none.
        needed: whether the command fails without it.
        option: whether it has a name that begins with dashes.
    """

    name: str
    value: str
    meaning: str
    default: str
    needed: bool
    option: bool


class Command(NamedTuple):
    """A command, and what it takes."""

    name: str
    help: str
    parameters: list[Parameter]


def commands() -> list[Command]:
    """Every command that is not hidden, in the order of the application."""
    functions = {}
    for module in dict.fromkeys(entry.module for entry in TABLE):
        holder = typer.Typer()
        next(entry for entry in TABLE if entry.module == module).register(holder)
        for info in holder.registered_commands:
            if info.callback is not None:
                functions[info.name or info.callback.__name__.replace("_", "-")] = info.callback
    found = []
    for entry in TABLE:
        if not entry.hidden:
            function = functions[entry.name]
            text = inspect.cleandoc(function.__doc__ or "")
            found.append(Command(entry.name, text, parameters(function)))
    return found


def parameters(function: Callable[..., Any]) -> list[Parameter]:
    """What a command takes, without what is hidden."""
    hints = typing.get_type_hints(function, include_extras=True)
    found = []
    for name, parameter in inspect.signature(function).parameters.items():
        kind, info = typing.get_args(hints[name])
        if not info.hidden:
            found.append(_parameter(name, kind, info, parameter.default))
    return found


def _parameter(name: str, kind: Any, info: Any, default: Any) -> Parameter:
    kinds = [one for one in typing.get_args(kind) if one is not type(None)] or [kind]
    repeated = typing.get_origin(kinds[0]) is list or typing.get_origin(kind) is list
    base = typing.get_args(kinds[0])[0] if typing.get_origin(kinds[0]) is list else kinds[0]
    option = isinstance(info, OptionInfo)
    value = info.metavar or (_value(base) if option else name.upper())
    declared = [one for one in (info.default, *(info.param_decls or ())) if isinstance(one, str)]
    named = declared or [f"--{name.replace('_', '-')}"]
    if base is bool and not declared:
        named = [*named, f"--no-{name.replace('_', '-')}"]
    return Parameter(
        name=", ".join(named) if option else value,
        value="" if base is bool else value,
        meaning=_meaning(info, repeated),
        default=_shown(default),
        needed=default is inspect.Parameter.empty,
        option=option,
    )


def _value(kind: Any) -> str:
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return "|".join(str(one.value) for one in kind)
    return {int: "N", float: "X", Path: "PATH"}.get(kind, "TEXT")


def _meaning(info: Any, repeated: bool) -> str:
    words = [(info.help or "").strip().rstrip(".")]
    if info.min is not None and info.max is not None:
        words.append(f"{info.min:g} to {info.max:g}")
    elif info.min:
        words.append(f"at least {info.min:g}")
    if repeated:
        words.append("may be given several times")
    return "; ".join(word for word in words if word)


def _shown(default: Any) -> str:
    if default is None or isinstance(default, bool) or default is inspect.Parameter.empty:
        return ""
    return str(default.value if isinstance(default, enum.Enum) else default)


def cli_page() -> str:
    """The page."""
    known = commands()
    rows = [[f"[{one.name}](#{one.name})", _first_sentence(one.help)] for one in known]
    return page(
        "Command line",
        prose(_HEAD),
        table(["command", "what it does"], rows),
        *map(_command_part, known),
    )


def _command_part(command: Command) -> str:
    arguments = [one for one in command.parameters if not one.option]
    options = [one for one in command.parameters if one.option]
    usage = [one.name if one.needed else f"[{one.name}]" for one in arguments]
    usage += [f"{one.name} {one.value}" for one in options if one.needed]
    usage += ["[OPTIONS]"] if any(not one.needed for one in options) else []
    parts = [
        f"## {command.name}",
        fenced(" ".join(["corefusion", command.name, *usage])),
        command.help,
        table(["argument", "meaning"], [[code(one.name), one.meaning] for one in arguments]),
        table(
            ["option", "meaning", "default"],
            [
                [code(f"{one.name} {one.value}".strip()), one.meaning, code(one.default)]
                for one in options
            ],
        ),
    ]
    return "\n\n".join(part for part in parts if part)


def _first_sentence(text: str) -> str:
    return re.split(r"\.(?:\s|$)", text.strip())[0].partition("\n")[0]
