"""The sensor's own numbers as a sequence, and pictures that a camera gives more than once."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_MOST_REPEATS = 2  # a Lepton 2.5 or 3.5 sends each picture three times; more is a frozen sensor
_WIDEST = 10_000  # steps; a counter that leaps farther has begun anew


class SensorCounter:
    """Numbers of frames by the counter in their telemetry.

    Counters count more than there are new pictures in some cameras (a Lepton's by three for each):
    the smallest step that was seen is one picture.

    Args:
        first: number of the first frame.
    """

    def __init__(self, first: int) -> None:
        self._next = first
        self._last: int | None = None
        self._step: int | None = None

    def skip(self, frames: int) -> int:
        """The number of the frame just counted, if so many were passed over before it."""
        self._next += max(0, frames)
        return self._next - 1

    def sequence(self, counter: int | None) -> int:
        """The number of the next frame; a counter that leaps tells how many were missed."""
        steps = 1
        if counter is not None and self._last is not None and counter > self._last:
            moved = counter - self._last
            self._step = moved if self._step is None else min(self._step, moved)
            steps = max(1, round(moved / self._step))
            steps = 1 if steps > _WIDEST else steps
        self._last = counter
        number = self._next if steps == 1 else self._next + steps - 1
        self._next = number + 1
        return number


class RepeatedPictures:
    """Tells pictures that came before, of a camera that sends each several times.

    At most two in a row are taken for that: a sensor that is frozen has to be seen to be.

    Attributes:
        count: of all that were told.
    """

    def __init__(self) -> None:
        self.count = 0
        self._last: NDArray[Any] | None = None
        self._counter: int | None = None
        self._row = 0

    def again(self, picture: NDArray[Any], counter: int | None) -> bool:
        """Whether a picture is the one before once more."""
        last, self._last = self._last, picture
        same_number = counter is not None and counter == self._counter
        self._counter = counter
        same = last is not None and (same_number or np.array_equal(last, picture))
        self._row = self._row + 1 if same else 0
        if not same or self._row > _MOST_REPEATS:
            return False
        self.count += 1
        return True
