"""Watches the results of a run and keeps the figures of its report. No sockets, no clock."""

from collections import Counter, defaultdict
from itertools import dropwhile

from streamer.clock import NS_PER_MS, NS_PER_S, HostNs, StreamNs, live_stream, since
from streamer.messages import Frame, Mode, ModeChange, Status, SuperResolvedFrame
from streamer.messages.sequence import SequenceCounter
from streamer.supervision.metrics.mode_change_log import ModeChangeLog
from streamer.supervision.metrics.network_log import NetworkLog, ReportedNetwork
from streamer.supervision.metrics.past_figures import PastFigures
from streamer.supervision.metrics.psnr_series import PsnrSeries
from streamer.supervision.metrics.quantile_sketch import QuantileSketch
from streamer.supervision.metrics.remembered import Remembered
from streamer.supervision.metrics.result_digest import ResultDigest
from streamer.supervision.report import AgeMs, ConsistencyReport, PsnrDb


class ResultMonitor:
    """The last consumer of a headless run, and the witness of one with a window.

    Its memory is bounded, for runs of months. Percentiles and medians of milliseconds are therefore
    within 0.5 % of the true ones, which may show in the third digit; counts, means and maxima are
    exact.

    Args:
        replayed: messages carry the times of a recording; ages on arrival mean nothing then.
    """

    def __init__(self, *, replayed: bool = False) -> None:
        self._replayed = replayed
        self._zero_ns = StreamNs(0)  # t = 0
        self._digest = ResultDigest()
        self.frames = 0
        self.first_ns: HostNs | None = None
        self.last_ns = HostNs(0)
        self.last_sequence = -1
        self.last_thermal_sequence = -1
        self.modes: Counter[str] = Counter()
        self.gaps = 0
        self._painted_ages_ms = QuantileSketch()
        self._ages_ms = QuantileSketch()
        self._changes = ModeChangeLog()
        self._stages_ms: dict[str, QuantileSketch] = defaultdict(QuantileSketch)
        self._sequences = SequenceCounter()
        self._thermal: Remembered[Frame] = Remembered()  # that wait for their result
        self._truth: Remembered[Frame] = Remembered()
        # results that came before them, on a faster socket
        self._unscored: Remembered[tuple[SuperResolvedFrame, StreamNs]] = Remembered()
        self._psnr = PsnrSeries()
        self.past = PastFigures()
        self.networks = NetworkLog()
        self._max_counts: float | None = None
        self._max_mk: float | None = None

    def add_source(self, frame: Frame) -> None:
        """Remembers a thermal frame or a truth until its result comes."""
        kept = self._truth if frame.stream == "truth" else self._thermal
        kept.add(frame.sequence, frame, frame.pixels.nbytes)
        waiting = self._unscored.pop(frame.sequence)
        if waiting is not None:
            self._score(*waiting)

    def add_result(self, result: SuperResolvedFrame, now_ns: HostNs) -> None:
        """Takes a result that arrived at `now_ns`."""
        moment_ns = result.published_ns if self._replayed else live_stream(now_ns)
        self.frames += 1
        self.gaps += self._sequences.missing(result.sequence)
        if self.first_ns is None:
            self.first_ns = now_ns
            self._zero_ns = moment_ns
        self.last_ns = now_ns
        self.last_sequence = result.sequence
        self.modes[result.mode] += 1
        if self._replayed:
            self._digest.add(result)
        else:
            self._ages_ms.add(since(moment_ns, result.timestamp_ns) / NS_PER_MS)
            self._stages_ms["transport"].add(since(moment_ns, result.published_ns) / NS_PER_MS)
        for stage, ms in result.stage_ms.items():
            self._stages_ms[stage].add(ms)
        if result.thermal is not None:
            self.last_thermal_sequence = result.thermal.sequence
        if result.past is not None:
            self.past.add(result.past)
        if result.consistency is not None:
            counts, mk = result.consistency.max_counts, result.consistency.max_mk
            self._max_counts = max(self._max_counts or 0.0, counts)
            self._max_mk = self._max_mk if mk is None else max(self._max_mk or 0.0, mk)
        if result.mode in (Mode.GUIDED, Mode.THERMAL_ONLY):
            self._score(result, moment_ns)

    def add_change(self, change: ModeChange) -> None:
        """Takes a change of mode."""
        self._changes.add(change)

    def add_painted(self, status: Status) -> None:
        """Takes the ages at which the viewer finished painting."""
        self._painted_ages_ms.extend(status.painted_age_ms)

    @property
    def painted(self) -> int:
        """Results that the viewer painted."""
        return self._painted_ages_ms.count

    def fps(self) -> float | None:
        """Results a second between the first and the last; None below two."""
        if self.frames < 2 or self.first_ns is None or self.last_ns == self.first_ns:
            return None
        return (self.frames - 1) * NS_PER_S / since(self.last_ns, self.first_ns)

    def age_ms(self) -> AgeMs | None:
        """Ages at the end of paint where there is a viewer, else on arrival."""
        ages = self._painted_ages_ms if self.painted else self._ages_ms
        if not ages.count:
            return None
        p50, p95 = ages.percentile(50), ages.percentile(95)
        return AgeMs(round(p50, 2), round(p95, 2), round(ages.largest, 2))

    def stage_ms(self) -> dict[str, float]:
        """The median of each stage."""
        return {stage: round(ms.percentile(50), 3) for stage, ms in self._stages_ms.items()}

    def network_changes(self) -> list[ReportedNetwork]:
        """Which network made the results from when on, where that changed."""
        return [] if self.first_ns is None else self.networks.entries(self._zero_ns)

    def mode_changes(self) -> list[tuple[float, str, str]]:
        """Seconds since the first result, mode before, mode after; what led to it left out."""
        if self.first_ns is None:
            return []
        timed = (
            (since(change.timestamp_ns, self._zero_ns) / NS_PER_S, change)
            for change in self._changes
        )
        after_start = dropwhile(lambda pair: pair[0] <= 0, timed)
        return [  # a replay that loops or is sought goes back in time
            (round(seconds, 3), change.previous, change.current) for seconds, change in after_start
        ]

    @property
    def mode_changes_left_out(self) -> int:
        """How many are missing in the middle of `mode_changes`, which keeps the first and last."""
        return self._changes.left_out

    def result_sha256(self) -> str | None:
        """The digest of all results of a replay."""
        return self._digest.hex() if self._replayed else None

    def psnr_db(self) -> PsnrDb | None:
        """The mean over all scored frames."""
        return self._psnr.mean()

    def psnr_series(self) -> list[tuple[float, float, float]]:
        """Means by second of the run; by longer steps after an hour."""
        return self._psnr.entries()

    def consistency(self) -> ConsistencyReport:
        """The largest residual seen."""
        return ConsistencyReport(self._max_counts, self._max_mk)

    def _score(self, result: SuperResolvedFrame, moment_ns: StreamNs) -> None:
        if result.thermal is None or self.first_ns is None:
            return
        truth = self._truth.get(result.thermal.sequence)
        thermal = self._thermal.get(result.thermal.sequence)
        if truth is None or thermal is None:
            self._unscored.add(result.thermal.sequence, (result, moment_ns), result.pixels.nbytes)
            return
        from streamer.supervision.metrics.scoring import psnr_db  # OpenCV, where there is truth

        seconds = since(moment_ns, self._zero_ns) / NS_PER_S
        self._psnr.add(seconds, *psnr_db(result.pixels, thermal.pixels, truth.pixels))
