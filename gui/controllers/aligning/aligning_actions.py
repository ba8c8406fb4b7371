"""Lines two cameras up by what the user does in the window for it."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from operator import is_

from platformdirs import user_documents_path
from PySide6.QtCore import QCoreApplication, QObject, QTimer

from gui.controllers.aligning.jobs import Outcome, refusal
from gui.controllers.aligning.looking import Looking
from gui.controllers.presenter import Presenter
from gui.imaging.visible import colours_of_visible
from gui.language import tr
from gui.panes import Pane
from gui.state.aligning.alignment import Alignment
from gui.state.aligning.layer import AlignLayer, AlignLook
from gui.state.aligning.moments import Moment
from gui.state.aligning.pairs import ClickedPairs
from gui.state.aligning.words import BEFORE, NOTHING, placement_text, saved_text, score_text
from gui.state.viewer_state import ViewerState
from gui.widgets.aligning.window import AligningWindow
from gui.widgets.main_window import MainWindow
from streamer.calibration.calibration import View
from streamer.calibration.errors import CalibrationError
from streamer.clock import now_ns
from streamer.thermal.colouring import Colouriser

_EVERY_MS = 100
_SOON_MS = 15  # after a key: the mouse moves more often than a picture can be made
_SHOWN_COLUMNS = 640
_FILE = "calibration.yaml"


class AligningActions(QObject):
    """Opens the window; what is made in it stays until the viewer ends.

    Attributes:
        window: None before it was asked for.
        alignment: what is being made; None before the first pictures of both cameras.
    """

    def __init__(self, window: MainWindow, presenter: Presenter, state: ViewerState) -> None:
        super().__init__(window)
        self._main, self._presenter, self._state = window, presenter, state
        self.window: AligningWindow | None = None
        self.alignment: Alignment | None = None
        self._pairs, self._layers = ClickedPairs(), AlignLayer()
        self._looking: Looking | None = None
        self._colouriser = Colouriser()
        self._message = ""
        self._drawn: tuple[object, ...] = ()
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._soon = QTimer(self, interval=_SOON_MS, singleShot=True)
        for timer in (self._timer, self._soon):
            timer.timeout.connect(self.update)

    def toggle(self) -> None:
        """The window, or no longer."""
        window = self.window or self._open()
        window.setVisible(not window.isVisible())
        if window.isVisible():
            self._presenter.panes.watched = frozenset((Pane.VISIBLE, Pane.THERMAL))
            window.activateWindow()
            self._timer.start()
            self.update()

    def close(self) -> None:
        """Ends what is under way in the background."""
        self._timer.stop()
        if self._looking is not None:
            self._looking.close()
            self._looking = None

    def update(self) -> None:
        """Takes the newest pictures and results, and shows them."""
        window, looking = self.window, self._looking
        if window is None or looking is None:
            return
        frames, now = self._presenter.pictures.frames, now_ns()
        looking.add(frames.get(Pane.VISIBLE), frames.get(Pane.THERMAL), now)
        moment = looking.newest
        if moment is None:
            window.show_captions("", "", tr(NOTHING))
            window.show_can(undo=False, save=False, unsaved=False, looking=False)
            return
        alignment = self._alignment_of(moment)
        outcome = looking.outcome()
        if outcome is not None:
            self._take(alignment, outcome, moment)
        message = looking.words() if looking.busy else self._message
        points = window.look is AlignLook.POINTS
        if points and not message:
            message = self._pairs.words()
        if alignment.before and not looking.busy:
            message = tr(BEFORE)
        score = looking.score(alignment.shown, now)
        window.show_words(placement_text(alignment), score_text(score), message)
        window.show_can(
            undo=bool(self._pairs.places(Pane.THERMAL) or self._pairs.places(Pane.VISIBLE))
            if points
            else alignment.can_undo,
            save=not alignment.before,
            unsaved=alignment.unsaved,
            looking=looking.busy,
        )
        self._show_pictures(window, alignment, moment)

    def _open(self) -> AligningWindow:
        self.window = window = AligningWindow(self._main)
        self._looking = Looking()
        application = QCoreApplication.instance()
        assert application is not None  # or there would be no window
        application.aboutToQuit.connect(self.close)
        window.moved.connect(lambda x, y: self._change(lambda made: made.shift(x, y)))
        window.enlarged.connect(lambda steps: self._change(lambda made: made.enlarge(steps)))
        window.turned.connect(lambda steps: self._change(lambda made: made.turn(steps)))
        window.before_switched.connect(self._on_before)
        window.clicked.connect(self._on_clicked)
        window.look_chosen.connect(self._on_look)
        window.asked.connect(lambda name: getattr(self, f"_on_{name}")())
        window.hidden.connect(self._on_hidden)
        return window

    def _alignment_of(self, moment: Moment) -> Alignment:
        """The one there is; of pictures of another size it says nothing."""
        sizes = moment.visible.shape[:2], moment.thermal.shape[:2]
        if self.alignment is None or not self.alignment.fits(*sizes):
            names = self._presenter.camera_names()
            visible, thermal = (
                View(camera=name, width=size[1], height=size[0])
                for name, size in zip(names, sizes, strict=True)
            )
            self.alignment = Alignment(visible, thermal, self._presenter.calibration)
            self._pairs.clear()
        return self.alignment

    def _take(self, alignment: Alignment, outcome: Outcome, moment: Moment) -> None:
        """Takes what was found by itself, or says why it is none."""
        if outcome.why_not:
            self._message = outcome.why_not
            return
        found = alignment.take(outcome.fit, "itself", outcome.residual_px, outcome.confidence)
        if why_not := refusal(found, moment):
            alignment.undo()
            self._message = tr("Nothing that can be used was found: {why_not}.", why_not=why_not)
            return
        self._message = tr(
            "Found by itself, sure to {confidence:.2f} of 1. Look at the edges, and at how it "
            "was before; then save it.",
            confidence=outcome.confidence,
        )

    def _show_pictures(self, window: AligningWindow, made: Alignment, moment: Moment) -> None:
        picture = self._presenter.pictures.picture(Pane.THERMAL, self._state)
        if picture is None or picture.span is None or picture.table is None:
            return
        points = window.look is AlignLook.POINTS
        for view, pane in ((window.view, Pane.THERMAL), (window.visible, Pane.VISIBLE)):
            view.show_points(self._pairs.places(pane) if points else ())
        drawn = moment, made.shown, window.look, picture.span, picture.table
        if all(map(is_, drawn, self._drawn)) and self._drawn:
            return
        self._drawn = drawn
        colours = self._colouriser.colour(moment.thermal, picture.span, picture.table)
        sensor = made.thermal.size
        layer = self._layers.layer(moment.visible, sensor, made.shown, window.look)
        raw = colours_of_visible(moment.visible, _SHOWN_COLUMNS) if points else None
        window.show_pictures(colours, layer, raw)
        window.show_captions(
            tr("Thermal") if points else tr("Before") if made.before else "", tr("Visible")
        )

    def _change(self, change: Callable[[Alignment], None]) -> None:
        if self.alignment is None or self.window is None:
            return
        self._message = ""
        change(self.alignment)
        self.window.before.setChecked(self.alignment.before)
        if not self._soon.isActive():
            self._soon.start()

    def _on_before(self, before: bool) -> None:
        if self.alignment is not None and self.alignment.before != before:
            self.alignment.before = before
            self.update()

    def _on_look(self, look: AlignLook) -> None:
        self._message = ""
        if self.window is not None and look is AlignLook.POINTS:
            self.window.before.setChecked(False)
        self.update()

    def _on_clicked(self, pane: Pane, u: float, v: float) -> None:
        if self.alignment is None:
            return
        complete = self._pairs.complete
        self._pairs.click(pane, (u, v))
        self._message = ""
        if self._pairs.complete > complete:
            self._fit_points(self.alignment)
        self.update()

    def _fit_points(self, alignment: Alignment) -> None:
        """What the pairs ask for, from the fourth on."""
        looking = self._looking
        if not self._pairs.enough or looking is None or looking.newest is None:
            return
        try:
            found = self._pairs.fit(alignment.visible.size, alignment.thermal.size)
        except CalibrationError as error:
            self._message = tr(
                "{complete} pairs: {error}.", complete=self._pairs.complete, error=error
            )
            return
        alignment.take(found.fit, "points", found.residual_px)
        self._message = tr(
            "{complete} pairs lie {residual_px:.1f} px from their map; see the blend, click "
            "more, or save it.",
            complete=self._pairs.complete,
            residual_px=found.residual_px,
        )

    def _take_point_back(self, alignment: Alignment) -> None:
        """The last point, and what was made of it."""
        complete = self._pairs.complete
        self._pairs.take_back()
        if self._pairs.complete < complete and alignment.calibration.method == "points":
            alignment.undo()
            self._fit_points(alignment)

    def _on_find(self) -> None:
        self._message = ""
        if self._looking is None or self.alignment is None:
            return
        if self._looking.busy:
            self._looking.cancel()
        else:
            self._looking.begin(now_ns())
        self.update()

    def _on_undo(self) -> None:
        if self.window is not None and self.window.look is AlignLook.POINTS:
            self._change(self._take_point_back)
        else:
            self._change(lambda made: made.undo())

    def _on_start_over(self) -> None:
        self._pairs.clear()
        self._change(lambda made: made.start_over())

    def _on_save(self) -> None:
        """Writes the file that the user chooses; none that no run would take."""
        window, made, looking = self.window, self.alignment, self._looking
        if window is None or made is None or looking is None or looking.newest is None:
            return
        if why_not := refusal(made.calibration, looking.newest):
            self._message = tr("Not saved: {why_not}.", why_not=why_not)
            self.update()
            return
        kept = made.to_save(datetime.now(UTC))
        folder = user_documents_path() / "CoReFusion Live"
        with suppress(OSError):  # a dialog begins in no folder that is not there
            folder.mkdir(parents=True, exist_ok=True)
        path = window.file_to_save(folder / _FILE)
        if path is None:
            self._message = tr("Nothing was saved.")
        else:
            from streamer.calibration.stored import save_calibration  # with YAML's library: 20 ms

            try:
                save_calibration(kept, path)
            except CalibrationError as error:
                self._message = tr("Not saved: {error}", error=error)
            else:
                made.saved()
                self._presenter.use_calibration(path)
                self._message = saved_text(path)
        with suppress(OSError):  # what was made for nothing; one with files in it stays
            folder.rmdir()
        self.update()

    def _on_hidden(self) -> None:
        """Nobody looks any more: nothing is looked for, and no picture is received for it."""
        self._timer.stop()
        self._presenter.panes.watched = frozenset()
        if self._looking is not None:
            self._looking.cancel()
