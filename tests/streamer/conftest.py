"""Real sockets for tests: a short directory, since a socket path has at most 107 characters."""

import shutil
import tempfile
from collections.abc import Iterator

import pytest

from streamer.transport import Addresses


@pytest.fixture
def addresses() -> Iterator[Addresses]:
    directory = tempfile.mkdtemp(prefix="cf", dir="/tmp")
    yield Addresses(directory)
    shutil.rmtree(directory, ignore_errors=True)
