"""What a predictor takes and returns: the frames it refuses, the picture, its stages' times."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

RELATIVE_MAX = 65535


@dataclass(frozen=True, slots=True)
class PastUse:
    """What the frames before a picture gave it.

    Attributes:
        frames: of how many frames it is made, itself included.
        share: 0 to 1: how much of what the frames before measured still counts.
        noise_counts: standard deviation of the sensor's noise from frame to frame, in counts.
        let_go: why the past was forgotten at this frame: pause, jump, size or scene; empty where it
            was not.
        shares: (rows, columns) float32, 0 to 1: how much of each place was measured before; None
            unless the past was asked to tell, or where it counts nowhere.
        pattern_counts: standard deviation of the sensor's fixed pattern that was taken out.
    """

    frames: int
    share: float
    noise_counts: float
    let_go: str = ""
    shares: NDArray[np.float32] | None = None
    pattern_counts: float = 0.0


@dataclass(frozen=True, slots=True)
class Prediction:
    """A super-resolved frame.

    Attributes:
        pixels: (H, W). With a thermal frame: its dtype and unit (counts, rounded). Without one:
            uint16, 0..65535 for a relative 0..1, no measurement of anything.
        residual_counts: largest difference in counts between the network's picture, averaged to
            sensor pixels, and the measurement, before the consistency step. None without the
            step or without a thermal frame.
        stage_ms: milliseconds of `prepare`, `infer` and `consistency`; of `past` where one was
            given,
            and of `uncertainty` where sigma was foretold.
        sigma_counts: (rows, columns) float32: by how many counts the pixels of each cell of a
            coarse grid over the picture may be off; about 68 % of all are off by no more. None
            where the weights foretell nothing, or nothing was measured.
        past: what the frames before it gave; None for a picture of one frame alone.
    """

    pixels: NDArray[np.uint8] | NDArray[np.uint16]
    residual_counts: float | None
    stage_ms: dict[str, float]
    sigma_counts: NDArray[np.float32] | None = None
    past: PastUse | None = None


def rounded(
    picture: NDArray[np.float32], dtype: np.dtype[Any]
) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """To counts, rounded and clipped, in one pass of OpenCV's saturating arithmetic."""
    depth = cv2.CV_8U if dtype == np.uint8 else cv2.CV_16U
    counts = cv2.add(picture, 0.0, dtype=depth)  # type: ignore[call-overload]
    return np.asarray(counts)


def stages(prepare: float, infer: float, consistent: float) -> dict[str, float]:
    """Milliseconds by the names of `Prediction.stage_ms`."""
    return {"prepare": prepare, "infer": infer, "consistency": consistent}


def check_frames(thermal: NDArray[Any] | None, guide: NDArray[np.uint8] | None) -> None:
    """Refuse what no predictor takes: see `Predictor.predict`.

    Raises:
        ValueError: if both are None, or one is no such array.
    """
    if thermal is None and guide is None:
        raise ValueError("neither a thermal nor a visible frame: one of the two must be given")
    if thermal is not None and (
        thermal.ndim != 2 or thermal.dtype not in (np.uint8, np.uint16) or thermal.size == 0
    ):
        raise ValueError(
            f"thermal: wanted (h, w) of uint8 or uint16, got {thermal.shape} of {thermal.dtype}"
        )
    if guide is not None and (
        guide.ndim != 3 or guide.shape[2] != 3 or guide.dtype != np.uint8 or guide.size == 0
    ):
        raise ValueError(f"guide: wanted (h, w, 3) of uint8, got {guide.shape} of {guide.dtype}")
