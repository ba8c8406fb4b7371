import os
import tempfile
from pathlib import Path

import pytest

from streamer.runtime import socket_directory
from streamer.runtime.socket_directory import (
    SocketDirectory,
    SocketDirectoryError,
    parent_directory,
)


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
    monkeypatch.setenv("TMPDIR", "/tmp/" + "y" * 90)
    assert str(parent_directory()) == "/tmp"


def test_the_temporary_folder_is_the_second_choice(monkeypatch, runtime):
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setenv("TMPDIR", runtime)
    assert str(parent_directory()) == runtime


def test_where_there_is_no_place_at_all_the_variables_are_named(monkeypatch):
    long = "/tmp/" + "x" * 90
    monkeypatch.setenv("XDG_RUNTIME_DIR", long)
    monkeypatch.setenv("TMPDIR", "somewhere")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(SocketDirectoryError) as error:
        SocketDirectory()
    words = str(error.value)
    assert f"XDG_RUNTIME_DIR={long} has 95 characters" in words
    assert "TMPDIR=somewhere is no absolute path" in words
    assert "/tmp is no folder that can be written" in words
    assert "TMPDIR=/a/folder names one" in words
    assert "\n" not in words
