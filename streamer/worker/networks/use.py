"""What is told of a network, and of those that a worker can be changed to."""

from typing import TYPE_CHECKING

from streamer.messages import NetworkOffer, NetworkUse

if TYPE_CHECKING:
    from models.inference.predictor import Predictor


def use_of(predictor: "Predictor") -> NetworkUse:
    """A network as it is used."""
    return NetworkUse(
        model=predictor.model,
        engine=predictor.engine,
        precision=predictor.precision,
        views=predictor.views,
        model_sha256=predictor.weights_sha256 or None,
        threads=predictor.threads,
    )


def offered() -> NetworkOffer:
    """What there is on this machine; imports no torch."""
    from models.engines.openvino import cpu_precisions
    from models.engines.selection import cuda_devices, torch_installed
    from models.engines.spec import EngineName, Precision
    from models.registry import FILES, VIDEO, shipped

    torch = torch_installed()
    there = {Precision.INT8, *cpu_precisions()}
    if torch and cuda_devices():
        there.add(Precision.FP16)
    names = shipped()
    doubles = {name.partition(":")[0] for name in FILES if ":" in name}  # `fast` is `fast:sensor`
    return NetworkOffer(
        models=(*(name for name in names if name not in doubles), *VIDEO),
        engines=tuple(name for name in EngineName if name is not EngineName.TORCH or torch),
        precisions=tuple(name for name in Precision if name is Precision.AUTO or name in there),
    )
