"""What a stream lost on its way, told by the numbers of its frames."""


class SequenceCounter:
    """Counts what a stream lost on its way, from the numbers its sensor gave."""

    def __init__(self) -> None:
        self._last: int | None = None

    def missing(self, sequence: int) -> int:
        """How many frames lie between the last one and this; a restarted count is no gap."""
        last, self._last = self._last, sequence
        return 0 if last is None or sequence <= last else sequence - last - 1
