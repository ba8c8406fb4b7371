"""The network and its science: arrays in, arrays out. Knows neither sockets nor windows.

What a program of one's own uses is here: `from models import PredictorSettings, build_predictor`.
These names are imported when they are first asked for, so that `import models` costs nothing.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.errors import ModelError
    from models.inference.prediction import Prediction
    from models.inference.predictor import Predictor, PredictorSettings, build_predictor

__all__ = ["ModelError", "Prediction", "Predictor", "PredictorSettings", "build_predictor"]

_HOMES = {
    "ModelError": "models.errors",
    "Prediction": "models.inference.prediction",
    "Predictor": "models.inference.predictor",
    "PredictorSettings": "models.inference.predictor",
    "build_predictor": "models.inference.predictor",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
