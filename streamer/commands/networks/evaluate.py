"""The command line's train, evaluate and export-model: parse, call models, print.

Nothing of models is imported before its command runs, torch only in train and export-model.
A ModelError passes through: the application prints its one line and exits with 1.
"""

import importlib.util
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from streamer.commands.networks.evaluate_video import evaluate_frames, evaluate_moments_between
from streamer.commands.parsing.renamed_options import RenamedOptions
from streamer.commands.parsing.weighted_folder import weighted_folder
from streamer.commands.runs.report_file import check_output, write_report
from streamer.terminal.console import PlainConsole, progress_bar
from streamer.terminal.printable import printable


class Missing(StrEnum):
    """The modality left out."""

    visible = "visible"
    thermal = "thermal"


class Split(StrEnum):
    """Which pictures of a folder."""

    all = "all"
    train = "train"
    dev = "dev"


class Degradation(StrEnum):
    """Where the low resolution comes from."""

    given = "given"
    benchmark = "benchmark"
    challenge24 = "challenge24"
    sensor = "sensor"
    sensor_noisy = "sensor-noisy"


class CameraPath(StrEnum):
    """How a camera is held."""

    hand = "hand"
    vehicle = "vehicle"
    drone = "drone"
    still = "still"


class Metric(StrEnum):
    """Whose PSNR and SSIM."""

    integer = "integer"
    official = "official"


class EngineName(StrEnum):
    """What computes."""

    auto = "auto"
    torch = "torch"
    openvino = "openvino"


Data = Annotated[Path, typer.Option(help="Folder with thermal/, perhaps visible/ and thermal_lr/.")]
Report = Annotated[Path | None, typer.Option(help="Write the figures to this JSON file.")]
Threads = Annotated[int, typer.Option(min=0, help="CPU threads; 0 means all cores.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("evaluate", cls=RenamedOptions)(evaluate)
    app.command("fit-uncertainty")(fit_uncertainty)
    app.command("export-model")(export_model)


def evaluate(
    data: Data,
    model: Annotated[str | None, typer.Option(help="Model name or checkpoint.")] = None,
    split: Annotated[
        Split, typer.Option(help="Pictures that training takes or holds out (dev).")
    ] = Split.all,
    missing: Annotated[Missing | None, typer.Option(help="Leave one modality out.")] = None,
    guide: Annotated[str, typer.Option(help="own, swapped, black or shifted:PX.")] = "own",
    thermal_corruption: Annotated[
        str, typer.Option(help="own, noise:SIGMA or blur:SIGMA.")
    ] = "own",
    align: Annotated[
        bool, typer.Option("--align", help="Line each guide up with its thermal picture first.")
    ] = False,
    degradation: Annotated[
        Degradation | None, typer.Option(help="Low resolution [given if there, else sensor].")
    ] = None,
    scale: Annotated[int | None, typer.Option(min=2, max=16, help="Super-resolution [8].")] = None,
    metric: Annotated[Metric, typer.Option(help="Whose figures.")] = Metric.integer,
    engine: Annotated[EngineName, typer.Option(help="What computes.")] = EngineName.auto,
    precision: Annotated[str, typer.Option(help="auto, int8, bf16, f32; fp16 on CUDA.")] = "auto",
    threads: Threads = 0,
    views: Annotated[int, typer.Option(help="Mean over 1, 2, 4 or 8 mirrored views.")] = 1,
    unbounded: Annotated[
        bool, typer.Option("--unbounded", help="Without bounds of readings, as release 0.1.")
    ] = False,
    report: Report = None,
    picture: Annotated[Path | None, typer.Option(help="Write a panel of examples.")] = None,
    save: Annotated[Path | None, typer.Option(help="Folder for predictions as PNG.")] = None,
    calibration_plot: Annotated[
        Path | None, typer.Option(help="Plot foretold errors against those seen.")
    ] = None,
    video: Annotated[
        CameraPath | None, typer.Option(help="Score frames of a camera that moves so.")
    ] = None,
    objects: Annotated[bool, typer.Option(help="With --video: something moves by itself.")] = False,
    film: Annotated[
        Path | None, typer.Option(help="With --video: film what is compared, side by side.")
    ] = None,
    thermal_every: Annotated[
        int | None,
        typer.Option(
            min=2, max=8, help="With --video: of so many frames one is thermal; score the others."
        ),
    ] = None,
) -> None:
    """Measure a model on a data folder."""
    from models.errors import ModelError
    from models.evaluation.evaluate import EvaluateSettings
    from models.evaluation.evaluate import evaluate as run
    from models.evaluation.perturbations import guide_shift, parse_thermal_corruption

    try:
        guide_shift(guide)
        parse_thermal_corruption(thermal_corruption)
    except ModelError as error:
        raise typer.BadParameter(str(error)) from error
    check_output(report)
    settings = EvaluateSettings(
        data=data,
        model=model,
        split=split.value,
        missing=missing.value if missing else None,
        guide=guide,
        thermal=thermal_corruption,
        align=align,
        degradation=degradation.value if degradation else None,
        scale=scale,
        metric=metric.value,
        engine=engine.value,
        precision=precision,
        threads=threads,
        views=views,
        bounded=not unbounded,
        save=save,
        picture=picture,
        calibration_plot=calibration_plot,
        video=video.value if video else None,
        objects=objects,
        film=film,
    )
    if video is not None and align:
        raise typer.BadParameter("--align is of stills: the frames of --video lie as they should")
    if video is not None and thermal_every is not None:
        evaluate_moments_between(settings, thermal_every, report)
        return
    if video is not None:
        evaluate_frames(settings, report)
        return
    if objects or thermal_every is not None or film is not None:
        raise typer.BadParameter("something moves in a video only: --video hand?")
    console = PlainConsole()
    columns = (TextColumn("evaluating"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with progress_bar(*columns) as bar:
        task = bar.add_task("evaluating", total=None)
        figures = run(settings, lambda done, total: bar.update(task, completed=done, total=total))
    write_report(figures, report)
    if missing is None and figures["pictures"] != "pairs":
        console.print(f"{data}: no visible/ in it, evaluated as with --missing visible")
    title = f"{data}: {figures['images']} {figures['pictures']}"
    if split is not Split.all:
        title += f", split {split.value}"
    table = Table(title=title, title_justify="left", box=SIMPLE)
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
    if gain := figures["interval_95"]["gain_db"]:
        table.caption = f"gain over bilinear, 95 % interval: {gain[0]:+.2f} to {gain[1]:+.2f} dB"
    console.print(table)
    if figures["left_out"]:
        lost = ", ".join(f"{cause} {count}" for cause, count in figures["left_out"].items())
        console.print(f"left out: {lost}")
    if aligned := figures["align"]:
        console.print(
            f"guides: lined up {aligned['lined_up']}, left {aligned['left']}, "
            f"refused {aligned['refused']}" + _median(aligned["median_shift_px"])
        )
    if foretold := figures["uncertainty"]:
        once, twice = foretold["within_1_sigma"], foretold["within_2_sigma"]
        console.print(f"foretold errors: {once:.1%} of pixels within 1 sigma, {twice:.1%} within 2")


def _median(shift_px: float | None) -> str:
    return "" if shift_px is None else f"; moved by {shift_px:g} px of 640 in the median"


def fit_uncertainty(
    data: Annotated[
        list[str],
        typer.Option(help="Data folder, DIR or DIR=WEIGHT, with pictures not trained on."),
    ],
    model: Annotated[str, typer.Option(help="Model name or checkpoint.")] = "fast",
    split: Annotated[
        Split, typer.Option(help="Which pictures: dev are those that training holds out.")
    ] = Split.dev,
    output: Annotated[
        Path | None, typer.Option(help="File to write [NAME.uncertainty.json beside the weights].")
    ] = None,
    engine: Annotated[EngineName, typer.Option(help="What computes.")] = EngineName.auto,
    precision: Annotated[str, typer.Option(help="auto, int8, bf16, f32; fp16 on CUDA.")] = "auto",
    threads: Threads = 0,
) -> None:
    """Fit what a model says of its own errors, on pictures it was not trained on."""
    from models.evaluation.uncertainty_fit import FitUncertaintySettings
    from models.evaluation.uncertainty_fit import fit_uncertainty as run
    from models.inference.uncertainty import table_path, write_table
    from models.registry import find_model

    folders = [weighted_folder(text) for text in data]
    settings = FitUncertaintySettings(
        model,
        tuple((folder.path, folder.weight) for folder in folders),
        split.value,
        engine.value,
        precision,
        threads,
    )
    columns = (TextColumn("fitting"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with progress_bar(*columns) as bar:
        task = bar.add_task("fitting", total=None)
        table = run(settings, lambda done, total: bar.update(task, completed=done, total=total))
    weights = find_model(model).weights
    assert weights is not None  # the fit has seen to it
    path = output or table_path(weights)
    write_table(path, table)
    typer.echo(printable(path))


def export_model(
    output: Annotated[Path, typer.Option(help="Folder for weights and graph.")],
    model: Annotated[str, typer.Option(help="Model name or checkpoint.")] = "fast",
    precision: Annotated[str, typer.Option(help="int8, bf16 or f32.")] = "bf16",
    calibration: Annotated[
        list[Path] | None, typer.Option(help="Data folder to find int8 ranges on; repeatable.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Stem of the files [the model's].")] = None,
) -> None:
    """Write a checkpoint as it is shipped: its weights, int8 ranges, and an OpenVINO graph."""
    need_torch("export-model")
    from models.errors import ModelError
    from models.export.export_model import export_model as run
    from models.registry import find_model

    source = find_model(model)
    if source.weights is None:
        raise ModelError(f"model {model}: an interpolation has nothing to export")
    stem = name or source.weights.stem
    for path in run(source.weights, output, stem, precision, calibration or ()):
        typer.echo(printable(path))


def need_torch(command: str) -> None:
    """Raise the one line that says how to install PyTorch, where it is not."""
    if importlib.util.find_spec("torch") is None:
        from models.errors import ModelError

        raise ModelError(f"{command} needs PyTorch: pip install 'corefusion-live[torch]'")
