"""Temperatures as counts: 16 bits and the straight line back to kelvin."""

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.messages import Radiometry
from streamer.pictures.errors import Cause, PictureError
from streamer.thermal.validity import valid_pixels

FINE = Radiometry(gain_k=0.01, offset_k=0.0)
"""10 mK a count from 0 to 655.35 K: finer than the noise of any camera that writes stills."""

_TOP = 65535
_GAINS_K = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


def line_for(low_k: float, high_k: float) -> Radiometry:
    """The finest line that holds a range: 10 mK a count where it spans 655 K or less.

    Raises:
        PictureError: it spans more than 65,535 K.
    """
    for gain_k in _GAINS_K:
        if low_k >= 0 and high_k <= gain_k * _TOP:
            return Radiometry(gain_k, 0.0)
        offset_k = math.floor(low_k / 10) * 10.0
        if high_k - offset_k <= gain_k * _TOP:
            return Radiometry(gain_k, offset_k)
    raise PictureError(f"{low_k:g} to {high_k:g} K do not fit into 16 bits", Cause.FORMAT)


def counts_of_kelvin(kelvin: NDArray[Any]) -> tuple[NDArray[np.uint16], Radiometry]:
    """(H, W) uint16 counts of temperatures, and what they mean.

    Args:
        kelvin: (H, W) of floats, each one finite; see `filled`.

    Raises:
        PictureError: they do not fit.
    """
    line = line_for(float(kelvin.min()), float(kelvin.max()))
    counts = np.rint((kelvin.astype(np.float64) - line.offset_k) / line.gain_k)
    return counts.astype(np.uint16), line


def filled(values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Values where each that is none (NaN, infinite) has that of the nearest pixel which is one.

    Returns:
        The values, and where they were none. So no extreme is invented, and none is hidden by them.

    Raises:
        PictureError: none is a number.
    """
    none = ~np.isfinite(values)
    if not none.any():
        return values, none
    if none.all():
        raise PictureError("no pixel has a reading", Cause.UNDECODABLE)
    return nearest_filled(values, none), none


def nearest_filled(values: NDArray[Any], none: NDArray[np.bool_]) -> NDArray[Any]:
    """(H, W) values where each that is none has the nearest one's; not all of them may be none."""
    where, nearest = nearest_sources(none)
    filled = values.copy()
    filled.ravel()[where] = values.ravel()[nearest]
    return filled


def nearest_sources(none: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where pixels are none, and the pixels nearest to these that are one, as flat indices."""
    _, labels = cv2.distanceTransformWithLabels(
        none.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    by_label = np.zeros(labels.max() + 1, np.intp)
    there = np.flatnonzero(~none)
    by_label[labels.ravel()[there]] = there
    where = np.flatnonzero(none)
    return where, by_label[labels.ravel()[where]]


def marked(counts: NDArray[np.uint16], none: NDArray[np.bool_]) -> NDArray[np.uint16]:
    """Counts with 0 where there is no reading, which the mask of valid pixels knows as none.

    Where 0 would pass for a reading, they stay as they are: filled.
    """
    zeroed = np.where(none, np.uint16(0), counts)
    valid = valid_pixels(zeroed)
    return zeroed if valid is not None and np.array_equal(valid, ~none) else counts
