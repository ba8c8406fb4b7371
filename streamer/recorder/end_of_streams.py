"""What is still to come when a recording ends: frames on their way, and who may send more."""

from collections.abc import Iterable

from streamer.messages import SessionStatus
from streamer.transport import TOPICS, Endpoint

# turns of 20 ms in which nothing came:
_SILENT_TURNS = 15  # what nobody has told of is on its way no longer
_PROMISED_TURNS = 150  # on a slow host, what a publisher has told of
_WORDLESS_TURNS = 150  # and the run itself, as long as it is there


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
        self._orphaned = False

    def frame(self, stream: str, sequence: int) -> None:
        """A frame came."""
        self._last[stream] = max(self._last[stream], sequence)
        self._without_frame = self._without_word = 0

    def session(self, session: SessionStatus) -> None:
        """The state of the run came."""
        self._session = session
        self._without_word = 0

    def nothing(self, *, orphaned: bool = False) -> None:
        """A turn passed in which no frame came.

        Args:
            orphaned: whether whoever runs the run has gone: little time is left then.
        """
        self._without_frame += 1
        self._without_word += 1
        self._orphaned = orphaned

    @property
    def reached(self) -> bool:
        """Whether nothing more is to be expected.

        So it is when every publisher has ended and its last frame is here; when they have ended and
        nothing has come for a while, as of one that was killed; and when the run itself is silent
        for long, or has gone.
        """
        if self._without_word >= (_SILENT_TURNS if self._orphaned else _WORDLESS_TURNS):
            return True
        if self._session is None or not self._without_frame or self._publishing:
            return False
        return self._without_frame >= self._patience

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
    def _patience(self) -> int:
        """For how many turns more is waited for: none where the last frame of each is here."""
        assert self._session is not None
        patience = 0
        for stream, names in self._publishers.items():
            for name in names:
                status = self._session.statuses.get(name)
                if name not in self._session.processes:
                    continue
                if status is None or status.last_sequence is None:
                    patience = max(patience, _SILENT_TURNS)  # killed, or it has sent nothing
                elif status.last_sequence > self._last[stream]:
                    promised = stream != Endpoint.TRUTH  # not every thermal frame has one
                    patience = max(patience, _PROMISED_TURNS if promised else _SILENT_TURNS)
        return patience
