"""What a process logs, and where it is seen."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from streamer.logs.run_log import RunLog

PROCESS = """
import logging, sys, threading
import msgspec
from streamer.logs.log_file import LogFile
from streamer.logs.setup import add_handler, log_uncaught, start_logging, unseen

start_logging("child")
log_uncaught()
add_handler(msgspec.json.decode(sys.argv[1], type=LogFile).handler_of("child"))
log = logging.getLogger("of.a.test")
log.info("only in the file")
log.error("said by somebody else", extra=unseen())
for _ in range(3):
    log.warning("seen and kept")
def fails(): raise ValueError("of a thread")
thread = threading.Thread(target=fails, name="writing")
thread.start()
thread.join()
raise KeyError("of the process")
"""


@pytest.fixture
def run(tmp_path: Path) -> tuple[str, str]:
    """What a process showed, and what its log has."""
    log = RunLog(tmp_path, level="info", format="text", max_mb=1, keep_runs=1)
    file = msgspec.json.encode(log.file).decode()
    done = subprocess.run(
        [sys.executable, "-c", PROCESS, file], capture_output=True, text=True, check=False
    )
    log.handler.close()
    assert done.returncode == 1
    return done.stderr, Path(log.file.path).read_text()


def test_what_is_seen_and_what_is_kept(run: tuple[str, str]) -> None:
    shown, kept = run
    assert "only in the file" not in shown
    assert "child INFO only in the file" in kept
    assert "said by somebody else" not in shown
    assert "child ERROR said by somebody else" in kept
    for text in run:
        assert "child WARNING seen and kept (2 more like this)" in text
        assert text.count("seen and kept") == 2


def test_what_nobody_catches_is_in_the_log_with_its_traceback(run: tuple[str, str]) -> None:
    for text in run:
        assert text.count("ValueError: of a thread") == 1
        assert "child CRITICAL thread writing ends of an error" in text
        assert text.count("KeyError: 'of the process'") == 1
        assert "Traceback (most recent call last):" in text
