"""What the header shows beside the mode: network, rate, age, restarts. No Qt."""

from collections.abc import Sequence

import msgspec

from gui.language import tr
from gui.status.run_status import RunStatus
from gui.status.wording import engine_text, letter
from streamer.messages import SessionStatus


class HeaderText(msgspec.Struct, frozen=True, kw_only=True):
    """What the header shows beside the mode."""

    network: str
    rate: str
    age: str
    restarts: str


def header_text(runs: Sequence[RunStatus], rate_hz: float, age_ms: float | None) -> HeaderText:
    """Formats each figure of the header; what is not known yet is a dash.

    What is of interest to few, and alarms the rest, is in the health panel.

    Args:
        runs: the run as the worker of each shown model has it; the figures are of the first.
        rate_hz: how many results come a second.
        age_ms: of the picture on the screen.
    """
    return HeaderText(
        network=_network(runs),
        rate=tr("{rate_hz:.1f} fps", rate_hz=rate_hz) if rate_hz else tr("- fps"),
        age=tr("age {age}", age=_age(age_ms)),
        restarts=_restarts(runs[0].session),
    )


def _network(runs: Sequence[RunStatus]) -> str:
    first = runs[0].status(runs[0].worker)
    if first is None or first.model is None:
        return ""
    statuses = [run.status(run.worker) for run in runs]
    names = [
        f"{letter(model)} {status.model}"
        for model, status in enumerate(statuses)
        if status is not None and status.model is not None
    ]
    parts = [first.model, engine_text(first)]
    if len(names) > 1:  # the rest is in each picture's caption
        parts = [", ".join(names)]
    result = runs[0].result
    if result is not None:
        parts.append(f"{result.pixels.shape[1]} x {result.pixels.shape[0]}")
    return "  \N{MIDDLE DOT}  ".join(part for part in parts if part)


def _age(age_ms: float | None) -> str:
    if age_ms is None or age_ms < 0:
        return "-"
    return f"{age_ms:.0f} ms" if age_ms < 10_000 else f"{age_ms / 1000:.0f} s"


def _restarts(session: SessionStatus | None) -> str:
    processes = session.processes if session else {}
    again = [f"{name} {health.restarts}" for name, health in processes.items() if health.restarts]
    return tr("restarts: {again}", again=", ".join(again)) if again else ""
