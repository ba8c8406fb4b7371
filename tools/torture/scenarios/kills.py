"""Kills and stops of the processes of a run; its supervisor has a scenario of its own."""

import signal
from collections import Counter
from dataclasses import dataclass
from random import Random

from tools.torture.judging.judge import judge_digest, judge_end, judge_report
from tools.torture.judging.recorded import MAY_LOSE_S, Recorded
from tools.torture.outcome import Outcome
from tools.torture.runs.kinds import KINDS, Kind
from tools.torture.runs.run import Run
from tools.torture.runs.site import RATE_HZ, Site
from tools.torture.scenarios.strikes import Strike, Struck, draw_strike

_TIMELY = 3  # restarts of one process that the aim is about; then pauses grow
_ENDS = ("capture.thermal", "recorder")  # without either, no thermal frame can be recorded
_LATEST_S = 3.0  # of a strike in a replay that goes as fast as it can
_LONGEST_GAP_S = 0.5  # between two recorded frames where nothing was done to either end


@dataclass(frozen=True)
class Kills:
    """What is done to one run.

    Attributes:
        kind: of the run.
        early: the first strike falls into the start, counted from the first look at the process.
        strikes: one after the other, each when the one before is over.
    """

    kind: Kind
    early: bool
    strikes: tuple[Strike, ...]

    def __str__(self) -> str:
        when = " (at the start)" if self.early else ""
        return f"{self.kind.name}{when}: {', then '.join(map(str, self.strikes))}"


class KillsScenario:
    """Any process but the supervisor, killed or stopped, up to four times a run."""

    name = "kills"
    about = "kills and stops of every process of live, window, record, segments and replay"
    weight = 6.0

    def missing(self) -> str:
        """It can be made everywhere."""
        return ""

    def draw(self, random: Random) -> Kills:
        """A kind of run, and one to four strikes."""
        kind = random.choice(list(KINDS.values()))
        count = 1 if kind.lockstep else random.randint(2, 4)
        latest_s = _LATEST_S if kind.lockstep else 1.5
        strikes = tuple(draw_strike(random, kind.processes, latest_s) for _ in range(count))
        return Kills(kind, not kind.lockstep and random.random() < 0.2, strikes)

    def run(self, choice: Kills, site: Site) -> Outcome:
        """Strikes, waits until all is as it was, ends the run, and judges it."""
        outcome = Outcome()
        kind, pace = choice.kind, site.pace
        wanted = site.shared.result_sha256 if kind.lockstep else ""
        with site.start(*kind.arguments(site)) as run:
            struck = self._strike(choice, run, site, outcome)
            seen = run.results
            if not kind.lockstep and not run.ended:
                run.signal(run.pid, signal.SIGINT)
            allowed_s = pace.allowed_s("first result" if kind.lockstep else "ended")
            evidence = run.finish(allowed_s, pace.allowed_s("gone"))
        lines = 2 + 4 * len(choice.strikes)
        outcome.find(judge_end(evidence, lines=lines))
        report = site.folder / "report.json"
        if kind.lockstep:
            if evidence.code == 0:
                outcome.find(judge_report(report, seen=seen, lockstep=True))
                outcome.find(judge_digest(report, wanted))
            return outcome
        if evidence.code == 1:
            outcome.find([f"exit code 1: {evidence.errors.splitlines()[-1:]}"])
        idle = evidence.delay_s < 2.0  # else a busy host may have been taken for a hang
        restarts = _restarts(choice, struck, idle=idle)
        outcome.find(judge_report(report, seen=seen, restarts=restarts, loops=kind.loops))
        if kind.records is not None:
            _judge_recording(kind, struck, site, outcome, evidence.delay_s)
        return outcome

    def _strike(self, choice: Kills, run: Run, site: Site, outcome: Outcome) -> list[Struck]:
        pace, kind = site.pace, choice.kind
        first_s = pace.allowed_s("first result")
        struck: list[Struck] = []
        for number, strike in enumerate(choice.strikes):
            early = choice.early and number == 0
            if early:
                run.wait(
                    lambda victim=strike.victim: victim in run.children(),  # type: ignore[misc]
                    "processes",
                    first_s,
                )
            elif not run.wait_for_results(first_s, 0):
                return struck
            run.pause(strike.after_s)
            one = Struck(strike, run)
            outcome.counts["SIGKILL" if strike.kills else "SIGSTOP"] += one.hit
            struck.append(one)
            if kind.lockstep or not one.hit:
                continue
            if not one.wait_back(first_s if early else pace.allowed_s("back") + number * 3.0):
                return struck
            times = Counter(each.strike.victim for each in struck)[strike.victim]
            if strike.kills and not early and times <= _TIMELY:
                outcome.measured["back_s"].append(one.back_s)
        if not kind.lockstep and not run.ended:
            run.wait_for_results(pace.allowed_s("back"))
        return struck


def _restarts(choice: Kills, struck: list[Struck], *, idle: bool) -> dict[str, tuple[int, int]]:
    spans = {}
    for name in choice.kind.processes:
        ones = [one.strike for one in struck if one.hit and one.strike.victim == name]
        # who is stopped while it starts has `start_timeout_s` for that, not `hang_s`
        starting = choice.strikes[0] if choice.early else None
        fewest = sum(one.restarts[0] for one in ones if one is not starting or one.kills)
        most = sum(one.restarts[1] for one in ones)
        spans[name] = (fewest, most if idle else most + 9)
    return spans


def _judge_recording(
    kind: Kind, struck: list[Struck], site: Site, outcome: Outcome, delay_s: float
) -> None:
    recorded = Recorded(kind.output(site), site.folder / "recovered")
    outcome.find(recorded.findings)
    spans = [(one.begun_ns, one.over_ns) for one in struck if one.strike.victim in _ENDS]
    outcome.find(recorded.gaps_s(spans, _LONGEST_GAP_S + delay_s))
    for number, one in enumerate(struck):
        earlier = (each.over_ns for each in struck[:number] if each.strike.victim in _ENDS)
        lost_s = recorded.lost_s(one.begun_ns, since_ns=max(earlier, default=0))
        if not one.hit or not one.strike.kills or lost_s is None:
            continue
        outcome.measured["lost_s"].append(lost_s)
        if lost_s > MAY_LOSE_S + 1 / RATE_HZ + one.delay_s:
            outcome.find([f"{lost_s:.2f} s lost before {one.strike}"])
