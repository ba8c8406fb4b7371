"""What the processes of a run cost: the share of a core that each of them takes."""

import threading
import time
from collections import deque
from types import TracebackType
from typing import Self

import psutil

_EVERY_S = 0.5
_MOST_SAMPLES = 7200  # the last hour
_MODULE = "streamer.runtime"
_OWN = "corefusion"

_Times = dict[str, float]


class CpuUsage:
    """Looks at the children of this process, and at itself, twice a second while it is open."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, _Times]] = deque(maxlen=_MOST_SAMPLES)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="load", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def shares(self, last_s: float) -> dict[str, float]:
        """Cores' worth of each process over the last seconds in which all of them were there."""
        if not self._samples:
            return {}
        most = max(len(times) for _, times in self._samples)
        whole = [sample for sample in self._samples if len(sample[1]) == most]
        end, after = whole[-1]
        began, before = next(sample for sample in whole if sample[0] >= end - last_s)
        if end <= began:
            return {}
        return {
            name: round((after[name] - before[name]) / (end - began), 3)
            for name in sorted(after)
            if name in before
        }

    def _watch(self) -> None:
        while not self._stop.wait(_EVERY_S):
            self._samples.append((time.monotonic(), _times()))


def _times() -> _Times:
    """Seconds of CPU so far, by process name."""
    own = psutil.Process()
    times = {_OWN: _seconds(own)}
    for child in own.children():
        try:
            words = child.cmdline()
            if _MODULE in words:
                times[words[words.index(_MODULE) + 1]] = _seconds(child)
        except psutil.Error:  # it has just ended
            continue
    return times


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
