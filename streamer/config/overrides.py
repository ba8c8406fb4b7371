"""`key.path=value`, as every `--set` takes it."""

from collections.abc import Sequence
from typing import Any

import yaml

from streamer.errors import CorefusionError


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
        raise ConfigError(f"--set {text}: key.path=value wanted")
    try:
        return path, yaml.safe_load(value)
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise ConfigError(f"--set {path}: {value!r} is not a YAML value: {reason}") from error
