"""Thousands of damaged recordings: `pytest tests/streamer/soak_recordings.py`, about ten minutes.

Not collected by default. Memory is bounded by what a sound file needs, and no file takes long.
"""

import resource
import time
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.streamer.mutations import MUTATION, check_mutated, mutated
from tests.streamer.recordings import recorded

_LONGEST_S = 5.0
_MORE_MB = 300


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("soak")


@pytest.fixture(scope="module")
def good(folder: Path) -> Path:  # not its bytes: a failure would print them all
    return recorded(folder / "good.mcap")


@pytest.mark.timeout(3600)
@settings(max_examples=5000, deadline=None)
@given(steps=MUTATION)
def test_mutated_files(folder: Path, good: Path, steps: list[tuple[str, float, int]]) -> None:
    before_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    path = folder / "a.mcap"
    path.write_bytes(mutated(good.read_bytes(), steps))
    started = time.monotonic()
    check_mutated(path)
    assert time.monotonic() - started < _LONGEST_S
    after_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert after_mb - before_mb < _MORE_MB
