"""The supervisor itself is killed, alone or with all its children, or stopped for a while."""

import signal
import time
from dataclasses import dataclass
from random import Random

from tools.torture.judging.judge import judge_end, judge_report
from tools.torture.judging.recorded import MAY_LOSE_S, Recorded
from tools.torture.outcome import Outcome
from tools.torture.runs.kinds import KINDS, LIVE, Kind
from tools.torture.runs.run import Evidence
from tools.torture.runs.site import RATE_HZ, Site


@dataclass(frozen=True)
class SupervisorStrike:
    """What is done to the supervisor of one run.

    Attributes:
        kind: of the run.
        early: it falls into the start, else it is counted from the first result.
        after_s: from there on.
        alone: whether the children are spared.
        stop_s: how long it is stopped; 0 where it is killed.
    """

    kind: Kind
    early: bool
    after_s: float
    alone: bool
    stop_s: float

    def __str__(self) -> str:
        what = f"SIGSTOP {self.stop_s:.1f} s" if self.stop_s else "SIGKILL"
        whom = "supervisor" if self.alone else "supervisor and all its children"
        when = "the start" if self.early else "the first result"
        return f"{self.kind.name}: {what} {whom} {self.after_s:.2f} s after {when}"


class SupervisorScenario:
    """What remains when the supervisor goes: no orphan, no directory, and the recording."""

    name = "supervisor"
    about = "kills and stops of the supervisor, alone or with all its children"
    weight = 3.0

    def missing(self) -> str:
        """It can be made everywhere."""
        return ""

    def draw(self, random: Random) -> SupervisorStrike:
        """Two of three are kills, half of these of all processes."""
        kills = random.random() < 2 / 3
        return SupervisorStrike(
            kind=random.choice(list(KINDS.values())),
            early=random.random() < 0.3,
            after_s=round(random.uniform(0, 2.5), 3),
            alone=not kills or random.random() < 0.5,
            stop_s=0.0 if kills else round(0.2 * 40 ** random.random(), 2),
        )

    def run(self, choice: SupervisorStrike, site: Site) -> Outcome:
        """Strikes, and judges what was left."""
        outcome, kind, pace = Outcome(), choice.kind, site.pace
        with site.start(*kind.arguments(site)) as run:
            if not choice.early:
                run.wait_for_results(_first_s(site), 0)
            run.pause(choice.after_s)
            run.look(always=True)
            at_ns = time.monotonic_ns()
            before = run.delays.within(at_ns / 1e9 - 3.0)
            delay_s = max(before.values(), default=0.0)
            ended_itself = run.ended
            if choice.stop_s:
                outcome.counts["SIGSTOP"] += run.signal(run.pid, signal.SIGSTOP)
                run.pause(choice.stop_s)
                run.signal(run.pid, signal.SIGCONT)
                run.wait_for_results(_first_s(site), 0)
                run.pause(0.5)
                ended_itself = run.ended
                if not kind.lockstep:
                    run.signal(run.pid, signal.SIGINT)
            else:
                pids = [run.pid] if choice.alone else [pid for pid, _ in run.processes()]
                for number in (signal.SIGSTOP, signal.SIGKILL):  # none acts on another's death
                    for pid in pids:
                        run.signal(pid, number)
                outcome.counts["SIGKILL"] += len(pids)
            allowed_s = _first_s(site) if kind.lockstep else pace.allowed_s("ended")
            evidence = run.finish(allowed_s, pace.allowed_s("gone"))
        if not choice.stop_s and choice.alone and not ended_itself:
            outcome.measured["gone_s"].append(evidence.idle_s.get("gone", float("inf")))
        killed = not choice.stop_s and not ended_itself
        codes = {-signal.SIGKILL} if killed else {0}
        left = killed and not choice.alone
        outcome.find(judge_end(evidence, codes=codes, left=left))
        if left:
            outcome.find(_judge_next(site))
        if not killed:
            restarts = dict.fromkeys(kind.processes, (0, 0 if evidence.delay_s < 2 else 9))
            report = site.folder / "report.json"
            outcome.find(
                judge_report(report, restarts=restarts, lockstep=kind.lockstep, loops=kind.loops)
            )
        if kind.records is not None:
            outcome.find(_judge_recording(choice, evidence, site, at_ns, delay_s))
        return outcome


def _first_s(site: Site) -> float:
    return site.pace.allowed_s("first result")


def _judge_next(site: Site) -> list[str]:
    """The next start removes what a run has left that could not do so itself."""
    runtime = site.runtime(1)
    with site.start(
        *LIVE.words, "--config", site.shared.rig, "--frames", "1", runtime=runtime
    ) as run:
        return judge_end(run.finish(_first_s(site), site.pace.allowed_s("gone")), codes={0})


def _judge_recording(
    choice: SupervisorStrike, evidence: Evidence, site: Site, at_ns: int, delay_s: float
) -> list[str]:
    recorded = Recorded(choice.kind.output(site), site.folder / "recovered")
    found = recorded.findings
    if choice.stop_s:
        found += [f"{name} is not complete" for name in recorded.unfinished]
        found += recorded.gaps_s([], 0.5 + evidence.delay_s)
        return found
    lost_s = None if choice.early else recorded.lost_s(at_ns)
    if lost_s is not None and lost_s > MAY_LOSE_S + 1 / RATE_HZ + delay_s:
        found.append(f"{lost_s:.2f} s lost before the kill")
    return found
