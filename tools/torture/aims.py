"""What a campaign's figures say of the aims."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

_FILES = ("pictures", "videos", "recordings", "checkpoints", "int8 tables")
_MESSAGES = ("messages", "mutated messages")
_SETTINGS = ("configurations", "options")
_STRANGERS = ("subscriptions", "forged heartbeats and requests")


class Row(NamedTuple):
    """One aim, and what came: the figure, and whether it was kept; None where it was not tried."""

    aim: str
    came: str
    kept: bool | None


class _Limit(NamedTuple):
    """A figure that must not be larger."""

    figure: str
    about: str
    most: float
    unit: str


_LIMITS = (
    _Limit("back_s", "a killed process runs again, seconds on an idle host", 2.0, "s"),
    _Limit("lost_s", "recorded frames lost before a kill", 0.5, "s"),
    _Limit("ended_s", "SIGINT 1 to 20 times: the run has ended", 3.0, "s"),
    _Limit("gone_s", "SIGKILL of the supervisor: its children are gone", 3.0, "s"),
    _Limit("grown_mb", "memory that a process keeps after an attack", 20.0, "MB"),
)


def rows(
    counts: Mapping[str, int], measured: Mapping[str, Sequence[float]], findings: int
) -> list[Row]:
    """The table of aims.

    Args:
        counts: what was done, by kind.
        measured: figures by name.
        findings: broken promises of any kind.
    """
    table = [
        Row("crashes, hangs, tracebacks, orphans, wrong reports: none", str(findings), not findings)
    ]
    for limit in _LIMITS:
        figures = np.asarray(measured.get(limit.figure, ()), dtype=float)
        if not figures.size:
            table.append(Row(f"{limit.about}: {limit.most:g} {limit.unit} at most", "-", None))
            continue
        within = int((figures <= limit.most).sum())
        p50, p95 = np.percentile(figures, (50, 95))
        spread = f"p50 {p50:.2f}, p95 {p95:.2f}, max {figures.max():.2f}"
        table.append(
            Row(
                f"{limit.about}: {limit.most:g} {limit.unit} at most",
                f"{within} of {figures.size}; {spread}",
                within == figures.size,
            )
        )
    for about, names in (
        ("kills and stops", ("SIGKILL", "SIGSTOP")),
        ("runs ended by SIGINT", ("SIGINT tries",)),
        ("mutated messages", _MESSAGES),
        ("mutated files", _FILES),
        ("mutated configurations and options", _SETTINGS),
        ("subscriptions, heartbeats and requests of strangers", _STRANGERS),
    ):
        table.append(Row(about, f"{sum(counts.get(name, 0) for name in names):,}", None))
    return table
