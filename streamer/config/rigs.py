"""Several rigs of one machine: each a file over the configuration that all of them share."""

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from streamer.config.loading import load_config, load_overlay
from streamer.config.overrides import ConfigError, shown
from streamer.config.schema import Config

PORTS = 16
"""How far the tcp ports of a rig lie behind those of the one before."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_OWN = ("max_age_ms", "find_bad_pixels", "influence_every_ms")  # of `inference`; no engine has them


class Rig(msgspec.Struct, frozen=True):
    """One rig.

    Attributes:
        name: in reports, and of its recording; no other rig of the run has it.
        config: the resolved configuration.
    """

    name: str
    config: Config


def load_rigs(
    files: Sequence[Path], path: Path | None = None, overrides: Sequence[str] = ()
) -> tuple[Rig, ...]:
    """Reads every rig's file over the configuration, then the overrides over both.

    A rig's file has the keys of a configuration, and `name`; without that it is named as the file.
    On tcp each rig but the first has its ports behind those of the one before.

    Args:
        files: of the rigs.
        path: the configuration that they share; None for the defaults.
        overrides: `key.path=value`, for all of them.

    Raises:
        ConfigError: a file cannot be read, a key is unknown or of the wrong type, a name is taken,
            or two rigs want different networks of the one worker. Names file and key.
    """
    load_config(path)  # what is wrong in it is no rig's fault
    rigs: list[Rig] = []
    for number, file in enumerate(files):
        name, overlay = load_overlay(file)
        name = file.stem if name is None else name
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ConfigError(
                f"rig {file}: name: 1 to 32 letters, digits, - and _ wanted; {shown(name)} came"
            )
        try:
            load_config(path, overlay=overlay)
        except ConfigError as error:
            raise ConfigError(f"rig {file}: {error}") from error
        config = load_config(path, overrides, overlay=overlay)
        if rigs:
            _check_worker(file, config, rigs[0])
        if any(rig.name.casefold() == name.casefold() for rig in rigs):
            raise ConfigError(f"rig {file}: name: {name} is another rig's already")
        rigs.append(Rig(name, _with_ports(config, number)))
    return tuple(rigs)


def _check_worker(file: Path, config: Config, first: Rig) -> None:
    """One engine serves all rigs, so that what makes an engine is the same for all."""
    for key in config.inference.__struct_fields__:
        wanted, came = (getattr(c.inference, key) for c in (first.config, config))
        if key not in _OWN and wanted != came:
            raise ConfigError(
                f"rig {file}: inference.{key}: {shown(wanted)} wanted as of {first.name}, since "
                f"one worker serves all rigs; {shown(came)} came"
            )


def _with_ports(config: Config, number: int) -> Config:
    transport = config.transport
    if transport.kind != "tcp" or not number:
        return config
    moved = msgspec.structs.replace(transport, port=transport.port + number * PORTS)
    return msgspec.structs.replace(config, transport=moved)
