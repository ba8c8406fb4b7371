"""How many pictures a device made while nobody could read it."""

from collections import deque

from streamer.clock import NS_PER_S, HostNs, later, since

_KEPT = 64  # pictures whose times tell the pace


class Pace:
    """Estimates what is missed over an unplugging, at the pace of before it."""

    def __init__(self) -> None:
        self._times_ns: deque[HostNs] = deque(maxlen=_KEPT)
        self._reopened = False

    def note(self, timestamp_ns: HostNs) -> None:
        """Takes note of a picture."""
        if self._reopened:
            self._times_ns.clear()  # what was away lies between
            self._reopened = False
        self._times_ns.append(timestamp_ns)

    def number_before(self, sequence: int, rate_hz: float, now_ns: HostNs) -> int:
        """The number of the picture before the first of an opening.

        Before any picture it is the number of periods since the host started, so that it grows over
        a restart of the process.

        Args:
            sequence: of the last picture; -1 before the first.
            rate_hz: that the device says it has.
            now_ns: the moment of the opening.
        """
        self._reopened = True
        if not self._times_ns:
            return max(sequence, round(now_ns * rate_hz / NS_PER_S))
        first_ns, last_ns = self._times_ns[0], self._times_ns[-1]
        if later(last_ns, first_ns):
            rate_hz = (len(self._times_ns) - 1) * NS_PER_S / since(last_ns, first_ns)
        return sequence + max(0, round(since(now_ns, last_ns) * rate_hz / NS_PER_S))
