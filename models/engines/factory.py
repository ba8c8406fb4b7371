"""From weights and wishes to engines: which engine, at which precision, and how one is built."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from models.checkpoint import sha256, stride_of
from models.engines import openvino, selection
from models.engines.engine import Engine
from models.engines.self_ensemble import VIEWS, SelfEnsemble
from models.errors import ModelError
from models.imaging.canvas import Canvas, padded_size

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EngineFactory:
    """Builds engines of one model, alike but for the canvas.

    Attributes:
        build: an engine of a canvas (H, W), both multiples of `stride`.
        first: the one of the canvas asked for: an engine that cannot start is found out at once.
        weights_sha256: digest of the weights.
        stride: the network's.
    """

    build: Callable[[Canvas], Engine]
    first: Engine
    weights_sha256: str
    stride: int


def engine_factory(
    weights: Path,
    engine: str,
    precision: str,
    threads: int,
    canvas: Canvas,
    cache: Path,
    views: int = 1,
) -> EngineFactory:
    """Decide what is left to be decided.

    Args:
        weights: a checkpoint.
        engine: auto, openvino or torch.
        precision: auto, or one the engine has.
        threads: CPU threads, 0 for the engine's own choice.
        canvas: of the first engine, before padding; where precisions are measured.
        cache: where measured choices and compiled graphs are kept.
        views: over how many mirrored views of a frame the engines average.

    Raises:
        ModelError: for unusable weights, or an engine, precision or number of views there is not.
    """
    if views not in VIEWS:
        raise ModelError(f"views: wanted {', '.join(map(str, VIEWS))}, got {views}")
    size = padded_size(canvas, stride_of(weights))
    factory = _of_one_view(weights, engine, precision, threads, size, cache)
    if views == 1:
        return factory

    def build(canvas: Canvas) -> Engine:
        return SelfEnsemble(factory.build, canvas, views)

    return replace(factory, build=build, first=build(size))


def _of_one_view(
    weights: Path, engine: str, precision: str, threads: int, size: Canvas, cache: Path
) -> EngineFactory:
    if selection.choose_engine(engine) == "torch":
        try:
            return _of_torch(weights, engine, precision, threads, size)
        except (RuntimeError, OSError) as error:
            # Asked for by name, its failure is the user's to see; chosen by us, ours to mend.
            if engine == "torch":
                raise ModelError(f"engine torch: {str(error).splitlines()[0]}") from error
            log.warning("engine torch does not start (%s), going on with openvino", error)
    return _of_openvino(weights, precision, threads, size, cache)


def _of_openvino(
    weights: Path, precision: str, threads: int, size: Canvas, cache: Path
) -> EngineFactory:
    digest = sha256(weights)

    def build(canvas: Canvas, precision: str) -> Engine:
        return openvino.OpenVinoEngine(weights, canvas, precision, threads, cache)

    if precision == "auto":
        key = selection.BenchmarkKey(
            engine="openvino",
            library=openvino.library_version(),
            processor=selection.processor(),
            weights_sha256=digest,
            canvas=size,
            threads=threads or openvino.default_threads(),
        )
        offered = openvino.precisions_of(weights)
        precision = selection.choose_precision(key, offered, lambda each: build(size, each), cache)
    first = build(size, precision)
    return EngineFactory(lambda canvas: build(canvas, precision), first, digest, stride_of(weights))


def _of_torch(
    weights: Path, engine: str, precision: str, threads: int, size: Canvas
) -> EngineFactory:
    from models.engines import torch

    if engine == "auto" and not torch.cuda_usable():
        raise RuntimeError("this PyTorch does not reach the CUDA device")
    if precision == "auto":
        # Half precision is twice as fast on every GPU that torch's wheels still support.
        precision = torch.precisions()[0]

    def build(canvas: Canvas) -> Engine:
        return torch.TorchEngine(weights, canvas, precision, threads)

    return EngineFactory(build, build(size), sha256(weights), stride_of(weights))
