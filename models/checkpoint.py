"""Weights on disk: safetensors, with everything needed to rebuild the network in its metadata.

Metadata keys: `family` (which network), `config` (JSON of its configuration), `training` (JSON of
facts: step, minutes, settings, validation metrics), `degradation` (what low resolution it was
trained for) and `format`, the version of this list. No pickle: a checkpoint from a stranger is only
numbers.

Reading the metadata needs no torch; reading the tensors does.
"""

import hashlib
import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from models.errors import ModelError
from models.files import atomic_write

if TYPE_CHECKING:
    from torch import Tensor

    from models.networks.base import GuidedNetwork

FORMAT = "1"

STRIDES = {"realtime": 16, "corefusion": 32}
"""The families this release knows, and what a canvas must be a multiple of; no torch needed."""


class Facts(msgspec.Struct, frozen=True):
    """The metadata of a checkpoint.

    Attributes:
        family: the network's family, one of STRIDES.
        config: its configuration, as plain values.
        degradation: low resolutions it was trained for, in words.
        training: step, minutes, and the settings of the run.
    """

    family: str
    config: dict[str, Any]
    degradation: str
    training: dict[str, Any]


_MALFORMED = (
    *(ValueError, LookupError, TypeError, AttributeError, OverflowError),
    *(RecursionError, msgspec.ValidationError),  # nested too deep to be read; of other types
)


def read_facts(path: Path) -> Facts:
    """Read a checkpoint's metadata alone.

    Raises:
        ModelError: if the file is missing, truncated, no safetensors file, or no checkpoint of
            this application.
    """
    try:
        with path.open("rb") as file:
            head = file.read(8)
            length = struct.unpack("<Q", head)[0] if len(head) == 8 else 0
            # The format itself caps a header at 100 MB; a foreign file claims nonsense here.
            if not 2 <= length <= 100_000_000:
                raise ModelError(f"{path}: not a safetensors file")
            text = file.read(length)
            size = file.seek(0, 2)
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror or error}") from error
    try:
        header = json.loads(text)
        metadata = msgspec.convert(header.pop("__metadata__", {}), dict[str, str])
        end = max(int(entry["data_offsets"][1]) for entry in header.values())
    except _MALFORMED as error:
        raise ModelError(f"{path}: not a safetensors file, or cut off in its header") from error
    if size < 8 + length + end:
        raise ModelError(f"{path}: truncated, {size} bytes of {8 + length + end}")
    if metadata.get("format") != FORMAT or "family" not in metadata:
        raise ModelError(f"{path}: a safetensors file, but no CoReFusion Live checkpoint")
    try:
        config = json.loads(metadata["config"])
        training = json.loads(metadata.get("training", "{}"))
        parsed = {"degradation": "", **metadata, "config": config, "training": training}
        return msgspec.convert(parsed, Facts)
    except _MALFORMED as error:
        reason = f"{type(error).__name__} {error}"
        raise ModelError(f"{path}: its metadata are none of a checkpoint: {reason:.90}") from error


def stride_of(path: Path) -> int:
    """What a canvas must be a multiple of for the network of a checkpoint.

    Raises:
        ModelError: as `read_facts`, and for a family this release does not know.
    """
    family = read_facts(path).family
    if family not in STRIDES:
        raise ModelError(f"{path}: weights of a {family!r} network, wanted {' or '.join(STRIDES)}")
    return STRIDES[family]


def sha256(path: Path) -> str:
    """The digest that names these weights wherever they are used."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror or error}") from error


def save(
    path: Path,
    net: "GuidedNetwork",
    degradation: str,
    training: Mapping[str, Any],
    tensors: "Mapping[str, Tensor] | None" = None,
) -> None:
    """Write a network's weights (or `tensors` in their place), whole or not at all."""
    from safetensors.torch import save_file

    metadata = {
        "format": FORMAT,
        "family": net.family,
        "config": json.dumps(msgspec.to_builtins(net.config)),
        "degradation": degradation,
        "training": json.dumps(dict(training)),
    }
    chosen = tensors if tensors is not None else net.state_dict()
    # channels_last training leaves strides that the format cannot hold.
    plain = {name: value.detach().contiguous() for name, value in chosen.items()}
    with atomic_write(path) as partial:
        save_file(plain, partial, metadata=metadata)
        partial.chmod(0o644)  # the library writes for the owner alone


def load(path: Path) -> "tuple[GuidedNetwork, Facts]":
    """Rebuild a network, in eval mode, on the CPU.

    Raises:
        ModelError: as `read_facts`, and if the tensors do not fit the architecture named.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    from models.networks.unfilled import Unfilled

    facts = read_facts(path)
    try:
        with Unfilled():
            net = build(facts.family, facts.config)
        net.load_state_dict(load_file(path))
    except (ValueError, msgspec.ValidationError, SafetensorError) as error:
        first = str(error).splitlines()[0]  # it may quote a stranger's header at any length
        raise ModelError(f"{path}: {first:.90}") from error
    except RuntimeError as error:
        first = next((line.strip() for line in str(error).splitlines()[1:]), str(error))
        raise ModelError(f"{path}: does not fit the architecture it names: {first:.90}") from error
    return net.eval(), facts


def build(family: str, config: Mapping[str, Any]) -> "GuidedNetwork":
    """A network of a family with fresh weights.

    Raises:
        ValueError: if there is no such family, or the configuration is not one of its.
    """
    if family == "realtime":
        from models.networks.realtime import RealtimeConfig, RealtimeNet

        return RealtimeNet(msgspec.convert(config, RealtimeConfig))
    if family == "corefusion":
        from models.networks.corefusion import CoreFusionConfig, CoreFusionNet

        return CoreFusionNet(msgspec.convert(config, CoreFusionConfig))
    raise ValueError(f"weights of a {family!r} network, wanted {' or '.join(STRIDES)}")
