"""Runs of several rigs, for `live` and `record`."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from streamer.commands.runs.report_file import check_output, write_report
from streamer.config.rigs import Rig
from streamer.supervision.rigs.group import RigGroup, RigsReport
from streamer.supervision.run_plan import RunPlan
from streamer.supervision.termination import RunError
from streamer.terminal.console import PlainConsole

RigFiles = Annotated[
    list[Path] | None,
    typer.Option("--rig", metavar="F.yaml", help="A rig's file over the rest; several are run."),
]


def run_rigs(rigs: Sequence[Rig], plan_of: Callable[[Rig], RunPlan], report: Path | None) -> None:
    """Runs them to their ends, and writes and prints what they did.

    Raises:
        RunError: one of them failed; the others have run, and the report is written.
        ReportError: the report cannot be written.
    """
    check_output(report)
    group = RigGroup({rig.name: plan_of(rig) for rig in rigs})
    result = group.run()
    write_report(result, report)
    _print(result, group.files)
    if result.failed:
        raise RunError("; ".join(f"rig {name}: {why}" for name, why in result.failed.items()))


def _print(result: RigsReport, files: Sequence[str]) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for head in ("rig", "results", "fps", "age p50, p95", "modes", "dropped"):
        table.add_column(head)
    for name, report in result.rigs.items():
        age, fps = report.age_ms, report.fps
        table.add_row(
            name,
            str(report.frames),
            "-" if fps is None else f"{fps:.1f}",
            "-" if age is None else f"{age.p50:.0f}, {age.p95:.0f} ms",
            ", ".join(f"{mode} {n}" for mode, n in report.modes.items()) or "-",
            ", ".join(f"{why} {n}" for why, n in sorted(report.dropped.items())) or "nothing",
        )
    PlainConsole().print(table)
    for file in files:
        PlainConsole(wrap=False).print(f"recording  {file}")
