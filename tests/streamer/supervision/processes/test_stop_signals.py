"""Which signals end a run, and how often they count."""

import os
import signal

import pytest

from streamer.supervision.processes.stop_signals import StopSignals


@pytest.fixture(autouse=True)
def handlers():
    """What the test changes is as it was afterwards."""
    numbers = (
        *(signal.SIGINT, signal.SIGTERM, signal.SIGHUP),
        *(signal.SIGUSR1, signal.SIGUSR2),
    )
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


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
    with StopSignals() as signals:
        for number in sent:
            os.kill(os.getpid(), number)
        assert signals.count == count


def test_who_was_started_to_outlive_its_terminal_does() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    with StopSignals() as signals:
        os.kill(os.getpid(), signal.SIGHUP)
        assert signals.count == 0
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
