"""Which signals end a run, and how often they count.

They are sent to a process of their own, as the command is one: in that of the tests other libraries
have their word in how a signal arrives (what stack it is handled on), and a run of other tests
before this one could end it.
"""

import signal
import subprocess
import sys

import pytest

_COUNTED = """
import os, signal, sys
from streamer.supervision.processes.stop_signals import StopSignals
handled, *sent = sys.argv[1:]
signal.signal(signal.SIGINT, signal.default_int_handler)  # a script's background ignores it
signal.signal(signal.SIGHUP, signal.SIG_IGN if handled == "nohup" else signal.SIG_DFL)
with StopSignals() as signals:
    for name in sent:
        os.kill(os.getpid(), signal.Signals[name])
    print(signals.count)
for name in sent:
    os.kill(os.getpid(), signal.Signals[name])  # the command is at its end, and reports
print("reported")
"""


def _counted(handled: str, *sent: signal.Signals) -> list[str]:
    command = [sys.executable, "-c", _COUNTED, handled, *(number.name for number in sent)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.split()


@pytest.mark.parametrize(
    ("sent", "count"),
    [
        ([signal.SIGTERM], 1),
        ([signal.SIGINT, signal.SIGINT], 2),
        ([signal.SIGHUP, signal.SIGHUP], 1),  # a terminal that is closed is in no hurry
        ([signal.SIGUSR1, signal.SIGUSR2], 1),
        ([signal.SIGHUP, signal.SIGTERM], 2),
    ],
)
def test_only_who_asks_twice_is_in_a_hurry(sent: list[signal.Signals], count: int) -> None:
    assert _counted("", *sent) == [str(count), "reported"]


def test_who_was_started_to_outlive_its_terminal_does() -> None:
    assert _counted("nohup", signal.SIGHUP) == ["0", "reported"]
