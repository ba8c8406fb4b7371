"""Snapshots are taken on the screen, and made into files by a thread of their own."""

import logging
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from platformdirs import user_pictures_path
from PySide6.QtGui import QImage

from gui.controllers.presenter import Presenter
from gui.controllers.reporting.moment import Moment, take_moment, with_legend
from gui.controllers.snapshots.files import save_counts, save_degrees, save_image
from gui.language import tr
from gui.state.viewer_state import ViewerState
from gui.widgets.main_window import MainWindow
from streamer.measuring.object_parameters import ObjectParameters
from streamer.messages import SuperResolvedFrame

log = logging.getLogger(__name__)

_MOST_WAITING = 4  # each holds some 20 MB


class _Taken(NamedTuple):
    """All that the files are made from; nothing that comes later changes it."""

    path: Path
    window: QImage
    moment: Moment | None
    result: SuperResolvedFrame | None
    facts: Mapping[str, str]
    parameters: ObjectParameters


class Snapshots:
    """Grabs the window in the GUI's thread; lays out, compresses and writes elsewhere.

    That takes a third of a second, in which an alarm would have stopped the window that it is
    about.

    Args:
        window: what is grabbed.
        presenter: what is known of the moment.
        state: what is chosen.

    Attributes:
        failed: how many could not be saved, or came too fast to be.
    """

    def __init__(self, window: MainWindow, presenter: Presenter, state: ViewerState) -> None:
        self._window, self._presenter, self._state = window, presenter, state
        self._pool = ThreadPoolExecutor(1, "snapshot")
        self._waiting: list[Future[str]] = []
        self.failed = 0

    def take(self) -> None:
        """Takes one of this moment; `news` says what has become of it."""
        stem = f"{datetime.now():%Y-%m-%d %H-%M-%S.%f}"[:-3]
        path = user_pictures_path() / "CoReFusion Live" / f"{stem}.png"
        if len(self._waiting) >= _MOST_WAITING:
            self._presenter.show_message(self._lost(path, "others are still being written"))
            return
        moment = take_moment(self._window, self._presenter, self._state)
        taken = _Taken(
            path=path,
            window=self._window.grab().toImage(),
            moment=moment,
            result=self._presenter.pictures.result,
            facts=self._presenter.facts(),
            parameters=self._state.measuring.tools.parameters,
        )
        self._waiting.append(self._pool.submit(_written, taken))

    def news(self) -> str:
        """What has become of one since the last call, in words; empty where nothing has."""
        if not self._waiting or not self._waiting[0].done():
            return ""
        done = self._waiting.pop(0)
        error = done.exception()
        if isinstance(error, _NotSavedError):
            return self._lost(error.path, "it could not be written")
        return done.result()

    def close(self) -> None:
        """Waits for those that are being written."""
        self._pool.shutdown(wait=True)
        while self._waiting:
            self.news()

    def _lost(self, path: Path, why: str) -> str:
        self.failed += 1
        log.warning("snapshot %s is not saved: %s (%d so far)", path, why, self.failed)
        return tr("Could not save {path} ({n} so far)", path=path, n=self.failed)


class _NotSavedError(Exception):
    """A snapshot that could not be written; where to."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


def _written(taken: _Taken) -> str:
    """Makes the files; returns which, in words."""
    path, facts, result = taken.path, taken.facts, taken.result
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _NotSavedError(path) from error
    if not save_image(taken.window, path, facts):
        raise _NotSavedError(path)
    saved = [path.name]
    if taken.moment is not None and save_image(
        with_legend(taken.moment), path.with_suffix(".picture.png"), facts
    ):
        saved.append(tr("the picture with its legend"))
    if result is not None and save_counts(result, path.with_suffix(".counts.png"), facts):
        saved.append(tr("its counts"))
    if result is not None and save_degrees(
        result, path.with_suffix(".celsius.tiff"), facts, taken.parameters
    ):
        saved.append(tr("its degrees"))
    listed = [", ".join(saved[:-1]), saved[-1]] if len(saved) > 1 else saved
    return tr("Saved {saved} in {parent}", saved=tr(" and ").join(listed), parent=path.parent)
