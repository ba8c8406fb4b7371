"""What a predictor is built from."""

from pathlib import Path

import msgspec
import platformdirs

from models.engines.spec import USUAL_CANVAS, EngineName, EngineSpec, Precision
from models.imaging.canvas import Canvas


class PredictorSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a predictor is built from, in the words of configuration and command line.

    Attributes:
        model: a model's name or the path of a checkpoint.
        engine: auto, openvino or torch.
        precision: auto, or one the engine has (int8, bf16, f32; fp16 on CUDA).
        threads: CPU threads of the engine; 0 means its own choice.
        views: geometric self-ensemble (EDSR's x8): over how many mirrored views of a frame the
            network's answer is averaged, 1, 2, 4 or 8; it takes as many times as long.
        canvas: (H, W) of the output in pixels; None means the rule of `canvas_for`.
        consistency: whether averages over sensor pixels are made to equal the measurement.
        bounded: whether that step keeps readings within what the sensor pixels around can mean
            (`models.imaging.agreement.bounds`). Release 0.1 did not: a recording of
            then is replayed without.
        window: of how many frames a result is made, the present one included; 0 means the model's
            own (8 for fast:video, else 1).
        fixed_pattern: whether the sensor's fixed pattern is learnt from motion and taken out, where
            results are made of several frames.
        cache_dir: where measured choices and compiled graphs are kept; None means the user's
            cache folder.
    """

    model: str = "fast:sensor"
    engine: str = "auto"
    precision: str = "auto"
    threads: int = 0
    views: int = 1
    canvas: Canvas | None = None
    consistency: bool = True
    bounded: bool = True
    window: int = 0
    fixed_pattern: bool = True
    cache_dir: str | None = None

    def engine_spec(self, weights: Path) -> EngineSpec:
        """The specification of the engine, for a checkpoint.

        Raises:
            ModelError: for an engine, precision or number of views there is not.
        """
        return EngineSpec(
            weights=weights,
            engine=EngineName.of(self.engine),
            precision=Precision.of(self.precision),
            threads=self.threads,
            views=self.views,
            canvas=self.canvas or USUAL_CANVAS,
            cache_dir=self.cache(),
        )

    def cache(self) -> Path:
        """Where is kept what was found out once."""
        return Path(self.cache_dir or platformdirs.user_cache_dir("corefusion"))
