"""One rig's part of the window of several: a window of one, as a page, and its tile."""

from gui.controllers.actions.run_actions import RunActions
from gui.controllers.actions.viewer_actions import ViewerActions
from gui.controllers.presenter import Presenter
from gui.controllers.receiver import Receiver
from gui.controllers.saved_tools import SavedTools, begin_with, keep
from gui.language import tr
from gui.panes import Pane
from gui.state.annotations import Annotations
from gui.state.commands.action import Action
from gui.state.rigs.tile import OVER, RigTile, RunEnd, SmallPicture, end_of, hottest_of, tile_of
from gui.state.viewer_state import ViewerState
from gui.status.diagnosis import Diagnosis, Notice, Severity
from gui.widgets.main_window import MainWindow
from gui.widgets.rigs.tile_view import RigTileView
from streamer.clock import NS_PER_MS, HostNs, after, later, now_ns
from streamer.messages import ProcessState
from streamer.runtime.process import ProcessSpec

_WORDS_EVERY_NS = 250 * NS_PER_MS
_ONE_RUN_ONLY = ("open_recording", "open_take")  # what would put another in the place of the run


class RigPage:
    """All that is shown of one rig.

    Attributes:
        name: of the rig.
        state: what the user has chosen for it: palette, span, tools and all else are its own.
        window: its page.
        over: why its run has ended; None while it goes on.

    Args:
        spec: what the viewer is told of it.
        saved: whether tools and alarms are kept for its cameras.
    """

    def __init__(self, spec: ProcessSpec, *, saved: bool) -> None:
        self.name = spec.rig
        self.over: RunEnd | None = None
        self.state = ViewerState.from_config(spec.config.viewer)
        self.window = MainWindow(spec.config.viewer.plot_s)
        self.window.setAcceptDrops(False)
        for name in _ONE_RUN_ONLY:
            self.window.qactions[name].setVisible(False)
        self.window.recent.menuAction().setVisible(False)
        self._spec = spec
        self._saved = SavedTools(spec.config.capture) if saved else None
        begin_with(self.state, spec.config, self._saved)
        self._receiver: Receiver | None = None
        self._presenter: Presenter
        self._actions: ViewerActions | None = None
        self._small = SmallPicture()
        self._seen: object = None  # the result that the tile shows
        self._next_words_ns = HostNs(0)

    def open(self, more: tuple[Action, ...]) -> None:
        """Begins to receive; `more` can be done beside what can be done with one rig.

        Raises:
            TransportError: an endpoint cannot be used.
        """
        receiver = self._receiver = Receiver(self._spec)
        self._presenter = Presenter(self._spec.config, receiver, self.window, self.state)
        self._actions = ViewerActions(self.window, self._presenter, self.state, more)
        self._run_actions = RunActions(self.window, self._presenter, receiver)
        self._presenter.refresh()

    @property
    def presenter(self) -> Presenter:
        """Who fills the page, once it is open."""
        return self._presenter

    @property
    def receiver(self) -> Receiver:
        """Of what comes of the rig, once it is open."""
        assert self._receiver is not None
        return self._receiver

    @property
    def records(self) -> bool:
        """Whether it is being recorded."""
        take = self._presenter.take
        return take is not None and take.since_ns is not None

    def tick(self, *, seen: bool) -> None:
        """Takes what is new, and shows it where the page is seen."""
        if self.over is not None:
            return
        if seen:
            self._presenter.tick()
        else:
            self._presenter.follow()

    def ends(self) -> bool:
        """Whether its run needs the window no longer, and that was not so at the last call."""
        if self.over is not None:
            return False
        self.over = end_of(self.receiver.session())
        return self.over is not None

    def show_over(self) -> None:
        """Says that the run has ended, on the page, and to the run that this was heard."""
        why = self.over.why if self.over else ""
        notice = Notice(tr("This rig is seen no longer"), (why,), Severity.ERROR, False)
        self.window.header.set_diagnosis(
            Diagnosis(badge=tr(OVER), severity=Severity.ERROR, notice=notice)
        )
        self.window.views[0].set_annotations(Annotations(notice=notice, dimmed=True))
        self.report_end("the run is over")

    def update_tile(self, tile: RigTileView) -> RigTile | None:
        """Shows what is new of it in the strip; the words where those were due."""
        result, now = self._presenter.pictures.result, now_ns()
        if result is not self._seen and tile.view.isVisible():
            self._seen = result
            picture = self._presenter.pictures.picture(Pane.RESULT, self.state)
            if picture is not None:
                colours = self._small.colours(picture, tile.view.width())
                tile.show_picture(colours, self.state.orientation)
        if later(self._next_words_ns, now):
            return None
        self._next_words_ns = after(now, _WORDS_EVERY_NS)
        run = self._presenter.run_status()
        hottest = hottest_of(self._presenter.pictures, self.state)
        words = tile_of(run, self._presenter.diagnosis, hottest, self.over)
        tile.show_words(words)
        return words

    def report_end(self, why: str) -> None:
        """Tells the run that its window is closed."""
        tools = self.state.measuring.tools
        self.receiver.publish_status(ProcessState.ENDED, why, measuring=tools, force=True)

    def keep(self) -> None:
        """Keeps tools and alarms for its cameras."""
        if self._saved is not None:
            keep(self.state, self._spec.config, self._saved)

    def close(self) -> None:
        """Waits for snapshots that are being written, and lets go of its sockets."""
        if self._actions is not None:
            self._actions.close()
        if self._receiver is not None:
            self._receiver.close()
