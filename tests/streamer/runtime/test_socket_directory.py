import os
import tempfile
from pathlib import Path

import pytest

from streamer.runtime import socket_directory
from streamer.runtime.socket_directory import SocketDirectory, parent_directory


@pytest.fixture(autouse=True)
def runtime(monkeypatch):
    """A runtime directory of our own; short, as the user's is."""
    with tempfile.TemporaryDirectory(prefix="cf", dir="/tmp") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield folder


def test_it_lies_in_the_users_runtime_directory_and_is_private(runtime):
    made = SocketDirectory()
    assert str(made.path.parent) == runtime
    assert made.path.stat().st_mode & 0o777 == 0o700
    made.remove()
    assert not made.path.exists()


def test_what_a_killed_run_left_is_removed_and_what_lives_is_not():
    living, left = SocketDirectory(), SocketDirectory()
    os.close(left._lock)  # as the kernel does for a process that was killed
    another = SocketDirectory()
    assert living.path.exists()
    assert not left.path.exists()
    living.remove()
    another.remove()


def test_a_folder_of_somebody_else_with_such_a_name_stays(runtime):
    strange = Path(runtime) / "corefusion-notes"
    strange.mkdir()
    SocketDirectory().remove()
    assert strange.is_dir()


def test_a_directory_that_was_taken_for_a_left_one_is_made_again(monkeypatch):
    answers = iter([-1])
    locked = socket_directory._locked
    monkeypatch.setattr(socket_directory, "_locked", lambda path: next(answers, locked(path)))
    made = SocketDirectory()
    assert made.path.exists()
    made.remove()


@pytest.mark.parametrize("runtime_dir", ["/nowhere/at/all", "/tmp/" + "x" * 90])
def test_a_runtime_directory_that_will_not_do_is_not_used(monkeypatch, runtime_dir):
    monkeypatch.setenv("XDG_RUNTIME_DIR", runtime_dir)
    monkeypatch.setattr(tempfile, "tempdir", "/tmp/" + "y" * 90)
    assert str(parent_directory()) == "/tmp"
