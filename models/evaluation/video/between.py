"""What is shown between two thermal frames: carried by the guide, held, or moved by the thermal.

corefusion evaluate --video hand --thermal-every 3 --model fast:sensor --data DIR
"""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError
from models.evaluation.evaluate import EvaluateSettings
from models.evaluation.levels import levels_of
from models.evaluation.pictures import measured
from models.evaluation.video.evaluate_video import camera_path, scene_of
from models.evaluation.video.paths import poses
from models.imaging import degradation
from models.imaging.metrics import psnr_db
from models.imaging.scores import Scores
from models.inference.predictor import PredictorSettings, build_predictor
from models.temporal.carried import Carrier
from models.temporal.motion import MotionEstimator, grey_of_guide, grid

FRAMES = 16

CARRIED, HELD, EXTRAPOLATED = "carried", "held", "extrapolated"
"""By the guide's motion; the last result as it was; moved on as the thermal pictures moved last."""


def evaluate_between(
    settings: EvaluateSettings, every: int, progress: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """Measure the pictures of moments at which no thermal frame was taken.

    Args:
        settings: what to measure; `video` names the path of the camera.
        every: of so many frames one has a thermal picture; 2 at least.
        progress: called with (pictures done, pictures in all).

    Returns:
        The report: model, images, video, objects, degradation, scale, every, for each way of
        `between` psnr_db and ssim, `moving` where there are objects, `refused`, the share of
        moments that were not foretold, and held then, and `carried_ms`, median.

    Raises:
        ModelError: for unusable data, model or options.
    """
    path = camera_path(settings)
    what = measured(settings.data, settings.split, settings.missing, settings.guide)
    kind, scale = settings.degradation or "sensor", settings.scale or 8
    if not kind.startswith("sensor"):
        raise ModelError(f"video: wanted the degradation sensor or sensor-noisy, got {kind}")
    if what.missing is not None:
        raise ModelError(
            f"video: pictures are carried by their guide, and {what.missing} is missing"
        )
    predictor = build_predictor(
        PredictorSettings(
            model=settings.model or "fast:sensor",
            engine=settings.engine,
            precision=settings.precision,
            threads=settings.threads,
        )
    )
    scores = Scores()
    moving: dict[str, list[float]] = {CARRIED: [], HELD: [], EXTRAPOLATED: []}
    refused: list[bool] = []
    times: list[float] = []
    for index, each in enumerate(what.paths):
        shown: NDArray[Any] | None
        scene = scene_of(each, None, what.paths, index, settings.objects)
        carrier, extrapolation, shown = Carrier(), _Extrapolation(), None
        for number, moment in enumerate(scene.frames(poses(path, FRAMES, index), scale)):
            assert moment.visible is not None  # none is missing
            canvas = (moment.truth.shape[0], moment.truth.shape[1])
            grey = grey_of_guide(moment.visible, canvas)
            if number % every == 0:
                low = degradation.named(kind, seed=index * 1000 + number)(moment.truth, scale)
                shown = predictor.predict(low, moment.visible, canvas).pixels
                carrier.begin(shown, grey)
                extrapolation.add(shown)
                continue
            assert shown is not None  # of the first frame
            started = cv2.getTickCount()
            carried = carrier.carried(grey)
            times.append(1e3 * (cv2.getTickCount() - started) / cv2.getTickFrequency())
            refused.append(carried is None)
            ways = {
                CARRIED: shown if carried is None else carried.pixels,
                HELD: shown,
                EXTRAPOLATED: extrapolation.at(number % every / every),
            }
            levels = levels_of(moment.truth)
            truth = levels(moment.truth)
            for name, picture in ways.items():
                scores.add(name, levels(picture), truth)
                if settings.objects:
                    at = moment.moving
                    moving[name].append(psnr_db(levels(picture)[at][None], truth[at][None]))
        if progress is not None:
            progress(index + 1, len(what.paths))
    report: dict[str, Any] = {
        "model": predictor.model,
        "images": len(what.paths),
        "video": path.value,
        "objects": settings.objects,
        "degradation": kind,
        "scale": scale,
        "every": every,
        "between": {
            name: {"psnr_db": mean_db, "ssim": ssim}
            for name, (mean_db, ssim) in scores.means().items()
        },
        "refused": float(np.mean(refused)),
        "carried_ms": float(np.median(times)),
    }
    if settings.objects:
        report["moving"] = {name: float(np.mean(found)) for name, found in moving.items()}
    return report


class _Extrapolation:
    """Moves the newest result on, as the last two moved: what can be had without a guide."""

    def __init__(self) -> None:
        self._motion = MotionEstimator()
        self._results: list[NDArray[Any]] = []
        self._flow: NDArray[np.float32] | None = None

    def add(self, result: NDArray[Any]) -> None:
        self._results = [*self._results[-1:], result]
        self._flow = None
        if len(self._results) == 2:
            low, high, _, _ = cv2.minMaxLoc(result)
            scale = 255 / max(high - low, 1.0)
            greys = []
            for one in self._results:
                grey = cv2.convertScaleAbs(np.maximum(one.astype(np.float32) - low, 0) * scale)
                size = (one.shape[1] // 2, one.shape[0] // 2)
                greys.append(
                    np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
                )
            self._flow = self._motion.between(greys[0], greys[1]).backward

    def at(self, share: float) -> NDArray[Any]:
        newest = self._results[-1]
        if self._flow is None:
            return newest
        rows, columns = newest.shape
        at = self._flow * np.float32(share) + grid((columns // 2, rows // 2))
        whole = (at + np.float32(0.5)) * np.float32(2) - np.float32(0.5)
        where = cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_LINEAR)
        moved = cv2.remap(newest, where, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[call-overload]
        return np.asarray(moved)
