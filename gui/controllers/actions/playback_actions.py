"""What keys, buttons and the seek bar do in a replay: they send it commands."""

from collections.abc import Callable

from gui.state.playback.control import PlaybackControl
from gui.state.shortcuts import available_actions
from gui.widgets.main_window import MainWindow
from streamer.clock import StreamNs, now_ns


class PlaybackActions:
    """One method for each action of the table that only a replay has."""

    def __init__(self, window: MainWindow, playback: PlaybackControl) -> None:
        self._playback = playback
        self._bar = window.playback_bar
        for action in available_actions(replay=True):
            if action.replay:
                run = self._then_show(getattr(self, action.name))
                window.qactions[action.name].triggered.connect(run)
        if self._bar is not None:
            self._bar.seek_bar.sought.connect(self._on_sought)
            self._bar.seek_bar.pointed.connect(self._on_pointed)
            self._bar.seek_bar.loop_range_moved.connect(self._on_loop_range_moved)
            self._bar.rate_chosen.connect(self._on_rate)

    def play(self) -> None:
        """Pauses, or resumes."""
        self._playback.toggle_paused(now_ns())

    def step_forward(self) -> None:
        """One thermal frame forward."""
        self._playback.step(1, now_ns())

    def step_back(self) -> None:
        """One thermal frame back."""
        self._playback.step(-1, now_ns())

    def mark_forward(self) -> None:
        """To the next change of mode or event."""
        self._playback.to_mark(now_ns(), forward=True)

    def mark_back(self) -> None:
        """To the one before."""
        self._playback.to_mark(now_ns(), forward=False)

    def to_start(self) -> None:
        """To the first moment."""
        self._playback.seek(self._playback.timeline.start_ns, now_ns())

    def to_end(self) -> None:
        """To the last moment."""
        self._playback.seek(self._playback.timeline.end_ns, now_ns())

    def slower(self) -> None:
        """To the next lower rate."""
        self._playback.change_rate(now_ns(), faster=False)

    def faster(self) -> None:
        """To the next higher rate."""
        self._playback.change_rate(now_ns(), faster=True)

    def loop(self) -> None:
        """Begins again at the end, or no longer."""
        self._playback.toggle_loop(now_ns())

    def set_loop_start(self) -> None:
        """Plays from this moment on, again and again."""
        now = now_ns()
        self._playback.set_loop_range(now, first_ns=self._playback.media_ns(now))

    def set_loop_end(self) -> None:
        """Plays up to this moment, again and again."""
        now = now_ns()
        self._playback.set_loop_range(now, last_ns=self._playback.media_ns(now))

    def clear_loop_range(self) -> None:
        """Plays all of it."""
        self._playback.clear_loop_range(now_ns())

    def _then_show(self, action: Callable[[], None]) -> Callable[[bool], None]:
        def run(checked: bool) -> None:
            action()
            self._show()

        return run

    def _show(self) -> None:
        if self._bar is not None:
            self._bar.show_playback(self._playback, now_ns())

    def _on_sought(self, media_ns: StreamNs) -> None:
        self._playback.seek(media_ns, now_ns())
        self._show()

    def _on_pointed(self, media_ns: StreamNs | None) -> None:
        if media_ns is not None:
            self._playback.request_thumbnail(media_ns, now_ns())

    def _on_loop_range_moved(self, first_ns: StreamNs | None, last_ns: StreamNs | None) -> None:
        self._playback.set_loop_range(now_ns(), first_ns=first_ns, last_ns=last_ns)

    def _on_rate(self, rate: float) -> None:
        self._playback.set_rate(rate, now_ns())
