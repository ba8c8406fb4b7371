"""What is still to come when a recording ends: frames on their way, and who may send more."""

from collections.abc import Iterable

from streamer.messages import SessionStatus
from streamer.transport import TOPICS, Endpoint

_SILENT_TURNS = 15  # of 20 ms: what a slow host has on its way is there by then


class EndOfStreams:
    """Follows the recorded streams to their ends. No clock: silence is counted in turns.

    A turn is one wait of the recorder's own in which nothing came, so that a recorder that had no
    turn itself does not take that for silence.

    Args:
        streams: those that are recorded.
    """

    def __init__(self, streams: Iterable[str]) -> None:
        self._publishers = {stream: TOPICS[Endpoint(stream)].publishers for stream in streams}
        self._last = dict.fromkeys(self._publishers, -1)
        self._session: SessionStatus | None = None
        self._without_frame = self._without_word = 0

    def frame(self, stream: str, sequence: int) -> None:
        """A frame came."""
        self._last[stream] = max(self._last[stream], sequence)
        self._without_frame = self._without_word = 0

    def session(self, session: SessionStatus) -> None:
        """The state of the run came."""
        self._session = session
        self._without_word = 0

    def nothing(self) -> None:
        """A turn passed in which no frame came."""
        self._without_frame += 1
        self._without_word += 1

    @property
    def reached(self) -> bool:
        """Whether nothing more is to be expected.

        So it is when every publisher has ended and its last frame is here; when they have ended and
        nothing has come for a while, as of one that was killed; and when the run itself is silent.
        """
        if self._without_word >= _SILENT_TURNS:
            return True
        if self._session is None or not self._without_frame or self._publishing:
            return False
        return not self._missing or self._without_frame >= _SILENT_TURNS

    @property
    def _publishing(self) -> bool:
        assert self._session is not None
        processes = self._session.processes
        return any(
            name in processes and processes[name].alive
            for names in self._publishers.values()
            for name in names
        )

    @property
    def _missing(self) -> bool:
        """Whether a publisher told of a frame that has not come, or told nothing."""
        assert self._session is not None
        for stream, names in self._publishers.items():
            for name in names:
                status = self._session.statuses.get(name)
                if name not in self._session.processes:
                    continue
                if status is None or status.last_sequence is None:
                    return True
                if status.last_sequence > self._last[stream]:
                    return True
        return False
