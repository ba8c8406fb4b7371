"""What a result says of itself besides its pixels."""

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from streamer.messages import Consistency, Frame, PastShares, PastUse, PixelFormat, Source

if TYPE_CHECKING:
    from models.inference.prediction import Prediction


def format_of(prediction: "Prediction") -> PixelFormat:
    """What its pixels are."""
    return PixelFormat.MONO8 if prediction.pixels.dtype == np.uint8 else PixelFormat.MONO16


def source_of(frame: Frame | None) -> Source | None:
    """Which frame it was, where there was one."""
    return None if frame is None else Source(frame.sequence, frame.timestamp_ns)


def consistency_of(prediction: "Prediction", thermal: Frame | None) -> Consistency | None:
    """How far the network was from the measurement; None where nothing was measured."""
    if prediction.residual_counts is None or thermal is None:
        return None
    radiometry = thermal.radiometry
    max_mk = None if radiometry is None else prediction.residual_counts * radiometry.gain_k * 1000
    return Consistency(prediction.residual_counts, max_mk)


def past_use_of(prediction: "Prediction", thermal: Frame | None) -> PastUse | None:
    """What the frames before gave it; None of a result of one frame."""
    past = prediction.past
    if past is None or thermal is None:
        return None
    radiometry = thermal.radiometry
    noise_mk, pattern_mk = (
        None if radiometry is None else abs(counts * radiometry.gain_k * 1000)
        for counts in (past.noise_counts, past.pattern_counts)
    )
    shares = msgspec.UNSET if past.shares is None else PastShares.of(past.shares)
    return PastUse(
        *(past.frames, past.share, past.noise_counts, noise_mk, past.let_go, shares),
        pattern_counts=past.pattern_counts,
        pattern_mk=pattern_mk,
    )
