"""The command line. Each command parses, calls one function, and says how it went.

Exit codes: 0 done, 1 failed (one line on standard error says what), 2 wrong usage.
"""

import logging
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from streamer import model_commands
from streamer.config import Config, ConfigError, load_config
from streamer.errors import CorefusionError
from streamer.injection import InjectionError, parse_injection
from streamer.live import Bounds, LiveRun
from streamer.report import print_report, write_report
from streamer.sample import download_sample
from streamer.sources import with_sources

app = typer.Typer(
    name="corefusion",
    help="Live guided super-resolution of thermal video.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,  # an error stays one line that scripts and people can read
)
model_commands.register(app)

ConfigFile = Annotated[
    Path | None, typer.Option("--config", metavar="F", help="YAML file over the defaults.")
]
Override = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change one key.")
]


@app.command()
def live(
    config: ConfigFile = None,
    override: Override = None,
    visible: Annotated[
        str | None, typer.Option(metavar="SRC", help="sim, none, a device, a video, a folder.")
    ] = None,
    thermal: Annotated[str | None, typer.Option(metavar="SRC", help="As --visible.")] = None,
    thermal_bin: Annotated[
        int | None, typer.Option(min=1, max=64, help="Average N x N thermal pixels.")
    ] = None,
    loop: Annotated[bool, typer.Option("--loop", help="Begin files again at their end.")] = False,
    model: Annotated[str | None, typer.Option(metavar="NAME|CHECKPOINT")] = None,
    engine: Annotated[str | None, typer.Option(metavar="auto|torch|openvino")] = None,
    precision: Annotated[str | None, typer.Option(metavar="NAME")] = None,
    inject: Annotated[
        list[str] | None, typer.Option(metavar="SPEC", help="A fault, as drop:visible@2-4.")
    ] = None,
    headless: Annotated[bool, typer.Option("--headless", help="Without the window.")] = False,
    frames: Annotated[int | None, typer.Option(min=1, help="End after N results.")] = None,
    duration: Annotated[float | None, typer.Option(min=0.1, help="End after S seconds.")] = None,
    report: Annotated[Path | None, typer.Option(metavar="F.json")] = None,
    grab: Annotated[
        Path | None, typer.Option(metavar="F.png", help="Save the window at the end, and exit.")
    ] = None,
) -> None:
    """Shows super-resolved thermal video live, from cameras, files or the simulated rig."""
    if headless and grab is not None:
        raise typer.BadParameter("--grab saves a window and --headless has none")
    overrides = list(override or [])
    named = {"model": model, "engine": engine, "precision": precision}
    overrides += [f"inference.{key}={value}" for key, value in named.items() if value is not None]
    settings = with_sources(
        _settings(config, overrides),
        visible=visible,
        thermal=thermal,
        thermal_bin=thermal_bin,
        loop=loop,
    )
    if settings.capture.visible.source == settings.capture.thermal.source == "none":
        raise typer.BadParameter("--visible none and --thermal none leave nothing to show")
    try:
        ffc_s = settings.capture.simulated.ffc_duration_s
        injections = tuple(parse_injection(spec, ffc_s) for spec in inject or [])
    except InjectionError as error:
        raise typer.BadParameter(str(error)) from error
    result = LiveRun(
        settings,
        injections=injections,
        headless=headless,
        bounds=Bounds(frames, duration),
        score=report is not None,
        grab=grab,
    ).run()
    if report is not None:
        write_report(result, report)
    print_report(result)


@app.command()
def sample(
    name: Annotated[str | None, typer.Argument(help="0111_1716 or 0117_1605.")] = None,
    config: ConfigFile = None,
    override: Override = None,
) -> None:
    """Downloads a recorded visible and thermal pair, and prints the line that shows it."""
    download_sample(name, _settings(config, list(override or [])).sample)


def main() -> None:
    """The console script: one line on standard error for a user's mistake, never a traceback."""
    logging.basicConfig(
        level=os.environ.get("COREFUSION_LOG", "WARNING").upper(),
        format="%(asctime)s corefusion %(levelname)s %(message)s",
        datefmt="%H:%M:%S",
    )
    try:
        app()
    except CorefusionError as error:
        print(f"corefusion: {error}", file=sys.stderr)  # noqa: T201 - the command line speaks
        sys.exit(1)


def _settings(path: Path | None, overrides: list[str]) -> Config:
    """Loads the configuration; what was typed wrong on the command line is wrong usage."""
    given = load_config(path)
    if not overrides:
        return given
    try:
        return load_config(path, overrides)
    except ConfigError as error:
        raise typer.BadParameter(str(error)) from error
