"""What several frames gain over one, on pictures moved as a camera is.

    corefusion evaluate --video hand --model fast:video --data DIR [--thermal-corruption noise:1.5]

Each picture is seen along a path of sixteen frames, with a fixed seed; the present frame is scored
after 1, 2, 4, 8 and 16 of them, by the same network with the frames before and without.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.data.dataset import PicturePaths, read_picture
from models.errors import ModelError
from models.evaluation.evaluate import EvaluateSettings
from models.evaluation.levels import counts_of_a_level, levels_of
from models.evaluation.perturbations import corrupt_thermal
from models.evaluation.pictures import measured
from models.evaluation.video.film import Film
from models.evaluation.video.paths import Path, poses
from models.evaluation.video.resolution import FRAME_NS, resolution
from models.evaluation.video.scenes import Scene
from models.imaging import degradation, metrics
from models.imaging.contact_sheet import write
from models.imaging.metrics import Image
from models.imaging.network_inputs import upsampled
from models.imaging.scores import Scores
from models.inference.predictor import Predictor, PredictorSettings, build_predictor

SCORED = (1, 2, 4, 8, 16)
"""After how many frames the present one is scored."""

STEP_FRAME, STEP_LEVELS = 8, 30
"""When, and by how many 8-bit levels, a part of a still scene gets warmer."""

VIDEO, ONE, BILINEAR = "video", "one", "bilinear"
"""What is scored: with the frames before, without them, and plain interpolation."""


@dataclass(frozen=True, slots=True)
class _Result:
    """One frame's pictures, in levels."""

    moving: NDArray[np.bool_]
    truth: Image
    video: Image
    one: Image
    bilinear: Image
    share: float
    past_ms: float


def evaluate_video(
    settings: EvaluateSettings, progress: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """Measure.

    Args:
        settings: what to measure; `video` names the path.
        progress: called with (pictures done, pictures in all).

    Returns:
        The report: model, images, video (the path), objects, thermal, missing, degradation, scale,
        window, `after` (frames -> psnr_db and ssim of video, one and bilinear, and the gain), the
        same over `moving` regions where there are objects, `flicker_levels` (standard deviation
        over the last frames, of a still path), `step` (of a
        still path: how much of a step of temperature is shown 0, 1 and 2 frames after it, of what
        one frame shows), `slits` (of a hand: see
        `resolution`), `share` of the past that counted, and `past_ms`.

    Raises:
        ModelError: for unusable data, model or options.
    """
    path = camera_path(settings)
    what = measured(settings.data, settings.split, settings.missing, settings.guide)
    kind = settings.degradation or "sensor"
    if not kind.startswith("sensor"):
        raise ModelError(f"video: wanted the degradation sensor or sensor-noisy, got {kind}")
    scale = settings.scale or 8
    predictor = build_predictor(
        PredictorSettings(
            model=settings.model or "fast:video",
            engine=settings.engine,
            precision=settings.precision,
            threads=settings.threads,
            views=settings.views,
        )
    )
    if predictor.window < 2:
        raise ModelError(f"video: {predictor.model} makes each picture of one frame; fast:video?")
    scores = {frames: Scores() for frames in SCORED}
    moving: dict[str, list[float]] = {VIDEO: [], ONE: []}
    flicker: dict[str, list[float]] = {VIDEO: [], ONE: []}
    steps: list[list[float]] = []
    shares: list[float] = []
    times: list[float] = []
    names = _names(predictor)
    with Film(settings.film) as film:
        for index, each in enumerate(what.paths):
            scene = scene_of(each, what.missing, what.paths, index, settings.objects)
            run = _Run(predictor, settings.thermal, kind, scale, index)
            last: list[_Result] = []
            for frames, result in enumerate(run.results(scene, path), 1):
                if frames > 1:
                    shares.append(result.share)
                    times.append(result.past_ms)
                if frames in SCORED:
                    for name in (VIDEO, ONE, BILINEAR):
                        scores[frames].add(name, getattr(result, name), result.truth)
                if frames >= SCORED[-1] // 2:
                    last.append(result)
                film.add({words: getattr(result, name) for name, words in names.items()})
            if settings.objects:
                for name, found in moving.items():
                    found.append(_within(last[-1], getattr(last[-1], name)))
            if path is Path.STILL:
                for name, found in flicker.items():
                    shown = np.stack([getattr(result, name) for result in last]).astype(np.float32)
                    found.append(float(shown.std(axis=0).mean()))
                steps.append(run.step_response(scene))
            if progress is not None:
                progress(index + 1, len(what.paths))
    if path is Path.HAND:
        slits, picture = resolution(predictor, SCORED[-2], scale)
        if settings.picture is not None:
            write(settings.picture, picture)
    after = {str(frames): _row(of) for frames, of in scores.items()}
    report: dict[str, Any] = {
        "model": predictor.model,
        "images": len(what.paths),
        "video": path.value,
        "objects": settings.objects,
        "thermal": settings.thermal,
        "missing": what.missing,
        "degradation": kind,
        "scale": scale,
        "window": predictor.window,
        "after": after,
        "share": float(np.mean(shares)),
        "past_ms": float(np.median(times)),
    }
    if settings.objects:
        report["moving"] = {name: float(np.mean(found)) for name, found in moving.items()}
    if path is Path.HAND:
        report["slits"] = slits
    if path is Path.STILL:
        report["flicker_levels"] = {name: float(np.mean(found)) for name, found in flicker.items()}
        report["step"] = [float(share) for share in np.mean(steps, axis=0)]
    return report


def _names(predictor: Predictor) -> dict[str, str]:
    """What is compared, as it is called in a film, from left to right."""
    one, video = "fast:sensor", predictor.model
    if video != "fast:video":
        one, video = f"{video}, one frame", f"{video}, {predictor.window} frames"
    return {BILINEAR: "sensor, bilinear", ONE: one, VIDEO: video}


class _Run:
    """One scene on its way through a predictor."""

    def __init__(
        self, predictor: Predictor, thermal: str, kind: str, scale: int, index: int
    ) -> None:
        self._predictor = predictor
        self._thermal, self._kind, self._scale, self._index = thermal, kind, scale, index

    def results(self, scene: Scene, path: Path) -> Iterator[_Result]:
        """Frame by frame, each with the frames before it and alone."""
        past = self._predictor.past()
        way = poses(path, SCORED[-1], self._index)
        for number, moment in enumerate(scene.frames(way, self._scale)):
            low = self._low(moment.truth, number)
            canvas = (moment.truth.shape[0], moment.truth.shape[1])
            joined = self._predictor.predict(
                low, moment.visible, canvas, past=past, moment_ns=number * FRAME_NS
            )
            alone = self._predictor.predict(low, moment.visible, canvas)
            levels = levels_of(moment.truth)
            yield _Result(
                moment.moving,
                levels(moment.truth),
                levels(joined.pixels),
                levels(alone.pixels),
                levels(upsampled(low, canvas)),
                joined.past.share if joined.past else 0.0,
                joined.stage_ms.get("past", 0.0),
            )

    def step_response(self, scene: Scene) -> list[float]:
        """How much of a step is shown in its frame and the two after, of what one frame shows."""
        past = self._predictor.past()
        before = [0.0, 0.0]
        shown: list[float] = []
        (moment,) = scene.frames(poses(Path.STILL, 1, 0), self._scale)
        rows, columns = moment.truth.shape
        top, left = rows // 3, columns // 3
        area = (slice(top, 2 * top), slice(left, 2 * left))
        edge = self._scale
        inner = (slice(top + edge, 2 * top - edge), slice(left + edge, 2 * left - edge))
        step = round(STEP_LEVELS * counts_of_a_level(moment.truth))
        for number in range(STEP_FRAME + 3):
            truth = moment.truth.astype(np.int32)
            if number >= STEP_FRAME:
                truth[area] += step
            truth = np.clip(truth, 0, np.iinfo(moment.truth.dtype).max)
            low = self._low(truth.astype(moment.truth.dtype), number)
            alone = self._predictor.predict(low, moment.visible, (rows, columns))
            joined = self._predictor.predict(
                low, moment.visible, (rows, columns), past=past, moment_ns=number * FRAME_NS
            )
            means = [float(made.pixels[inner].mean()) for made in (joined, alone)]
            if number == STEP_FRAME - 1:
                before = means
            elif number >= STEP_FRAME:
                risen, wanted = np.subtract(means, before)
                shown.append(float(risen / wanted))
        return shown

    def _low(self, truth: Image, number: int) -> Image:
        seed = self._index * 1000 + number
        low = degradation.named(self._kind, seed=seed)(truth, self._scale)
        return corrupt_thermal(self._thermal, low, seed)


def camera_path(settings: EvaluateSettings) -> Path:
    """How the camera moves.

    Raises:
        ModelError: there is no such path.
    """
    try:
        return Path(settings.video or "")
    except ValueError:
        known = ", ".join(Path)
        raise ModelError(f"video: wanted {known}, got {settings.video!r}") from None


def scene_of(
    each: PicturePaths,
    missing: str | None,
    paths: Sequence[PicturePaths],
    index: int,
    objects: bool,
) -> Scene:
    """A pair as the scene of a video.

    Args:
        each: the pair.
        missing: the modality that is left out.
        paths: all pairs, for what is cut from another.
        index: its number among them.
        objects: whether something moves by itself in front of it.

    Raises:
        ModelError: there is no such video.
    """
    if missing == "thermal":
        raise ModelError("video: frames without a thermal picture measure nothing")
    own = _read(each, missing)
    if not objects:
        return own
    other = _read(paths[(index + len(paths) // 2) % len(paths)], missing)
    if other.thermal.shape != own.thermal.shape or other.thermal.dtype != own.thermal.dtype:
        raise ModelError(f"{each.name}: objects are cut from pictures of one size and depth")
    return Scene(own.visible, own.thermal, other)


def _read(path: PicturePaths, missing: str | None) -> Scene:
    picture = read_picture(path)
    return Scene(None if missing == "visible" else picture.visible, picture.thermal)


def _within(result: _Result, picture: Image) -> float:
    """PSNR where something moves by itself, in dB."""
    at = result.moving
    return metrics.psnr_db(picture[at][None], result.truth[at][None])


def _row(scores: Scores) -> dict[str, Any]:
    means = scores.means()
    row: dict[str, Any] = {
        name: {"psnr_db": psnr_db, "ssim": ssim} for name, (psnr_db, ssim) in means.items()
    }
    row["gain_db"] = means[VIDEO][0] - means[ONE][0]
    return row
