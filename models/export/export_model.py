"""From a checkpoint to what is shipped.

    corefusion export-model --model fast:sensor --precision int8 --output DIR

writes NAME.safetensors, from which every engine builds its graphs, for int8 the table of ranges
beside it, NAME.int8.json, and NAME.PRECISION.xml/.bin: the graph `both` at any canvas, as OpenVINO
reads it, for use outside this application. Weights are halved (float16), but for `f32`. A table
that lies beside the source is taken over; pictures to calibrate on make a new one. Needs torch.
"""

import json
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from models import checkpoint
from models.engines.graphs import builder, quantization
from models.engines.openvino import PRECISIONS
from models.errors import ModelError
from models.inference import uncertainty
from models.networks.base import cost

ANY_CANVAS = (-1, -1)


def export_model(
    source: Path,
    output: Path,
    name: str,
    precision: str = "bf16",
    calibration: Sequence[Path] = (),
) -> list[Path]:
    """Write the weights of a checkpoint, and what its precision needs beside them.

    Args:
        source: a checkpoint.
        output: a folder, made if missing.
        name: the stem of the files written.
        precision: `int8`, `bf16` or `f32`.
        calibration: data folders to find int8 ranges on.

    Returns:
        The files written, weights first.

    Raises:
        ModelError: if the checkpoint is unusable, the precision is none of these, or there is
            nothing to take int8 ranges from.
    """
    if precision not in PRECISIONS:
        raise ModelError(f"precision: wanted {', '.join(PRECISIONS)}, got {precision!r}")
    given = quantization.table_path(source)
    if precision == "int8" and not calibration and not given.exists():
        raise ModelError(
            f"{source}: int8 wants training pictures to find its ranges on, --calibration DIR "
            "(visible/ and thermal/ in it); there is no table of them beside the weights"
        )
    net, facts = checkpoint.load(source)
    output.mkdir(parents=True, exist_ok=True)
    weights = output / f"{name}.safetensors"
    parameters, macs = cost(net)
    training = {**facts.training, "parameters": parameters, "macs_640x480": macs}
    tensors = net.state_dict()
    if precision != "f32":
        # The norms' statistics stay exact: they are few, and their span is wide.
        tensors = {
            key: value.half() if value.ndim >= 2 else value for key, value in tensors.items()
        }
    checkpoint.save(weights, net, facts.degradation, training, tensors)
    _settle(weights, facts.config)
    written = [weights, *_uncertainty(source, weights)]
    graph = builder.build_graph(weights, "both", ANY_CANVAS)
    if precision == "int8":
        table = _table(source, weights, calibration)
        written.append(quantization.table_path(weights))
        quantization.write_table(written[-1], table)
        # It may run on any processor.
        quantization.quantise(graph, table, quantization.NARROW_KERNEL_MAX)
    builder.name_by_order(graph)
    path = output / f"{name}.{precision}.xml"
    builder.save_graph(graph, path, halved=precision != "f32")
    return [*written, path, path.with_suffix(".bin")]


def _settle(weights: Path, config: dict[str, Any]) -> None:
    """Equal weights are equal files.

    The library writes the metadata in any order, and a later release may know more of a network
    than its configuration says.
    """
    data = weights.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    metadata = {**header["__metadata__"], "config": json.dumps(config)}
    header["__metadata__"] = dict(sorted(metadata.items()))
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    aligned = text.ljust(-(-len(text) // 8) * 8)
    weights.write_bytes(struct.pack("<Q", len(aligned)) + aligned + data[8 + length :])


def _uncertainty(source: Path, weights: Path) -> list[Path]:
    """What was fitted for the source, taken over for weights that may have been rounded since."""
    path = uncertainty.table_path(source)
    if not path.exists():
        return []
    table = uncertainty.read_table(path)
    if table.weights_sha256 != checkpoint.sha256(source):
        raise ModelError(f"{path}: made for other weights; corefusion fit-uncertainty")
    written = uncertainty.table_path(weights)
    digest = checkpoint.sha256(weights)
    uncertainty.write_table(written, msgspec.structs.replace(table, weights_sha256=digest))
    return [written]


def _table(source: Path, weights: Path, calibration: Sequence[Path]) -> quantization.Int8Table:
    """New ranges, or those beside the source, for weights that may have been rounded since."""
    if calibration:
        from models.export.calibration import calibrate

        return calibrate(weights, calibration)
    table = quantization.read_table(quantization.table_path(source))
    if table.weights_sha256 != checkpoint.sha256(source):
        raise ModelError(
            f"{quantization.table_path(source)}: made for other weights; --calibration DIR"
        )
    return msgspec.structs.replace(table, weights_sha256=checkpoint.sha256(weights))
