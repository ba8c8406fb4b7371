"""A run is asked to end, once or again and again, at any moment."""

import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tools.torture.judging.judge import judge_end, judge_report
from tools.torture.judging.recorded import Recorded
from tools.torture.outcome import Outcome
from tools.torture.runs.kinds import KINDS, Kind
from tools.torture.runs.run import Run
from tools.torture.runs.site import Site

_UNHANDLED = {  # a command that is not under way yet may end as any other
    signal.SIGINT: {130, -signal.SIGINT},
    signal.SIGTERM: {143, -signal.SIGTERM},
    signal.SIGHUP: {129, -signal.SIGHUP},
}


@dataclass(frozen=True)
class Signals:
    """What is sent to one run.

    Attributes:
        kind: of the run.
        number: SIGINT, SIGTERM or SIGHUP.
        times: how often, at most: until the command has ended.
        every_s: one after the other.
        early: the first falls into the start, else it is counted from the first result.
        after_s: from there on.
    """

    kind: Kind
    number: signal.Signals
    times: int
    every_s: float
    early: bool
    after_s: float

    def __str__(self) -> str:
        when = "the start" if self.early else "the first result"
        many = f"{self.times} x {self.number.name}, one in {self.every_s * 1000:.0f} ms"
        return f"{self.kind.name}: {many}, {self.after_s:.2f} s after {when}"


class SignalsScenario:
    """SIGINT 1 to 20 times, 5 to 500 ms apart; SIGTERM and SIGHUP now and then."""

    name = "signals"
    about = "SIGINT 1 to 20 times, 5 to 500 ms apart, at any moment; SIGTERM, SIGHUP"
    weight = 4.0

    def missing(self) -> str:
        """It can be made everywhere."""
        return ""

    def draw(self, random: Random) -> Signals:
        """Four of five are SIGINT; one in four falls into the start."""
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        return Signals(
            kind=random.choice(list(KINDS.values())),
            number=random.choices(numbers, (8, 1, 1))[0],
            times=random.randint(1, 20),
            every_s=round(0.005 * 100 ** random.random(), 4),
            early=random.random() < 0.25,
            after_s=round(random.uniform(0, 1.5), 3),
        )

    def run(self, choice: Signals, site: Site) -> Outcome:
        """Sends them, and judges how the run ends."""
        outcome, kind, pace = Outcome(), choice.kind, site.pace
        with site.start(*kind.arguments(site)) as run:
            first_s = pace.allowed_s("first result")
            if choice.early:
                run.wait(lambda: run.ended or _is_loading(run), "its first import", first_s)
            else:
                run.wait_for_results(first_s, 0)
            run.pause(choice.after_s)
            in_time = not run.ended
            for _ in range(choice.times):
                if run.ended:
                    break
                run.signal(run.pid, choice.number)
                outcome.counts[choice.number.name] += 1
                time.sleep(choice.every_s)
            evidence = run.finish(pace.allowed_s("ended"), pace.allowed_s("gone"))
        codes = {0, 1}
        if choice.early or choice.number is signal.SIGHUP:
            codes |= _UNHANDLED[choice.number]
        outcome.find(judge_end(evidence, codes=codes, lines=4))
        if in_time and choice.number is signal.SIGINT:
            outcome.counts["SIGINT tries"] += 1
            outcome.measured["ended_s"].append(evidence.idle_s["ended"])
        report = site.folder / "report.json"
        if evidence.code == 0 or report.exists():
            outcome.find(judge_report(report, lockstep=kind.lockstep, loops=kind.loops))
        if kind.records is not None and kind.output(site).exists():
            recorded = Recorded(kind.output(site), site.folder / "recovered")
            outcome.find(recorded.findings)
            if choice.times == 1 and choice.number is not signal.SIGHUP:
                outcome.find(f"{name} is not complete" for name in recorded.unfinished)
        return outcome


def _is_loading(run: Run) -> bool:
    """Whether it has left the interpreter's own start behind, which answers as it likes."""
    with suppress(OSError):
        return "msgspec" in Path(f"/proc/{run.pid}/maps").read_text()
    return False
