"""The predictor that a configuration asks for."""

from typing import TYPE_CHECKING

from streamer.config.schema import InferenceConfig
from streamer.imports import uncollected

if TYPE_CHECKING:
    from models.inference.predictor import Predictor


def predictor_of(settings: InferenceConfig) -> "Predictor":
    """Loads it.

    Raises:
        ModelError: the model or its engine cannot be loaded.
    """
    with uncollected():  # openvino: 0.2 s
        from models.inference.predictor import PredictorSettings, build_predictor

    canvas = (settings.canvas_height, settings.canvas_width)
    return build_predictor(
        PredictorSettings(
            model=settings.model,
            engine=settings.engine,
            precision=settings.precision,
            threads=settings.threads,
            views=settings.views,
            canvas=canvas if all(canvas) else None,
            consistency=settings.consistency,
            bounded=settings.bounded,
            window=settings.window,
            fixed_pattern=settings.fixed_pattern,
        )
    )
