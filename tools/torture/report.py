"""The report of a campaign: report.json for programs, report.md for people."""

import json
import os
import platform
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np

from tools.torture.aims import rows
from tools.torture.campaign import Finding, Results


def write_report(results: Results, folder: Path) -> str:
    """Writes both forms; returns the one for people."""
    broken = sum(len(one.words) for one in results.findings)
    aims = rows(results.counts, results.measured, broken)
    written: dict[str, Any] = {
        **{one.name: getattr(results, one.name) for one in fields(results)},
        "host": {"cores": os.cpu_count(), "machine": platform.machine()},
        "measured": {name: _summary(figures) for name, figures in results.measured.items()},
        "findings": [
            {**asdict(one), "repeat": repeat_words(results.seed, one)} for one in results.findings
        ],
        "aims": [row._asdict() for row in aims],
    }
    (folder / "report.json").write_text(json.dumps(written, indent=1) + "\n")
    text = _in_words(results, aims)
    (folder / "report.md").write_text(text)
    return text


def repeat_words(seed: int, finding: Finding) -> str:
    """The command that does the same once more."""
    only = f"--seed {seed} --only {finding.scenario} --index {finding.index}"
    return f'make torture ARGS="{only}"'


def _summary(figures: list[float]) -> dict[str, float]:
    p50, p95 = np.percentile(figures, (50, 95))
    ends = {"p50": float(p50), "p95": float(p95), "max": float(max(figures))}
    return {"n": len(figures), **{name: round(value, 3) for name, value in ends.items()}}


def _in_words(results: Results, aims: list[Any]) -> str:
    ended = "stopped by hand" if results.interrupted else "to its end"
    lines = [
        "# Fault campaign",
        "",
        f"Seed {results.seed}, {results.seconds:.0f} s, {ended}; "
        f"{sum(results.tries.values())} tries, {len(results.findings)} with findings.",
        "",
        "| scenario | tries | with findings |",
        "|---|---|---|",
    ]
    for name, count in sorted(results.tries.items()):
        found = sum(one.scenario == name for one in results.findings)
        lines.append(f"| {name} | {count} | {found} |")
    lines += [f"| {name} | not here: {why} | |" for name, why in sorted(results.skipped.items())]
    lines += ["", "| aim | came | kept |", "|---|---|---|"]
    kept = {True: "yes", False: "no", None: ""}
    lines += [f"| {row.aim} | {row.came} | {kept[row.kept]} |" for row in aims]
    lines += ["", "| done | times |", "|---|---|"]
    lines += [f"| {what} | {times:,} |" for what, times in sorted(results.counts.items())]
    if results.findings:
        lines += ["", "## Findings"]
    for one in results.findings:
        lines += ["", f"{one.scenario} {one.index}: {one.choice}", ""]
        lines += [f"- {words}" for words in one.words[:20]]
        more = len(one.words) - 20
        lines += [f"- and {more} more"] if more > 0 else []
        lines += [f"- files in {one.kept}; `{repeat_words(results.seed, one)}`"]
    return "\n".join(lines) + "\n"
