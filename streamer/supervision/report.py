"""The JSON report of a run, and its short form for a terminal."""

from collections.abc import Sequence
from typing import Self

import msgspec
from rich.table import Table

from streamer.messages import CaptureTiming, FollowedDistance, FollowedDrift, PredictedUse
from streamer.supervision.metrics.network_log import ReportedNetwork
from streamer.terminal.console import PlainConsole

_NAMED = 8


class AgeMs(msgspec.Struct, frozen=True):
    """Arrival (headless) or end of paint (viewer) minus thermal capture time, milliseconds."""

    p50: float
    p95: float
    max: float


class PsnrDb(msgspec.Struct, frozen=True):
    """Mean PSNR against the truth, of the result and of plain interpolation."""

    sr: float
    bilinear: float


class ConsistencyReport(msgspec.Struct, frozen=True):
    """The largest departure of the network from the measurement before it was brought back."""

    max_counts: float | None
    mk: float | None


class PastReport(msgspec.Struct, frozen=True):
    """What the frames before gave the results of a run.

    Attributes:
        window: the most frames that a result was made of, itself included.
        share: 0 to 1: how much of what those before had measured counted, on average.
        alone: results of one frame.
        let_go: how often the past was forgotten, by cause: pause, jump, size or scene.
        noise_mk: the sensor's noise from frame to frame, as last known; None without radiometry.
        pattern_mk: standard deviation of the sensor's fixed pattern as it was taken out last; 0
            where none was, None without radiometry.
    """

    window: int
    share: float
    alone: int
    let_go: dict[str, int]
    noise_mk: float | None
    pattern_mk: float | None = None


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What two models differ in that have been given the same recording."""

    model: str | None
    engine: str | None
    precision: str | None
    frames: int
    fps: float | None
    stage_ms: dict[str, float]
    modes: dict[str, int]
    dropped: dict[str, int]
    psnr_db: PsnrDb | None
    result_sha256: str | None

    @classmethod
    def of(cls, report: "Report") -> Self:
        """This part of a report."""
        return cls(**{name: getattr(report, name) for name in cls.__struct_fields__})


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a run did. Times in seconds count from its first result.

    Attributes:
        frames: results that reached the last consumer.
        duration_s: from the first result to the end.
        fps: (frames - 1) / (last - first arrival); None below two.
        age_ms: how old results were; held frames are left out. None in a headless replay.
        stage_ms: the median of each stage, from capture to consumer. Like the percentiles of
            `age_ms`, within 0.5 % of the true one.
        modes: results by mode.
        mode_changes: seconds, the mode before, the mode after; the first and the last thousand.
        dropped: lost frames by `STREAM/CAUSE`. STREAM is visible, thermal or sr; CAUSE is gap (the
            sensor's own numbers leave them out), late (an older one was skipped), malformed
            (foreign bytes), injected (`--inject`), refused (shutter, frozen, after a loss) or
            skipped (the viewer took a newer one).
        restarts: how often each process was started again.
        painted: results that the window painted; None without one.
        psnr_db: against the truth, where there is one; guided and thermal_only results.
        psnr_series: seconds, PSNR of the results and of bilinear, one entry a second; after an hour
            every two seconds, after two every four, and so on.
        consistency: the largest departure from the measurement.
        past: what several frames gave, where results are made of several.
        predicted: what pictures between thermal frames have cost, where there were tries.
        engine: what computed; with `precision` and `model` of the network that the run began with.
        precision: what it computed in.
        model: the network's name.
        network_changes: where another network was chosen while the run went on: which one made the
            results from when on. The newest hundred.
        peak_rss_mb: the most memory that all processes took together.
        result_sha256: of a replay: covers mode, sequence and pixels of every result.
        lockstep: whether it was a headless replay, in which nothing is dropped.
        compare: of a replay with `--compare`: the second model.
        mode_changes_left_out: how many changes are missing between the first and the last
            thousand, where any are.
        cameras: of each stream that was captured: how evenly its pictures came.
        left_out: pictures of files that were not shown, by cause; of a replay what its recording
            says of the files it was made from.
        bad_pixels: (column, row) of pixels of the thermal camera that were found over time to be no
            readings, where any were.
        distance: what both cameras were lined up for in the end, where that follows the scene.
        drift: how far the visible picture was moved back in the end, where its drift is taken out.
        refused_connections: of a tcp run: strangers that were not let in, where there were any, by
            `ENDPOINT/CAUSE`. CAUSE is unencrypted (a ZeroMQ program without keys), wrong_key or
            no_handshake (anything else that connects).
    """

    frames: int
    duration_s: float
    fps: float | None
    age_ms: AgeMs | None
    stage_ms: dict[str, float]
    modes: dict[str, int]
    mode_changes: list[tuple[float, str, str]]
    dropped: dict[str, int]
    restarts: dict[str, int]
    painted: int | None
    psnr_db: PsnrDb | None
    psnr_series: list[tuple[float, float, float]]
    consistency: ConsistencyReport
    engine: str | None
    precision: str | None
    model: str | None
    peak_rss_mb: float
    result_sha256: str | None = None
    lockstep: bool = False
    compare: Comparison | msgspec.UnsetType = msgspec.UNSET
    left_out: dict[str, int] = {}
    bad_pixels: tuple[tuple[int, int], ...] | msgspec.UnsetType = msgspec.UNSET
    distance: FollowedDistance | msgspec.UnsetType = msgspec.UNSET
    drift: FollowedDrift | msgspec.UnsetType = msgspec.UNSET
    past: PastReport | msgspec.UnsetType = msgspec.UNSET
    predicted: PredictedUse | msgspec.UnsetType = msgspec.UNSET
    mode_changes_left_out: int | msgspec.UnsetType = msgspec.UNSET
    refused_connections: dict[str, int] | msgspec.UnsetType = msgspec.UNSET
    cameras: dict[str, CaptureTiming] | msgspec.UnsetType = msgspec.UNSET
    network_changes: list[ReportedNetwork] | msgspec.UnsetType = msgspec.UNSET


def print_report(report: Report, files: Sequence[str] = ()) -> None:
    """Prints what a person at a terminal wants to know of a run that has ended.

    Args:
        report: what it did.
        files: what it has recorded.
    """
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    fps = "-" if report.fps is None else f"{report.fps:.1f} fps"
    table.add_row("results", f"{report.frames} in {report.duration_s:.1f} s, {fps}")
    if report.age_ms is not None:
        age = report.age_ms
        table.add_row("age", f"p50 {age.p50:.0f} ms, p95 {age.p95:.0f} ms, max {age.max:.0f} ms")
    table.add_row("modes", ", ".join(f"{mode} {n}" for mode, n in report.modes.items()) or "-")
    dropped = ", ".join(f"{cause} {n}" for cause, n in sorted(report.dropped.items()))
    table.add_row("dropped", dropped or "nothing")
    if report.left_out:
        table.add_row("left out", ", ".join(f"{why} {n}" for why, n in report.left_out.items()))
    if report.bad_pixels:
        table.add_row("bad pixels", _places(report.bad_pixels))
    if report.distance:
        told = report.distance
        steps = f"moved {told.steps} times, unsure {told.unsure} times"
        table.add_row("distance", f"{told.distance_m:g} m, {steps}")
    if report.drift:
        drift = report.drift
        way = "{:+.1f}, {:+.1f} px taken out".format(*drift.shift_px)
        table.add_row("drift", f"{way}, moved {drift.steps} times, unsure {drift.unsure} times")
    if report.refused_connections:
        refused = ", ".join(f"{c} {n}" for c, n in sorted(report.refused_connections.items()))
        table.add_row("strangers", f"refused: {refused}")
    restarted = {name: n for name, n in report.restarts.items() if n}
    if restarted:
        table.add_row("restarts", ", ".join(f"{name} {n}" for name, n in restarted.items()))
    if report.psnr_db is not None:
        psnr = report.psnr_db
        table.add_row("PSNR", f"{psnr.sr:.2f} dB, bilinear {psnr.bilinear:.2f} dB")
    if report.past:
        past = report.past
        table.add_row("past", f"{past.window} frames, {past.share:.0%} of it counted")
    table.add_row("network", f"{report.model} on {report.engine} {report.precision}")
    for later in report.network_changes or ():
        views = f", {later.views} views" if later.views > 1 else ""
        network = f"{later.model} on {later.engine} {later.precision}{views}"
        table.add_row(f"from {later.t_s:.1f} s", network)
    PlainConsole().print(table)
    for file in files:
        PlainConsole(wrap=False).print(f"recording  {file}")


def _places(pixels: Sequence[tuple[int, int]]) -> str:
    """How many there are, and the first of them as column, row."""
    named = "; ".join(f"{column}, {row}" for column, row in pixels[:_NAMED])
    more = "; ..." if len(pixels) > _NAMED else ""
    return f"{len(pixels)} of the thermal camera, found over time: {named}{more}"


def print_comparison(*compared: Comparison) -> None:
    """Prints two models side by side."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for head in ("model", "engine", "results", "inference", "modes", "PSNR"):
        table.add_column(head)
    for comparison in compared:
        table.add_row(
            comparison.model,
            f"{comparison.engine} {comparison.precision}",
            str(comparison.frames),
            f"{infer:.1f} ms" if (infer := comparison.stage_ms.get("infer")) is not None else "-",
            ", ".join(f"{mode} {n}" for mode, n in comparison.modes.items()),
            "-" if comparison.psnr_db is None else f"{comparison.psnr_db.sr:.2f} dB",
        )
    PlainConsole().print(table)
