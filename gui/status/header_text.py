"""What the header shows beside the mode: rate, age, trust, drops, restarts. No Qt."""

from collections.abc import Sequence

import msgspec

from gui.status.run_status import RunStatus
from gui.status.wording import engine_text, letter
from streamer.messages import Consistency, SessionStatus


class HeaderText(msgspec.Struct, frozen=True, kw_only=True):
    """What the header shows beside the mode."""

    network: str
    rate: str
    age: str
    trust: str
    drops: str
    restarts: str


def header_text(
    runs: Sequence[RunStatus], own_drops: dict[str, int], rate_hz: float, age_ms: float | None
) -> HeaderText:
    """Formats each figure of the header; what is not known yet is a dash.

    Args:
        runs: the run as the worker of each shown model has it; the figures are of the first.
        own_drops: what the viewer lost, by stream and cause.
        rate_hz: how many results come a second.
        age_ms: of the picture on the screen.
    """
    session, result = runs[0].session, runs[0].result
    return HeaderText(
        network=_network(runs),
        rate=f"{rate_hz:.1f} fps" if rate_hz else "- fps",
        age=f"age {_age(age_ms)}",
        trust=f"residual {_trust(result.consistency if result else None)}",
        drops=_drops((session.dropped if session else {}) | own_drops),
        restarts=_restarts(session),
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


def _trust(consistency: Consistency | None) -> str:
    if consistency is None:
        return "-"
    if consistency.max_mk is not None:
        mk = consistency.max_mk
        return f"{mk:.0f} mK" if mk < 1000 else f"{mk / 1000:.1f} K"
    return f"{consistency.max_counts:.1f} counts"


def _drops(dropped: dict[str, int]) -> str:
    """The sum first, then the worst: the header may have no room for all of them."""
    lost = sorted((-count, cause) for cause, count in dropped.items() if count)
    if not lost:
        return "dropped: none"
    causes = ", ".join(f"{cause} {-count}" for count, cause in lost)
    return f"dropped: {sum(dropped.values())} ({causes})" if len(lost) > 1 else f"dropped: {causes}"


def _restarts(session: SessionStatus | None) -> str:
    processes = session.processes if session else {}
    again = [f"{name} {health.restarts}" for name, health in processes.items() if health.restarts]
    return "restarts: " + (", ".join(again) or "none")
