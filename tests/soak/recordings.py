"""Tens of thousands of damaged recordings: `make soak`, ten minutes of one idle core.

Not collected by default. Each file is read, counted and recovered: it gives good messages or one
error, takes no longer than a few seconds, and no more memory than a sound file needs.
"""

import resource
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.mutations import MUTATION, check_mutated, mutated, with_a_lie
from tests.support.recordings import recorded

_MUTATED = 50_000
_LYING = 25_000
_LONGEST_S = 5.0
_MORE_MB = 300


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("soak")


@pytest.fixture(scope="module")
def good(folder: Path) -> Path:  # not its bytes: a failure would print them all
    return recorded(folder / "good.mcap")


def check(path: Path, data: bytes) -> None:
    before_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    path.write_bytes(data)
    started = time.process_time()  # a busy machine is no fault of the reader
    check_mutated(path)
    assert time.process_time() - started < _LONGEST_S
    after_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert after_mb - before_mb < _MORE_MB


@pytest.mark.timeout(3600)
@settings(max_examples=_MUTATED, deadline=None, derandomize=False)
@given(steps=MUTATION)
def test_mutated_files(folder: Path, good: Path, steps: list[tuple[str, float, int]]) -> None:
    """Bytes turned, cut off, put in, taken out, repeated and zeroed, up to four times in a file."""
    check(folder / "a.mcap", mutated(good.read_bytes(), steps))


@pytest.mark.timeout(3600)
@settings(max_examples=_LYING, deadline=None, derandomize=False)
@given(position=st.integers(0, 2**31), value=st.integers(0, 255))
def test_content_that_lies_with_a_good_checksum(
    folder: Path, good: Path, position: int, value: int
) -> None:
    """One byte of a chunk changed where no checksum can tell."""
    check(folder / "b.mcap", with_a_lie(good, position, value))
