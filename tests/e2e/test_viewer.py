"""The viewer as the supervisor runs it: a process that is told its work on standard input."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtGui import QImage

from streamer.config.schema import Config
from streamer.messages import ProcessState
from streamer.runtime.process import ProcessSpec
from streamer.runtime.roles import ViewerRole
from streamer.transport import Addresses
from tests.e2e.command import environment
from tests.gui import feeder as make
from tests.gui.feeder import Feeder
from tests.support.fake_session import DEADLINE_S

pytestmark = pytest.mark.e2e


@pytest.fixture
def feeder(addresses: Addresses) -> Iterator[Feeder]:
    with Feeder(addresses) as feeder:
        yield feeder


@pytest.fixture
def viewer(addresses: Addresses, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A viewer with a picture to grab, and nobody's remembered choices."""
    spec = ProcessSpec(
        name="viewer",
        config=Config(),
        addresses=addresses,
        role=ViewerRole(screenshot=str(tmp_path / "grab.png")),
    )
    with subprocess.Popen(
        [sys.executable, "-m", "streamer.runtime", "viewer"],
        stdin=subprocess.PIPE,
        env=environment() | {"XDG_CONFIG_HOME": str(tmp_path)},
    ) as process:
        assert process.stdin is not None
        process.stdin.write(msgspec.json.encode(spec) + b"\n")
        process.stdin.flush()
        try:
            yield process
        finally:
            process.kill()


def test_grab_is_written_when_told_to_stop(
    viewer: subprocess.Popen[bytes], feeder: Feeder, tmp_path: Path
) -> None:
    feeder.wait(feeder.heard)
    for count in range(1, 6):
        feeder.send(make.session(), make.result(count), make.thermal(), make.visible())
        feeder.wait(lambda count=count: len(feeder.painted_ages_ms) >= count)
    viewer.send_signal(signal.SIGTERM)
    assert viewer.wait(DEADLINE_S) == 0
    image = QImage(str(tmp_path / "grab.png"))
    assert (image.width(), image.height()) == (1280, 800)
    colours = {image.pixel(x, y) for x in range(60, 800, 20) for y in range(60, 600, 20)}
    assert len(colours) > 50  # a scene, not an empty window
    feeder.wait(lambda: feeder.last is not None and feeder.last.state is ProcessState.ENDED)
    assert feeder.last is not None
    assert feeder.last.detail == "told to stop"
    assert not list(tmp_path.rglob("*.ini"))  # a grabbed run neither reads nor leaves choices
