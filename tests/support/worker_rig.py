"""A worker in a thread, and its supervisor and cameras around it on real sockets."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import numpy as np

from streamer.clock import NS_PER_S, StreamNs, now_ns
from streamer.config.loading import load_config
from streamer.messages import (
    CameraInfo,
    Frame,
    Mode,
    ModeChange,
    NetworkOrder,
    PixelFormat,
    PlayerState,
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
from tests.support.fake_session import DEADLINE_S, FakeSession


class Rig(FakeSession):
    """Everything around the worker."""

    def __init__(self, addresses: Addresses) -> None:
        super().__init__(addresses, ("session", "visible", "thermal", "truth", "clock"))
        self.results = self.kept(Subscriber(addresses, Endpoint.SR, Policy.EVERY, reader="reader"))
        self.influence = self.kept(Subscriber(addresses, Endpoint.INFLUENCE, Policy.LATEST))
        self.command = self.kept(Publisher(addresses, Endpoint.COMMAND, bind=False))
        self.rng = np.random.default_rng(1)
        self.guide = self.rng.integers(0, 255, (96, 128, 3), np.uint8)
        self.sequence = 0
        self.alive = True
        self.order: NetworkOrder | None = None

    def modes(self) -> list[Mode]:
        """The modes it went through."""
        return [one.current for one in self.others if isinstance(one, ModeChange)]

    def lost(self, stream: str) -> int:
        """Frames of a stream that made no result, as the worker counts them."""
        dropped = self.last.dropped if self.last else {}
        return sum(count for cause, count in dropped.items() if cause.startswith(stream))

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
        self.out["session"].send(
            SessionStatus(
                timestamp_ns=now_ns(),
                origin_ns=0,
                first_result_ns=None,
                processes=dict.fromkeys(statuses, health),
                statuses=statuses,
                dropped={},
                network_order=self.order,
            )
        )

    def ready(self) -> bool:
        self.tell()
        ready = self.last is not None and self.last.state is ProcessState.READY
        return ready and all(self.out[one].listening() == 1 for one in ("visible", "thermal"))

    def tell_of_jump(self, epoch: int) -> None:
        """Time stands still at the frames sent last; what is to be seen has their number."""
        shows = dict.fromkeys(("visible", "thermal"), self.sequence)
        self.tell_of_player(paused=True, epoch=epoch, shows=shows)

    def tell_of_player(
        self, *, paused: bool, epoch: int = 0, shows: dict[str, int] | None = None
    ) -> None:
        """The time of the recording is this host's, and runs, or stands still from now on."""
        now = now_ns()
        self.out["clock"].send(
            PlayerState(
                host_ns=now,
                media_ns=StreamNs(now),
                rate=1.0,
                paused=paused,
                epoch=epoch,
                start_ns=StreamNs(0),
                end_ns=StreamNs(now + 3600 * NS_PER_S),
                shows=shows or {},
            )
        )

    def send(
        self,
        *,
        visible: bool = True,
        thermal_shape: tuple[int, int] = (24, 32),
        epoch: int | msgspec.UnsetType = msgspec.UNSET,
        age_s: float = 0.0,
    ) -> None:
        now = StreamNs(now_ns() - round(age_s * NS_PER_S))
        self.sequence += 1
        if visible:
            self.send_visible(now, epoch=epoch)
        self.out["thermal"].send(
            Frame(
                stream="thermal",
                sequence=self.sequence,
                timestamp_ns=now,
                pixel_format=PixelFormat.MONO16,
                pixels=self.rng.integers(29000, 31000, thermal_shape, np.uint16),
                radiometry=Radiometry(0.01, 0),
                epoch=epoch,
            )
        )

    def send_visible(
        self, at_ns: StreamNs, *, epoch: int | msgspec.UnsetType = msgspec.UNSET
    ) -> None:
        self.out["visible"].send(
            Frame(
                stream="visible",
                sequence=self.sequence,
                timestamp_ns=at_ns,
                pixel_format=PixelFormat.BGR8,
                pixels=self.guide,
                epoch=epoch,
            )
        )

    def result(self) -> SuperResolvedFrame:
        message = self.results.receive(round(DEADLINE_S * 1000))
        assert isinstance(message, SuperResolvedFrame)
        return message


@contextmanager
def working(addresses: Addresses, role: WorkerRole, *changes: str) -> Iterator[Rig]:
    """A worker of this role in a thread, ready, and all around it."""
    rig = Rig(addresses)
    overrides = [
        *("inference.model=bilinear", "inference.canvas_width=128", "inference.canvas_height=96"),
        *("pairing.max_wait_ms=1000", "inference.max_age_ms=10000"),  # this host may be busy
        *changes,
    ]
    spec = ProcessSpec(
        name="inference",
        config=load_config(None, overrides),
        addresses=addresses,
        role=role,
        readers={Endpoint.SR: ("reader",)},
    )
    stop = threading.Event()
    worker = threading.Thread(target=inference.main, args=(spec, stop))
    worker.start()
    try:
        rig.wait(rig.ready)
        yield rig
    finally:
        stop.set()
        worker.join(10)
        rig.close()
        assert not worker.is_alive()
