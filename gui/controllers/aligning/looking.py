"""What is looked for in the newest pictures, while the window goes on."""

from concurrent.futures import CancelledError, Future

from gui.controllers.aligning.jobs import Jobs, Outcome, SearchCancelledError
from gui.language import tr
from gui.state.aligning.moments import WANTED, Moment, Moments
from gui.state.aligning.words import Score
from streamer.calibration.calibration import Calibration
from streamer.clock import NS_PER_S, HostNs, after, later
from streamer.messages import Frame

_SCORE_EVERY_NS = 2 * NS_PER_S


class Looking:
    """Collects pictures, has them searched, and keeps the score of what is shown up to date."""

    def __init__(self) -> None:
        self._moments, self._jobs = Moments(), Jobs()
        self._search: Future[Outcome] | None = None
        self._scoring: Future[Score] | None = None
        self._scored: Calibration | None = None
        self._next_score_ns = HostNs(0)
        self._score: Score | None = None

    @property
    def newest(self) -> Moment | None:
        """The newest pictures of both cameras."""
        return self._moments.newest

    @property
    def busy(self) -> bool:
        """Whether a calibration is looked for."""
        return self._moments.collecting or self._search is not None

    def words(self) -> str:
        """How far that is."""
        if self._moments.collecting:
            return tr(
                "Looking: {share:.0%} of {wanted} moments; keep both cameras still.",
                share=self._moments.share,
                wanted=WANTED,
            )
        return tr("Comparing the pictures: {share:.0%}.", share=self._jobs.share)

    def add(self, visible: Frame | None, thermal: Frame | None, now_ns: HostNs) -> None:
        """Takes the newest frames; has what was collected searched."""
        self._moments.add(visible, thermal, now_ns)
        moments = self._moments.complete(now_ns)
        if moments:
            self._search = self._jobs.find(moments)

    def begin(self, now_ns: HostNs) -> None:
        """Looks for a calibration from now on."""
        self._moments.begin(now_ns)

    def cancel(self) -> None:
        """Looks for none any more."""
        self._moments.cancel()
        self._jobs.cancel()
        self._search = None

    def outcome(self) -> Outcome | None:
        """What was found, once."""
        if self._search is None or not self._search.done():
            return None
        done, self._search = self._search, None
        try:
            return done.result()
        except (CancelledError, SearchCancelledError):
            return None

    def score(self, calibration: Calibration | None, now_ns: HostNs) -> Score | None:
        """How well a calibration fits the newest pictures; None until that is known."""
        if self._scoring is not None and self._scoring.done():
            scoring, self._scoring = self._scoring, None
            self._score = None if scoring.cancelled() else scoring.result()
        changed = calibration is not self._scored
        due = changed or not later(self._next_score_ns, now_ns)
        if self._scoring is None and due and self.newest is not None:
            self._scored, self._next_score_ns = calibration, after(now_ns, _SCORE_EVERY_NS)
            self._scoring = self._jobs.score(calibration, self.newest)
            if changed:
                self._score = None
        return None if changed else self._score

    def close(self) -> None:
        """Ends all of it, and does not wait for that."""
        self.cancel()
        self._jobs.close()
