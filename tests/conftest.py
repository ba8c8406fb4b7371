"""What tests of every room use: real sockets, and folders of made pictures."""

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import pytest
from hypothesis import settings

from streamer.runtime.socket_directory import SocketDirectory
from streamer.transport import Addresses
from tests.support.scenes import scene

settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")  # `make soak` draws anew each time

_REALTIME_TRIES = 3


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A promise about real time is kept if it is kept once: a busy host delays anybody."""
    for item in items:
        if item.get_closest_marker("realtime") is not None:
            item.add_marker(pytest.mark.flaky(reruns=_REALTIME_TRIES - 1, reruns_delay=1))


@pytest.fixture
def addresses() -> Iterator[Addresses]:
    """Sockets in a directory as a run has one: short, whatever TMPDIR is."""
    directory = SocketDirectory()
    yield Addresses(str(directory.path))
    directory.remove()


@pytest.fixture
def make_folder(tmp_path: Path) -> Callable[..., Path]:
    """Writes a data folder of made pairs and returns it."""

    def make(
        name: str = "set", count: int = 3, rows: int = 128, columns: int = 160, low: bool = False
    ) -> Path:
        from models.imaging.degradation import benchmark

        folder = tmp_path / name
        kinds = ["visible", "thermal"] + (["thermal_lr"] if low else [])
        for kind in kinds:
            (folder / kind).mkdir(parents=True)
        for index in range(count):
            visible, thermal = scene(index, rows, columns)
            stem = f"{index:03d}_01"
            cv2.imwrite(str(folder / "visible" / f"{stem}.jpg"), visible)
            cv2.imwrite(str(folder / "thermal" / f"{stem}.png"), thermal)
            if low:
                small = benchmark(thermal, 8)
                cv2.imwrite(str(folder / "thermal_lr" / f"{stem}.bmp"), small)
        return folder

    return make
