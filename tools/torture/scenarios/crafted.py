"""Crafted input: thousands of cases in a process of their own, and a few by the real command."""

import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import psutil

from tools.torture.crafted.subjects import SUBJECTS
from tools.torture.judging.judge import judge_end
from tools.torture.outcome import Outcome
from tools.torture.runs.run import Run
from tools.torture.runs.site import Site

_LONGEST_CPU_S = 20.0  # of one case: reading it should take milliseconds
_START_CPU_S = 60.0
_LOOK_S = 0.1
_COMMAND_S = 12.0  # until a run that goes on is asked to end
_LINES = 8


@dataclass(frozen=True)
class Batch:
    """Cases of one kind, from a seed on."""

    subject: str
    seed: int

    def __str__(self) -> str:
        return f"{SUBJECTS[self.subject].batch} {self.subject}"


class CraftedScenario:
    """Whatever comes: it is read, or refused in a line; nothing crashes, hangs or swells."""

    name = "crafted"
    about = "crafted messages, settings, pictures, videos, recordings, weights, by the thousand"
    weight = 3.0

    def missing(self) -> str:
        """It can be made everywhere."""
        return ""

    def draw(self, random: Random) -> Batch:
        """A kind and a seed."""
        return Batch(random.choice(list(SUBJECTS)), random.randrange(2**32))

    def run(self, choice: Batch, site: Site) -> Outcome:
        """Reads them in a process that may die of it."""
        outcome, subject = Outcome(), SUBJECTS[choice.subject]
        first, left = 0, subject.batch
        while left > 0:
            command = [sys.executable, "-m", "tools.torture.crafted", subject.name]
            words = (str(choice.seed), str(first), str(left))
            with site.start(*words, command=command) as run:
                at, why = watch(run)
                run.finish(_START_CPU_S, site.pace.allowed_s("gone"))
            found = run.folder / "found"
            if found.exists():
                outcome.find(f"{subject.name}, {line}" for line in found.read_text().splitlines())
            if at is None and not why:
                break
            words_said = run.evidence.errors.strip().splitlines()[-1:]
            outcome.find([f"{subject.name}, case {at}: {why or 'the process ended'} {words_said}"])
            if at is None:
                break
            first, left = at + 1, subject.batch - at - 1
        outcome.counts[subject.name] += subject.batch
        return outcome


def watch(run: Run, longest_cpu_s: float = _LONGEST_CPU_S) -> tuple[int | None, str]:
    """Waits for the end; the case that did not end, or took the process along, and how."""
    at, since_s = None, 0.0
    while not run.ended:
        time.sleep(_LOOK_S)
        case = run.folder / "case"
        now = _number(case)
        try:
            times = psutil.Process(run.pid).cpu_times()
        except psutil.NoSuchProcess:
            break
        used_s = times.user + times.system
        if now != at:
            at, since_s = now, used_s
        limit_s = _START_CPU_S if at is None else longest_cpu_s
        if used_s - since_s > limit_s:
            run.signal(run.pid, signal.SIGKILL)
            return at, f"has not ended after {used_s - since_s:.0f} s of computing"
    if (run.folder / "case").exists() and (run.folder / "case").read_text().startswith("done"):
        return None, ""
    code = run.code
    return _number(run.folder / "case"), f"ended with {code}"


def _number(case: Path) -> int | None:
    text = case.read_text().strip() if case.exists() else ""
    return int(text) if text.isdigit() else None


@dataclass(frozen=True)
class Crafted:
    """One case, for the real commands."""

    subject: str
    seed: int

    def __str__(self) -> str:
        return f"one of {self.subject} (seed {self.seed})"


class CraftedCommandsScenario:
    """The same input, as a user meets it."""

    name = "crafted-commands"
    about = "one of the crafted, by every command that takes it"
    weight = 2.0

    def missing(self) -> str:
        """It can be made everywhere."""
        return ""

    def draw(self, random: Random) -> Crafted:
        """A kind that commands take, and a seed."""
        kinds = [name for name in SUBJECTS if name != "messages"]
        return Crafted(random.choice(kinds), random.randrange(2**32))

    def run(self, choice: Crafted, site: Site) -> Outcome:
        """Runs each command with it."""
        outcome, subject, pace = Outcome(), SUBJECTS[choice.subject], site.pace
        folder = site.folder / "case"
        folder.mkdir()
        subject.prepare(folder)
        case = subject.craft(Random(f"{choice.seed}/0"), folder)
        for words in subject.commands(case, folder):
            with site.start(*words) as run:
                run.pause(_COMMAND_S)
                if not run.ended:
                    run.signal(run.pid, signal.SIGINT)
                evidence = run.finish(pace.allowed_s("ended") + _COMMAND_S, pace.allowed_s("gone"))
            codes = {0, 1, 2, 130, -signal.SIGINT}
            outcome.find(
                f"{words[0]}: {one}" for one in judge_end(evidence, codes=codes, lines=_LINES)
            )
            outcome.counts["commands with crafted input"] += 1
        return outcome
