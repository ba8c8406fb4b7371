"""`key.path=value`, as every `--set` takes it."""

import reprlib
from collections.abc import Sequence
from typing import Any

from streamer.config.yaml_values import YamlError, load_yaml
from streamer.errors import CorefusionError

_SHOWN = 80  # characters of what came, in a message


class ConfigError(CorefusionError):
    """A key that is unknown, of the wrong type or out of range; names its path."""


def parse_overrides(texts: Sequence[str]) -> list[tuple[str, Any]]:
    """(path, value) of each, in their order.

    Args:
        texts: `key.path=value`; values are read as YAML.

    Raises:
        ConfigError: for one that cannot be read.
    """
    return [_parsed(text) for text in texts]


def _parsed(text: str) -> tuple[str, Any]:
    path, separator, value = text.partition("=")
    if not separator or not path:
        raise ConfigError(f"--set {text:.{_SHOWN}}: key.path=value wanted")
    try:
        return path, load_yaml(value)
    except YamlError as error:
        raise ConfigError(
            f"--set {path:.{_SHOWN}}: {shown(value)} is not a YAML value: {error}"
        ) from error


def shown(value: Any) -> str:
    """A value as a message shows it: cut to a length that a line can hold."""
    short = reprlib.Repr()
    short.maxstring = short.maxother = short.maxlong = _SHOWN
    return f"{short.repr(value):.{2 * _SHOWN}}"
