"""The command line's bench: models alone, the whole chain (--live), or painting (--viewer)."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.table import Table

from streamer.commands.networks.evaluate import EngineName
from streamer.commands.parsing.finite import finite
from streamer.commands.parsing.settings import settings_of
from streamer.commands.runs.report_file import check_output, write_report
from streamer.doctor.probing import ProbeError, probe
from streamer.doctor.window import has_screen
from streamer.runtime.answers import PaintAnswer
from streamer.supervision.processes.cpu_usage import CpuUsage
from streamer.supervision.report import print_report
from streamer.supervision.run_plan import RunPlan, StopConditions
from streamer.supervision.session import RunSession
from streamer.supervision.termination import RunError
from streamer.terminal.console import PlainConsole, progress_bar

_VIEWER_S = 300.0


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("bench")(bench)


def bench(
    model: Annotated[str | None, typer.Option(help="Model name or checkpoint.")] = None,
    engine: Annotated[EngineName | None, typer.Option(help="What computes.")] = None,
    precision: Annotated[str | None, typer.Option(help="int8, bf16, f32; fp16 on CUDA.")] = None,
    frames: Annotated[int, typer.Option(min=1, help="Timed frames a row.")] = 100,
    threads: Annotated[int, typer.Option(min=0, help="CPU threads; 0: live's own choice.")] = 0,
    views: Annotated[int, typer.Option(help="Mean over 1, 2, 4 or 8 mirrored views.")] = 1,
    live: Annotated[bool, typer.Option("--live", help="The whole chain, simulated rig.")] = False,
    viewer: Annotated[bool, typer.Option("--viewer", help="Painting in the window.")] = False,
    duration: Annotated[
        float, typer.Option(callback=finite, min=1, help="Seconds of --live.")
    ] = 20.0,
    report: Annotated[Path | None, typer.Option(help="Write the figures to this file.")] = None,
) -> None:
    """Time models on this machine: 80x60 and a 640x480 guide to 640x480."""
    check_output(report)
    named = None if engine is None else engine.value
    if live and viewer:
        raise typer.BadParameter("--live and --viewer: one of them wanted, both came")
    if viewer:
        figures = _bench_viewer()
    elif live:
        figures = _bench_live(model, named, precision, threads, views, duration)
    else:
        figures = _bench_models(model, named, precision, frames, threads, views)
    write_report(figures, report)


def _bench_models(
    model: str | None,
    engine: str | None,
    precision: str | None,
    frames: int,
    threads: int,
    views: int,
) -> dict[str, Any]:
    from models.evaluation.benchmark import bench as run
    from models.evaluation.benchmark import bench_all
    from models.inference.predictor import PredictorSettings

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with progress_bar(*columns) as bar:
        task = bar.add_task("preparing", total=None)

        def show(done: int, total: int, words: str) -> None:
            bar.update(task, completed=done, total=total, description=words)

        if model is None and engine is None and precision is None and views == 1:
            figures = bench_all(frames, threads, show)
        else:
            asked = PredictorSettings(
                model or "fast", engine or "auto", precision or "auto", threads, views
            )
            figures = run(asked, frames, show)
    _print_rows(figures)
    return figures


def _print_rows(figures: dict[str, Any]) -> None:
    host, rows = figures["host"], figures["rows"]
    compared = "ratio" in rows[0]
    table = Table(
        title=f"{host['processor']}, {host['cores']} cores",
        title_justify="left",
        caption_justify="left",
        box=None,
        padding=(0, 1, 0, 0),
    )
    for heading in ("model", "engine", "precision"):
        table.add_column(heading, no_wrap=True)
    numbers = ("M par.", "GMAC", "engine ms", "call ms", "fps", *(["ratio"] if compared else []))
    for heading in numbers:
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        infer, latency = row["infer_ms"], row["latency_ms"]
        ratio = row.get("ratio")
        table.add_row(
            row["model"] + ("*" if row.get("weights") == "random" else ""),
            row["engine"] + ("**" if row.get("as_trained") else ""),
            row["precision"],
            f"{row['params_m']:.2f}",
            f"{row['gmac']:.1f}",
            f"{_short(infer['p50'])} ({_short(infer['p95'])})",
            f"{_short(latency['p50'])} ({_short(latency['p95'])})",
            _short(row["fps"]),
            *([f"{ratio:.1f}" if ratio is not None else ""] if compared else []),
        )
    notes = ["median (95th percentile)"]
    if compared:
        notes.append("ratio: the first row's engine time to this one's")
    if any(row.get("weights") == "random" for row in rows):
        notes.append("*: random weights")
    if rows[0].get("as_trained"):
        notes.append("**: as published, nothing folded, PyTorch's own layout")
    table.caption = "; ".join(notes)
    PlainConsole().print(table)


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}"


def _bench_viewer() -> dict[str, Any]:
    """Paints offscreen where there is no screen, in a process of its own."""
    from models.evaluation.benchmark import host

    screenless = not has_screen(os.environ, sys.platform)
    more = {"QT_QPA_PLATFORM": "offscreen"} if screenless else {}
    try:
        answer = probe("gui.paint_bench", PaintAnswer, _VIEWER_S, **more)
    except ProbeError as error:
        raise RunError(
            f"the window cannot be painted: {error}; `corefusion doctor` says more"
        ) from (error)
    (width, height), (shown_width, shown_height) = answer.picture, answer.view
    table = Table(
        title=f"{width}x{height} painted at {shown_width}x{shown_height}, Qt on {answer.platform}",
        title_justify="left",
        caption="median (95th percentile) that the window's thread computes",
        caption_justify="left",
        box=None,
        padding=(0, 2, 0, 0),
    )
    table.add_column("shown")
    table.add_column("ms a picture", justify="right")
    for row in answer.rows:
        table.add_row(row.shown, f"{row.paint_ms['p50']:.1f} ({row.paint_ms['p95']:.1f})")
    PlainConsole().print(table)
    return {"host": host(), "viewer": msgspec.to_builtins(answer)}


def _bench_live(
    model: str | None,
    engine: str | None,
    precision: str | None,
    threads: int,
    views: int,
    duration: float,
) -> dict[str, Any]:
    """Runs the chain headless, every process a real one, and watches what each one costs."""
    from models.evaluation.benchmark import host

    changes = [f"inference.threads={threads}", f"inference.views={views}"]
    settings = settings_of(None, changes, model, engine, precision)
    plan = RunPlan(config=settings, headless=True, bounds=StopConditions(duration_s=duration))
    with CpuUsage() as load:
        result = RunSession(plan).run()
    shares = load.shares(result.duration_s)
    print_report(result)
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_row("stages", ", ".join(f"{k} {v:.1f} ms" for k, v in result.stage_ms.items()))
    table.add_row("CPU", ", ".join(f"{k} {100 * v:.0f} %" for k, v in shares.items()))
    PlainConsole().print(table)
    return {
        "host": host(),
        "live": {**msgspec.to_builtins(result), "threads": threads, "cpu_share": shares},
    }
