"""What takes long while two cameras are lined up, in a thread of its own.

OpenCV is imported there, and so by nobody who never opens the window of it.
"""

import os
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gui.language import tr
from gui.state.aligning.moments import Moment
from gui.state.aligning.words import Score
from streamer.calibration.calibration import Calibration
from streamer.calibration.errors import CalibrationError

if TYPE_CHECKING:
    from streamer.calibration.finding.fit import Fit
    from streamer.calibration.registration.gradients import Plane

_LOOKED_AT = 640  # columns of visible pictures
_CANVAS = 320
_NICE = 10
_LOOKS = 5  # a watch says nothing before


class Outcome(NamedTuple):
    """What looking for a calibration gave.

    Attributes:
        fit: the map.
        residual_px: how far parts of the picture lie from it, pixels of a canvas 640 wide.
        confidence: 0 to 1.
        why_not: why it is refused, in a sentence; empty if it is not.
    """

    fit: "Fit"
    residual_px: float
    confidence: float
    why_not: str


class SearchCancelledError(Exception):
    """The window was closed, or the user wants it no longer."""


class Jobs:
    """One job at a time; the others wait for it.

    Attributes:
        share: of the search under way, what is done.
    """

    def __init__(self) -> None:
        self.share = 0.0
        self._pool = ThreadPoolExecutor(1, "align", _give_way)
        self._cancelled = threading.Event()

    def find(self, moments: Sequence[Moment]) -> "Future[Outcome]":
        """Looks for the map by itself."""
        self.share = 0.0
        self._cancelled = cancelled = threading.Event()  # its own: one before may not be over yet

        def on_progress(share: float) -> None:
            if cancelled.is_set():
                raise SearchCancelledError
            self.share = share

        return self._pool.submit(_find, moments, on_progress)

    def score(self, calibration: Calibration | None, moment: Moment) -> "Future[Score]":
        """How well a calibration fits a moment; None stretches the visible picture."""
        return self._pool.submit(_score, calibration, moment)

    def cancel(self) -> None:
        """Ends the search at its next step."""
        self._cancelled.set()

    def close(self) -> None:
        """Ends everything; does not wait for it."""
        self.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)


def refusal(calibration: Calibration, moment: Moment) -> str:
    """Why no run would take a calibration for such pictures; empty if it would."""
    from streamer.calibration.warp import check_warp  # OpenCV

    sensor = _size(moment.thermal)
    try:
        check_warp(calibration, _size(moment.visible), sensor, _canvas(sensor))
    except CalibrationError as error:
        return str(error)
    return ""


def _give_way() -> None:
    """The run itself comes first; of this thread alone, as Linux has it."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)


def _find(moments: Sequence[Moment], progress: Callable[[float], None]) -> Outcome:
    from streamer.calibration.finding.itself import find_by_itself
    from streamer.calibration.registration.gradients import grey

    pairs: list[tuple[Plane, Plane]] = [
        (grey(_narrow(one.visible)), grey(one.thermal)) for one in moments
    ]
    found = find_by_itself(pairs, _size(moments[0].thermal), progress=progress)
    why_not = "" if found.accepted else tr("Not sure enough: {words}.", words=found.words())
    return Outcome(found.fit, found.residual_px, found.confidence, why_not)


def _score(calibration: Calibration | None, moment: Moment) -> Score:
    import cv2

    from streamer.calibration.registration.watch import AlignmentWatch
    from streamer.calibration.warp import GuideWarp

    if calibration is not None and (refused := refusal(calibration, moment)):
        return Score(0.0, None, refused)
    canvas = _canvas(_size(moment.thermal))
    visible = _narrow(moment.visible)
    if visible.ndim == 2:
        visible = cv2.cvtColor(np.asarray(visible), cv2.COLOR_GRAY2BGR)
    if calibration is None:
        guide = cv2.resize(visible, canvas[::-1], interpolation=cv2.INTER_AREA)
    else:
        guide = GuideWarp(calibration)(np.asarray(visible, np.uint8), canvas)
    watch = AlignmentWatch()
    for _ in range(_LOOKS):
        watch.look(np.asarray(guide, np.uint8), moment.thermal)
    return Score(watch.agreement or 0.0, watch.drift_px)


def _narrow(visible: NDArray[Any]) -> NDArray[Any]:
    """A visible picture of 8 bits, not wider than is looked at."""
    import cv2

    if visible.dtype == np.uint16:
        visible = (visible >> 8).astype(np.uint8)
    rows, columns = visible.shape[:2]
    if columns <= _LOOKED_AT:
        return visible
    size = _LOOKED_AT, max(1, round(rows * _LOOKED_AT / columns))
    return np.asarray(cv2.resize(visible, size, interpolation=cv2.INTER_AREA))


def _canvas(sensor: tuple[int, int]) -> tuple[int, int]:
    return max(1, round(_CANVAS * sensor[0] / sensor[1])), _CANVAS


def _size(pixels: NDArray[Any]) -> tuple[int, int]:
    return pixels.shape[0], pixels.shape[1]
