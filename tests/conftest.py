"""What tests of every room use: real sockets, and folders of made pictures."""

import os

# Several workers share the cores: threads of both would wait for each other at every layer.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Windows of tests are in English, whatever the host's language; Qt asks for it once.
os.environ["LANGUAGE"] = "en"

import gc
import signal
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from streamer.imports import uncollected
from streamer.runtime.socket_directory import SocketDirectory
from streamer.thermal.palettes import PALETTES, table
from streamer.transport import Addresses, RunKeys
from tests.support.ports import free_ports
from tests.support.scenes import write_folder

settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")  # `make soak` draws anew each time

_REALTIME_TRIES = 3


def pytest_configure() -> None:
    """Under `nohup` SIGHUP is ignored, in the background of a script SIGINT, by us and by the runs
    we start: none would end by them.
    """
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays to the end: it is not gone through for garbage, now nor later. That
    would take a quarter of a worker's time before its first test.
    """
    with uncollected():
        collected = yield
        gc.freeze()
    return collected


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A promise about real time is kept if it is kept once: a busy host delays anybody."""
    for item in items:
        if item.get_closest_marker("realtime") is not None:
            item.add_marker(pytest.mark.flaky(reruns=_REALTIME_TRIES - 1, reruns_delay=1))


@pytest.fixture(scope="session", autouse=True)
def logs_of_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where runs of the tests write their logs: not among those of whoever runs the tests."""
    state = tmp_path_factory.mktemp("state")
    os.environ["XDG_STATE_HOME"] = str(state)
    return state / "corefusion" / "log"


@pytest.fixture
def addresses() -> Iterator[Addresses]:
    """Sockets in a directory as a run has one: short, whatever TMPDIR is."""
    directory = SocketDirectory()
    yield Addresses(str(directory.path))
    directory.remove()


@pytest.fixture
def tcp_addresses() -> Addresses:
    """Those of a run on tcp, with keys of its own."""
    return Addresses(f"tcp://127.0.0.1:{free_ports()}", keys=RunKeys.generate())


@pytest.fixture
def make_folder(tmp_path: Path) -> Callable[..., Path]:
    """Writes a data folder of made pairs into this test's own folder and returns it."""

    def make(name: str = "set", **options: Any) -> Path:
        return write_folder(tmp_path / name, **options)

    return make


@pytest.fixture
def own_palettes() -> Iterator[None]:
    """Palettes of files are gone again after the test."""
    before = dict(PALETTES)
    yield
    PALETTES.clear()
    PALETTES.update(before)
    table.cache_clear()
