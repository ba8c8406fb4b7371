"""What `evaluate --video` prints."""

from pathlib import Path
from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from streamer.commands.runs.report_file import write_report
from streamer.terminal.console import PlainConsole, progress_bar

if TYPE_CHECKING:
    from models.evaluation.evaluate import EvaluateSettings


def evaluate_frames(settings: "EvaluateSettings", report: Path | None) -> None:
    """Measure what several frames gain over one, and print it."""
    from models.evaluation.video.evaluate_video import evaluate_video

    columns = (TextColumn("evaluating"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with progress_bar(*columns) as bar:
        task = bar.add_task("evaluating", total=None)
        figures = evaluate_video(
            settings, lambda done, total: bar.update(task, completed=done, total=total)
        )
    write_report(figures, report)
    console = PlainConsole()
    title = f"{settings.data}: {figures['images']} scenes, camera path {figures['video']}"
    table = Table(title=title, title_justify="left", box=SIMPLE)
    for heading in ("frames", "bilinear dB", "one frame dB", figures["model"], "SSIM", "gain dB"):
        table.add_column(heading, justify="right")
    for frames, row in figures["after"].items():
        table.add_row(
            frames,
            f"{row['bilinear']['psnr_db']:.3f}",
            f"{row['one']['psnr_db']:.3f}",
            f"{row['video']['psnr_db']:.3f}",
            f"{row['video']['ssim']:.4f}",
            f"{row['gain_db']:+.3f}",
        )
    console.print(table)
    console.print(
        f"of the past {figures['share']:.0%} counted, {figures['past_ms']:.1f} ms a frame"
    )
    if slits := figures.get("slits"):
        one, ours = slits["one"]["limit"], slits["video"]["limit"]
        console.print(
            f"a slit target is resolved to {ours:.2f} cycles a sensor pixel, by one frame to "
            f"{one:.2f}: x{slits['factor']:.2f}"
        )
    if moving := figures.get("moving"):
        gain = moving["video"] - moving["one"]
        console.print(f"where something moves by itself: {moving['video']:.2f} dB, {gain:+.2f}")
    if flicker := figures.get("flicker_levels"):
        ours, one = flicker["video"], flicker["one"]
        console.print(f"flicker: {ours:.2f} levels, {one:.2f} of one frame")
        steps = ", ".join(f"{share:.0%}" for share in figures["step"])
        console.print(f"a step of temperature shows in its frame and the two after: {steps}")


def evaluate_moments_between(settings: "EvaluateSettings", every: int, report: Path | None) -> None:
    """Measure what is shown between two thermal frames, and print it."""
    from models.evaluation.video.between import evaluate_between

    columns = (TextColumn("evaluating"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with progress_bar(*columns) as bar:
        task = bar.add_task("evaluating", total=None)
        figures = evaluate_between(
            settings, every, lambda done, total: bar.update(task, completed=done, total=total)
        )
    write_report(figures, report)
    console = PlainConsole()
    title = f"{settings.data}: {figures['images']} scenes, camera path {figures['video']}"
    table = Table(title=title, title_justify="left", box=SIMPLE)
    for heading in ("between thermal frames", "PSNR dB", "SSIM"):
        table.add_column(heading, justify="right")
    for name, row in figures["between"].items():
        table.add_row(name, f"{row['psnr_db']:.3f}", f"{row['ssim']:.4f}")
    console.print(table)
    if moving := figures.get("moving"):
        words = ", ".join(f"{name} {value:.2f} dB" for name, value in moving.items())
        console.print(f"where something moves by itself: {words}")
    console.print(
        f"{figures['refused']:.1%} of the moments were not foretold; "
        f"{figures['carried_ms']:.1f} ms a picture"
    )
