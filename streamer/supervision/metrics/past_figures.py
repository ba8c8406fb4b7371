"""What the frames before gave the results of a run, added up."""

from collections import Counter

from streamer.messages import PastUse
from streamer.supervision.report import PastReport


class PastFigures:
    """Adds up `PastUse` result by result."""

    def __init__(self) -> None:
        self._window = 0
        self._alone = 0
        self._joined = 0
        self._shares = 0.0
        self._let_go: Counter[str] = Counter()
        self._noise_mk: float | None = None
        self._pattern_mk: float | None = None

    def add(self, past: PastUse) -> None:
        """Takes that of one more result."""
        self._window = max(self._window, past.frames)
        self._noise_mk = past.noise_mk
        self._pattern_mk = past.pattern_mk
        if past.let_go:
            self._let_go[past.let_go] += 1
        if past.frames == 1:
            self._alone += 1
            return
        self._joined += 1
        self._shares += past.share

    def report(self) -> PastReport | None:
        """All so far; None where no result said anything of a past."""
        if not self._window:
            return None
        share = self._shares / self._joined if self._joined else 0.0
        return PastReport(
            *(self._window, round(share, 3), self._alone, dict(self._let_go)),
            *(_rounded(each) for each in (self._noise_mk, self._pattern_mk)),
        )


def _rounded(millikelvin: float | None) -> float | None:
    return None if millikelvin is None else round(millikelvin, 1)
