"""The worker on real sockets, with this test as its supervisor and its cameras."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from streamer.clock import now_ns
from streamer.config.loading import load_config
from streamer.messages import (
    CameraInfo,
    FeatureRequest,
    Frame,
    Message,
    Mode,
    ModeChange,
    PixelFormat,
    ProcessHealth,
    ProcessState,
    Radiometry,
    SessionStatus,
    Status,
    SuperResolvedFrame,
)
from streamer.runtime.process import ProcessSpec
from streamer.runtime.roles import WorkerRole
from streamer.transport import Addresses, Endpoint, Policy, Publisher, Subscriber
from streamer.worker import process as inference


class Rig:
    """Everything around the worker."""

    def __init__(self, addresses: Addresses) -> None:
        self.heartbeat = Subscriber(addresses, Endpoint.HEARTBEAT, Policy.EVERY, bind=True)
        self.session = Publisher(addresses, Endpoint.SESSION)
        self.visible = Publisher(addresses, Endpoint.VISIBLE)
        self.thermal = Publisher(addresses, Endpoint.THERMAL)
        self.truth = Publisher(addresses, Endpoint.TRUTH)
        self.results = Subscriber(addresses, Endpoint.SR, Policy.EVERY, reader="reader")
        self.influence = Subscriber(addresses, Endpoint.INFLUENCE, Policy.LATEST)
        self.command = Publisher(addresses, Endpoint.COMMAND, bind=False)
        self.rng = np.random.default_rng(1)
        self.sequence = 0
        self.told: list[Message] = []
        self.alive = True

    def tell(self) -> None:
        statuses = {
            f"capture.{stream}": Status(
                process=f"capture.{stream}",
                pid=1,
                timestamp_ns=now_ns(),
                state=ProcessState.READY,
                camera=CameraInfo(
                    name="test",
                    width=width,
                    height=height,
                    pixel_format=pixel_format,
                    rate_hz=30,
                    live=False,
                ),
            )
            for stream, width, height, pixel_format in (
                ("visible", 128, 96, PixelFormat.BGR8),
                ("thermal", 32, 24, PixelFormat.MONO16),
            )
        }
        health = ProcessHealth(ProcessState.RUNNING, "", 0, self.alive)
        self.session.send(
            SessionStatus(
                timestamp_ns=now_ns(),
                origin_ns=0,
                first_result_ns=None,
                processes=dict.fromkeys(statuses, health),
                statuses=statuses,
                dropped={},
            )
        )

    def listen(self) -> Status | None:
        latest = None
        while (message := self.heartbeat.receive()) is not None:
            self.told.append(message)
            latest = message if isinstance(message, Status) else latest
        return latest

    def wait_ready(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            self.tell()
            status = self.listen()
            ready = status is not None and status.state is ProcessState.READY
            if ready and self.visible.subscribers() == self.thermal.subscribers() == 1:
                return
            time.sleep(0.02)
        raise AssertionError(f"the worker did not get ready: {self.told[-1:]}")

    def send(self, *, visible: bool = True, thermal_shape: tuple[int, int] = (24, 32)) -> None:
        now = now_ns()
        self.sequence += 1
        if visible:
            self.visible.send(
                Frame(
                    stream="visible",
                    sequence=self.sequence,
                    timestamp_ns=now,
                    pixel_format=PixelFormat.BGR8,
                    pixels=self.rng.integers(0, 255, (96, 128, 3), np.uint8),
                )
            )
        self.thermal.send(
            Frame(
                stream="thermal",
                sequence=self.sequence,
                timestamp_ns=now,
                pixel_format=PixelFormat.MONO16,
                pixels=self.rng.integers(29000, 31000, thermal_shape, np.uint16),
                radiometry=Radiometry(0.01, 0),
            )
        )

    def result(self, timeout_ms: int = 5000) -> SuperResolvedFrame:
        message = self.results.receive(timeout_ms)
        assert isinstance(message, SuperResolvedFrame)
        return message

    def close(self) -> None:
        for socket in vars(self).values():
            if isinstance(socket, Publisher | Subscriber):
                socket.close()


@pytest.fixture
def rig(addresses: Addresses) -> Iterator[Rig]:
    rig = Rig(addresses)
    overrides = ["inference.model=bilinear", "inference.canvas_width=128"]
    spec = ProcessSpec(
        name="inference",
        config=load_config(None, [*overrides, "inference.canvas_height=96"]),
        addresses=addresses,
        role=WorkerRole(),
        readers={Endpoint.SR: ("reader",)},
    )
    stop = threading.Event()
    worker = threading.Thread(target=inference.main, args=(spec, stop))
    worker.start()
    try:
        rig.wait_ready()
        yield rig
    finally:
        stop.set()
        worker.join(10)
        rig.close()
        assert not worker.is_alive()


def test_a_pair_becomes_one_result_that_names_its_sources(rig: Rig) -> None:
    rig.send()
    result = rig.result()
    assert result.mode is Mode.GUIDED
    assert result.pixels.shape == (96, 128)
    assert result.pixels.dtype == np.uint16
    assert result.thermal is not None
    assert result.visible is not None
    assert result.thermal.sequence == result.visible.sequence == 1
    assert result.skew_ms == 0
    assert result.radiometry == Radiometry(0.01, 0)
    assert result.consistency is not None
    assert result.consistency.max_mk == pytest.approx(result.consistency.max_counts * 10)
    assert {"pair", "prepare", "infer", "consistency"} <= set(result.stage_ms)


def test_the_truth_is_never_subscribed_to(rig: Rig) -> None:
    for _ in range(5):
        rig.send()
        rig.result()
    assert rig.truth.subscribers() == 0


def test_a_dead_camera_process_changes_the_mode_at_once(rig: Rig) -> None:
    rig.send()
    assert rig.result().mode is Mode.GUIDED
    rig.alive = False
    rig.tell()
    deadline = time.monotonic() + 2
    changes: list[Mode] = []
    while time.monotonic() < deadline and Mode.NO_SIGNAL not in changes:
        rig.listen()
        changes = [told.current for told in rig.told if isinstance(told, ModeChange)]
        time.sleep(0.01)
    assert changes == [Mode.GUIDED, Mode.NO_SIGNAL]


def test_foreign_bytes_and_frames_of_another_kind_are_counted(rig: Rig) -> None:
    rig.visible.send_bytes(b"not ours")
    rig.visible.send(FeatureRequest("reboot", 1))
    rig.send()
    assert rig.result().mode is Mode.GUIDED
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        status = rig.listen()
        if status is not None and status.dropped:
            break
        time.sleep(0.02)
    assert status is not None
    assert status.dropped == {"visible/malformed": 1, "visible/refused": 1}


def test_a_sensor_that_changes_its_size_goes_on(rig: Rig) -> None:
    rig.send()
    rig.result()
    rig.send(thermal_shape=(12, 16))
    result = rig.result()
    assert result.thermal is not None
    assert result.thermal.sequence == 2
    assert result.pixels.shape == (96, 128)


def test_what_the_guide_added_is_made_only_while_asked_for(rig: Rig) -> None:
    for _ in range(5):
        rig.send()
        rig.result()
    assert rig.influence.receive(50) is None
    deadline = time.monotonic() + 5
    message = None
    while message is None and time.monotonic() < deadline:
        rig.command.send(FeatureRequest("influence", now_ns() + 10**9))
        rig.send()
        rig.result()
        message = rig.influence.receive(20)
    assert isinstance(message, Frame)
    assert message.stream == "influence"
    assert message.metadata["zero"] == 32768
    assert (message.pixels == 32768).all()  # bilinear takes no guide


def test_the_worker_on_openvino_never_imports_torch() -> None:
    code = """
import sys, numpy as np
import streamer.worker.process
from models.inference.predictor import PredictorSettings, build_predictor
predictor = build_predictor(PredictorSettings(engine="openvino", precision="f32"))
guide = np.zeros((480, 640, 3), np.uint8)
predictor.predict(np.full((60, 80), 30000, np.uint16), guide)
assert predictor.engine == "openvino", predictor.engine
loaded = {"torch", "PySide6", "gui", "capture"} & set(sys.modules)
assert not loaded, loaded
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
