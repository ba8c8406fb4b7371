"""Recorders that end with their test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from streamer.config.recording import RecordSettings
from streamer.transport import Addresses
from tests.support.recorder_rig import Make, RecorderRig


@pytest.fixture
def make(addresses: Addresses) -> Iterator[Make]:
    rigs: list[RecorderRig] = []

    def rig(output: Path, restarts: int = 0, **changes: object) -> RecorderRig:
        settings = RecordSettings(output=str(output), recording="r", **changes)
        rigs.append(RecorderRig(addresses, settings, restarts))
        return rigs[-1]

    yield rig
    for one in rigs:
        one.end()
