"""One item, whole or not at all: the function that every engine calls.

What is made is written to a folder of its own below the output folder, and gets its name when it is
whole. The predictor stays for the next item of this process.
"""

import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from streamer.calibration.chosen import chosen_calibration, chosen_changes
from streamer.config.loading import changed_config
from streamer.config.schema import Config, InferenceConfig
from streamer.enhance.items import EnhanceError, EnhanceOptions, Item, Kind, Outcome, Target
from streamer.enhance.making import (
    Making,
    Progress,
    give_names,
    palette_of,
    write_export,
    write_recording,
    write_still,
)
from streamer.enhance.opened import OpenedItem, opened
from streamer.enhance.results import Lockstep
from streamer.enhance.source_digest import digest_of, stamp_of
from streamer.worker.as_recorded import RecordedNetwork, recorded_changes, recorded_network
from streamer.worker.network import predictor_of

if TYPE_CHECKING:
    from models.inference.predictor import Predictor

_KEPT = 2  # predictors: recordings of two models may take turns


def enhance_item(
    item: Item, options: EnhanceOptions, folder: Path, parts: Path, progress: Progress
) -> Outcome:
    """Makes an item.

    Args:
        item: what to make.
        options: how.
        folder: where it gets its name.
        parts: an empty folder on the same file system, for what is not whole yet.
        progress: told how far it is, now and then.

    Raises:
        CorefusionError: it cannot be made; nothing of it is left.
        OSError: the disk is full, or a file cannot be read or written.
    """
    began = time.perf_counter()
    stamp, digest = stamp_of(item.sources), digest_of(item.sources)
    with opened(item, options.config, digest) as source:
        if not {"visible", "thermal"} & set(source.streams):
            raise EnhanceError(f"{item.source} holds no picture of a sensor")
        config = _configured(item, options, source)
        predictor = _predictor(config.inference)
        calibration = chosen_calibration(config, source.info.calibration)
        changes = chosen_changes(config, source.calibrations)
        lockstep = Lockstep(config, source.info, predictor, calibration, changes)
        making = Making(source, lockstep, calibration, bool(changes), progress)
        outputs = item.outputs(options.target)
        paths = [parts / Path(name).name for name in outputs]
        target = options.target
        if item.kind is Kind.STILL and target in (None, Target.tiff, Target.png):
            write_still(making, paths, config.viewer)
        elif target in (None, Target.recording):
            write_recording(making, paths[0], predictor)
        else:
            write_export(making, paths[0], target, predictor, palette_of(config.viewer))
        tally = making.tally
        if not tally.frames:
            told = "; ".join(source.damage) or "its pictures make no result"
            raise EnhanceError(f"{item.source}: nothing came of it: {told}")
        give_names(parts, folder, outputs)
        return Outcome(
            frames=tally.frames,
            modes=dict(tally.modes),
            residual=tally.residual,
            dropped=making.dropped,
            left_out=source.left_out(),
            damage=list(source.damage),
            result_sha256=tally.result_sha256(),
            source_sha256=digest,
            model_sha256=predictor.weights_sha256,
            seconds=round(time.perf_counter() - began, 3),
            stamp=stamp,
        )


def resolved(inference: InferenceConfig) -> InferenceConfig:
    """What `auto` comes to on this machine: engine, precision and threads by name.

    Raises:
        ModelError: the model or its engine cannot be loaded.
    """
    predictor = _predictor(_one_thread(inference))
    engine = inference.engine if predictor.engine == "opencv" else predictor.engine
    precision = inference.precision if predictor.engine == "opencv" else predictor.precision
    given = msgspec.to_builtins(inference)
    return msgspec.convert({**given, "engine": engine, "precision": precision}, InferenceConfig)


def _configured(item: Item, options: EnhanceOptions, source: OpenedItem) -> Config:
    """The settings of an item, as a replay of its recording has them."""
    network = RecordedNetwork(options.model)
    if options.model is None:
        network = recorded_network(source.info, Path(item.sources[0]))
    named = {
        "model": network.model,
        "engine": options.engine or network.engine,
        "precision": options.precision or network.precision,
    }
    changes = recorded_changes(options.config, source.info, source.streams)
    changes += options.overrides
    changes += [f"inference.{key}={value}" for key, value in named.items() if value is not None]
    config = changed_config(options.config, changes)
    return msgspec.structs.replace(config, inference=_one_thread(config.inference))


def _one_thread(inference: InferenceConfig) -> InferenceConfig:
    """One thread where neither the user nor the recording says how many: a process a core."""
    return msgspec.structs.replace(inference, threads=inference.threads or 1)


@lru_cache(maxsize=_KEPT)
def _predictor(inference: InferenceConfig) -> "Predictor":
    return predictor_of(inference)
