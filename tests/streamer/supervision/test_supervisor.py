"""A child on its way out, with a script in place of its process."""

import sys
import time
from pathlib import Path

import pytest

from streamer.clock import now_ns
from streamer.config.schema import Config
from streamer.runtime.process import ProcessSpec
from streamer.runtime.roles import WorkerRole
from streamer.supervision.child import Child, _environment
from streamer.transport import Addresses

SLOW = """#!{python}
import signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])  # none is lost, however early it comes
sys.stdin.readline()
print("up", file=open({path!r}, "w"), flush=True)
signal.sigwait([signal.SIGTERM])
ready = __import__("select").select([0], [], [], 1.0)[0]
print("lifeline cut" if ready else "completed", file=open({path!r}, "w"), flush=True)
"""


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Child:
    """A process that writes for a second after it was told to stop, if it is left to."""
    script, told = tmp_path / "slow", tmp_path / "told"
    script.write_text(SLOW.format(python=sys.executable, path=str(told)))
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    spec = ProcessSpec(
        name="recorder",
        config=Config(),
        addresses=Addresses("x"),
        role=WorkerRole(),
        stop_s=30,
    )
    return Child(spec, Config().supervision)


def wait_for(path: Path, words: str) -> None:
    deadline = time.monotonic() + 20
    while not path.exists() or words not in path.read_text():
        assert time.monotonic() < deadline, path.read_text()
        time.sleep(0.02)


def test_who_has_time_to_finish_keeps_its_lifeline(child: Child, tmp_path: Path) -> None:
    child.start(now_ns())
    wait_for(tmp_path / "told", "up")
    child.tell_to_stop()
    wait_for(tmp_path / "told", "completed")
    child.kill()
    child.release()
    assert not child.alive


def test_a_lifeline_that_is_let_go_is_felt(child: Child, tmp_path: Path) -> None:
    child.start(now_ns())
    wait_for(tmp_path / "told", "up")
    child.release()
    child.tell_to_stop()
    wait_for(tmp_path / "told", "lifeline cut")
    child.kill()


def test_an_empty_entry_of_the_path_would_be_the_working_directory(monkeypatch) -> None:
    monkeypatch.setenv("PYTHONPATH", ":/a::/b:")
    assert _environment()["PYTHONPATH"] == "/a:/b"
    monkeypatch.setenv("PYTHONPATH", ":")
    assert "PYTHONPATH" not in _environment()
