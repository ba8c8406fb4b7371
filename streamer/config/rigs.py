"""Several rigs of one machine: the keys of each over the configuration that all of them share."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from streamer.config.loading import load_config, load_overlay
from streamer.config.overrides import ConfigError, shown
from streamer.config.schema import Config

PORTS = 16
"""How far the tcp ports of a rig lie behind those of the one before."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_OF_WINDOW = ("theme", "language", "size", "refresh_hz")
_OWN = ("max_age_ms", "find_bad_pixels", "influence_every_ms")  # of `inference`; no engine has them


class Rig(msgspec.Struct, frozen=True):
    """One rig.

    Attributes:
        name: in reports, and of its recording; no other rig of the run has it.
        config: the resolved configuration.
    """

    name: str
    config: Config


def configured_rigs(
    path: Path | None = None, overrides: Sequence[str] = ()
) -> tuple[Path | dict[str, Any], ...]:
    """The rigs that a configuration names by its `rigs`, for `load_rigs`; none by default.

    Files are looked for beside the configuration.

    Raises:
        ConfigError: as `load_config`, or an entry is empty.
    """
    rigs = load_config(path, overrides).rigs
    for number, entry in enumerate(rigs):
        if not entry:
            raise ConfigError(
                f"rigs[{number}]: a file, or keys with a name, wanted; {shown(entry)} came"
            )
    place = Path() if path is None else path.parent
    return tuple(
        place / Path(entry).expanduser() if isinstance(entry, str) else entry for entry in rigs
    )


def load_rigs(
    entries: Sequence[Path | dict[str, Any]],
    path: Path | None = None,
    overrides: Sequence[str] = (),
) -> tuple[Rig, ...]:
    """Reads every rig's keys over the configuration, then the overrides over both.

    A rig has the keys of a configuration, and `name`; without that it is named as its file. On tcp
    each rig but the first has its ports behind those of the one before.

    Args:
        entries: of each rig its file, or its keys.
        path: the configuration that they share; None for the defaults.
        overrides: `key.path=value`, for all of them.

    Raises:
        ConfigError: a file cannot be read, a key is unknown or of the wrong type, a name is taken
            or missing, or two rigs want different networks of the one worker, or different looks
            of the one window. Names file and key.
    """
    load_config(path)  # what is wrong in it is no rig's fault
    rigs: list[Rig] = []
    for number, entry in enumerate(entries):
        where, name, overlay = _entry(number, entry)
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ConfigError(
                f"{where}: name: 1 to 32 letters, digits, - and _ wanted; {shown(name)} came"
            )
        if "rigs" in overlay:
            raise ConfigError(
                f"{where}: rigs: keys of one rig wanted; a rig has no rigs of its own"
            )
        try:
            load_config(path, overlay=overlay)
        except ConfigError as error:
            raise ConfigError(f"{where}: {error}") from error
        config = load_config(path, overrides, overlay=overlay)
        if rigs:
            _check_shared(where, config, rigs[0])
        if any(rig.name.casefold() == name.casefold() for rig in rigs):
            raise ConfigError(f"{where}: name: {name} is another rig's already")
        one = msgspec.structs.replace(_with_ports(config, number), rigs=())
        rigs.append(Rig(name, one))
    return tuple(rigs)


def _entry(number: int, entry: Path | dict[str, Any]) -> tuple[str, Any, dict[str, Any]]:
    """What a rig is called in errors, its name, and its keys."""
    if isinstance(entry, Path):
        name, overlay = load_overlay(entry)
        return f"rig {entry}", entry.stem if name is None else name, overlay
    return f"rigs[{number}]", entry.get("name"), {k: v for k, v in entry.items() if k != "name"}


def _check_shared(where: str, config: Config, first: Rig) -> None:
    """One engine and one window serve all rigs: what makes these is the same for all."""
    own = config.inference.__struct_fields__
    shared = [("inference", key, "one worker serves") for key in own if key not in _OWN]
    shared += [("viewer", key, "one window shows") for key in _OF_WINDOW]
    for section, key, why in shared:
        wanted, came = (getattr(getattr(c, section), key) for c in (first.config, config))
        if wanted != came:
            raise ConfigError(
                f"{where}: {section}.{key}: {shown(wanted)} wanted as of {first.name}, since "
                f"{why} all rigs; {shown(came)} came"
            )


def _with_ports(config: Config, number: int) -> Config:
    transport = config.transport
    if transport.kind != "tcp" or not number:
        return config
    moved = msgspec.structs.replace(transport, port=transport.port + number * PORTS)
    return msgspec.structs.replace(config, transport=moved)
