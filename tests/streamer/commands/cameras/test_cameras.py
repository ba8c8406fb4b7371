import importlib
import json

import pytest
from typer.testing import CliRunner

from streamer.commands.app import app
from streamer.commands.cameras import cameras as command
from streamer.commands.runs import live as live_command
from streamer.supervision.session import RunSession
from tests.support.fake_v4l2 import TC001, WEBCAM, FakeKernel


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    kernel = FakeKernel(tmp_path)
    discovery = importlib.import_module("capture.discovery")
    find = discovery.find_cameras
    monkeypatch.setattr(command.sys, "platform", "linux")
    lasting = discovery.lasting_name
    monkeypatch.setattr(
        discovery, "lasting_name", lambda source: lasting(source, kernel.sysfs, kernel.dev)
    )
    monkeypatch.setattr(
        discovery,
        "find_cameras",
        lambda: find(kernel.sysfs, kernel.dev, kernel.proc, kernel.ioctl, kernel.usb),
    )
    return kernel


def run(*arguments):
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_without_cameras_the_list_says_so(kernel):
    assert json.loads(run("cameras", "--json")) == []
    assert run("cameras") == "no camera is connected; corefusion live shows the simulated rig\n"


def test_cameras_are_listed_with_the_lines_that_name_them(kernel):
    kernel.plug(0, "Webcam \x1b[31m", "046d:0825", modes=WEBCAM)
    kernel.plug(2, "USB Camera", "0bda:5830", modes=TC001, port="1-2", serial="77")
    webcam, thermal = json.loads(run("cameras", "--json"))
    assert webcam["modes"][0] == "MJPG 1280x720 30 Hz"
    assert (thermal["known"], thermal["serial"]) == ("InfiRay P2 Pro or Topdon TC001", "77")
    page = run("cameras")
    assert "\x1b" not in page
    assert "/dev/video2  InfiRay P2 Pro or Topdon TC001  (thermal)" in page
    assert "    capture:\n      thermal:\n        source: 0bda:5830\n        format: double" in page


class Started(Exception):
    """Instead of a run."""


def sources(monkeypatch, *arguments):
    plans = []

    def instead(plan):
        plans.append(plan)
        raise Started

    monkeypatch.setattr(live_command, "RunSession", instead)
    result = CliRunner().invoke(app, ["live", "--headless", *arguments])
    assert isinstance(result.exception, Started), result.output
    capture = plans[0].config.capture
    return (capture.visible.source, capture.thermal.source), result.output


def test_a_number_is_kept_as_what_it_stands_for(kernel, monkeypatch):
    kernel.plug(2, "USB Camera", "0bda:5830", modes=TC001)
    assert sources(monkeypatch, "--thermal", "2", "--visible", "sim")[0] == ("sim", "0bda:5830")


def test_live_without_sources_takes_the_two_cameras_that_there_are(kernel, monkeypatch, tmp_path):
    assert RunSession is live_command.RunSession
    assert sources(monkeypatch)[0] == ("sim", "sim")
    assert "simulated rig" not in sources(monkeypatch)[1]
    kernel.plug(0, "Webcam", "046d:0825", modes=WEBCAM)
    taken, said = sources(monkeypatch)
    assert taken == ("sim", "sim")
    assert "1 connected, and not one visible and one thermal camera that are free" in said
    kernel.plug(2, "USB Camera", "0bda:5830", modes=TC001, port="1-2")
    taken, said = sources(monkeypatch)
    assert taken == ("046d:0825", "0bda:5830")
    assert "two cameras are connected: visible 046d:0825, thermal 0bda:5830" in said
    assert sources(monkeypatch, "--visible", "sim")[0] == ("sim", "sim")
    assert sources(monkeypatch, "--set", "capture.simulated.seed=3")[0] == ("sim", "sim")
    config = tmp_path / "rig.yaml"
    config.write_text("capture: {visible: {source: sim}}\n")
    assert sources(monkeypatch, "--config", str(config))[0] == ("sim", "sim")
    config.write_text("viewer: {unit: kelvin}\n")
    assert sources(monkeypatch, "--config", str(config))[0] == ("046d:0825", "0bda:5830")
    kernel.plug(4, "Webcam 2", "046d:0826", modes=WEBCAM, port="1-3")
    assert sources(monkeypatch)[0] == ("sim", "sim")
