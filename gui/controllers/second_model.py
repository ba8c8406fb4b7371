"""The second model of a comparison in the window: its picture, its words, and both in one line."""

import msgspec

from gui.controllers.receiver import Receiver
from gui.panes import Pane
from gui.state.captions import Captions, box_of, marks_of
from gui.state.frame_sync import BEHIND_MS
from gui.state.pane_images import Picture, Pictures
from gui.state.readout import Readout, read_off
from gui.state.viewer_state import ViewerState
from gui.status.diagnosis import diagnose
from gui.status.run_status import RunStatus
from gui.status.wording import engine_text, seconds
from gui.widgets.video_view import VideoView
from streamer.clock import HostNs
from streamer.config.schema import Config
from streamer.messages import SuperResolvedFrame

_DOT = "  \N{MIDDLE DOT}  "


class SecondModel:
    """Shows in a view of its own what the second model makes; the state is that of the first."""

    def __init__(
        self,
        config: Config,
        receiver: Receiver,
        view: VideoView,
        state: ViewerState,
        pictures: Pictures,
    ) -> None:
        self._receiver = receiver
        self._view = view
        self._state = state
        self._pictures = pictures
        self._captions = Captions(config, state, pictures)
        self._newest: SuperResolvedFrame | None = None

    def tick(self, now: HostNs) -> None:
        """Shows what is new."""
        result = self._receiver.second()
        if result is not None:
            self._newest = result
            self._pictures.accept_second(result, now)
            self.show()

    def show(self) -> None:
        """Shows the picture anew."""
        picture = self.picture()
        if picture is not None:
            self._view.show_colours(picture.colours, smooth=picture.smooth, captured_ns=None)

    def picture(self) -> Picture | None:
        """What the view shows, as counts and colours."""
        return self._pictures.second_picture(self._state)

    def update_text(self, first: RunStatus, now: HostNs) -> Readout:
        """Puts onto the picture what is to be said of it; returns what was read off it."""
        run = msgspec.structs.replace(
            first,
            worker="compare",
            result=self._newest,
            taken=self._receiver.second_clock,
        )
        rate_hz = self._receiver.second_arrivals.rate_hz(now)
        picture = self.picture()
        readout = read_off(picture, self._state)
        words = self._captions.words(
            Pane.RESULT,
            diagnose(run),
            marks_of(readout, picture),
            box_of(readout, picture, self._state),
            now,
            large=True,
            caption=model_caption("B", self._receiver.compared or "", run, rate_hz),
            behind=behind_words(self._receiver, 1),
        )
        self._view.set_annotations(words)
        return readout


def model_caption(letter: str, name: str, run: RunStatus, rate_hz: float) -> str:
    """Which model made a picture, on what, and how many it makes a second."""
    status = run.status(run.worker)
    parts = [name]
    if status is not None and status.model is not None:
        parts = [status.model, engine_text(status)]
    rate = f"{rate_hz:.0f} fps" if rate_hz else ""
    return f"{letter}  " + _DOT.join(part for part in (*parts, rate) if part)


def behind_words(receiver: Receiver, side: int) -> str:
    """How far a model is behind the other, where that is worth saying."""
    together = receiver.frame_sync
    behind_ms = 0.0 if together is None else together.behind_ms(side)
    return f"{seconds(behind_ms)} BEHIND" if behind_ms > BEHIND_MS else ""


def compared_line(
    first: tuple[Readout, Picture | None], second: tuple[Readout, Picture | None]
) -> str:
    """The values of both pictures at one place, or their extremes; else the first one's line."""
    (one, picture), (two, other) = first, second
    scale, other_scale = (each.scale if each else None for each in (picture, other))
    same = picture is not None and picture.pane is Pane.RESULT
    if not same or scale is None or other_scale is None:
        return one.line
    if one.cursor is not None and two.cursor is not None:
        values = f"A {scale.text(one.cursor)}{_DOT}B {other_scale.text(two.cursor)}"
        by = two.cursor - one.cursor
        if abs(by) < 0.5 or scale.radiometry != other_scale.radiometry:
            return f"{values}{_DOT}the same here" if abs(by) < 0.5 else values
        return f"{values}{_DOT}B minus A {'+' if by > 0 else '-'}{scale.difference_text(abs(by))}"
    if one.extremes is not None and two.extremes is not None:
        return _DOT.join(
            f"{letter} hottest {scale.text(found.hottest.counts)}, "
            f"coldest {scale.text(found.coldest.counts)}"
            for letter, found in (("A", one.extremes), ("B", two.extremes))
        )
    return one.line
