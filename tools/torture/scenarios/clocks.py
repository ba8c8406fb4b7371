"""Clocks that jump, hosts that started just now or ten years ago, recordings of such hosts."""

import signal
import time
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from tests.support.steady_recording import steady_recording
from tools.time_namespace import shifted_clocks, shifted_clocks_are_missing
from tools.torture.judging.judge import judge_digest, judge_end, judge_report
from tools.torture.judging.recorded import Recorded
from tools.torture.outcome import Outcome
from tools.torture.runs.kinds import KINDS, LIVE, LOCKSTEP, PACED, RECORD, SEGMENTS, WINDOW, Kind
from tools.torture.runs.site import RATE_HZ, ROOT, Site

_YEAR_S = 365.25 * 86_400
_RECORDED_S = 6.0

# The clock of the whole host is no test's to set: the interpreters of the run are told another one.
_OTHER_CLOCK = """
import pathlib, time
told, real, real_ns = pathlib.Path({file!r}), time.time, time.time_ns
def ahead_s():
    try:
        return float(told.read_text())
    except (OSError, ValueError):
        return 0.0
time.time = lambda: real() + ahead_s()
time.time_ns = lambda: real_ns() + round(ahead_s() * 1e9)
"""


class Jump(StrEnum):
    """Where the time of day goes while a run is under way."""

    HOUR_BACK = "an hour back"
    DAY_AHEAD = "a day ahead"
    EPOCH = "to 1970"
    FAR = "to the year 2100"

    @property
    def by_s(self) -> float:
        """How far that is from now."""
        now = time.time()
        seconds = {"HOUR_BACK": -3600.0, "DAY_AHEAD": 86_400.0, "EPOCH": 10 - now}
        return seconds.get(self.name, 130 * _YEAR_S - now)


@dataclass(frozen=True)
class WallJump:
    """A jump of the time of day in one run, and another one back to what it was."""

    kind: Kind
    jump: Jump
    after_s: float

    def __str__(self) -> str:
        return f"{self.kind.name}: the time of day goes {self.jump} after {self.after_s:.2f} s"


class WallClockScenario:
    """The time of day is for people: nothing that is measured may depend on it."""

    name = "wall-clock"
    about = "jumps of the time of day while a run is under way"
    weight = 1.0

    def missing(self) -> str:
        """It can be made everywhere."""
        return ""

    def draw(self, random: Random) -> WallJump:
        """A kind of run and a jump."""
        kind = random.choice((LIVE, WINDOW, RECORD, SEGMENTS, PACED))
        return WallJump(kind, random.choice(list(Jump)), round(random.uniform(0, 2), 2))

    def run(self, choice: WallJump, site: Site) -> Outcome:
        """Jumps there, and back a second later."""
        outcome, pace, kind = Outcome(), site.pace, choice.kind
        told = site.folder / "ahead"
        (site.folder / "sitecustomize.py").write_text(_OTHER_CLOCK.format(file=str(told)))
        path = f"{site.folder}:{ROOT}"
        with site.start(*kind.arguments(site), PYTHONPATH=path) as run:
            run.wait_for_results(pace.allowed_s("first result"))
            run.pause(choice.after_s)
            for ahead_s in (choice.jump.by_s, 0.0):
                (site.folder / "next").write_text(str(ahead_s))
                (site.folder / "next").replace(told)
                run.pause(1.0)
            run.wait_for_results(pace.allowed_s("first result"))
            seen = run.results
            run.signal(run.pid, signal.SIGINT)
            evidence = run.finish(pace.allowed_s("ended"), pace.allowed_s("gone"))
        outcome.counts["jumps of the time of day"] += 2
        restarts = dict.fromkeys(kind.processes, (0, 0 if evidence.delay_s < 2 else 9))
        outcome.find(judge_end(evidence, codes={0}, lines=4))
        report = site.folder / "report.json"
        outcome.find(judge_report(report, seen=seen, restarts=restarts, loops=kind.loops))
        if kind.records is not None:
            recorded = Recorded(kind.output(site), site.folder / "recovered")
            outcome.find(recorded.findings)
            outcome.find(f"{name} is not complete" for name in recorded.unfinished)
            outcome.find(recorded.gaps_s([], 3 / RATE_HZ + evidence.delay_s))
        return outcome


@dataclass(frozen=True)
class Uptime:
    """A run on a host that has been up for so long."""

    kind: Kind
    uptime_s: float

    def __str__(self) -> str:
        return f"{self.kind.name} on a host that has been up for {_words(self.uptime_s)}"


class UptimesScenario:
    """The monotonic clock may stand anywhere."""

    name = "uptimes"
    about = "hosts that have been up for seconds or for ten years"
    weight = 1.0

    def missing(self) -> str:
        """Where there are no time namespaces."""
        return shifted_clocks_are_missing()

    def draw(self, random: Random) -> Uptime:
        """A kind of run and an uptime."""
        kind = random.choice(list(KINDS.values()))
        return Uptime(kind, random.choice((2.0, 60.0, 86_400.0, 10 * _YEAR_S)))

    def run(self, choice: Uptime, site: Site) -> Outcome:
        """Runs for a second or two on such a host."""
        outcome, pace, kind = Outcome(), site.pace, choice.kind
        wanted = site.shared.result_sha256 if kind.lockstep else ""
        with site.start(*kind.arguments(site), prefix=shifted_clocks(choice.uptime_s)) as run:
            run.wait_for_results(pace.allowed_s("first result"))
            run.pause(1.5)
            if not kind.lockstep:
                run.signal(run.pid, signal.SIGINT)
            allowed_s = pace.allowed_s("first result" if kind.lockstep else "ended")
            evidence = run.finish(allowed_s, pace.allowed_s("gone"))
        outcome.counts["hosts of another uptime"] += 1
        outcome.find(judge_end(evidence, codes={0}))
        report = site.folder / "report.json"
        outcome.find(judge_report(report, lockstep=kind.lockstep, loops=kind.loops))
        if kind.lockstep:
            outcome.find(judge_digest(report, wanted))
        if kind.records is not None:
            recorded = Recorded(kind.output(site), site.folder / "recovered")
            outcome.find(recorded.findings)
            outcome.find(f"{name} is not complete" for name in recorded.unfinished)
            begun_s = recorded.thermal[0] / 1e9 - choice.uptime_s if recorded.thermal else -1.0
            if not -1 < begun_s < 300:
                outcome.find([f"its frames are of {begun_s:.1f} s after the start"])
        return outcome


@dataclass(frozen=True)
class Replayed:
    """A replay of what was recorded on a host that had been up for so long."""

    kind: Kind
    uptime_s: float

    def __str__(self) -> str:
        return f"{self.kind.name} of a host that had been up for {_words(self.uptime_s)}"


class RecordedUptimesScenario:
    """A replay does not depend on the uptime of the host that recorded."""

    name = "recorded-uptimes"
    about = "replays of recordings whose host had been up for a second or for ten years"
    weight = 1.0

    def missing(self) -> str:
        """It can be made everywhere."""
        return ""

    def draw(self, random: Random) -> Replayed:
        """A kind of replay and an uptime."""
        kind = random.choice((LOCKSTEP, LOCKSTEP, PACED))
        return Replayed(kind, random.choice((0.0, 1.0, 86_400.0, 10 * _YEAR_S)))

    def run(self, choice: Replayed, site: Site) -> Outcome:
        """Replays it, and as it would be of an ordinary host where the bytes are to be equal."""
        outcome, pace, kind = Outcome(), site.pace, choice.kind
        file = steady_recording(site.folder / "moved.mcap", _RECORDED_S, uptime_s=choice.uptime_s)
        report = site.folder / "report.json"
        command, *options = kind.words
        with site.start(command, file, *options, "--report", report) as run:
            if not kind.lockstep:
                run.wait_for_results(pace.allowed_s("first result"))
                run.pause(2.5)
                run.signal(run.pid, signal.SIGINT)
            allowed_s = pace.allowed_s("first result" if kind.lockstep else "ended")
            evidence = run.finish(allowed_s, pace.allowed_s("gone"))
        outcome.counts["recordings of another uptime"] += 1
        outcome.find(judge_end(evidence, codes={0}))
        outcome.find(judge_report(report, lockstep=kind.lockstep, loops=kind.loops))
        if kind.lockstep:
            ordinary = steady_recording(site.folder / "ordinary.mcap", _RECORDED_S)
            outcome.find(judge_digest(report, site.shared.replayed(ordinary)))
        return outcome


def _words(seconds: float) -> str:
    return f"{seconds / _YEAR_S:.0f} years" if seconds > _YEAR_S else f"{seconds:.0f} s"
