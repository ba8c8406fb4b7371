"""A child on its way out, with a script in place of its process."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from streamer.clock import NS_PER_S, after, now_ns
from streamer.config.schema import Config
from streamer.runtime.process import ProcessSpec
from streamer.runtime.roles import WorkerRole
from streamer.supervision.processes.child import Child, _environment
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
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Child]:
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
    child = Child(spec, Config().supervision)
    yield child
    child.kill()
    wait_gone(child)
    child.release()


def wait_for(path: Path, words: str) -> None:
    deadline = time.monotonic() + 20
    while not path.exists() or words not in path.read_text():
        assert time.monotonic() < deadline, path.read_text()
        time.sleep(0.02)


def wait_gone(child: Child) -> None:
    deadline = time.monotonic() + 20
    while child.alive:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_kill_is_sent_once_and_not_waited_for(
    child: Child, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_wait(*_: object, **__: object) -> int:
        raise AssertionError("a wait for a process that may hang in the kernel")

    monkeypatch.setattr(subprocess.Popen, "wait", no_wait)
    child.start(now_ns())
    wait_for(tmp_path / "told", "up")
    assert child.kill()
    assert not child.kill()
    wait_gone(child)
    assert not child.kill()


def test_a_killed_process_is_replaced_only_once_it_has_gone(
    child: Child, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child.start(now_ns())
    wait_for(tmp_path / "told", "up")
    pid = child.pid
    hung_ns = after(now_ns(), 1000 * NS_PER_S)
    with monkeypatch.context() as still_there:  # as one that waits for a device in the kernel
        still_there.setattr(subprocess.Popen, "poll", lambda _: None)
        words = child.poll(hung_ns, stream_silent_ns=None)
        assert words is not None
        assert "has not reported" in words
        assert child.poll(after(hung_ns, NS_PER_S), stream_silent_ns=None) is None
        assert child.pid == pid
    wait_gone(child)
    assert child.poll(after(hung_ns, NS_PER_S), stream_silent_ns=None) is None
    assert child.pid not in (None, pid)
    assert child.restarts == 1


def test_who_has_time_to_finish_keeps_its_lifeline(child: Child, tmp_path: Path) -> None:
    child.start(now_ns())
    wait_for(tmp_path / "told", "up")
    child.tell_to_stop()
    wait_for(tmp_path / "told", "completed")


def test_a_lifeline_that_is_let_go_is_felt(child: Child, tmp_path: Path) -> None:
    child.start(now_ns())
    wait_for(tmp_path / "told", "up")
    child.release()
    child.tell_to_stop()
    wait_for(tmp_path / "told", "lifeline cut")


def test_an_empty_entry_of_the_path_would_be_the_working_directory(monkeypatch) -> None:
    monkeypatch.setenv("PYTHONPATH", ":/a::/b:")
    assert _environment()["PYTHONPATH"] == "/a:/b"
    monkeypatch.setenv("PYTHONPATH", ":")
    assert "PYTHONPATH" not in _environment()
