"""What is remembered of an item's results."""

from collections import Counter

from streamer.enhance.items import Residual
from streamer.messages import SuperResolvedFrame
from streamer.supervision.metrics.result_digest import ResultDigest


class Tally:
    """Counts results.

    Attributes:
        frames: so far.
        modes: results by mode.
    """

    def __init__(self) -> None:
        self.frames = 0
        self.modes: Counter[str] = Counter()
        self._digest = ResultDigest()
        self._counts: float | None = None
        self._mk: float | None = None

    def add(self, result: SuperResolvedFrame) -> None:
        """Takes the next result."""
        self.frames += 1
        self.modes[str(result.mode)] += 1
        self._digest.add(result)
        seen = result.consistency
        if seen is not None:
            self._counts = max(self._counts or 0.0, seen.max_counts)
            self._mk = self._mk if seen.max_mk is None else max(self._mk or 0.0, seen.max_mk)

    @property
    def residual(self) -> Residual:
        """The largest of all."""
        return Residual(self._counts, self._mk)

    def result_sha256(self) -> str:
        """Of every result so far, as a headless replay has it."""
        return self._digest.hex()
