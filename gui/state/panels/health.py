"""How the run is doing, in full: the panel of health. No Qt."""

from collections import deque
from collections.abc import Iterator

from gui.language import lowered, mark, plural, tr
from gui.state.panels.section import Section
from gui.status.alignment import distance_line, drift_line
from gui.status.run_status import RunStatus
from gui.status.wording import MODES, NAMES, PROCESS_STATES, STREAM_STATES, seconds
from streamer.clock import NS_PER_MS, NS_PER_S, HostNs, since
from streamer.messages import Consistency, Mode, PastUse

_MINUTE_NS = 60 * NS_PER_S
_SAMPLE_NS = 5 * NS_PER_S
_MOST_CHANGES = 8
_CAUSES = {
    "gap": mark("missing at the reader"),
    "late": mark("not used: a newer one was there"),
    "malformed": mark("unreadable messages"),
    "injected": mark("dropped on purpose"),
    "refused": mark("not usable"),
    "skipped": mark("made, and not shown: the window was busy"),
}

_STAGES = {
    "pair": mark("waiting for the visible picture"),
    "prepare": mark("preparing the pair"),
    "past": mark("earlier frames"),
    "infer": mark("the network"),
    "consistency": mark("back to the measurement"),
    "uncertainty": mark("how far it may be off"),
    "carry": mark("carried to a visible frame"),
}


class HealthHistory:
    """What happened of late: drops of the last minute by cause, and the last changes of mode."""

    def __init__(self) -> None:
        self._samples: deque[tuple[HostNs, dict[str, int]]] = deque()
        self._changes: deque[tuple[HostNs, Mode]] = deque(maxlen=_MOST_CHANGES)

    def update(self, mode: Mode | None, dropped: dict[str, int], now_ns: HostNs) -> None:
        """Takes the state of a moment."""
        if mode is not None and (not self._changes or self._changes[-1][1] is not mode):
            self._changes.append((now_ns, mode))
        if not self._samples or since(now_ns, self._samples[-1][0]) >= _SAMPLE_NS:
            self._samples.append((now_ns, dict(dropped)))
        while len(self._samples) > 1 and since(now_ns, self._samples[1][0]) >= _MINUTE_NS:
            self._samples.popleft()

    def rates_hz(self, dropped: dict[str, int], now_ns: HostNs) -> dict[str, float]:
        """How many of each cause came a second, over the last minute or since the window is up."""
        if not self._samples:
            return dict.fromkeys(dropped, 0.0)
        at_ns, before = self._samples[0]
        passed_s = max(since(now_ns, at_ns) / NS_PER_S, 1.0)
        return {
            cause: max(0, count - before.get(cause, 0)) / passed_s
            for cause, count in dropped.items()
        }

    def changes(self, now_ns: HostNs) -> Iterator[tuple[str, str]]:
        """The last modes, the newest first, and how long ago each began."""
        for at_ns, mode in reversed(self._changes):
            words = tr(MODES[mode])
            yield words, tr("{seconds} ago", seconds=seconds(since(now_ns, at_ns) / NS_PER_MS))


def health_sections(
    run: RunStatus,
    dropped: dict[str, int],
    history: HealthHistory,
    age_ms: float | None = None,
) -> tuple[Section, ...]:
    """Everything known of the run's health, for people.

    Args:
        run: how it is doing.
        dropped: in the whole run, by `STREAM/CAUSE`.
        history: what came before.
        age_ms: of what is on the screen, at the end of paint.
    """
    worker = run.status(run.worker)
    session = run.session
    streams = worker.streams if worker else {}
    ages_ms = worker.ages_ms if worker else {}
    processes = session.processes if session else {}
    rates_hz = history.rates_hz(dropped, run.now_ns)
    return (
        Section(
            tr("Streams"),
            tuple(
                (
                    name,
                    tr(
                        "{state}, newest {age} old",
                        state=tr(STREAM_STATES.get(state, state.value)),
                        age=seconds(ages_ms[name]) if name in ages_ms else "-",
                    ),
                )
                for name, state in streams.items()
            )
            + distance_line(run)
            + drift_line(run),
        ),
        Section(
            tr("Network"),
            (
                (
                    tr("before correction, at most"),
                    _residual(run.result.consistency if run.result else None),
                ),
                *_past(run.result.past if run.result else None),
            ),
        ),
        Section(tr("Age by stage"), tuple(_ages(run, age_ms)) or (("", "-"),)),
        Section(
            tr("Pictures not used, by cause (in all)"),
            tuple(
                (_cause(cause), f"{_rate(rates_hz[cause])} ({count})")
                for cause, count in sorted(dropped.items(), key=lambda one: -one[1])
                if count
            )
            or (("", tr("none")),),
        ),
        Section(
            tr("Processes"),
            tuple(
                (
                    lowered(tr(NAMES.get(name, name))),
                    tr(PROCESS_STATES.get(health.state, health.state.value))
                    + (
                        plural(
                            ", started again {n} times",
                            ", started again {n} times",
                            health.restarts,
                        )
                        if health.restarts
                        else ""
                    ),
                )
                for name, health in processes.items()
            ),
        ),
        Section(tr("Modes"), tuple(history.changes(run.now_ns))),
    )


def _ages(run: RunStatus, age_ms: float | None) -> Iterator[tuple[str, str]]:
    """How long each stage of the newest result took, and what the whole way took."""
    stages = run.result.stage_ms if run.result is not None else {}
    for stage, value in stages.items():
        yield tr(_STAGES.get(stage, stage)), f"{value:.1f} ms"
    if age_ms is None or not stages:
        return
    made_ms = sum(stages.values())
    if age_ms >= made_ms and run.player is None:
        yield tr("camera, transport, painting"), f"{age_ms - made_ms:.1f} ms"
    yield tr("in all, at the end of painting"), f"{age_ms:.1f} ms"


def _rate(rate_hz: float) -> str:
    """So many a second, or a minute where they are few."""
    if rate_hz >= 1:
        return tr("{rate:.1f} a second", rate=rate_hz)
    return (
        tr("{rate:.1f} a minute", rate=60 * rate_hz) if rate_hz else tr("none in the last minute")
    )


def _cause(cause: str) -> str:
    stream, _, why = cause.partition("/")
    return f"{stream}: {tr(_CAUSES.get(why, why))}"


def _past(past: PastUse | None) -> tuple[tuple[str, str], ...]:
    """Of how many frames the result is made; nothing where it is always one."""
    if past is None:
        return ()
    frames = tr(
        "{frames} frames, {share:.0%} of the past counts", frames=past.frames, share=past.share
    )
    words = (
        frames
        if past.frames > 1
        else tr("one frame") + (f" ({past.let_go})" if past.let_go else "")
    )
    noise = tr("{noise_counts:.1f} counts", noise_counts=past.noise_counts)
    if past.noise_mk is not None:
        noise = f"{past.noise_mk:.0f} mK"
    return (tr("made of"), words), (tr("noise from frame to frame"), noise)


def _residual(consistency: Consistency | None) -> str:
    if consistency is None:
        return "-"
    if consistency.max_mk is not None:
        mk = consistency.max_mk
        return f"{mk:.0f} mK" if mk < 1000 else f"{mk / 1000:.1f} K"
    return tr("{max_counts:.1f} counts", max_counts=consistency.max_counts)
