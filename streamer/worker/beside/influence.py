"""When what the guide added is worth a second prediction. No sockets; time is handed in."""

from streamer.clock import HostNs


class InfluenceScheduler:
    """Says whose turn it is: one result now and then, while somebody looks at what the guide added.

    Args:
        every_ns: the least time between two of them while pictures go on.
    """

    def __init__(self, every_ns: int) -> None:
        self._every_ns = every_ns
        self._until_ns = 0
        self._next_ns = 0
        self._made: int | None = None

    def ask(self, until_ns: HostNs) -> None:
        """Somebody looks, at least until then."""
        self._until_ns = until_ns

    def jumped(self) -> None:
        """A replay has jumped: what was added before says nothing of the pictures now."""
        self._next_ns, self._made = 0, None

    def is_due(self, made: int, now_ns: HostNs, *, still: bool) -> bool:
        """Whether the newest of so many results gets one; a picture that stays gets its own."""
        if now_ns >= self._until_ns or made == self._made:
            return False
        return still or now_ns >= self._next_ns

    def done(self, made: int, now_ns: HostNs) -> None:
        """It got one."""
        self._made, self._next_ns = made, now_ns + self._every_ns
