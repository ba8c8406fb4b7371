"""Where a stream leaves its process: faults applied, frozen pictures marked, frames sent."""

from collections.abc import Iterator

import msgspec

from capture.camera import Capture
from capture.pixel_formats import format_of
from streamer.clock import NS_PER_MS, HostNs, after, live_host, live_stream, now_ns
from streamer.faults.injection import Fault, FaultPlan
from streamer.faults.stream import FaultyStream, Outgoing, RepeatDetector, foreign_messages
from streamer.messages import CameraInfo, Frame, FrameFlag, PixelFormat
from streamer.runtime.process import ProcessSpec
from streamer.runtime.roles import CaptureRole
from streamer.transport import Endpoint, Publisher

_TRUTH_WIDTH = 640  # about that of a simulated truth


class FramePublisher:
    """Turns captures of one stream into messages.

    Args:
        spec: of this process.
        role: of this process.
        live: whether the source is a device, which may freeze.

    Attributes:
        last_sequence: of the newest frame that was sent; None before the first.
        repeated: frames whose picture was that of the frame before.
    """

    def __init__(self, spec: ProcessSpec, role: CaptureRole, live: bool) -> None:
        config = spec.config.capture
        stream = self._stream = role.stream
        section = config.thermal if stream == "thermal" else config.visible
        self._offset_ns = round(section.offset_ms * NS_PER_MS)
        self._spec = spec
        self._plan = FaultPlan(role.injections, stream)
        self._faulty = FaultyStream(self._plan)
        self._foreign: Iterator[bytes] | None = None
        self._repeats = RepeatDetector()
        self._watch_for_repeats = live
        self.last_sequence: int | None = None
        self.repeated = 0
        kind = PixelFormat.BGR8 if stream == "visible" else PixelFormat.MONO16
        frame_bytes = kind.message_bytes(section.width, section.height)
        self._frames = Publisher(spec.addresses, Endpoint(stream), message_bytes=frame_bytes)
        self._truth: Publisher | None = None
        if stream == "thermal" and role.publish_truth:
            times = max(config.thermal.bin, -(-_TRUTH_WIDTH // section.width))
            truth_bytes = kind.message_bytes(section.width * times, section.height * times)
            self._truth = Publisher(spec.addresses, Endpoint.TRUTH, message_bytes=truth_bytes)

    @property
    def dropped(self) -> dict[str, int]:
        """Frames not sent on purpose, as STREAM/CAUSE."""
        count = self._faulty.dropped
        return {f"{self._stream}/injected": count} if count else {}

    def expect(self, info: CameraInfo) -> None:
        """Makes room for the frames of a camera that has been opened."""
        self._frames.expect(info.pixel_format.message_bytes(info.width, info.height))

    def has_all_readers(self) -> bool:
        """Whether everybody who is to read this stream has subscribed."""
        publishers = [self._frames] if self._truth is None else [self._frames, self._truth]
        return all(
            publisher.has_readers(self._spec.readers.get(publisher.endpoint, ()))
            for publisher in publishers
        )

    def publish(self, capture: Capture, first_result_ns: HostNs | None) -> None:
        """Sends a capture that is due now, or what the planned faults make of it.

        A fault is one of the pictures taken in its time, however late a busy host sends them.
        """
        taken_ns = live_stream(capture.timestamp_ns)
        first_ns = None if first_result_ns is None else live_stream(first_result_ns)
        frame = Frame(
            stream=self._stream,
            sequence=capture.sequence,
            timestamp_ns=live_stream(after(capture.timestamp_ns, self._offset_ns)),
            pixel_format=format_of(capture.pixels),
            pixels=capture.pixels,
            radiometry=capture.radiometry,
            flags=capture.flags,
            metadata=capture.metadata,
        )
        if self._plan.active(Fault.CORRUPT, taken_ns, first_ns):
            self._foreign = self._foreign or foreign_messages(frame)
            self._frames.send_bytes(next(self._foreign))
        self._faulty.take(frame, capture.truth, taken_ns, first_ns)
        self.send_due()

    def send_due(self) -> None:
        """Sends held-back frames whose moment has come."""
        for outgoing in self._faulty.due(live_stream(now_ns())):
            self._send(outgoing)

    def next_ns(self) -> HostNs | None:
        """When the next held-back frame is due; None when there is none."""
        held_ns = self._faulty.next_ns()
        return None if held_ns is None else live_host(held_ns)

    def close(self) -> None:
        """Closes the sockets; a recorder still gets what is on its way."""
        self._frames.close(linger_ms=self._spec.linger_ms(self._frames.endpoint))
        if self._truth is not None:
            self._truth.close(linger_ms=self._spec.linger_ms(self._truth.endpoint))

    def _send(self, outgoing: Outgoing) -> None:
        frame = outgoing.frame
        watched = self._watch_for_repeats and not frame.flags
        if watched and self._repeats.is_repeated(frame.pixels):
            frame = msgspec.structs.replace(frame, flags=(*frame.flags, FrameFlag.REPEATED))
            self.repeated += 1
        self._frames.send(frame)
        self.last_sequence = frame.sequence
        if self._truth is not None and outgoing.truth is not None:
            self._truth.send(
                msgspec.structs.replace(
                    frame,
                    stream="truth",
                    pixel_format=format_of(outgoing.truth),
                    pixels=outgoing.truth,
                )
            )
