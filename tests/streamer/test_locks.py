"""Whether a file is in use, asked across processes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from streamer.locks import hold, is_held, try_hold

HOLDS = """
import os, sys, time
from streamer.locks import hold
file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
hold(file)
print("held", flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_file_is_in_use_until_its_process_ends_however_it_does(
    tmp_path: Path, number: signal.Signals
) -> None:
    file = tmp_path / "file"
    with subprocess.Popen([sys.executable, "-c", HOLDS, file], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        process.send_signal(signal.SIGSTOP)  # who stands still is not gone
        assert is_held(file)
        process.send_signal(signal.SIGCONT)
        process.send_signal(number)
        process.wait(20)
        assert not is_held(file)


def test_it_is_free_when_it_is_closed(tmp_path: Path) -> None:
    file = tmp_path / "file"
    ours, theirs = (os.open(file, os.O_RDWR | os.O_CREAT) for _ in range(2))
    hold(ours)
    assert not try_hold(theirs)
    os.close(ours)
    assert try_hold(theirs)
    os.close(theirs)
