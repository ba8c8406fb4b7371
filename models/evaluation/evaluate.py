"""Scores of a model on a data folder, through the very Predictor that runs live.

    corefusion evaluate --data DIR [--model NAME] [--missing visible|thermal] [--guide swapped]

Every picture at its own size, cropped bottom and right to a multiple of the scale; the truth is
never resized. Runs without torch.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.data.dataset import PicturePaths, read_picture
from models.errors import ModelError
from models.evaluation.aligning import Aligner
from models.evaluation.calibration_figure import check_figures, draw_calibration
from models.evaluation.coverage import Coverage
from models.evaluation.levels import counts_of_a_level, levels_of
from models.evaluation.perturbations import (
    corrupt_guide,
    corrupt_thermal,
    guide_shift,
    low_and_truth,
    parse_thermal_corruption,
)
from models.evaluation.pictures import measured
from models.imaging import degradation, metrics, microbolometer
from models.imaging.contact_sheet import Tile, tile, write
from models.imaging.metrics import Image, Score
from models.imaging.network_inputs import upsampled
from models.imaging.scores import Scores, mean_score
from models.inference.prediction import RELATIVE_MAX
from models.inference.predictor import Predictor, PredictorSettings, build_predictor
from models.registry import INTERPOLATIONS, default_model

OFFICIAL_BATCH = 8

MODEL, BILINEAR = "model", "bilinear"
"""What is scored."""

TILE_PX = 360
"""Height of a picture in the panel."""


@dataclass(frozen=True, slots=True)
class EvaluateSettings:
    """What to measure.

    Attributes:
        data: a data folder; without `visible/` it is evaluated as with `missing` visible.
        model: a name or checkpoint; None means the one made for the degradation.
        split: `all`, or what training takes of the folder (`train`) or holds out (`dev`).
        missing: `visible`, `thermal` or None; a folder of thermal pictures is `visible`.
        guide: `own`, `swapped`, `black` or `shifted:PX`.
        thermal: `own`, `noise:SIGMA` (Gaussian, in levels) or `blur:SIGMA` (in sensor pixels): what
            is done to the low resolution before it is super-resolved.
        align: line each guide up with its thermal picture first; what shows another scene is left
            out.
        degradation: `given`, `benchmark`, `challenge24`, `sensor`, `sensor-noisy`; None means given
            where the folder has a thermal_lr, else sensor.
        scale: pixels of a side that become one; None means 8, or what the given ones have.
        metric: `integer` or `official`.
        views: see `PredictorSettings`.
        bounded: see `PredictorSettings`; it is part of the consistency step, off where that is.
        save: a folder for the predictions as 8-bit PNG.
        picture: a file for a panel of examples.
        calibration_plot: a file for a plot of foretold errors against seen ones.
        video: of `models.evaluation.video`: how the camera moves, `hand`, `vehicle`, `drone` or
            `still`; None measures stills.
        objects: with `video`: something moves by itself in front of each scene.
        film: with `video`: a file for a film of what is compared, side by side.
    """

    data: Path
    model: str | None = None
    split: str = "all"
    missing: str | None = None
    guide: str = "own"
    thermal: str = "own"
    align: bool = False
    degradation: str | None = None
    scale: int | None = None
    metric: str = "integer"
    engine: str = "auto"
    precision: str = "auto"
    threads: int = 0
    views: int = 1
    bounded: bool = True
    save: Path | None = None
    picture: Path | None = None
    calibration_plot: Path | None = None
    video: str | None = None
    objects: bool = False
    film: Path | None = None


@dataclass(frozen=True, slots=True)
class _Scored:
    """A pair's pictures, in 8-bit levels but for the visible one."""

    name: str
    prediction: Image
    bilinear: Image
    truth: Image
    visible: NDArray[np.uint8] | None


def evaluate(
    settings: EvaluateSettings, progress: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """Measure.

    Args:
        settings: what to measure.
        progress: called with (pairs done, pairs in all).

    Returns:
        The report: model, images, psnr_db, ssim, bilinear (of the same low resolution), interval_95
        (bootstrap over images, of psnr_db, ssim and gain_db over bilinear, integer semantics),
        pictures (what the folder holds), left_out (what of it is not measured, by cause), split,
        missing, guide, thermal, align (None, or how many guides were lined_up, left and refused,
        their median_shift_px and `guides`, one a picture), degradation, recipe (of sensor-noisy),
        scale, metric, views, bounded, uncertainty (None, or how far foretold errors come true:
        within_1_sigma, within_2_sigma and the rows of a calibration) and per_image.

    Raises:
        ModelError: for unusable data, model or options.
    """
    if settings.calibration_plot is not None:
        check_figures(settings.calibration_plot)
    what = measured(settings.data, settings.split, settings.missing, settings.guide)
    paths, missing = what.paths, what.missing
    if settings.align and missing is not None:
        raise ModelError(f"{settings.data}: align wants both pictures, and {missing} is missing")
    aligner = Aligner() if settings.align else None
    kind = _degradation(settings, paths)
    shift = guide_shift(settings.guide)
    parse_thermal_corruption(settings.thermal)
    model = settings.model or default_model(kind)
    predictor = build_predictor(
        PredictorSettings(
            model=model,
            engine=settings.engine,
            precision=settings.precision,
            threads=settings.threads,
            views=settings.views,
            # The step holds where a sensor pixel is an area's average. Interpolations are
            # measured as what their names say.
            consistency=kind.startswith("sensor") and model not in INTERPOLATIONS,
            bounded=settings.bounded,
        )
    )
    shown = _shown(len(paths)) if settings.picture else ()
    panel: list[_Scored] = []
    coverage = Coverage()
    scale = settings.scale
    names: list[str] = []
    scores = Scores()
    batch: list[_Scored] = []
    batches: list[tuple[Score, Score]] = []
    for index, path in enumerate(paths):
        pair = read_picture(path)
        low, truth, visible, scale = low_and_truth(pair, kind, scale, index)
        low = corrupt_thermal(settings.thermal, low, index)
        guide = None
        if visible is not None:
            guide = corrupt_guide(settings.guide, shift, visible, paths, index)
            if aligner is not None:
                guide = aligner.lined_up(guide, low, (truth.shape[0], truth.shape[1]))
        scored = _predicted(predictor, missing, pair.name, low, truth, visible, guide, coverage)
        names.append(pair.name)
        scores.add(MODEL, scored.prediction, scored.truth)
        scores.add(BILINEAR, scored.bilinear, scored.truth)
        if settings.metric == "official":
            batch.append(scored)
            if len(batch) == OFFICIAL_BATCH or index == len(paths) - 1:
                batches.append(_official(batch))
                batch = []
        if settings.save is not None:
            write(settings.save / f"{pair.name}.png", metrics.to_levels(scored.prediction))
        if index in shown:
            panel.append(scored)
        if progress is not None:
            progress(index + 1, len(paths))
    foretold = coverage.report()
    if settings.calibration_plot is not None:
        if foretold is None:
            raise ModelError(f"{settings.calibration_plot}: {predictor.model} foretells no errors")
        draw_calibration(foretold, f"{predictor.model}, {kind} x{scale}", settings.calibration_plot)
    if settings.picture is not None:
        write(settings.picture, np.vstack([_row(each, predictor.model) for each in panel]))

    means = scores.means()
    if settings.metric == "official":
        means[MODEL] = mean_score([of_model for of_model, _ in batches])
        means[BILINEAR] = mean_score([of_bilinear for _, of_bilinear in batches])
    ours, plain = scores.found[MODEL], scores.found[BILINEAR]
    return {
        "model": predictor.model,
        "images": len(names),
        **_figures(means[MODEL]),
        "bilinear": _figures(means[BILINEAR]),
        "interval_95": {
            "psnr_db": metrics.interval_95([psnr_db for psnr_db, _ in ours]),
            "ssim": metrics.interval_95([ssim for _, ssim in ours]),
            "gain_db": metrics.interval_95(
                [model[0] - bilinear[0] for model, bilinear in zip(ours, plain, strict=True)]
            ),
        },
        "pictures": what.kind.value,
        "left_out": what.left_out,
        "split": settings.split,
        "missing": missing,
        "guide": settings.guide,
        "thermal": settings.thermal,
        "align": None if aligner is None else aligner.report(),
        "degradation": kind,
        "recipe": microbolometer.RECIPE if kind == "sensor-noisy" else None,
        "scale": scale,
        "metric": settings.metric,
        "views": predictor.views,
        "bounded": settings.bounded,
        "uncertainty": foretold,
        "per_image": [
            {"name": name, **_figures(score)} for name, score in zip(names, ours, strict=True)
        ],
    }


def _figures(score: Score) -> dict[str, float]:
    return {"psnr_db": score[0], "ssim": score[1]}


def _degradation(settings: EvaluateSettings, paths: Sequence[PicturePaths]) -> str:
    given = paths[0].thermal_lr is not None
    kind = settings.degradation or ("given" if given else "sensor")
    if kind == "given":
        if not given:
            raise ModelError(f"{settings.data}: degradation given, but there is no thermal_lr/")
    else:
        degradation.named(kind)
    if settings.metric not in ("integer", "official"):
        raise ModelError(f"metric: wanted integer or official, got {settings.metric!r}")
    if settings.missing not in (None, "visible", "thermal"):
        raise ModelError(f"missing: wanted visible or thermal, got {settings.missing!r}")
    return kind


def _predicted(
    predictor: Predictor,
    missing: str | None,
    name: str,
    low: Image,
    truth: Image,
    visible: NDArray[np.uint8] | None,
    guide: NDArray[np.uint8] | None,
    coverage: Coverage,
) -> _Scored:
    canvas = (truth.shape[0], truth.shape[1])
    levels = levels_of(truth)
    if missing == "thermal":
        relative = predictor.predict(None, guide, canvas).pixels
        prediction: Image = relative * (metrics.RANGE / RELATIVE_MAX)
    else:
        seen = None if missing == "visible" else guide
        found = predictor.predict(low, seen, canvas)
        prediction = levels(found.pixels)
        if found.sigma_counts is not None:
            coverage.add(found.pixels, truth, found.sigma_counts, counts_of_a_level(truth))
    return _Scored(name, prediction, levels(upsampled(low, canvas)), levels(truth), visible)


def _official(batch: Sequence[_Scored]) -> tuple[Score, Score]:
    truths = [scored.truth for scored in batch]
    return (
        metrics.official([scored.prediction for scored in batch], truths),
        metrics.official([scored.bilinear for scored in batch], truths),
    )


def _shown(count: int) -> tuple[int, ...]:
    """Up to three pairs, evenly spread."""
    return tuple(sorted({count // 6, count // 2, count * 5 // 6}))


def _row(scored: _Scored, model: str) -> Tile:
    """Visible if there is one, bilinear, model, truth."""
    first = "bilinear" if scored.visible is not None else f"{scored.name}  bilinear"
    pictures = {first: scored.bilinear, model: scored.prediction, "truth": scored.truth}
    tiles = [tile(metrics.to_levels(image), label, TILE_PX) for label, image in pictures.items()]
    if scored.visible is None:
        return np.hstack(tiles)
    return np.hstack([tile(scored.visible, scored.name, TILE_PX), *tiles])
