"""The command line's train, evaluate, export-model and bench: parse, call models, print.

Nothing of models is imported before its command runs, torch only in train and export-model.
A ModelError passes through: the application prints its one line and exits with 1.
"""

import importlib.util
import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table


class Missing(StrEnum):
    """The modality left out."""

    visible = "visible"
    thermal = "thermal"


class Degradation(StrEnum):
    """Where the low resolution comes from."""

    given = "given"
    benchmark = "benchmark"
    sensor = "sensor"
    sensor_noisy = "sensor-noisy"


class Metric(StrEnum):
    """Whose PSNR and SSIM."""

    integer = "integer"
    official = "official"


class Device(StrEnum):
    """Where training computes."""

    auto = "auto"
    cpu = "cpu"
    cuda = "cuda"


class EngineName(StrEnum):
    """What computes."""

    auto = "auto"
    torch = "torch"
    openvino = "openvino"


Data = Annotated[Path, typer.Option(help="Folder with visible/, thermal/, perhaps thermal_lr/.")]
Report = Annotated[Path | None, typer.Option(help="Write the figures to this JSON file.")]
Threads = Annotated[int, typer.Option(min=0, help="CPU threads; 0 means all cores.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("train")(train)
    app.command("import-checkpoint")(import_checkpoint)
    app.command("evaluate")(evaluate)
    app.command("export-model")(export_model)
    app.command("bench")(bench)


def train(
    preset: Annotated[str, typer.Option(help="paper, paper+, fast or quality.")],
    data: Annotated[list[Path], typer.Option(help="Data folder; give several if you have them.")],
    output: Annotated[Path, typer.Option(help="Folder for weights, state, log and curves.")],
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Passes over the data [paper, paper+: 500].")
    ] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="Steps, instead of epochs.")] = None,
    minutes: Annotated[
        float | None, typer.Option(min=0, help="Time at work instead [fast, quality: 60].")
    ] = None,
    beta: Annotated[
        float | None, typer.Option(help="Weight of the contrastive loss [paper: 1].")
    ] = None,
    crop: Annotated[
        int | None, typer.Option(help="Side of the crops; 0 for whole frames [paper: 0].")
    ] = None,
    init: Annotated[str | None, typer.Option(help="Start from a model or checkpoint.")] = None,
    encoder_weights: Annotated[
        Path | None, typer.Option(help="ResNet-34 in torchvision's names, for both encoders.")
    ] = None,
    resume: Annotated[bool, typer.Option(help="Go on where the run in --output stopped.")] = False,
    learning_rate: Annotated[float | None, typer.Option(min=0, help="Its peak.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of weights and samples.")] = 1,
    device: Annotated[Device, typer.Option(help="Where to train.")] = Device.auto,
    threads: Threads = 0,
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", help="Any setting by its path, e.g. recipe.no_visible=0.3."),
    ] = None,
) -> None:
    """Train a network on data folders. Ctrl-C saves; --resume goes on."""
    _need_torch("train")
    from models.presets import settings_of
    from models.train import train as run

    changes = {
        "data": [str(folder) for folder in data],
        "output": str(output),
        "epochs": epochs,
        "steps": steps,
        "minutes": minutes,
        "loss.beta": beta,
        "recipe.crop_px": crop,
        "init": None if init is None else _weights_of(init),
        "encoder_weights": None if encoder_weights is None else str(encoder_weights),
        "learning_rate": learning_rate,
        "seed": seed,
        "device": device.value,
        "threads": threads,
    }
    settings = settings_of(preset, changes, sets or ())
    console = Console(soft_wrap=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with (
        _stop_signals() as stopped,
        Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar,
    ):
        task = bar.add_task("training", total=1.0)
        facts = run(
            settings,
            resume,
            report=console.print,
            advance=lambda done, words: bar.update(task, completed=done, description=words),
            stopped=stopped.is_set,
        )
    table = Table("", "", show_header=False)
    for name, value in facts.items():
        if value is not None:
            table.add_row(name, str(value))
    console.print(table)
    if facts["stopped"]:
        console.print("stopped; the same command with --resume goes on")
    best = output / "best.safetensors"
    console.print(f"weights: {best if best.exists() else output / 'last.safetensors'}")


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
    from models.catalogue import find_model
    from models.errors import ModelError

    weights = find_model(name).weights
    if weights is None:
        raise ModelError(f"init {name}: an interpolation has no weights to start from")
    return str(weights)


def import_checkpoint(
    source: Annotated[Path, typer.Argument(help="State dict of the official code (.pth).")],
    output: Annotated[Path, typer.Option(help="The .safetensors file to write.")],
) -> None:
    """Take over a checkpoint of the paper's official code."""
    _need_torch("import-checkpoint")
    from models import checkpoint
    from models.corefusion import load_official
    from models.errors import ModelError

    if output.suffix != ".safetensors":
        raise ModelError(f"{output}: wanted a name ending in .safetensors")
    net = load_official(source)
    output.parent.mkdir(parents=True, exist_ok=True)
    checkpoint.save(output, net, "benchmark x8", {"preset": "official", "imported": source.name})
    typer.echo(output)


def evaluate(
    data: Data,
    model: Annotated[str | None, typer.Option(help="Model name or checkpoint.")] = None,
    missing: Annotated[Missing | None, typer.Option(help="Leave one modality out.")] = None,
    guide: Annotated[str, typer.Option(help="own, swapped, black or shifted:PX.")] = "own",
    degradation: Annotated[
        Degradation | None, typer.Option(help="Low resolution [given if there, else sensor].")
    ] = None,
    scale: Annotated[int | None, typer.Option(min=2, max=16, help="Super-resolution [8].")] = None,
    metric: Annotated[Metric, typer.Option(help="Whose figures.")] = Metric.integer,
    engine: Annotated[EngineName, typer.Option(help="What computes.")] = EngineName.auto,
    precision: Annotated[str, typer.Option(help="auto, bf16, f32; fp16 on CUDA.")] = "auto",
    threads: Threads = 0,
    report: Report = None,
    picture: Annotated[Path | None, typer.Option(help="Write a panel of examples.")] = None,
    save: Annotated[Path | None, typer.Option(help="Folder for predictions as PNG.")] = None,
) -> None:
    """Measure a model on a data folder."""
    from models.errors import ModelError
    from models.evaluate import EvaluateSettings, guide_shift
    from models.evaluate import evaluate as run

    try:
        guide_shift(guide)
    except ModelError as error:
        raise typer.BadParameter(str(error)) from error
    settings = EvaluateSettings(
        data=data,
        model=model,
        missing=missing.value if missing else None,
        guide=guide,
        degradation=degradation.value if degradation else None,
        scale=scale,
        metric=metric.value,
        engine=engine.value,
        precision=precision,
        threads=threads,
        save=save,
        picture=picture,
    )
    console = Console()
    columns = (TextColumn("evaluating"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("evaluating", total=None)
        figures = run(settings, lambda done, total: bar.update(task, completed=done, total=total))
    _write_report(report, figures)
    table = Table(title=f"{data}: {figures['images']} pairs", title_justify="left", box=SIMPLE)
    for heading in ("model", "low resolution", "missing", "guide", "PSNR dB", "SSIM"):
        table.add_column(heading, justify="right" if heading in ("PSNR dB", "SSIM") else "left")
    low = f"{figures['degradation']} x{figures['scale']}"
    for name, figure in (("bilinear", figures["bilinear"]), (figures["model"], figures)):
        plain = name == "bilinear"
        table.add_row(
            name,
            low,
            "" if plain else figures["missing"] or "",
            "" if plain else figures["guide"],
            f"{figure['psnr_db']:.3f}",
            f"{figure['ssim']:.4f}",
        )
    console.print(table)


def export_model(
    output: Annotated[Path, typer.Option(help="Folder for weights and graphs.")],
    model: Annotated[str, typer.Option(help="Model name or checkpoint.")] = "fast",
    name: Annotated[str | None, typer.Option(help="Stem of the files [the model's].")] = None,
) -> None:
    """Write a checkpoint's half-precision weights and its OpenVINO graphs."""
    _need_torch("export-model")
    from models.catalogue import find_model
    from models.errors import ModelError
    from models.export_model import export_model as run

    source = find_model(model)
    if source.weights is None:
        raise ModelError(f"model {model}: an interpolation has nothing to export")
    for path in run(source.weights, output, name or source.weights.stem):
        typer.echo(path)


def bench(
    model: Annotated[str | None, typer.Option(help="Model name or checkpoint.")] = None,
    engine: Annotated[EngineName | None, typer.Option(help="What computes.")] = None,
    precision: Annotated[str | None, typer.Option(help="bf16, f32; fp16 on CUDA.")] = None,
    frames: Annotated[int, typer.Option(min=1, help="Timed frames a row.")] = 100,
    threads: Threads = 0,
    report: Report = None,
) -> None:
    """Time models on this machine: 80x60 and a 640x480 guide to 640x480."""
    from models.bench import bench as run

    figures = run(model, engine.value if engine else None, precision, frames, threads)
    _write_report(report, figures)
    host = figures["host"]
    table = Table(
        title=f"{host['processor']}, {host['cores']} cores",
        title_justify="left",
        box=SIMPLE,
        padding=(0, 1, 0, 0),
    )
    for heading in ("model", "engine", "precision"):
        table.add_column(heading, no_wrap=True)
    for heading in ("params", "GMAC", "engine ms", "call ms", "fps"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in figures["rows"]:
        infer, latency = row["infer_ms"], row["latency_ms"]
        table.add_row(
            row["model"],
            row["engine"],
            row["precision"],
            f"{row['params_m']:.2f} M",
            f"{row['gmac']:.2f}",
            f"{infer['p50']:.1f} ({infer['p95']:.1f})",
            f"{latency['p50']:.1f} ({latency['p95']:.1f})",
            f"{row['fps']:.0f}",
        )
    table.caption = "median (95th percentile)"
    Console().print(table)


def _need_torch(command: str) -> None:
    if importlib.util.find_spec("torch") is None:
        from models.errors import ModelError

        raise ModelError(f"{command} needs PyTorch: pip install 'corefusion-live[torch]'")


def _write_report(path: Path | None, figures: dict[str, Any]) -> None:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
