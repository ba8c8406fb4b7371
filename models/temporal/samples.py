"""What past frames measured, each sample at the place where its scene is now.

A sample is one sensor pixel of one frame: a value, and the point of the canvas in the middle of the
area it averages over. Points move with the motion, step by step, so nothing is interpolated twice.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.imaging.canvas import Canvas
from models.temporal.motion import HALF, Motion, looked_up

Plane = NDArray[np.float32]

CELL_PX = 2
"""Canvas pixels of a side of the cells that residuals are gathered in."""

SPREAD = 0.7
"""Standard deviation, in cells, of what a sample says about the cells around it."""

PRIOR = 0.3
"""How much the present estimate weighs against the samples, in samples of one frame."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples of frames of one sensor, all of it three arrays.

    Attributes:
        points: (frames, h, w, 2) float32 (x, y) on the canvas, in pixels.
        values: (frames, h, w) float32 counts.
        weights: (frames, h, w) float32, 0 to 1: how sure it is that a point is where it says.
    """

    points: NDArray[np.float32]
    values: NDArray[np.float32]
    weights: NDArray[np.float32]

    @classmethod
    def of_frame(cls, measured: Plane, canvas: Canvas) -> "Samples":
        """Those of one frame at its own moment."""
        rows, columns = measured.shape
        scale = canvas[1] // columns
        x = (np.arange(columns, dtype=np.float32) + 0.5) * scale - 0.5
        y = (np.arange(rows, dtype=np.float32) + 0.5) * scale - 0.5
        points = np.stack(np.meshgrid(x, y), axis=-1)[None]
        return cls(points, measured[None], np.ones((1, rows, columns), np.float32))

    def __len__(self) -> int:
        """How many frames they are of."""
        return len(self.values)

    @property
    def newest(self) -> "Samples":
        """Those of the newest frame."""
        return Samples(self.points[-1:], self.values[-1:], self.weights[-1:])

    def followed_by(self, newer: "Samples", most: int) -> "Samples":
        """Both, without the oldest where they are more frames than `most`."""
        return Samples(
            np.concatenate([self.points, newer.points])[-most:],
            np.concatenate([self.values, newer.values])[-most:],
            np.concatenate([self.weights, newer.weights])[-most:],
        )

    def moved(self, motion: Motion, whole: Plane, canvas: Canvas) -> "Samples":
        """The samples one frame later; what cannot be followed there and back loses weight.

        Args:
            motion: from the frame before.
            whole: `whole_held` of it.
            canvas: (H, W).
        """
        shape, columns = self.points.shape, self.points.shape[2]
        points = self.points.reshape(-1, columns, 2)
        at = (points + np.float32(0.5)) / np.float32(HALF) - np.float32(0.5)
        there = looked_up(motion.forward, at)
        points = points + there * np.float32(HALF)
        found = looked_up(whole, at + there)
        weights = self.weights.reshape(-1, columns) * found
        # The whole area of a sample has to be in the picture, or its mean is of something else.
        margin = canvas[1] // columns / 2 - 0.5
        inside = (points >= margin).all(axis=-1)
        inside &= points[..., 0] <= canvas[1] - 1 - margin
        inside &= points[..., 1] <= canvas[0] - 1 - margin
        weights = np.where(inside, weights, np.float32(0))
        return Samples(points.reshape(shape), self.values, weights.reshape(shape[:3]))

    def weighted(self, weights: NDArray[np.float32]) -> "Samples":
        """The same samples with other weights."""
        return Samples(self.points, self.values, weights)

    def less(self, counts: Plane) -> "Samples":
        """The same samples, of a sensor that had read so many counts, (h, w), too much."""
        return Samples(self.points, self.values - counts, self.weights)

    def around(self, plane: Plane, canvas: Canvas) -> NDArray[np.float32]:
        """Of a plane on the sensor's grid, (h, w), the value at each sample's place."""
        scale = canvas[1] // plane.shape[1]
        points = self.points.reshape(-1, self.points.shape[2], 2)
        at = (points + np.float32(0.5)) / np.float32(scale) - np.float32(0.5)
        return looked_up(plane, at).reshape(self.values.shape)

    def missed(self, picture: Plane) -> Plane:
        """(frames * h, w) counts: each sample less what a picture, (H, W), averages to there."""
        scale = picture.shape[1] // self.points.shape[2]
        # A window of an even width lies half a pixel off its middle.
        mean = cv2.blur(
            picture, (scale, scale), anchor=(scale // 2,) * 2, borderType=cv2.BORDER_REPLICATE
        )
        points = self.points.reshape(-1, self.points.shape[2], 2)
        at = points if scale % 2 else points + np.float32(0.5)
        return self.values.reshape(at.shape[:2]) - looked_up(np.asarray(mean), at)

    def correction(self, picture: Plane) -> Plane:
        """What brings a picture nearer to all samples, (H, W) counts to be added to it.

        One step of back-projection: each sample's area is averaged in the picture, and what that
        misses is spread around the sample's place, where samples are close together over less.

        Args:
            picture: (H, W) counts, an estimate of the present scene.
        """
        rows, columns = picture.shape
        scale = columns // self.points.shape[2]
        points = self.points.reshape(-1, self.points.shape[2], 2)
        missed = self.missed(picture)
        gathered, weight = _gathered(points, missed, self.weights, picture.shape)
        cv2.GaussianBlur(gathered, (0, 0), SPREAD, dst=gathered)
        cv2.GaussianBlur(weight, (0, 0), SPREAD, dst=weight)
        weight += np.float32(PRIOR * CELL_PX**2 / scale**2)
        gathered /= weight
        size = (columns, rows)
        return np.asarray(cv2.resize(gathered, size, interpolation=cv2.INTER_LINEAR))


def whole_held(motion: Motion, scale: int) -> Plane:
    """(H/2, W/2) 0 to 1: how sure each place is, with the area of a sensor pixel around it.

    A sample is where all of its area is.

    Args:
        motion: from the frame before.
        scale: canvas pixels of a side that are one of the sensor.
    """
    side = scale // HALF + 1
    return np.asarray(cv2.erode(motion.held, np.ones((side, side), np.uint8)), dtype=np.float32)


def _gathered(
    points: NDArray[np.float32],
    missed: NDArray[np.float32],
    weights: NDArray[np.float32],
    canvas: tuple[int, ...],
) -> tuple[Plane, Plane]:
    """Sums over cells of the canvas: weight times what was missed, and weight."""
    rows, columns = canvas
    high, wide = rows // CELL_PX, columns // CELL_PX
    # To the pixel first, and from pixels to cells: a cell's share of a sample is as wide as it is.
    at = np.rint(points.reshape(-1, 2)).astype(np.int32) // CELL_PX
    weight = weights.reshape(-1)
    x, y = at[:, 0], at[:, 1]
    used = np.flatnonzero((weight > 0.01) & (x >= 0) & (y >= 0) & (x < wide) & (y < high))
    cells = y[used] * wide + x[used]
    shares = weight[used]
    values = shares * missed.reshape(-1)[used]

    def summed(what: NDArray[np.float32]) -> Plane:
        sums = np.bincount(cells, what, high * wide)
        return np.asarray(sums.reshape(high, wide), dtype=np.float32)

    return summed(values), summed(shares)
