"""Which network makes an item, and what `auto` comes to: once in a run, for all who make its parts.

The precision is chosen by the time that each takes. Two processes may find different ones where the
first cannot remember its choice for the second, and results of two precisions are not the same.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from streamer.config.loading import changed_config
from streamer.config.schema import Config, InferenceConfig
from streamer.enhance.items import EnhanceOptions, Item, Kind
from streamer.enhance.making.opened import OpenedItem, opened
from streamer.worker.as_recorded import RecordedNetwork, recorded_changes, recorded_network
from streamer.worker.networks.loading import predictor_of

if TYPE_CHECKING:
    from models.inference.predictor import Predictor

_AUTO = "auto"
_KEPT = 2  # predictors: recordings of two models may take turns


class ChosenNetworks:
    """Names engine and precision wherever an item's are `auto`.

    Args:
        options: how every item is made, as asked for.
        resolved: finds out what `auto` comes to where items are made.

    Attributes:
        options: how every item is made, the configured network's engine and precision by name.

    Raises:
        CorefusionError: the configured network cannot be loaded.
    """

    def __init__(
        self, options: EnhanceOptions, resolved: Callable[[InferenceConfig], InferenceConfig]
    ) -> None:
        self._asked = options.config.inference
        self._resolved = resolved
        self._chosen: dict[InferenceConfig, InferenceConfig] = {}
        network = self._choice(self._asked)
        config = msgspec.structs.replace(options.config, inference=network)
        found = (f"inference.engine={network.engine}", f"inference.precision={network.precision}")
        # Overrides come behind what a recording says: an `auto` among them would be one again.
        overrides = (*options.overrides, *found)
        self.options = msgspec.structs.replace(options, config=config, overrides=overrides)

    def options_of(self, item: Item) -> EnhanceOptions:
        """How an item is made: with nothing left for a process to choose.

        Raises:
            CorefusionError: its recording cannot be opened, or its network not be loaded.
            OSError: its recording cannot be read.
        """
        options = self.options
        if _AUTO not in (options.engine, options.precision):
            return options
        network = options.config.inference
        if options.model is None and item.kind is Kind.RECORDING:
            with opened(item, options.config, "") as source:
                recorded = configured(item, options, source).inference
            network = self._choice(
                msgspec.structs.replace(
                    self._asked,
                    model=recorded.model,
                    engine=recorded.engine,
                    precision=recorded.precision,
                )
            )
        return msgspec.structs.replace(options, engine=network.engine, precision=network.precision)

    def _choice(self, network: InferenceConfig) -> InferenceConfig:
        if network not in self._chosen:
            self._chosen[network] = self._resolved(network)
        return self._chosen[network]


def resolved(inference: InferenceConfig) -> InferenceConfig:
    """What `auto` comes to on this machine: engine and precision by name.

    Raises:
        ModelError: the model or its engine cannot be loaded.
    """
    predictor = predictor_for(_one_thread(inference))
    engine = inference.engine if predictor.engine == "opencv" else predictor.engine
    precision = inference.precision if predictor.engine == "opencv" else predictor.precision
    given = msgspec.to_builtins(inference)
    return msgspec.convert({**given, "engine": engine, "precision": precision}, InferenceConfig)


def configured(item: Item, options: EnhanceOptions, source: OpenedItem) -> Config:
    """The settings of an item, as a replay of its recording has them.

    Raises:
        RecordingError: the weights that its recording names are not found.
    """
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
def predictor_for(inference: InferenceConfig) -> "Predictor":
    """The network of an item, kept for the next one of this process.

    Raises:
        ModelError: the model or its engine cannot be loaded.
    """
    return predictor_of(inference)
