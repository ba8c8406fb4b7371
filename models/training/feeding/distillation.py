"""Knowledge distillation: a teacher's pictures in the targets of pairs.

Hinton et al., "Distilling the knowledge in a neural network" (2015), for regression: the soft
target is a trained network's mean answer to eight views of a pair. A truth is the mean of all that
may be there, given the inputs, plus what they do not determine, and in a step's gradient the second
part is far the larger: of the 90 squared levels by which `fast` missed pairs it was trained on, 5
parted it from a teacher 0.3 dB better. A teacher's picture is an estimate of the mean alone. It
serves a worse input too (no guide, a corrupted one): the mean given less is the mean of the means
given more.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import platformdirs

from models.data.dataset import Picture
from models.engines.engine import Engine, GuideHandle
from models.engines.factory import engine_factory
from models.engines.spec import EngineName, EngineSpec, Precision
from models.errors import ModelError
from models.imaging.canvas import Canvas, padded, padded_size
from models.imaging.network_inputs import base_of_levels, upsampled
from models.registry import find_model

VIEWS = 8


def with_teacher_targets(
    pairs: Sequence[Picture], model: str, share: float, threads: int = 0
) -> list[Picture]:
    """Give each pair its `soft_target`: `share` of the teacher's picture, the rest of the truth.

    Pairs without a `thermal_lr` of their own stay as they are: their low resolution is made anew
    for every sample, and the teacher would have to look at each.

    Args:
        pairs: 8-bit pairs, or thermal pictures without a partner.
        model: a model's name or the path of a checkpoint.
        share: 0..1.
        threads: CPU threads; 0 means the engine's own choice.

    Raises:
        ModelError: for a model that cannot teach, or a 16-bit pair.
    """
    source = find_model(model)
    if source.weights is None:
        raise ModelError(f"teacher {model}: an interpolation has nothing to teach")
    given = [pair for pair in pairs if pair.thermal_lr is not None]
    if not given:
        return list(pairs)
    first = given[0].thermal.shape
    factory = engine_factory(
        EngineSpec(
            weights=source.weights,
            engine=EngineName.OPENVINO,
            precision=Precision.F32,
            threads=threads,
            views=VIEWS,
            canvas=(first[0], first[1]),
            cache_dir=Path(platformdirs.user_cache_dir("corefusion")),
        )
    )
    engine_of = cache(factory.build)
    return [
        pair if pair.thermal_lr is None else _taught(pair, engine_of, factory.stride, share)
        for pair in pairs
    ]


def _taught(
    pair: Picture, engine_of: Callable[[Canvas], Engine], stride: int, share: float
) -> Picture:
    if pair.thermal.dtype != np.uint8:
        raise ModelError(f"{pair.name}: a teacher takes 8-bit pairs, got {pair.thermal.dtype}")
    assert pair.thermal_lr is not None  # the caller has seen to it
    canvas = (pair.thermal.shape[0], pair.thermal.shape[1])
    base = upsampled(pair.thermal_lr, canvas)
    engine = engine_of(padded_size(canvas, stride))
    guide = None if pair.visible is None else GuideHandle(padded(pair.visible, stride))
    answer = engine.infer(padded(base_of_levels(base), stride), guide)
    residual = np.ascontiguousarray(answer[: canvas[0], : canvas[1]])
    picture = cv2.scaleAdd(residual, 255.0, base)
    mixed = cv2.addWeighted(picture, share, pair.thermal.astype(np.float32), 1 - share, 0.0)
    return replace(pair, soft_target=np.asarray(mixed, dtype=np.float32))
