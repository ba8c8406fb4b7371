"""What the supervisor knows of the second model of a comparison: its worker and its results."""

from collections import Counter

from streamer.clock import now_ns
from streamer.messages import Frame, Status, SuperResolvedFrame
from streamer.supervision.report import Comparison
from streamer.supervision.result_monitor import ResultMonitor
from streamer.transport import Addresses, Endpoint, Policy, Subscriber


class ComparisonMonitor:
    """Takes the results of the process `compare`, as the monitor of the run does the first's.

    Attributes:
        results: the socket they come by; who opened this closes it.
    """

    def __init__(self, addresses: Addresses) -> None:
        self.results = Subscriber(addresses, Endpoint.COMPARE, Policy.EVERY)
        self._monitor = ResultMonitor(replayed=True)
        self._worker: Status | None = None

    def on_status(self, status: Status) -> None:
        """Takes a heartbeat; those of other processes are not meant."""
        if status.process == "compare" and status.model is not None:
            self._worker = status

    def add_source(self, frame: Frame) -> None:
        """Takes a thermal frame or a truth."""
        self._monitor.add_source(frame)

    def poll(self) -> None:
        """Takes all results that have come."""
        while (message := self.results.receive()) is not None:
            if isinstance(message, SuperResolvedFrame):
                self._monitor.add_result(message, now_ns())

    def comparison(self, dropped: Counter[str]) -> Comparison:
        """Its part of the report.

        Args:
            dropped: what the worker says it has dropped, over all its lives.
        """
        monitor, worker = self._monitor, self._worker
        lost = dropped + Counter({"sr/gap": monitor.gaps, "sr/malformed": self.results.malformed})
        return Comparison(
            model=worker.model if worker else None,
            engine=worker.engine if worker else None,
            precision=worker.precision if worker else None,
            frames=monitor.frames,
            fps=None if (fps := monitor.fps()) is None else round(fps, 3),
            stage_ms=monitor.stage_ms(),
            modes=dict(monitor.modes),
            dropped={cause: count for cause, count in lost.items() if count},
            psnr_db=monitor.psnr_db(),
            result_sha256=monitor.result_sha256(),
        )
