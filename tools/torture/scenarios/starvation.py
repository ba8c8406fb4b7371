"""Runs that are kept from running: by busy loops, by stops of all of them, by limits."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from tools.torture.judging.judge import judge_digest, judge_end, judge_report
from tools.torture.judging.recorded import Recorded
from tools.torture.outcome import Outcome
from tools.torture.runs.kinds import KINDS, Kind
from tools.torture.runs.run import Run
from tools.torture.runs.site import Site
from tools.torture.scenarios.strikes import HANGS_S

_LOOP = "while True: pass"


class Want(StrEnum):
    """What a run lacks."""

    CORES = "busy loops on all cores"
    GROUP = "a stop of all its processes"
    NICE = "the lowest priority, beside busy loops"
    FILES = "a limit of open files"
    MEMORY = "a limit of memory"


@dataclass(frozen=True)
class Starvation:
    """What one run lacks.

    Attributes:
        kind: of the run.
        want: what it lacks.
        after_s: from when on, after the first result.
        seconds: for how long.
        amount: busy loops a core, or the limit: files, or MB.
    """

    kind: Kind
    want: Want
    after_s: float
    seconds: float
    amount: int

    def __str__(self) -> str:
        if self.want in (Want.FILES, Want.MEMORY):
            unit = " MB" if self.want is Want.MEMORY else ""
            return f"{self.kind.name}: {self.want}: {self.amount}{unit}"
        loops = "" if self.want is Want.GROUP else f" ({self.amount} a core)"
        return f"{self.kind.name}: {self.want}{loops} for {self.seconds:.1f} s"


class StarvationScenario:
    """A run that gets too little goes on, late, or ends with one line."""

    name = "starvation"
    about = "busy loops on all cores, stops of whole runs, limits of files and memory"
    weight = 2.0

    def missing(self) -> str:
        """It can be made everywhere."""
        return ""

    def draw(self, random: Random) -> Starvation:
        """A kind of run, and what it lacks."""
        want = random.choice(list(Want))
        amounts = {Want.FILES: random.randint(28, 90), Want.MEMORY: random.randint(1200, 3000)}
        return Starvation(
            kind=random.choice(list(KINDS.values())),
            want=want,
            after_s=round(random.uniform(0, 1), 2),
            seconds=round(random.uniform(0.5, 5), 2),
            amount=amounts.get(want, random.randint(1, 4)),
        )

    def run(self, choice: Starvation, site: Site) -> Outcome:
        """Starves a run, and lets it recover."""
        outcome, pace, kind, want = Outcome(), site.pace, choice.kind, choice.want
        wanted = site.shared.result_sha256 if kind.lockstep else ""
        prefix = {
            Want.FILES: ["prlimit", f"--nofile={choice.amount}:{choice.amount}"],
            Want.MEMORY: ["prlimit", f"--as={choice.amount * 10**6}"],
            Want.NICE: ["nice", "-n", "19"],
        }.get(want, [])
        with site.start(*kind.arguments(site), prefix=prefix) as run:
            run.wait_for_results(pace.allowed_s("first result"))
            run.pause(choice.after_s)
            if want is Want.GROUP:
                _stop_all(run, choice.seconds)
            elif want in (Want.CORES, Want.NICE):
                with _busy(choice.amount * (os.cpu_count() or 1)):
                    run.pause(choice.seconds)
            run.wait_for_results(pace.allowed_s("first result"))
            if not kind.lockstep:
                run.signal(run.pid, signal.SIGINT)
            allowed_s = pace.allowed_s("first result" if kind.lockstep else "ended")
            evidence = run.finish(allowed_s, pace.allowed_s("gone"))
        outcome.counts[f"starved: {want}"] += 1
        limited = want in (Want.FILES, Want.MEMORY)
        outcome.find(
            judge_end(evidence, codes={0, 1} if limited or kind.lockstep else {0}, lines=8)
        )
        report = site.folder / "report.json"
        if evidence.code == 0:
            silent = want is Want.GROUP and choice.seconds > HANGS_S - 1
            restarts = None if limited or silent or evidence.delay_s > 2 else (0, 0)
            outcome.find(
                judge_report(
                    report,
                    restarts=restarts and dict.fromkeys(kind.processes, restarts),
                    lockstep=kind.lockstep,
                    loops=kind.loops,
                )
            )
            if kind.lockstep:
                outcome.find(judge_digest(report, wanted))
        if kind.records is not None and kind.output(site).exists():
            outcome.find(Recorded(kind.output(site), site.folder / "recovered").findings)
        return outcome


def _busy(loops: int) -> ExitStack:
    """Loops that take all they get, until it is closed."""
    stack = ExitStack()
    for _ in range(loops):
        loop = subprocess.Popen([sys.executable, "-c", _LOOP])
        stack.callback(loop.wait)
        stack.callback(loop.kill)
    return stack


def _stop_all(run: Run, seconds: float) -> None:
    pids = [pid for pid, _ in run.processes()]
    for pid in pids:
        run.signal(pid, signal.SIGSTOP)
    run.pause(seconds)
    for pid in pids:
        run.signal(pid, signal.SIGCONT)
