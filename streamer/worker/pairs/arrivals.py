"""What has come of a stream, for a worker that may be behind."""

from collections.abc import Callable, Iterator

from streamer.clock import StreamNs, since
from streamer.messages import Frame, Message
from streamer.transport import Subscriber

_HANDOVER_MS = 50  # a sender's next message is here within this, on a busy host too


def arrived(
    subscriber: Subscriber, now: Callable[[], StreamNs], max_age_ns: float
) -> Iterator[Message]:
    """What has come, and of a stream that is behind what is on its way as well.

    All but two of the messages that a busy worker did not take wait at their sender, and come one
    by one as others are taken. Whoever takes what is there never gets to the newest: where frames
    are over age, and each is younger than the one before, the next is waited for.

    Args:
        subscriber: of the stream.
        now: reads the present of the streams.
        max_age_ns: above which a frame is worked on no more.
    """
    wait_ms, before_ns = 0, 0
    while (message := subscriber.receive(wait_ms)) is not None:
        yield message
        age_ns = since(now(), message.timestamp_ns) if isinstance(message, Frame) else 0
        wait_ms = _HANDOVER_MS if max_age_ns < age_ns < before_ns else 0
        before_ns = age_ns
