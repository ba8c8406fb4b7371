"""Programs that are none of the run's, on its sockets: floods, forgeries, foreign bytes."""

import signal
from dataclasses import dataclass
from pathlib import Path
from random import Random

import msgspec
import psutil

from streamer.supervision.report import Report
from tests.support.ports import free_ports
from tools.torture.judging.judge import judge_end, judge_report
from tools.torture.judging.recorded import Recorded
from tools.torture.outcome import Outcome
from tools.torture.runs.kinds import RECORD
from tools.torture.runs.run import Run
from tools.torture.runs.site import Site
from tools.torture.scenarios.attacks import Attack, Attacker

_COUNTS = {
    Attack.MUTATED: 8_000,
    Attack.FORGED: 8_000,
    Attack.SUBSCRIPTIONS: 20_000,
    Attack.SLOW: 24,
    Attack.RAW: 200,
}
_GROWS_MB = 20.0
_SETTLES_S = 2.0
_LOOKS = 6
_LINES = 60  # what repeats itself is told once a minute, by each reader and in each form


@dataclass(frozen=True)
class Attacks:
    """What is sent to one run, by what, one after the other."""

    tcp: bool
    attacks: tuple[Attack, ...]
    seed: int

    def __str__(self) -> str:
        return f"{'tcp' if self.tcp else 'ipc'}: {', then '.join(self.attacks)}"


class PeersScenario:
    """Over ipc as the same user, who may do anything but bring it down; over tcp as anybody."""

    about = "floods, forgeries, subscriptions and foreign bytes"
    weight = 1.5

    def __init__(self, *, tcp: bool) -> None:
        self._tcp = tcp
        self.name = f"peers-{'tcp' if tcp else 'ipc'}"

    def missing(self) -> str:
        """It can be made everywhere."""
        return ""

    def draw(self, random: Random) -> Attacks:
        """Two attacks."""
        attacks = tuple(random.sample(list(Attack), 2))
        return Attacks(self._tcp, attacks, random.randrange(2**32))

    def run(self, choice: Attacks, site: Site) -> Outcome:
        """Attacks a recording, looks after its memory and its results, and ends it."""
        outcome, pace = Outcome(), site.pace
        first_s = pace.allowed_s("first result")
        port = free_ports() if choice.tcp else 0
        words = [f"transport.kind={'tcp' if choice.tcp else 'ipc'}", f"transport.port={port}"]
        more = [word for one in words[: 1 + choice.tcp] for word in ("--set", one)]
        with site.start(*RECORD.arguments(site, *more)) as run:
            run.wait_for_results(first_s)
            before = _settled(run)
            addresses = run.addresses
            for attack in choice.attacks:
                if run.ended or addresses is None:
                    break
                attacker = Attacker(addresses.of, choice.seed)
                attacker.do(attack, _COUNTS.get(attack, 1))
                outcome.counts[str(attack)] += _COUNTS.get(attack, 1)
            after, names = _given_back(run, before), dict(run.processes())
            if not run.ended:
                run.wait_for_results(first_s)
                run.signal(run.pid, signal.SIGINT)
            evidence = run.finish(pace.allowed_s("ended"), pace.allowed_s("gone"))
        forged = Attack.FAILURE in choice.attacks and not choice.tcp
        outcome.find(judge_end(evidence, codes={0, 1} if forged else {0}, lines=_LINES))
        grown = {pid: after[pid] - before[pid] for pid in before.keys() & after.keys()}
        outcome.measured["grown_mb"] += grown.values()
        outcome.find(
            f"{names[pid]} has grown by {mb:.0f} MB" for pid, mb in grown.items() if mb > _GROWS_MB
        )
        report = site.folder / "report.json"
        if choice.tcp:
            restarts = dict.fromkeys(RECORD.processes, (0, 0 if evidence.delay_s < 2 else 9))
            outcome.find(judge_report(report, restarts=restarts))
            outcome.find(_judge_refusals(report))
        else:
            outcome.find(judge_report(report, changes=False))
        outcome.find(Recorded(RECORD.output(site), site.folder / "recovered").findings)
        return outcome


def _judge_refusals(report: Path) -> list[str]:
    """On tcp, nobody comes in without the keys of the run, and it tells who has tried."""
    try:
        told = msgspec.json.decode(report.read_bytes(), type=Report)
    except (OSError, msgspec.MsgspecError):
        return []  # said already
    return [] if told.refused_connections else ["strangers tried, and none was refused"]


def _settled(run: Run) -> dict[int, float]:
    """The memory of each process, when it no longer grows by what is loaded late."""
    before = _rss_mb(run)
    for _ in range(_LOOKS):
        run.pause(_SETTLES_S)
        now = _rss_mb(run)
        if all(abs(mb - before.get(pid, 0.0)) < 1 for pid, mb in now.items()):
            return now
        before = now
    return before


def _given_back(run: Run, before: dict[int, float]) -> dict[int, float]:
    """The memory of each process when it is as it was, or after some looks."""
    now = before
    for _ in range(_LOOKS):
        run.pause(_SETTLES_S)
        now = _rss_mb(run)
        if all(mb - before.get(pid, mb) <= _GROWS_MB for pid, mb in now.items()):
            break
    return now


def _rss_mb(run: Run) -> dict[int, float]:
    sizes = {}
    for pid, _ in run.processes():
        try:
            sizes[pid] = psutil.Process(pid).memory_info().rss / 2**20
        except psutil.NoSuchProcess:
            continue
    return sizes
