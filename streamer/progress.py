"""The line a headless run shows on a terminal."""

from rich.console import Console

from streamer.monitor import Monitor
from streamer.supervisor import Supervisor


class Progress:
    """One line on a terminal that says how a headless run is doing."""

    def __init__(self, shown: bool) -> None:
        self._console = Console(stderr=True) if shown else None
        self._status = self._console.status("starting") if self._console else None
        if self._status is not None:
            self._status.start()

    def show(self, monitor: Monitor, supervisor: Supervisor) -> None:
        """Updates the line."""
        if self._status is None:
            return
        if monitor.frames == 0:
            waiting = [
                f"{name}: {health.detail or health.state}"
                for name, health in supervisor.health().items()
            ]
            self._status.update("; ".join(waiting))
            return
        worker = supervisor.statuses().get("inference")
        mode = worker.mode if worker is not None and worker.mode else "worker starting"
        dropped = sum(supervisor.dropped().values())
        fps = monitor.fps()
        rate = "-" if fps is None else f"{fps:.1f} fps"
        self._status.update(f"{monitor.frames} results, {rate}, {mode}, {dropped} dropped")

    def end(self) -> None:
        """Takes the line away."""
        if self._status is not None:
            self._status.stop()
