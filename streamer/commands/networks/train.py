"""The command line's train, import-checkpoint and tables: parse, call models, print.

All need PyTorch, imported when they run.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from streamer.commands.networks.evaluate import Data, Threads, need_torch
from streamer.commands.parsing.finite import finite
from streamer.commands.parsing.weighted_folder import weighted_folder
from streamer.config.overrides import ConfigError, parse_overrides
from streamer.terminal.console import PlainConsole
from streamer.terminal.printable import printable


class Device(StrEnum):
    """Where training computes."""

    auto = "auto"
    cpu = "cpu"
    cuda = "cuda"


class TrainDegradation(StrEnum):
    """What low resolution a network is trained for, if for one alone."""

    benchmark = "benchmark"
    challenge24 = "challenge24"
    sensor = "sensor"
    sensor_noisy = "sensor-noisy"


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("train")(train)
    app.command("import-checkpoint")(import_checkpoint)
    app.command("tables")(tables)


def train(
    preset: Annotated[str, typer.Option(help="paper, paper+, fast or quality.")],
    data: Annotated[
        list[str],
        typer.Option(
            metavar="DIR[=WEIGHT]",
            help="Folder of pairs, thermal pictures or thermal videos; repeatable.",
        ),
    ],
    output: Annotated[Path, typer.Option(help="Folder for weights, state, log and curves.")],
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Passes over the data [paper, paper+: 500].")
    ] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="Steps, instead of epochs.")] = None,
    minutes: Annotated[
        float | None,
        typer.Option(callback=finite, min=0, help="Time at work instead [fast, quality: 60]."),
    ] = None,
    beta: Annotated[
        float | None,
        typer.Option(callback=finite, help="Weight of the contrastive loss [paper: 1]."),
    ] = None,
    crop: Annotated[
        int | None, typer.Option(help="Side of the crops; 0 for whole frames [paper: 0].")
    ] = None,
    degradation: Annotated[
        TrainDegradation | None,
        typer.Option(help="One low resolution for all samples [paper: benchmark, else a mixture]."),
    ] = None,
    init: Annotated[str | None, typer.Option(help="Start from a model or checkpoint.")] = None,
    encoder_weights: Annotated[
        Path | None, typer.Option(help="ResNet-34 in torchvision's names, for both encoders.")
    ] = None,
    resume: Annotated[bool, typer.Option(help="Go on where the run in --output stopped.")] = False,
    learning_rate: Annotated[
        float | None, typer.Option(callback=finite, min=0, help="Its peak.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of weights and samples.")] = 1,
    device: Annotated[Device, typer.Option(help="Where to train.")] = Device.auto,
    threads: Threads = 0,
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", help="Any setting by its path, e.g. recipe.no_visible=0.3."),
    ] = None,
) -> None:
    """Train a network on data folders. Ctrl-C saves; --resume goes on."""
    need_torch("train")
    from models.errors import ModelError
    from models.training.config import RECIPES, settings_of

    folders = [weighted_folder(text) for text in data]
    weights = [folder.weight for folder in folders]
    changes = {
        "data": [str(folder.path) for folder in folders],
        "weights": weights if any(weight != 1 for weight in weights) else None,
        "output": str(output),
        "epochs": epochs,
        "steps": steps,
        "minutes": minutes,
        "loss.beta": beta,
        "recipe.crop_px": crop,
        **(RECIPES[degradation.value] if degradation else {}),
        "init": None if init is None else _weights_of(init),
        "encoder_weights": None if encoder_weights is None else str(encoder_weights),
        "learning_rate": learning_rate,
        "seed": seed,
        "device": device.value,
        "threads": threads,
    }
    try:
        settings = settings_of(preset, changes, parse_overrides(sets or ()))
    except (ModelError, ConfigError) as error:
        raise typer.BadParameter(str(error)) from error
    from models.training.train import train as run  # with PyTorch, for settings that can be used

    console = PlainConsole(wrap=False)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with (
        _stop_signals() as stopped,
        Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar,
    ):
        task = bar.add_task("training", total=1.0)
        facts = run(settings, resume, _Watched(console, bar, task, stopped))
    table = Table("", "", show_header=False)
    for name, value in facts.items():
        if value is not None:
            table.add_row(name, str(value))
    console.print(table)
    if facts["stopped"]:
        console.print("stopped; the same command with --resume goes on")
    best = output / "best.safetensors"
    console.print(f"weights: {best if best.exists() else output / 'last.safetensors'}")


@dataclass(frozen=True, slots=True)
class _Watched:
    """The run on the terminal, a TrainingObserver: a bar, a line a save, and Ctrl-C to stop it."""

    console: PlainConsole
    bar: Progress
    task: TaskID
    stopped: threading.Event

    def on_read(self, words: str) -> None:
        self.bar.update(self.task, description=printable(words))

    def on_source(self, line: str) -> None:
        self.console.print(line)

    def on_step(self, progress: float, words: str) -> None:
        self.bar.update(self.task, completed=progress, description=words)

    def on_save(self, line: str) -> None:
        self.console.print(line)

    def stop_requested(self) -> bool:
        return self.stopped.is_set()


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """SIGINT and SIGTERM set the event: the step under way is finished and saved."""
    event = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, lambda *_: event.set())
    try:
        yield event
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _weights_of(name: str) -> str:
    from models.errors import ModelError
    from models.registry import find_model

    weights = find_model(name).weights
    if weights is None:
        raise ModelError(f"init {name}: an interpolation has no weights to start from")
    return str(weights)


def import_checkpoint(
    source: Annotated[Path, typer.Argument(help="State dict of the official code (.pth).")],
    output: Annotated[Path, typer.Option(help="The .safetensors file to write.")],
) -> None:
    """Take over a checkpoint of the paper's official code."""
    need_torch("import-checkpoint")
    from models import checkpoint
    from models.errors import ModelError
    from models.networks.corefusion import load_official

    if output.suffix != ".safetensors":
        raise ModelError(f"{output}: wanted a name ending in .safetensors")
    net = load_official(source)
    output.parent.mkdir(parents=True, exist_ok=True)
    checkpoint.save(output, net, "benchmark x8", {"preset": "official", "imported": source.name})
    typer.echo(printable(output))


def tables(
    data: Data,
    output: Annotated[Path, typer.Option(help="Markdown file; JSON and picture beside it.")],
    runs: Annotated[Path, typer.Option(help="Folder of training runs.")] = Path("runs"),
    bench: Annotated[
        Path | None, typer.Option(help="Latencies from this report of corefusion bench.")
    ] = None,
    images: Annotated[
        list[str] | None, typer.Option("--image", help="Stem of an image to show.")
    ] = None,
) -> None:
    """Collect runs and models into the paper's tables, and those it leaves out."""
    need_torch("tables")
    from models.reporting.tables import TablesSettings
    from models.reporting.tables import tables as run

    settings = TablesSettings(runs, data, output, bench, tuple(images or ()))
    console = PlainConsole(wrap=False)
    for made in run(settings, console.print):
        shown = Table(title=made.title, title_justify="left", box=SIMPLE)
        for index, heading in enumerate(made.columns):
            shown.add_column(heading, justify="right" if index else "left")
        for row in made.rows:
            shown.add_row(*row)
        console.print(shown)
    console.print(output)
