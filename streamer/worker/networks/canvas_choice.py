"""The largest canvas that this machine keeps at a camera's rate, measured before the run begins."""

import logging
import math
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import numpy as np

from streamer.clock import NS_PER_MS, now_ns, since

if TYPE_CHECKING:
    from models.inference.predictor import Predictor

log = logging.getLogger(__name__)

Canvas = tuple[int, int]
"""(H, W) in pixels."""

_RUNS = 5
_ROUNDS = 3
_PERIOD_NS = 33_333_333  # between the frames that are measured with
_PAUSE_S = 0.5  # between two rounds: a window that opens beside takes its time meanwhile
_SHARE = 0.9  # of the period that a prediction may take: the rest is for what surrounds it
_SMALLEST = 1.5  # times the sensor


def smaller_canvases(sensor: Canvas, canvas: Canvas) -> list[Canvas]:
    """What may take a canvas's place, the largest first: lower multiples, and one and a half times.

    Args:
        sensor: of the thermal frames, (h, w).
        canvas: a whole multiple of it.
    """
    rows, columns = sensor
    times = canvas[1] // columns
    smaller = [(rows * each, columns * each) for each in range(times - 1, 1, -1)]
    if rows % 2 == columns % 2 == 0 and times >= 2:  # whole pixels
        smaller.append((int(rows * _SMALLEST), int(columns * _SMALLEST)))
    return smaller


def affordable_canvas(
    predictor: "Predictor",
    sensor: Canvas,
    guide: Canvas,
    period_ms: float,
    announce: Callable[[str], None],
    alone: AbstractContextManager[object] | None = None,
) -> Canvas:
    """The predictor's own canvas, or the largest one below it that is fast enough.

    Every canvas that is tried is compiled and run. Where none is fast enough the smallest is taken,
    and said to be too slow; a canvas that was set is never changed.

    Args:
        predictor: the network, warmed up at its own canvas.
        sensor: of the thermal frames, (h, w).
        guide: of the visible ones.
        period_ms: between two thermal frames.
        announce: told in words before a compilation, and before each measurement.
        alone: held around each prediction that is timed, where another network makes results
            meanwhile: they would take each other's time.
    """
    wanted = predictor.canvas(sensor)
    if predictor.canvas_is_set:
        return wanted
    limit_ms = _SHARE * period_ms

    def measured_ms(canvas: Canvas) -> float:
        announce(f"timing {predictor.model} at {canvas[1]}x{canvas[0]}")
        return _measured_ms(predictor, sensor, guide, canvas, limit_ms, alone or nullcontext())

    first_ms = took_ms = measured_ms(wanted)
    canvas = wanted
    for smaller in smaller_canvases(sensor, wanted):
        if took_ms <= limit_ms:
            break
        foretold_ms = took_ms * (smaller[0] * smaller[1]) / (canvas[0] * canvas[1])
        if foretold_ms > limit_ms and smaller != smaller_canvases(sensor, wanted)[-1]:
            continue
        announce(f"preparing {predictor.model} for {smaller[1]}x{smaller[0]} instead")
        predictor.warm_up(sensor, guide, smaller)
        canvas, took_ms = smaller, measured_ms(smaller)
    if canvas != wanted:
        log.warning(
            "%dx%d at %.3g Hz: a result of %dx%d takes %.0f ms here, %.0f ms are between two frames"
            "; %dx%d is made, in %.0f ms%s (inference.canvas_width and canvas_height set another)",
            *(sensor[1], sensor[0], 1000 / period_ms, wanted[1], wanted[0], first_ms, period_ms),
            *(canvas[1], canvas[0], took_ms, "" if took_ms <= limit_ms else ", still too slow"),
        )
    return canvas


def _measured_ms(
    predictor: "Predictor",
    sensor: Canvas,
    guide: Canvas,
    canvas: Canvas,
    limit_ms: float,
    alone: AbstractContextManager[object],
) -> float:
    """The shortest of a few; of a few more where that is too long, for the start is busy."""
    rng = np.random.default_rng(0)
    thermal = rng.integers(29_000, 31_000, sensor).astype(np.uint16)
    visible = rng.integers(0, 256, (*guide, 3)).astype(np.uint8)
    past, taken = predictor.past(), 0  # of one's own, for networks that look back
    shortest_ms = math.inf
    for each in range(_ROUNDS):
        if each:
            time.sleep(_PAUSE_S)
        for _ in range(_RUNS):
            taken += 1
            with alone:
                began_ns = now_ns()
                predictor.predict(thermal, visible, canvas, taken, past, taken * _PERIOD_NS)
                shortest_ms = min(shortest_ms, since(now_ns(), began_ns) / NS_PER_MS)
        if shortest_ms <= limit_ms:
            break
    return shortest_ms
