"""A campaign under way: tries one after the other, until its bound or Ctrl-C, and its report."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from tools.torture.calibration import calibrate
from tools.torture.outcome import AnyScenario
from tools.torture.plan import Try
from tools.torture.runs.site import Campsite


@dataclass
class Finding:
    """A try that found something."""

    scenario: str
    index: int
    choice: str
    words: list[str]
    kept: str


@dataclass
class Results:
    """What a campaign has done and found so far."""

    seed: int
    seconds: float = 0.0
    tries: Counter[str] = field(default_factory=Counter)
    skipped: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    measured: dict[str, list[float]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    idle_s: dict[str, float] = field(default_factory=dict)
    interrupted: bool = False


class Campaign:
    """Runs tries.

    Args:
        seed: of all that is left to chance.
        shared: what all tries share.
        say: what progress is told.
    """

    def __init__(self, seed: int, shared: Campsite, say: Callable[[str], None]) -> None:
        self.results = Results(seed)
        self._shared = shared
        self._say = say
        self._begun = time.monotonic()

    def run(self, tries: Iterable[Try], until_s: float) -> None:
        """Goes on until no more tries come, the time is over or Ctrl-C; then returns."""
        try:
            calibrate(self._shared)
            self.results.idle_s = self._shared.pace.idle_s
            told = ", ".join(f"{what} {s:.2f} s" for what, s in self.results.idle_s.items())
            self._say(f"an undisturbed run on this host: {told}")
            for one in tries:
                if self._passed_s >= until_s:
                    break
                if one.scenario.name not in self.results.skipped:
                    self._try(one)
        except KeyboardInterrupt:
            self.results.interrupted = True
        finally:
            self.results.seconds = round(self._passed_s, 1)

    @property
    def _passed_s(self) -> float:
        return time.monotonic() - self._begun

    def _try(self, one: Try) -> None:
        site = self._shared.site(one.name)
        outcome = one.scenario.run(one.choice, site)
        results = self.results
        results.tries[one.scenario.name] += 1
        results.counts += outcome.counts
        for name, figures in outcome.measured.items():
            results.measured.setdefault(name, []).extend(figures)
        verdict = "ok"
        if outcome.findings:
            verdict = f"{len(outcome.findings)} FOUND: {outcome.findings[0]}"
            kept = str(site.folder.relative_to(self._shared.folder.parent))
            results.findings.append(
                Finding(one.scenario.name, one.index, str(one.choice), outcome.findings, kept)
            )
        else:
            site.clear()
        self._say(f"{self._passed_s:6.1f} s  {one.name:<18} {one.choice}: {verdict}")


def possible(scenarios: Mapping[str, AnyScenario], results: Results) -> dict[str, AnyScenario]:
    """Those that this host can make; why it cannot make the others is noted."""
    results.skipped = {name: reason for name, one in scenarios.items() if (reason := one.missing())}
    return {name: one for name, one in scenarios.items() if name not in results.skipped}
