"""A process of a run is killed, or stopped for a while: what the strike is, and what follows it."""

import signal
import time
from dataclasses import dataclass
from random import Random

from streamer.clock import NS_PER_S
from streamer.messages import ProcessState
from tools.torture.runs.run import Run

HANGS_S = 5.0
"""`supervision.hang_s`: who is stopped for longer is killed and started again."""
_UNSURE_S = 1.0
_BEFORE_S = 3.0


@dataclass(frozen=True)
class Strike:
    """What happens to one process.

    Attributes:
        victim: its name in the table of processes.
        stop_s: how long it is stopped; 0 where it is killed.
        after_s: how long after the first result, or after the strike before.
    """

    victim: str
    stop_s: float
    after_s: float

    def __str__(self) -> str:
        what = f"SIGSTOP {self.stop_s:.1f} s" if self.stop_s else "SIGKILL"
        return f"{what} {self.victim} after {self.after_s:.2f} s"

    @property
    def kills(self) -> bool:
        """Whether it is SIGKILL."""
        return not self.stop_s

    @property
    def restarts(self) -> tuple[int, int]:
        """The fewest and the most restarts that it may lead to."""
        if self.kills:
            return 1, 1
        return int(self.stop_s > HANGS_S + _UNSURE_S), int(self.stop_s > HANGS_S - _UNSURE_S)


def draw_strike(random: Random, victims: tuple[str, ...], latest_s: float = 1.5) -> Strike:
    """Two of three are kills."""
    stop_s = 0.0 if random.random() < 2 / 3 else round(0.2 * 40 ** random.random(), 2)
    return Strike(random.choice(victims), stop_s, round(random.uniform(0, latest_s), 3))


class Struck:
    """One strike done to a run.

    Attributes:
        begun_ns: of the strike, by the monotonic clock.
        over_ns: when the process ran again, or when it was given up.
        hit: whether the process was there.
        delay_s: for how long the busiest process had no core in the seconds before.
    """

    def __init__(self, strike: Strike, run: Run) -> None:
        self.strike = strike
        self._run = run
        run.look(always=True)
        self.begun_ns = self.over_ns = time.monotonic_ns()
        begun = self.begun_ns / NS_PER_S
        self.delay_s = max(run.delays.within(begun - _BEFORE_S).values(), default=0.0)
        pid = run.children().get(strike.victim)
        self.hit = pid is not None and run.signal(
            pid, signal.SIGKILL if strike.kills else signal.SIGSTOP
        )
        self._pid = pid
        if pid is not None and not strike.kills:
            run.pause(strike.stop_s)
            run.signal(pid, signal.SIGCONT)

    def wait_back(self, allowed_s: float) -> bool:
        """Waits until the process, or the one in its place, says that it runs."""
        since_ns = time.monotonic_ns()
        word = f"{self.strike.victim} back"
        came = self._run.wait(lambda: self._is_back(since_ns) or self._run.ended, word, allowed_s)
        self.over_ns = time.monotonic_ns()
        return came and not self._run.ended

    @property
    def back_s(self) -> float:
        """Seconds that it took, on an idle host."""
        return self._run.evidence.idle_s[f"{self.strike.victim} back"]

    def _is_back(self, since_ns: int) -> bool:
        session = self._run.session
        if session is None:
            return False
        health = session.processes.get(self.strike.victim)
        status = session.statuses.get(self.strike.victim)
        return (
            health is not None
            and status is not None
            and health.alive
            and health.state is ProcessState.RUNNING
            and status.timestamp_ns > since_ns
            and not (self.strike.kills and status.pid == self._pid)
        )
