"""What planned faults make of a stream's frames, and noticing a sensor that is stuck."""

import struct
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from streamer.clock import NS_PER_MS, StreamNs, after
from streamer.faults.injection import Fault, FaultPlan
from streamer.messages import MAGIC, Frame, FrameFlag, encode

_MOST_BYTES = 256 * 2**20  # of pictures that a delay holds back


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A frame on its way to the readers, with the truth behind it and the moment to send it."""

    frame: Frame
    truth: NDArray[Any] | None
    release_ns: StreamNs


class FaultyStream:
    """Applies the plan of one stream, frame by frame. It never waits: late frames are queued.

    Attributes:
        dropped: frames taken but not sent; also what a delay would have longer than memory allows.
    """

    def __init__(self, plan: FaultPlan) -> None:
        self._plan = plan
        self._queue: deque[Outgoing] = deque()
        self._queued_bytes = 0
        self._sent_pixels: NDArray[Any] | None = None
        self.dropped = 0

    def take(
        self,
        frame: Frame,
        truth: NDArray[Any] | None,
        now_ns: StreamNs,
        first_result_ns: StreamNs | None,
    ) -> None:
        """Queues what becomes of a frame.

        Args:
            frame: as the camera gave it.
            truth: behind it, if there is one.
            now_ns: the moment that faults are judged by: when it was taken, or is played.
            first_result_ns: from when their times count; None before the first result.
        """
        if self._plan.active(Fault.DROP, now_ns, first_result_ns):
            self.dropped += 1
            return
        if self._plan.active(Fault.FFC, now_ns, first_result_ns):
            frame, truth = _behind_shutter(frame), None
        elif self._plan.active(Fault.FREEZE, now_ns, first_result_ns):
            stuck = self._sent_pixels
            if stuck is not None and _same_kind(stuck, frame.pixels):
                flags = tuple(dict.fromkeys((*frame.flags, FrameFlag.REPEATED)))
                frame = msgspec.structs.replace(frame, pixels=stuck, flags=flags)
        self._sent_pixels = frame.pixels
        release_ns = now_ns
        if delay := self._plan.active(Fault.DELAY, now_ns, first_result_ns):
            release_ns = after(frame.timestamp_ns, delay.delay_ms * NS_PER_MS)
        if self._queued_bytes + frame.pixels.nbytes > _MOST_BYTES:
            self.dropped += 1
            return
        if self._queue:  # a pipeline that gets faster again does not turn its frames around
            release_ns = max(release_ns, self._queue[-1].release_ns)
        self._queue.append(Outgoing(frame, truth, release_ns))
        self._queued_bytes += frame.pixels.nbytes

    def due(self, now_ns: StreamNs) -> Iterator[Outgoing]:
        """Takes the frames whose moment has come off the queue, oldest first."""
        while self._queue and self._queue[0].release_ns <= now_ns:
            outgoing = self._queue.popleft()
            self._queued_bytes -= outgoing.frame.pixels.nbytes
            yield outgoing

    def next_ns(self) -> StreamNs | None:
        """When the next queued frame is due; None when nothing is queued."""
        return self._queue[0].release_ns if self._queue else None


class RepeatDetector:
    """Tells whether a device that has shown noise or motion gives the same picture again.

    One that has never given two pictures that differ looks at a constant scene, for all one knows.
    """

    def __init__(self) -> None:
        self._last: NDArray[Any] | None = None
        self._changed = False

    def is_repeated(self, pixels: NDArray[Any]) -> bool:
        """Compares with the picture of the call before."""
        last, self._last = self._last, pixels
        if last is None or not _same_kind(last, pixels):
            return False
        # A sparse sample tells nearly all different pictures apart in microseconds.
        same = last is pixels or (
            np.array_equal(last[::17, ::13], pixels[::17, ::13]) and np.array_equal(last, pixels)
        )
        self._changed |= not same
        return same and self._changed


def foreign_messages(frame: Frame, seed: int = 0) -> Iterator[bytes]:
    """Endless bytes that are no message: noise, a cut message, lying headers.

    Args:
        frame: a message whose pieces the lies are made of.
        seed: of the noise.
    """
    rng = np.random.default_rng(seed)
    valid = bytes(encode(frame))
    prefix = struct.Struct("<4sHHII")
    magic, version, reserved, length, offset = prefix.unpack_from(valid)
    lying = bytearray(valid)
    lying[prefix.size + 1 : prefix.size + length] = rng.bytes(length - 1)
    huge = prefix.pack(MAGIC, version, reserved, 0xFFFFFFFF, 0xFFFFFFFF) + b"\0" * 64
    while True:
        yield rng.bytes(int(rng.integers(1, 4096)))
        yield valid[: len(valid) * 2 // 3]
        yield bytes(lying)
        yield huge
        yield prefix.pack(magic, version, reserved, length, offset)


def _behind_shutter(frame: Frame) -> Frame:
    """The closed shutter is one flat, warm thing."""
    level = frame.pixels.mean()
    flat = np.full_like(frame.pixels, round(float(level)))
    return msgspec.structs.replace(frame, pixels=flat, flags=(*frame.flags, FrameFlag.FFC))


def _same_kind(one: NDArray[Any], other: NDArray[Any]) -> bool:
    return one.shape == other.shape and one.dtype == other.dtype
