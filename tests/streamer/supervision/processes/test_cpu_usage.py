import json
import os
import subprocess
import sys

from streamer.supervision.processes.cpu_usage import CpuUsage

BUSY = """
import json, time
from streamer.supervision.processes.cpu_usage import CpuUsage
with CpuUsage() as load:
    deadline = time.monotonic() + 40
    while not load.shares(10.0) and time.monotonic() < deadline:
        end = time.process_time() + 0.05
        while time.process_time() < end:
            pass
        time.sleep(0.01)  # the watch looks through every process of the host, and needs its turns
print(json.dumps(load.shares(10.0)))
"""


def test_the_watch_sees_what_this_process_costs():
    # On its own: a child that another test left dying would be one of the processes watched.
    run = subprocess.run(
        [sys.executable, "-c", BUSY], capture_output=True, text=True, timeout=60, check=True
    )
    shares = json.loads(run.stdout)
    assert set(shares) == {"corefusion"}
    assert 0 < shares["corefusion"] < 1.5 * (os.cpu_count() or 1)


def test_a_watch_too_short_says_nothing():
    with CpuUsage() as load:
        pass
    assert load.shares(1.0) == {}
