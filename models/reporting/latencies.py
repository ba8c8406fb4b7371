"""Latencies for the tables, from a report of `corefusion bench`."""

import json
from pathlib import Path
from typing import Any

from models.errors import ModelError


class Latencies:
    """Those of a report; none without one."""

    def __init__(self, report: Path | None) -> None:
        """Read.

        Raises:
            ModelError: if the file is no such report.
        """
        self._rows: list[dict[str, Any]] = []
        if report is not None:
            try:
                self._rows = json.loads(report.read_text(encoding="utf-8"))["rows"]
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise ModelError(f"{report}: not a report of corefusion bench") from error

    def of(self, model: str) -> str:
        """The fastest row of a model, in words."""
        rows = [row for row in self._rows if row["model"].partition(":")[0] == model]
        if not rows:
            return ""
        best = min(rows, key=lambda row: row["latency_ms"]["p50"])
        return f"{best['latency_ms']['p50']:.1f} ({best['engine']} {best['precision']})"
