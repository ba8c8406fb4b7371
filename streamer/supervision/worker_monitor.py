"""What the supervisor knows of one worker of a run: its status, its results and its drops."""

from collections import Counter

from streamer.clock import now_ns
from streamer.messages import Frame, Status, SuperResolvedFrame
from streamer.supervision.metrics.result_monitor import ResultMonitor
from streamer.supervision.report import Comparison
from streamer.transport import SUPERVISOR, Addresses, Endpoint, Policy, Subscriber

_AT_ONCE = 8  # results; what they are scored by is taken in between


class WorkerMonitor:
    """Takes the results of one model, and what its process reports.

    Args:
        process: the worker's name in the table of processes.
        results: the endpoint that it publishes on.
        replayed: messages carry the times of a recording.

    Attributes:
        figures: of its results.
        results: the socket they come by, once `open` was called.
        status: its newest report that names its model.
        fresh: the results that the last `poll` has taken.
    """

    def __init__(self, process: str, results: Endpoint, *, replayed: bool) -> None:
        self.process = process
        self.figures = ResultMonitor(replayed=replayed)
        self.status: Status | None = None
        self.fresh: list[SuperResolvedFrame] = []
        self._endpoint = results

    def open(self, addresses: Addresses) -> Subscriber:
        """Subscribes to its results; who opened it closes it."""
        self.results = Subscriber(addresses, self._endpoint, Policy.EVERY, reader=SUPERVISOR)
        return self.results

    def on_status(self, status: Status) -> None:
        """Takes a heartbeat; those of other processes are not meant."""
        if status.process == self.process and status.model is not None:
            self.status = status

    def add_source(self, frame: Frame) -> None:
        """Takes a thermal frame or a truth."""
        self.figures.add_source(frame)

    def poll(self, limit: int | None = None) -> bool:
        """Takes some of the results that have come; whether the first of all is among them.

        Args:
            limit: what comes after so many results is left out of the figures.
        """
        before = self.figures.first_ns
        self.fresh.clear()
        for _ in range(_AT_ONCE):
            message = self.results.receive()
            if message is None:
                break
            enough = limit is not None and self.figures.frames >= limit
            if isinstance(message, SuperResolvedFrame) and not enough:
                self.figures.add_result(message, now_ns())
            if isinstance(message, SuperResolvedFrame):
                self.fresh.append(message)
        return before is None and self.figures.first_ns is not None

    def report(self, dropped: Counter[str]) -> Comparison:
        """Its part of the report.

        Args:
            dropped: what it, and whoever feeds it, is known to have dropped.
        """
        figures, network = self.figures, self.figures.networks.first or self.status
        lost = dropped + Counter({"sr/gap": figures.gaps, "sr/malformed": self.results.malformed})
        return Comparison(
            model=network.model if network else None,
            engine=network.engine if network else None,
            precision=network.precision if network else None,
            frames=figures.frames,
            fps=None if (fps := figures.fps()) is None else round(fps, 3),
            stage_ms=figures.stage_ms(),
            modes=dict(figures.modes),
            dropped={cause: count for cause, count in lost.items() if count},
            psnr_db=figures.psnr_db(),
            result_sha256=figures.result_sha256(),
        )
