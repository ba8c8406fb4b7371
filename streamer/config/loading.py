"""Reads a configuration strictly: a key that is not ours fails with its path."""

import difflib
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from streamer.config.overrides import ConfigError, parse_overrides, shown
from streamer.config.schema import Config
from streamer.config.yaml_values import YamlError, load_yaml

__all__ = [
    "ConfigError",
    "changed_config",
    "commented_defaults",
    "is_named",
    "load_config",
    "load_overlay",
]

MAX_BYTES = 2**18
"""Of a configuration file: more than twenty times the commented defaults."""

_LOOPBACK = re.compile(r"localhost|127(\.\d{1,3}){3}")
_PATH = 120  # characters of an unknown key's path, in a message
_REASON = 200


def load_config(
    path: Path | None = None,
    overrides: Sequence[str] = (),
    *,
    overlay: dict[str, Any] | None = None,
) -> Config:
    """Reads a file over the defaults, then `a.b=value` overrides over both.

    Args:
        path: a YAML file; None for the defaults alone.
        overrides: `key.path=value` strings; values are read as YAML.
        overlay: sections of keys between both, as of `load_overlay`.

    Raises:
        ConfigError: the file cannot be read, or a key is unknown, of the wrong type or out of
            range. The text names the key's path, what was wanted and what came.
    """
    tree: dict[str, Any] = msgspec.to_builtins(Config())
    if path is not None:
        _merge(tree, _read(path), "", f"{path}: ")
    if overlay is not None:
        _merge(tree, overlay, "", "")
    return _overridden(tree, overrides)


def load_overlay(path: Path) -> tuple[Any, dict[str, Any]]:
    """The name that a rig's file gives it, None without one, and the sections of its keys.

    Raises:
        ConfigError: the file cannot be read.
    """
    tree = _read(path, "rig")
    return tree.pop("name", None), tree


def changed_config(config: Config, overrides: Sequence[str]) -> Config:
    """A configuration with `key.path=value` overrides over it.

    Raises:
        ConfigError: as `load_config`.
    """
    return _overridden(msgspec.to_builtins(config), overrides)


def _overridden(tree: dict[str, Any], overrides: Sequence[str]) -> Config:
    for key, value in parse_overrides(overrides):
        for part in reversed(key.split(".")):
            value = {part: value}
        _merge(tree, value, "", "--set: ")
    try:
        config = msgspec.convert(tree, Config)
    except msgspec.ValidationError as error:
        raise ConfigError(in_words(error, tree)) from error
    _refuse_unknown(tree, msgspec.to_builtins(config), "")
    host = config.transport.host
    if config.transport.kind == "tcp" and not _LOOPBACK.fullmatch(host):
        raise ConfigError(
            f"transport.host: an address of this host alone (127.0.0.1, or localhost) wanted; "
            f"{shown(host)} came"
        )
    return config


def is_named(section: str, path: Path | None, overrides: Sequence[str] = ()) -> bool:
    """Whether a file or an override says anything of a section; both have been loaded before.

    Raises:
        ConfigError: the file cannot be read.
    """
    keys = [key for key, _ in parse_overrides(overrides)]
    if any(key.split(".")[0] == section for key in keys):
        return True
    return path is not None and section in _read(path)


def commented_defaults() -> str:
    """The defaults as YAML, every key with its sentence: the text of config.yaml."""
    return files("streamer.config").joinpath("defaults.yaml").read_text(encoding="utf-8")


def _read(path: Path, kind: str = "config file") -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # also of a pipe, or of a device that never ends
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(f"{kind} {path}: {reason}") from error
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{kind} {path}: {MAX_BYTES // 2**10} KiB at most wanted")
    try:
        content = load_yaml(data.decode("utf-8-sig"))
    except (YamlError, UnicodeDecodeError) as error:
        raise ConfigError(f"{kind} {path} is not YAML: {error}") from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise ConfigError(f"{kind} {path}: sections of keys wanted, {type(content).__name__} came")
    return content


def _merge(into: dict[str, Any], changes: dict[str, Any], prefix: str, origin: str) -> None:
    for key, value in changes.items():
        path = f"{prefix}{key}"
        if key not in into:
            known = dict(_paths(msgspec.to_builtins(Config())))
            path = path[:_PATH]
            raise ConfigError(f"{origin}unknown key {path}{_suggestion(path, known)}")
        if isinstance(into[key], dict):
            if not isinstance(value, dict):
                raise ConfigError(f"{origin}{path} is a section of keys, {shown(value)} came")
            _merge(into[key], value, f"{path}.", origin)
        else:
            into[key] = value


def _paths(tree: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        yield f"{prefix}{key}", value
        if isinstance(value, dict):
            yield from _paths(value, f"{prefix}{key}.")


def _suggestion(path: str, known: dict[str, Any]) -> str:
    """Prefers the same last word elsewhere over a likely typo."""
    last = path.rsplit(".", 1)[-1]
    same = [name for name in known if name.rsplit(".", 1)[-1] == last]
    close = same or difflib.get_close_matches(path, known, n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else f"; sections are {', '.join(_SECTIONS)}"


_SECTIONS = tuple(field.name for field in msgspec.structs.fields(Config))


def _refuse_unknown(came: Any, known: Any, path: str) -> None:
    """Refuses keys of the entries of a list; those of sections are refused before."""
    if isinstance(came, dict) and isinstance(known, dict):
        for key, value in came.items():
            if key not in known:
                raise ConfigError(
                    f"unknown key {path}{key}"[:_PATH] + f"; one of {', '.join(known)} wanted"
                )
            _refuse_unknown(value, known[key], f"{path}{key}.")
    elif isinstance(came, list | tuple) and isinstance(known, list | tuple):
        for number, (one, other) in enumerate(zip(came, known, strict=True)):
            _refuse_unknown(one, other, f"{path.rstrip('.')}[{number}].")


def in_words(error: msgspec.ValidationError, tree: dict[str, Any]) -> str:
    """Which key of a tree is wrong, and what was wanted, in a line."""
    reason, _, where = str(error).partition(" - at `$.")
    path = where.rstrip("`")
    value: Any = tree
    for name, number in re.findall(r"(\w+)|\[(\d+)\]", path):
        value = value[int(number)] if number else value[name]
    return f"{path}: {reason[:1].lower()}{reason[1:_REASON]}; {shown(value)} came"
