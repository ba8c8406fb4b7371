"""How a headless run says how it is doing: a line on a terminal, or JSON lines for a program."""

import os
import select
import sys
from typing import Protocol

import msgspec
from rich.text import Text

from streamer.clock import NS_PER_S, now_ns
from streamer.messages import RecordingState
from streamer.supervision.metrics.result_monitor import ResultMonitor
from streamer.supervision.processes.supervisor import Supervisor
from streamer.terminal.console import PlainConsole
from streamer.terminal.printable import printable


class Progress(Protocol):
    """Told once a second how things stand."""

    def show(self, monitor: ResultMonitor, supervisor: Supervisor) -> None:
        """Says it."""

    def end(self) -> None:
        """Nothing more will be said."""


class ProgressPoint(msgspec.Struct, frozen=True, kw_only=True):
    """One JSON line of a recording.

    Attributes:
        t_s: seconds since the first result.
        frames: results so far.
        fps: results of the last second.
        mode: what the worker makes its output from.
        dropped: frames lost so far, all streams together.
        file: what is being written.
        size_mb: written so far.
        disk_left_gb: free on its disk.
    """

    t_s: float
    frames: int
    fps: float | None
    mode: str | None
    dropped: int
    file: str | None
    size_mb: float | None
    disk_left_gb: float | None


class Silent:
    """Says nothing."""

    def show(self, monitor: ResultMonitor, supervisor: Supervisor) -> None:
        """Says nothing."""

    def end(self) -> None:
        """Says nothing."""


class TerminalLine:
    """One line on a terminal, written over again and again."""

    def __init__(self) -> None:
        self._status = PlainConsole(stderr=True).status("starting")
        self._status.start()

    def show(self, monitor: ResultMonitor, supervisor: Supervisor) -> None:
        """Updates the line."""
        if monitor.frames == 0:
            waiting = [
                f"{name}: {health.detail or health.state}"
                for name, health in supervisor.health().items()
            ]
            self._say("; ".join(waiting))
            return
        recording = _recording(supervisor)
        fps = monitor.fps()
        parts = [
            f"{_seconds(monitor):.0f} s",
            f"{monitor.frames} results",
            "-" if fps is None else f"{fps:.1f} fps",
        ]
        if recording is not None:
            parts += [f"{name} {rate:.1f}" for name, rate in recording.rates_hz.items() if rate]
            parts += [f"{recording.size_mb:.1f} MB", f"{recording.disk_left_gb:.1f} GB left"]
        parts += [_mode(supervisor) or "worker starting"]
        parts += [f"{sum(supervisor.dropped().values())} dropped"]
        self._say(", ".join(parts))

    def _say(self, words: str) -> None:
        self._status.update(Text(printable(words)))  # a plain string is taken for rich's markup

    def end(self) -> None:
        """Takes the line away."""
        self._status.stop()


class JsonLines:
    """A line of JSON a second.

    A reader that has gone away, or reads nothing, does not keep the recording from going on.

    Args:
        descriptor: where to write.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor
        self._before = (0, 0)

    def show(self, monitor: ResultMonitor, supervisor: Supervisor) -> None:
        """Writes a line."""
        recording = _recording(supervisor)
        frames, at_ns = monitor.frames, now_ns()
        passed_s = (at_ns - self._before[1]) / NS_PER_S
        fps = round((frames - self._before[0]) / passed_s, 2) if self._before[0] else None
        self._before = (frames, at_ns)
        self.write(
            ProgressPoint(
                t_s=_seconds(monitor),
                frames=frames,
                fps=fps,
                mode=_mode(supervisor),
                dropped=sum(supervisor.dropped().values()),
                file=None if recording is None else recording.file,
                size_mb=None if recording is None else recording.size_mb,
                disk_left_gb=None if recording is None else recording.disk_left_gb,
            )
        )

    def write(self, line: object) -> None:
        """Writes anything as a line of JSON, unless nobody takes it."""
        if self._descriptor is None:
            return
        try:
            if select.select([], [self._descriptor], [], 0)[1]:
                os.write(self._descriptor, msgspec.json.encode(line) + b"\n")
        except OSError:
            self._descriptor = None

    def end(self) -> None:
        """Nothing is left to do."""


def progress_of(*, headless: bool, records: bool) -> Progress:
    """What suits a run: a line on a terminal; without one, JSON of what is recorded."""
    if headless and sys.stderr.isatty():
        return TerminalLine()
    if headless and records:
        return JsonLines(sys.stdout.fileno())
    return Silent()


def _recording(supervisor: Supervisor) -> RecordingState | None:
    recorder = supervisor.statuses().get("recorder")
    return None if recorder is None else recorder.recording


def _mode(supervisor: Supervisor) -> str | None:
    worker = supervisor.statuses().get("inference")
    return None if worker is None else worker.mode


def _seconds(monitor: ResultMonitor) -> float:
    first = monitor.first_ns
    return 0.0 if first is None else round((monitor.last_ns - first) / NS_PER_S, 3)
