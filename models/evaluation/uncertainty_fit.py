"""Fits how far a set of weights is off, on pictures that it was not trained on.

    corefusion fit-uncertainty --model NAME --data DIR [--data DIR=WEIGHT]...

Each cell of each picture gives its features and its error. The score is a linear fit (ridge) of the
error's logarithm; the curve is the 68 % quantile of the errors of pixels along the score, made to
rise. One fit for each mode and scale; half of the guides are the picture's own, the others shifted
or another scene's, for a guide that fits is not promised.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models import checkpoint
from models.data.dataset import (
    PairPaths,
    Picture,
    PicturePaths,
    check_trainable,
    read_picture,
)
from models.errors import ModelError
from models.evaluation.error_curve import curve, ridge
from models.evaluation.perturbations import corrupt_guide, guide_shift, low_and_truth
from models.evaluation.pictures import measured
from models.imaging.error_features import Plane, cells_of, error_features, names
from models.inference.predictor import Predictor, PredictorSettings, build_predictor
from models.inference.uncertainty import FitMode, UncertaintyFit, UncertaintyTable
from models.registry import find_model

GUIDES = {"own": 2.0, "shifted:4": 1.0, "swapped": 1.0}
"""The guides fitted on, by weight."""

SENSOR_SCALES = (2, 4, 8, 16)

CELLS, PIXELS = 400, 8
"""Drawn of a frame, and of each of its cells."""


@dataclass(frozen=True, slots=True)
class FitUncertaintySettings:
    """What to fit, and on what.

    Attributes:
        model: a name or checkpoint.
        data: data folders and the weight of their pictures.
        split: `dev`, the pictures that training holds out, or `all` or `train` of them.
    """

    model: str
    data: tuple[tuple[Path, float], ...]
    split: str = "dev"
    engine: str = "auto"
    precision: str = "auto"
    threads: int = 0


@dataclass(frozen=True, slots=True)
class _Source:
    paths: Sequence[PicturePaths]
    weight: float


@dataclass(slots=True)
class _Cells:
    """What was seen of one mode at one scale: a row a cell."""

    features: list[Plane] = field(default_factory=list)
    spread: list[NDArray[np.float64]] = field(default_factory=list)
    errors: list[NDArray[np.int64]] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)


class _Recorder:
    """Stands in for an estimator and keeps the features of the newest frame."""

    def __init__(self) -> None:
        self._features: Plane | None = None

    def take(self) -> Plane | None:
        """The features of the frame since the last call; of one without contrast there are none."""
        features, self._features = self._features, None
        return features

    def sigma(
        self, measured: Plane, missed: Plane, detail: Plane, guide: NDArray[np.uint8] | None
    ) -> None:
        canvas = (detail.shape[0], detail.shape[1])
        cells = cells_of((measured.shape[0], measured.shape[1]), canvas)
        self._features = error_features(measured, missed, detail, guide, cells)


def fit_uncertainty(
    settings: FitUncertaintySettings, progress: Callable[[int, int], None] | None = None
) -> UncertaintyTable:
    """Fit.

    Args:
        settings: what to fit.
        progress: called with (pictures done, pictures in all).

    Raises:
        ModelError: for a model without weights, a folder that is for scoring only, or one without
            pictures to fit on.
    """
    weights = find_model(settings.model).weights
    if weights is None:
        raise ModelError(f"model {settings.model}: an interpolation has no weights to fit")
    facts = checkpoint.read_facts(weights)
    kinds, scales = _conditions(facts.degradation)
    recorder = _Recorder()
    predictor = build_predictor(
        PredictorSettings(
            model=settings.model,
            engine=settings.engine,
            precision=settings.precision,
            threads=settings.threads,
            consistency=kinds[0] == "sensor",
        ),
        recorder,
    )
    sources = [
        _Source(_pictures(folder, settings.split), weight) for folder, weight in settings.data
    ]
    seen: dict[tuple[FitMode, int], _Cells] = {}
    total = sum(len(source.paths) for source in sources)
    done = 0
    for source in sources:
        for index, path in enumerate(source.paths):
            picture = read_picture(path)
            for kind in kinds:
                for scale in scales:
                    if min(picture.thermal.shape) < 2 * scale:
                        continue
                    for mode, guide, weight in _shown(picture, source.paths, index):
                        cells = seen.setdefault((mode, scale), _Cells())
                        frame = _Frame(picture, kind, scale, index, guide, weight * source.weight)
                        _look(predictor, recorder, frame, cells)
            done += 1
            if progress is not None:
                progress(done, total)
    fits = [_fitted(mode, scale, cells) for (mode, scale), cells in sorted(seen.items())]
    words = ", ".join(
        f"{len(source.paths)} of {'/'.join(folder.resolve().parts[-2:])} x{weight:g}"
        for source, (folder, weight) in zip(sources, settings.data, strict=True)
    )
    made_from = f"{words}; {' and '.join(kinds)}; {predictor.engine} {predictor.precision}"
    if facts.training.get("settings", {}).get("hold_out") is False:
        made_from += "; the weights were trained on what else is held out"
    return UncertaintyTable(checkpoint.sha256(weights), made_from, names(guided=True), tuple(fits))


def _conditions(trained_for: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """(degradations, scales) of a checkpoint's own words."""
    if trained_for in ("benchmark x8", "challenge24 x8"):
        return (trained_for.split()[0],), (8,)
    return ("sensor", "sensor-noisy"), SENSOR_SCALES


def _pictures(folder: Path, split: str) -> Sequence[PicturePaths]:
    check_trainable(folder)
    return measured(folder, split, missing=None, guide="own").paths


@dataclass(frozen=True, slots=True)
class _Frame:
    picture: Picture
    degradation: str
    scale: int
    index: int
    guide: NDArray[np.uint8] | None
    weight: float


def _shown(
    picture: Picture, paths: Sequence[PicturePaths], index: int
) -> Iterator[tuple[FitMode, NDArray[np.uint8] | None, float]]:
    """Every way a picture is looked at: mode, guide, and its weight."""
    yield "thermal_only", None, 1.0
    if picture.visible is None or not isinstance(paths[index], PairPaths):
        return
    for guide, weight in GUIDES.items():
        shown = corrupt_guide(guide, guide_shift(guide), picture.visible, paths, index)
        yield "guided", shown, weight / sum(GUIDES.values())


def _look(predictor: Predictor, recorder: _Recorder, frame: _Frame, cells: _Cells) -> None:
    """Super-resolve a frame and keep some cells' features and errors."""
    low, truth, _, _ = low_and_truth(frame.picture, frame.degradation, frame.scale, frame.index)
    canvas = (truth.shape[0], truth.shape[1])
    guide = None
    if frame.guide is not None:
        guide = np.ascontiguousarray(frame.guide[: canvas[0], : canvas[1]])
    found = predictor.predict(low, guide, canvas).pixels
    features = recorder.take()
    if features is None:
        return
    # 16 bits in levels of the truth's own span, as they are measured.
    unit = 1.0 if truth.dtype == np.uint8 else max(float(np.ptp(truth)), 1.0) / 255
    errors = np.abs(found.astype(np.float64) - truth.astype(np.float64)) / unit
    count, rows, columns = features.shape
    square = cv2.resize(errors**2, (columns, rows), interpolation=cv2.INTER_AREA)
    rng = np.random.default_rng((frame.index, frame.scale))
    chosen = rng.choice(rows * columns, min(CELLS, rows * columns), replace=False)
    row, column = np.divmod(chosen, columns)
    down, across = canvas[0] / rows, canvas[1] / columns
    y = ((row[:, None] + rng.random((chosen.size, PIXELS))) * down).astype(int)
    x = ((column[:, None] + rng.random((chosen.size, PIXELS))) * across).astype(int)
    cells.features.append(features.reshape(count, -1)[:, chosen].T)
    cells.spread.append(np.sqrt(square.reshape(-1)[chosen]))
    cells.errors.append(np.rint(errors[y, x]).astype(np.int64))
    cells.weights.append(frame.weight)


def _fitted(mode: FitMode, scale: int, cells: _Cells) -> UncertaintyFit:
    features = np.concatenate(cells.features).astype(np.float64)
    counts = [len(each) for each in cells.spread]
    weights = np.repeat(np.array(cells.weights), counts)
    wanted = np.log(np.concatenate(cells.spread) + 0.3)
    coefficients, bias = ridge(features, wanted, weights)
    scores = features @ coefficients + bias
    knots, sigmas = curve(scores, np.concatenate(cells.errors), weights)
    return UncertaintyFit(
        mode,
        scale,
        tuple(round(float(each), 6) for each in coefficients),
        round(bias, 6),
        tuple(round(each, 5) for each in knots),
        tuple(round(each, 4) for each in sigmas),
    )
