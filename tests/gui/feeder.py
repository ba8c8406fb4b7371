"""A stand-in for the rest of a run: everything the viewer hears of, on real sockets."""

from functools import cache

import numpy as np

from streamer.clock import now_ns
from streamer.messages import (
    Consistency,
    FeatureRequest,
    Frame,
    Mode,
    PixelFormat,
    ProcessHealth,
    ProcessState,
    Radiometry,
    SessionStatus,
    Source,
    Status,
    StreamState,
    SuperResolvedFrame,
)
from streamer.transport import Addresses, Endpoint, Policy, Subscriber
from tests.support.fake_session import FakeSession

RADIOMETRY = Radiometry(gain_k=0.01, offset_k=0.0)


def kelvin_counts(celsius):
    """Counts of RADIOMETRY."""
    return np.rint((np.asarray(celsius) + 273.15) / 0.01).astype(np.uint16)


@cache
def scene(height=480, width=640, phase=0.0):
    """A warm body in a cool room, in counts; the same for all who ask for it."""
    rows, columns = np.mgrid[0:height, 0:width] / [[[height]], [[width]]]
    body = np.exp(
        -(((columns - 0.5 - 0.1 * np.sin(phase)) / 0.12) ** 2 + ((rows - 0.5) / 0.3) ** 2)
    )
    counts = kelvin_counts(18 + 4 * rows + 16 * body)
    counts.flags.writeable = False
    return counts


def health(state=ProcessState.RUNNING, detail="", restarts=0, alive=True):
    return ProcessHealth(state, detail, restarts, alive)


def status(process, **fields):
    fields = {"state": ProcessState.RUNNING, "pid": 1, "timestamp_ns": now_ns()} | fields
    return Status(process=process, **fields)


def worker_status(
    mode=Mode.GUIDED,
    visible=StreamState.OK,
    thermal=StreamState.OK,
    process="inference",
    **fields,
):
    return status(
        process,
        mode=mode,
        streams={"visible": visible, "thermal": thermal},
        **{"ages_ms": {"visible": 20.0, "thermal": 20.0}}
        | {"model": "fast:sensor", "engine": "openvino", "precision": "int8"}
        | fields,
    )


def session(processes=None, statuses=(), dropped=None, started=True, at_ns=None):
    at_ns = now_ns() if at_ns is None else at_ns
    everybody = ("capture.visible", "capture.thermal", "inference", "viewer")
    return SessionStatus(
        timestamp_ns=at_ns,
        origin_ns=at_ns if started else None,
        first_result_ns=at_ns if started else None,
        processes={name: health() for name in everybody} | (processes or {}),
        statuses={one.process: one for one in (statuses or (worker_status(),))},
        dropped=dropped or {},
    )


def result(sequence=0, pixels=None, mode=Mode.GUIDED, at_ns=None, kind=None, **fields):
    at_ns = now_ns() if at_ns is None else at_ns
    pixels = scene() if pixels is None else pixels
    relative = mode is Mode.VISIBLE_ONLY
    source = Source(sequence, at_ns)
    fields = {
        "radiometry": None if relative else RADIOMETRY,
        "consistency": None if relative else Consistency(3.4, 34.0),
    } | fields
    return SuperResolvedFrame(
        sequence=sequence,
        timestamp_ns=at_ns,
        published_ns=at_ns,
        mode=mode,
        pixel_format=kind or _grey(pixels),
        pixels=pixels,
        thermal=None if relative else source,
        visible=source,
        **fields,
    )


def _grey(pixels):
    return PixelFormat.MONO8 if pixels.dtype == np.uint8 else PixelFormat.MONO16


def thermal(sequence=0, pixels=None, radiometry=RADIOMETRY):
    pixels = scene(120, 160) if pixels is None else pixels
    return Frame(
        stream="thermal",
        sequence=sequence,
        timestamp_ns=now_ns(),
        pixel_format=_grey(pixels),
        pixels=pixels,
        radiometry=radiometry,
    )


def visible(sequence=0, pixels=None):
    if pixels is None:
        pixels = np.full((480, 640, 3), (40, 90, 160), np.uint8)
    return Frame(
        stream="visible",
        sequence=sequence,
        timestamp_ns=now_ns(),
        pixel_format=PixelFormat.BGR8,
        pixels=pixels,
    )


def influence(sequence=0, differences=None):
    differences = np.zeros((480, 640), np.int32) if differences is None else differences
    return Frame(
        stream="influence",
        sequence=sequence,
        timestamp_ns=now_ns(),
        pixel_format=PixelFormat.MONO16,
        pixels=(differences + 32768).astype(np.uint16),
        radiometry=RADIOMETRY,
        metadata={"zero": 32768},
    )


class Feeder(FakeSession):
    """Publishes what capture, worker and supervisor do, and hears what the viewer asks for."""

    def __init__(self, addresses: Addresses) -> None:
        super().__init__(
            addresses, ("sr", "visible", "thermal", "influence", "session", "predicted")
        )
        self._commands = self.kept(Subscriber(addresses, Endpoint.COMMAND, Policy.EVERY, bind=True))
        self.commands: list[FeatureRequest] = []

    def send(self, *messages):
        for message in messages:
            match message:
                case SuperResolvedFrame():
                    self.out["sr"].send(message)
                case Frame(stream=stream):
                    self.out[stream].send(message)
                case SessionStatus():
                    self.out["session"].send(message)

    def heard(self):
        """Everybody listens to everything."""
        asked_for = (one for name, one in self.out.items() if name != "predicted")
        return all(publisher.listening() for publisher in asked_for)

    def listen(self):
        while (message := self._commands.receive()) is not None:
            self.commands.append(message)
        return super().listen()

    @property
    def painted_ages_ms(self):
        return [age for one in self.statuses for age in one.painted_age_ms]
