"""What keys, buttons and the time scale do in a replay: they make wishes of the player."""

from collections.abc import Callable

from gui.state.playback_control import Steering
from gui.state.shortcuts import deeds
from gui.widgets.main_window import MainWindow
from streamer.clock import StreamNs, now_ns


class ReplayCommands:
    """One method for each deed of the table that only a replay has."""

    def __init__(self, window: MainWindow, steering: Steering) -> None:
        self._steering = steering
        self._bar = window.replay_bar
        for deed in deeds(replay=True):
            if deed.replay:
                window.deeds[deed.name].triggered.connect(self._then_show(getattr(self, deed.name)))
        if self._bar is not None:
            self._bar.scale_view.sought.connect(self._on_sought)
            self._bar.scale_view.pointed.connect(self._on_pointed)
            self._bar.scale_view.part_moved.connect(self._on_part_moved)
            self._bar.rate_chosen.connect(self._on_rate)

    def play(self) -> None:
        """Stands still, or goes on."""
        self._steering.toggle(now_ns())

    def step_on(self) -> None:
        """One thermal frame on."""
        self._steering.step(1, now_ns())

    def step_back(self) -> None:
        """One thermal frame back."""
        self._steering.step(-1, now_ns())

    def mark_on(self) -> None:
        """To the next change of mode or event."""
        self._steering.to_mark(now_ns(), forward=True)

    def mark_back(self) -> None:
        """To the one before."""
        self._steering.to_mark(now_ns(), forward=False)

    def to_start(self) -> None:
        """To the first moment."""
        self._steering.seek(self._steering.scale.start_ns, now_ns())

    def to_end(self) -> None:
        """To the last moment."""
        self._steering.seek(self._steering.scale.end_ns, now_ns())

    def slower(self) -> None:
        """To the next lower rate."""
        self._steering.change_rate(now_ns(), faster=False)

    def faster(self) -> None:
        """To the next higher rate."""
        self._steering.change_rate(now_ns(), faster=True)

    def loop(self) -> None:
        """Begins again at the end, or no longer."""
        self._steering.toggle_loop(now_ns())

    def from_here(self) -> None:
        """Plays from this moment on, again and again."""
        now = now_ns()
        self._steering.set_part(now, first_ns=self._steering.media_ns(now))

    def to_here(self) -> None:
        """Plays up to this moment, again and again."""
        now = now_ns()
        self._steering.set_part(now, last_ns=self._steering.media_ns(now))

    def whole(self) -> None:
        """Plays all of it."""
        self._steering.whole(now_ns())

    def _then_show(self, deed: Callable[[], None]) -> Callable[[bool], None]:
        def run(checked: bool) -> None:
            deed()
            self._show()

        return run

    def _show(self) -> None:
        if self._bar is not None:
            self._bar.show_steering(self._steering, now_ns())

    def _on_sought(self, media_ns: StreamNs) -> None:
        self._steering.seek(media_ns, now_ns())
        self._show()

    def _on_pointed(self, media_ns: StreamNs | None) -> None:
        if media_ns is not None:
            self._steering.glance(media_ns, now_ns())

    def _on_part_moved(self, first_ns: StreamNs | None, last_ns: StreamNs | None) -> None:
        self._steering.set_part(now_ns(), first_ns=first_ns, last_ns=last_ns)

    def _on_rate(self, rate: float) -> None:
        self._steering.set_rate(rate, now_ns())
