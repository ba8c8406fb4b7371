"""What encryption costs: `python -m tools.transport_cost` sends frames over ipc and over tcp.

640x480 colour frames at 30 Hz to three readers, as in a recording: the age at which they arrive,
and CPU time of a frame at the sender and at a reader.
"""

import multiprocessing
import time
from collections.abc import Sequence
from queue import Queue
from statistics import median
from typing import NamedTuple

import numpy as np

from streamer.clock import NS_PER_MS, live_stream, now_ns
from streamer.messages import Frame, PixelFormat
from streamer.runtime.socket_directory import SocketDirectory
from streamer.transport import Addresses, Endpoint, Policy, Publisher, RunKeys, Subscriber

_FRAMES, _RATE_HZ, _ROUNDS = 150, 30, 3
_READERS = ("a", "b", "c")
_WIDTH, _HEIGHT = 640, 480
_PORT = 28700


class _Read(NamedTuple):
    ages_ms: list[float]
    cpu_ms: float


class Cost(NamedTuple):
    """Of one frame, milliseconds: median and 95th percentile of its age, CPU of either end."""

    p50: float
    p95: float
    sender_cpu: float
    reader_cpu: float


def measured(addresses: Addresses) -> Cost:
    """Sends frames from this process to readers in others."""
    spawn = multiprocessing.get_context("spawn")
    told: Queue[_Read] = spawn.Queue()  # type: ignore[assignment]
    readers = [spawn.Process(target=_read, args=(addresses, name, told)) for name in _READERS]
    for reader in readers:
        reader.start()
    with Publisher(
        addresses,
        Endpoint.VISIBLE,
        message_bytes=PixelFormat.BGR8.message_bytes(_WIDTH, _HEIGHT),
    ) as publisher:
        while not publisher.has_readers(_READERS):
            time.sleep(0.01)
        pixels = np.random.default_rng(0).integers(0, 255, (_HEIGHT, _WIDTH, 3), np.uint8)
        began_s, cpu_s = time.monotonic(), time.process_time()
        for number in range(_FRAMES):
            frame = Frame(
                stream="visible",
                sequence=number,
                timestamp_ns=live_stream(now_ns()),
                pixel_format=PixelFormat.BGR8,
                pixels=pixels,
            )
            publisher.send(frame)
            time.sleep(max(0.0, began_s + (number + 1) / _RATE_HZ - time.monotonic()))
        cpu_s = time.process_time() - cpu_s
        read = [told.get() for _ in readers]
    ages_ms = sorted(age for one in read for age in one.ages_ms)
    return Cost(
        median(ages_ms),
        ages_ms[round(0.95 * (len(ages_ms) - 1))],
        1000 * cpu_s / _FRAMES,
        sum(one.cpu_ms for one in read) / len(ages_ms),
    )


def _read(addresses: Addresses, name: str, told: "Queue[_Read]") -> None:
    ages_ms: list[float] = []
    cpu_s = 0.0
    with Subscriber(addresses, Endpoint.VISIBLE, Policy.EVERY, reader=name) as subscriber:
        while len(ages_ms) < _FRAMES:
            message = subscriber.receive(10_000)
            if not isinstance(message, Frame):
                break
            cpu_s = cpu_s or time.process_time()
            ages_ms.append((now_ns() - message.timestamp_ns) / NS_PER_MS)
    told.put(_Read(ages_ms, 1000 * (time.process_time() - cpu_s)))


def main() -> None:
    """Prints the medians of some rounds, in turn, and what tcp costs as a ratio to ipc."""
    costs: dict[str, list[Cost]] = {"ipc": [], "tcp": []}
    for number in range(_ROUNDS):
        directory = SocketDirectory()
        costs["ipc"].append(measured(Addresses(str(directory.path))))
        directory.remove()
        ports = f"tcp://127.0.0.1:{_PORT + 20 * number}"
        costs["tcp"].append(measured(Addresses(ports, keys=RunKeys.generate())))
    rows = {kind: Cost(*map(median, zip(*rounds, strict=True))) for kind, rounds in costs.items()}
    for kind, cost in rows.items():
        print(f"{kind}    {_row(cost)}")
    print(f"ratio  {_row([tcp / ipc for tcp, ipc in zip(rows['tcp'], rows['ipc'], strict=True)])}")


def _row(values: Sequence[float]) -> str:
    return "  ".join(
        f"{name} {value:.2f}" for name, value in zip(Cost._fields, values, strict=True)
    )


if __name__ == "__main__":
    main()
