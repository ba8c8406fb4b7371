"""Cameras that freeze but go on sending, drop, delay, send foreign bytes and die: `--inject`."""

from dataclasses import dataclass
from random import Random

import msgspec

from streamer.supervision.report import Report
from tools.torture.judging.judge import judge_end, judge_report
from tools.torture.judging.recorded import Recorded
from tools.torture.outcome import Outcome
from tools.torture.runs.kinds import LIVE, LOCKSTEP, RECORD, SEGMENTS, WINDOW, Kind
from tools.torture.runs.site import RATE_HZ, Site

_KILLABLE = ("capture.visible", "capture.thermal", "inference")
_LIVE_S = 6.0
_STALE_S = 1.2  # frozen, or silent, for longer than this: the mode has to change
_SLACK_FRAMES = 3


@dataclass(frozen=True)
class Injected:
    """One `--inject`: what, to whom, from when to when (seconds)."""

    fault: str
    target: str
    start_s: float
    end_s: float = 0.0
    delay_ms: int = 0

    def __str__(self) -> str:
        delay = f"={self.delay_ms}ms" if self.delay_ms else ""
        end = f"-{self.end_s}" if self.end_s else ""
        return f"{self.fault}:{self.target}{delay}@{self.start_s}{end}"


@dataclass(frozen=True)
class CameraFaults:
    """What the cameras of one run do."""

    kind: Kind
    faults: tuple[Injected, ...]

    def __str__(self) -> str:
        return f"{self.kind.name}: {', '.join(map(str, self.faults))}"


class CamerasScenario:
    """Every fault is noticed, counted by its cause and told; the run goes on."""

    name = "cameras"
    about = "cameras that freeze, drop, delay, send foreign bytes and die (--inject)"
    weight = 2.0

    def missing(self) -> str:
        """It can be made everywhere."""
        return ""

    def draw(self, random: Random) -> CameraFaults:
        """One to three faults."""
        kind = random.choice((LIVE, WINDOW, RECORD, SEGMENTS, LOCKSTEP))
        faults = tuple(_draw_fault(random, kind) for _ in range(random.randint(1, 3)))
        return CameraFaults(kind, faults)

    def run(self, choice: CameraFaults, site: Site) -> Outcome:
        """Runs with them for some seconds; a headless replay twice."""
        outcome, pace, kind = Outcome(), site.pace, choice.kind
        words = [word for one in choice.faults for word in ("--inject", str(one))]
        words += [] if kind.lockstep else ["--duration", str(_LIVE_S)]
        report = site.folder / "report.json"
        digests = set()
        for _ in range(2 if kind.lockstep else 1):
            with site.start(*kind.arguments(site), *words) as run:
                evidence = run.finish(
                    pace.allowed_s("first result") + _LIVE_S + pace.allowed_s("ended"),
                    pace.allowed_s("gone"),
                )
            outcome.find(judge_end(evidence, codes={0}, lines=4 + 2 * len(choice.faults)))
            if evidence.code == 0:
                digests.add(msgspec.json.decode(report.read_bytes())["result_sha256"])
        for one in choice.faults:
            outcome.counts[f"injected {one.fault}"] += 1
        if len(digests) > 1:
            outcome.find([f"two replays with the same faults differ: {digests}"])
        if evidence.code == 0:
            restarts = _restarts(choice, idle=evidence.delay_s < 2)
            outcome.find(judge_report(report, restarts=restarts))
            told = msgspec.json.decode(report.read_bytes(), type=Report)
            outcome.find(_judge_told(choice, told, evidence.delay_s))
        if kind.records is not None:
            recorded = Recorded(kind.output(site), site.folder / "recovered")
            outcome.find(recorded.findings)
            outcome.find(f"{name} is not complete" for name in recorded.unfinished)
        return outcome


def _draw_fault(random: Random, kind: Kind) -> Injected:
    names = ("drop", "freeze", "delay", "corrupt", "ffc", *(() if kind.lockstep else ("kill",)))
    fault = random.choice(names)
    start_s = round(random.uniform(0.2, 3), 2)
    if fault == "kill":
        viewer = ("viewer",) if kind is WINDOW else ()
        return Injected(fault, random.choice((*_KILLABLE, *viewer)), start_s)
    if fault == "ffc":
        return Injected(fault, "thermal", start_s)
    target = random.choice(("visible", "thermal"))
    end_s = round(start_s + random.uniform(0.1, 2.5), 2)
    delay_ms = random.randint(5, 600) if fault == "delay" else 0
    return Injected(fault, target, start_s, end_s, delay_ms)


def _restarts(choice: CameraFaults, *, idle: bool) -> dict[str, tuple[int, int]]:
    killed = [one.target for one in choice.faults if one.fault == "kill"]
    slack = 0 if idle else 9
    return {
        # two kills of one process may fall together
        name: (min(1, killed.count(name)), killed.count(name) + slack)
        for name in choice.kind.processes
    }


def _judge_told(choice: CameraFaults, report: Report, delay_s: float) -> list[str]:
    """What a fault must show in the report; of faults that stand alone, lest one hides another."""
    if len(choice.faults) > 1:
        return []
    (fault,) = choice.faults
    rate_hz = 30 if choice.kind.lockstep else RATE_HZ
    lasted_s = fault.end_s - fault.start_s
    found = []
    if fault.fault == "drop":
        wanted = lasted_s * rate_hz
        came = report.dropped.get(f"{fault.target}/injected", 0)
        if abs(came - wanted) > _SLACK_FRAMES + delay_s * rate_hz:
            found.append(f"{came} frames dropped by {fault}, about {wanted:.0f} wanted")
    if fault.fault == "corrupt" and not report.dropped.get(f"{fault.target}/malformed"):
        found.append(f"{fault}, and nothing malformed: {report.dropped}")
    silent = fault.fault in ("drop", "freeze") and lasted_s > _STALE_S
    if silent and set(report.modes) <= {"guided"} and not report.mode_changes:
        found.append(f"{fault}, and the mode never changed: {report.modes}")
    return found
