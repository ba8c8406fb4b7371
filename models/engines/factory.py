"""From a specification to engines: which one, at which precision, and how it is built."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from models.checkpoint import sha256, stride_of
from models.engines import openvino, selection
from models.engines.engine import Engine
from models.engines.self_ensemble import SelfEnsemble
from models.engines.spec import EngineName, EngineSpec, Precision
from models.errors import ModelError
from models.imaging.canvas import Canvas, padded_size

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EngineFactory:
    """Builds engines of one model, alike but for the canvas.

    Attributes:
        build: an engine of a canvas (H, W), both multiples of `stride`.
        first: the one of the canvas asked for: an engine that cannot start is found out at once.
        canvas: (H, W) of `first`, padded to multiples of `stride`.
        weights_sha256: digest of the weights.
        stride: the network's, in pixels.
    """

    build: Callable[[Canvas], Engine]
    first: Engine
    canvas: Canvas
    weights_sha256: str
    stride: int


def engine_factory(spec: EngineSpec) -> EngineFactory:
    """A factory of engines, with engine and precision decided.

    Args:
        spec: its canvas is that of the first engine, before padding; precisions are measured there.

    Raises:
        ModelError: for unusable weights, or an engine or precision there is not.
    """
    spec = replace(spec, canvas=padded_size(spec.canvas, stride_of(spec.weights)))
    factory = _plain_factory(spec)
    if spec.views == 1:
        return factory

    def build(canvas: Canvas) -> Engine:
        return SelfEnsemble(factory.build, canvas, spec.views)

    return replace(factory, build=build, first=build(spec.canvas))


def _plain_factory(spec: EngineSpec) -> EngineFactory:
    """The factory of one view."""
    if selection.choose_engine(spec.engine) is EngineName.TORCH:
        try:
            return _torch_factory(spec)
        except (RuntimeError, OSError) as error:
            # Asked for by name, its failure is an error; chosen here, there is another choice.
            if spec.engine is EngineName.TORCH:
                raise ModelError(f"engine torch: {str(error).splitlines()[0]}") from error
            log.warning("engine torch does not start (%s), going on with openvino", error)
    return _openvino_factory(spec)


def _openvino_factory(spec: EngineSpec) -> EngineFactory:
    digest = sha256(spec.weights)
    if spec.precision is Precision.AUTO:
        key = selection.BenchmarkKey(
            engine=EngineName.OPENVINO.value,
            library=openvino.library_version(),
            processor=selection.processor(),
            weights_sha256=digest,
            canvas=spec.canvas,
            threads=spec.threads or openvino.default_threads(),
        )
        asked = spec
        chosen = selection.choose_precision(
            key,
            openvino.precisions_of(spec.weights),
            lambda precision: openvino.OpenVinoEngine(replace(asked, precision=precision)),
            spec.cache_dir,
        )
        spec = replace(spec, precision=chosen)
    return _factory(spec, openvino.OpenVinoEngine, digest)


def _torch_factory(spec: EngineSpec) -> EngineFactory:
    from models.engines import torch

    if spec.engine is EngineName.AUTO and not torch.cuda_usable():
        raise RuntimeError("this PyTorch does not reach the CUDA device")
    if spec.precision is Precision.AUTO:
        # Half precision is twice as fast on every GPU that torch's wheels still support.
        spec = replace(spec, precision=torch.precisions()[0])
    return _factory(spec, torch.TorchEngine, sha256(spec.weights))


def _factory(
    spec: EngineSpec, engine_of: Callable[[EngineSpec], Engine], digest: str
) -> EngineFactory:
    return EngineFactory(
        build=lambda canvas: engine_of(replace(spec, canvas=canvas)),
        first=engine_of(spec),
        canvas=spec.canvas,
        weights_sha256=digest,
        stride=stride_of(spec.weights),
    )
