"""How well two cameras are lined up, as a picture: visible edges over the thermal one."""

import cv2
import numpy as np
from numpy.typing import NDArray

from streamer.calibration.geometry import Size
from streamer.calibration.registration.gradients import Plane

Picture = NDArray[np.uint8]

_EDGE_SHARE = 0.09  # of the pixels are drawn as edges
_COLOUR = (90, 255, 60)  # blue, green, red
_SOFT_PX = 1.4


def overlay(thermal: Plane, guide: Picture, canvas: Size) -> Picture:
    """The visible picture's strongest edges over the thermal one.

    Args:
        thermal: (h, w) grey, 0 to 255.
        guide: (H, W, 3) BGR, on the canvas already.
        canvas: (H, W).

    Returns:
        (H, W, 3) uint8 BGR.
    """
    heat = cv2.resize(thermal, canvas[::-1], interpolation=cv2.INTER_CUBIC)
    shown = cv2.cvtColor(np.clip(heat, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2BGR)
    grey = cv2.cvtColor(guide, cv2.COLOR_BGR2GRAY).astype(np.float32)
    soft = cv2.GaussianBlur(grey, (0, 0), _SOFT_PX)
    strength = cv2.magnitude(cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1))
    least = max(float(np.quantile(strength, 1 - _EDGE_SHARE)), 1e-3)
    share = np.clip((strength - least) / least, 0, 1)[..., None] * 0.85
    mixed = shown * (1 - share) + np.array(_COLOUR, np.float32) * share
    return np.asarray(np.rint(mixed), np.uint8)


def before_and_after(before: Picture, after: Picture, words: tuple[str, str]) -> Picture:
    """Two pictures of one size side by side, each with its words."""
    panes = []
    for pane, text in zip((before, after), words, strict=True):
        labelled = pane.copy()
        for colour, thickness in (((0, 0, 0), 4), ((255, 255, 255), 1)):
            cv2.putText(
                labelled, text, (12, 28), cv2.FONT_HERSHEY_SIMPLEX, 0.7, colour, thickness,
                cv2.LINE_AA,
            )  # fmt: skip
        panes.append(labelled)
    gap = np.full((before.shape[0], 4, 3), 255, np.uint8)
    return np.asarray(cv2.hconcat([panes[0], gap, panes[1]]), np.uint8)
