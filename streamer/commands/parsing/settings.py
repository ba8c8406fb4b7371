"""The settings and faults of a run, as they were typed."""

from pathlib import Path

import typer

from streamer.config.loading import ConfigError, load_config
from streamer.config.schema import Config
from streamer.faults.injection import Injection, InjectionError, parse_injection


def named_changes(
    overrides: list[str], model: str | None, engine: str | None, precision: str | None
) -> list[str]:
    """`--set`, and the options that are short for it."""
    named = {"model": model, "engine": engine, "precision": precision}
    return overrides + [
        f"inference.{key}={value}" for key, value in named.items() if value is not None
    ]


def settings_of(
    path: Path | None,
    overrides: list[str] | None,
    model: str | None = None,
    engine: str | None = None,
    precision: str | None = None,
) -> Config:
    """Loads the configuration; what was typed wrong on the command line is wrong usage."""
    changes = named_changes(list(overrides or []), model, engine, precision)
    given = load_config(path)
    try:
        return load_config(path, changes) if changes else given
    except ConfigError as error:
        raise typer.BadParameter(str(error)) from error


def injections_of(settings: Config, specs: list[str] | None) -> tuple[Injection, ...]:
    """Reads every `--inject`; one that is none is wrong usage."""
    try:
        ffc_s = settings.capture.simulated.ffc_duration_s
        return tuple(parse_injection(spec, ffc_s) for spec in specs or [])
    except InjectionError as error:
        raise typer.BadParameter(str(error)) from error
