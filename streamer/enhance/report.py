"""What a run of `enhance` did, as JSON, and as a table for a person."""

from collections import Counter
from collections.abc import Sequence
from math import hypot
from statistics import median

import msgspec
from rich.table import Table

from streamer.enhance.items import Aligned, Outcome, Residual
from streamer.terminal.console import PlainConsole

_SHOWN = 20  # failures in the table; the report has all


class ItemReport(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one item. Of one that was skipped, the figures are those of when it was made.

    Attributes:
        source: its files, the visible one first.
        output: what was made of it, below the output folder; the first file where there are more.
        status: done, skipped (it is there, and nothing it depends on has changed) or failed.
        why: of one that failed; else empty.
        frames: results.
        seconds: how long it took; 0 of one that was skipped.
        modes: results by mode.
        residual: the largest departure from the measurement before results were brought back.
        dropped: frames that made no result, by `STREAM/CAUSE`, as in the report of a replay.
        left_out: pictures of the source that could not be taken, by cause.
        damage: what of a recording was broken, in words.
        result_sha256: of every result, as a headless replay has it.
        precision: what the network computed in.
        align: how its guide lay, with `--align`; null where nothing was looked at.
    """

    source: str
    output: str
    status: str
    why: str = ""
    frames: int = 0
    seconds: float = 0.0
    modes: dict[str, int] = {}
    residual: Residual = Residual(None, None)
    dropped: dict[str, int] = {}
    left_out: dict[str, int] = {}
    damage: list[str] = []
    result_sha256: str = ""
    precision: str = ""
    align: Aligned | None = None

    @classmethod
    def of(
        cls, source: str, output: str, status: str, outcome: Outcome | None = None, why: str = ""
    ) -> "ItemReport":
        """The report of an item, with what came of it."""
        if outcome is None:
            return cls(source=source, output=output, status=status, why=why)
        shared = {name: getattr(outcome, name) for name in _SHARED}
        return cls(source=source, output=output, status=status, why=why, **shared)


_SHARED = tuple(name for name in Outcome.__struct_fields__ if name in ItemReport.__struct_fields__)


class EnhanceReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a run of `enhance` did.

    Attributes:
        items: in the order of the sources.
        done: items made by this run.
        skipped: items that were there.
        failed: items and sources of which nothing came.
        seconds: how long the run took.
        engine: local or ray.
        workers: processes of a local run.
        retried: items that were begun again because their process had been killed.
        left_out: pictures that stood beside those taken, by cause.
        interrupted: whether it was told to stop before all was done.
    """

    items: list[ItemReport]
    done: int
    skipped: int
    failed: int
    seconds: float
    engine: str
    workers: int = 0
    retried: int = 0
    left_out: dict[str, int] = {}
    interrupted: bool = False


def print_summary(report: EnhanceReport) -> None:
    """Prints what a person at a terminal wants to know, the failures by name."""
    modes: Counter[str] = Counter()
    frames, largest = 0, 0.0
    for item in report.items:
        if item.status != "done":
            continue
        frames += item.frames
        modes.update(item.modes)
        largest = max(largest, item.residual.mk or 0.0)
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    counts = f"{report.done} done, {report.skipped} skipped, {report.failed} failed"
    table.add_row("items", counts + (", interrupted" if report.interrupted else ""))
    rate = f", {frames / report.seconds:.1f} a second" if report.seconds and frames else ""
    table.add_row("results", f"{frames} in {report.seconds:.1f} s{rate}")
    if modes:
        table.add_row("modes", ", ".join(f"{mode} {n}" for mode, n in modes.items()))
    if largest:
        table.add_row("residual", f"{largest:.0f} mK at most, taken back")
    if looked_at := [item.align for item in report.items if item.align is not None]:
        table.add_row("guides", _guides(looked_at))
    if report.left_out:
        told = ", ".join(f"{cause} {n}" for cause, n in report.left_out.items())
        table.add_row("left out", told)
    if report.retried:
        table.add_row("retried", f"{report.retried} after a process was killed")
    console = PlainConsole()
    console.print(table)
    failures = [item for item in report.items if item.status == "failed"]
    for item in failures[:_SHOWN]:
        PlainConsole(wrap=False).print(f"failed  {item.why}")
    if len(failures) > _SHOWN:
        console.print(f"and {len(failures) - _SHOWN} more: --report F.json names them all")


def _guides(looked_at: Sequence[Aligned]) -> str:
    """How many were moved, and by how much; how many left, and how many refused."""
    verdicts = Counter(one.verdict for one in looked_at)
    moved = [hypot(*one.shift_px) for one in looked_at if one.verdict == "lined_up"]
    by = f" by {median(moved):.1f} px of 640 in the median" if moved else ""
    counts = f"left {verdicts['left']}, refused {verdicts['refused']}"
    return f"lined up {len(moved)}{by}, {counts}"
