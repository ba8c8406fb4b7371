"""What a worker reports of itself, as fields of a `Status`."""

from typing import Any

import msgspec

from streamer.clock import StreamNs
from streamer.worker.networks.use import use_of
from streamer.worker.pairs.scheduler import PairScheduler
from streamer.worker.super_resolution import SuperResolver


def frames_told(scheduler: PairScheduler, now: StreamNs) -> dict[str, Any]:
    """How its streams are doing."""
    ages = {stream: health.age_ms(now) for stream, health in scheduler.health.items()}
    return {
        "dropped": {cause: count for cause, count in scheduler.drops.items() if count},
        "streams": scheduler.states(now),
        "ages_ms": {stream: age for stream, age in ages.items() if age is not None},
        "mode": scheduler.modes.mode,
    }


def results_told(resolver: SuperResolver) -> dict[str, Any]:
    """What makes its results, and how many there are."""
    return {
        **msgspec.structs.asdict(use_of(resolver.predictor)),
        "last_sequence": resolver.made - 1,
        "alignment": resolver.alignment.state,
        "bad_pixels": resolver.readings.places,
    }
