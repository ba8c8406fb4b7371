"""A network made ready for pictures of certain sizes, so that no result has to wait for it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple

from streamer.worker.networks.canvas_choice import Canvas, affordable_canvas

if TYPE_CHECKING:
    from models.inference.predictor import Predictor


class PictureSizes(NamedTuple):
    """What comes.

    Attributes:
        sensor: (h, w) of the thermal frames.
        guide: (h', w') of the visible ones.
        period_ms: between two thermal frames of a device, which results have to keep up with; None
            of what can wait.
    """

    sensor: Canvas
    guide: Canvas
    period_ms: float | None = None


class ReadyNetwork(NamedTuple):
    """A network that can make the next result.

    Attributes:
        predictor: the network.
        sizes: of the pictures that it is ready for.
        canvas: (H, W) of its results.
    """

    predictor: "Predictor"
    sizes: PictureSizes
    canvas: Canvas


def made_ready(
    predictor: "Predictor",
    sizes: PictureSizes,
    announce: Callable[[str], None],
    alone: AbstractContextManager[object],
    *,
    warms_up: bool = True,
) -> ReadyNetwork:
    """Compiles for pictures of these sizes, and finds the canvas that a device's rate allows.

    Args:
        predictor: the network.
        sizes: of what comes.
        announce: told in words before a compilation, which can outlast a heartbeat.
        alone: held around each prediction that is timed: no other one runs beside it.
        warms_up: whether every mode is tried beforehand, so that none has to be waited for later.
    """
    sensor, guide, period_ms = sizes
    canvas = predictor.canvas(sensor)
    announce(f"preparing {predictor.model} for {sensor[1]}x{sensor[0]} to {canvas[1]}x{canvas[0]}")
    if warms_up:
        predictor.warm_up(sensor, guide, canvas)
    if period_ms is not None:
        canvas = affordable_canvas(predictor, sensor, guide, period_ms, announce, alone)
    return ReadyNetwork(predictor, sizes, canvas)
