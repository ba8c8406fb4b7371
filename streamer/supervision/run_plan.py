"""What a run is to do, and which processes that takes."""

from pathlib import Path

import msgspec

from streamer.config.recording import RecordSettings
from streamer.config.replay import ReplaySettings
from streamer.config.schema import Config
from streamer.faults.injection import Injection
from streamer.runtime.process import ProcessSpec
from streamer.transport import Addresses, Endpoint

_GRAB_AFTER_S = 3.0
_COMPLETE_S = 30.0  # a recorder writes what it still holds; nothing captured may be lost


class StopConditions(msgspec.Struct, frozen=True):
    """When a run ends by itself; counted from the first result."""

    frames: int | None = None
    duration_s: float | None = None

    @property
    def any(self) -> bool:
        """Whether it ends by itself at all."""
        return self != StopConditions()

    def enough(self, frames: int) -> bool:
        """Whether as many results have come as were asked for."""
        return self.frames is not None and frames >= self.frames


class RunPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A run as it was asked for.

    Attributes:
        config: the resolved configuration.
        injections: faults to commit.
        headless: without the viewer.
        bounds: when to end by itself; a run with `screenshot` ends in any case.
        score: whether PSNR against the truth is wanted.
        screenshot: where to save the window's picture at the end.
        record: what to record, if anything.
        replay: what to play in place of the sensors, if anything.
        compare: the configuration of a second worker on the same frames, if there is one.
    """

    config: Config
    injections: tuple[Injection, ...] = ()
    headless: bool = False
    bounds: StopConditions = StopConditions()
    score: bool = False
    screenshot: Path | None = None
    record: RecordSettings | None = None
    replay: ReplaySettings | None = None
    compare: Config | None = None

    def __post_init__(self) -> None:
        if self.screenshot is not None and not self.bounds.any:
            msgspec.structs.force_setattr(self, "bounds", StopConditions(duration_s=_GRAB_AFTER_S))

    @property
    def streams(self) -> tuple[str, ...]:
        """The sensors that take part."""
        capture = self.config.capture
        sources = {"visible": capture.visible.source, "thermal": capture.thermal.source}
        return tuple(stream for stream, source in sources.items() if source != "none")

    def process_specs(self, addresses: Addresses) -> list[ProcessSpec]:
        """Who does what, in the order to start: what takes longest to be there goes first."""
        sources = [f"capture.{stream}" for stream in self.streams]
        names = ["inference", *(sources if self.replay is None else ["player"])]
        if self.compare is not None:
            names.insert(0, "compare")
        if self.record is not None:
            names.insert(0, "recorder")
        if not self.headless:
            names.insert(0, "viewer")
        readers = self._readers()
        return [
            ProcessSpec(
                name=name,
                config=self.compare if self.compare and name == "compare" else self.config,
                addresses=addresses,
                injections=tuple(
                    one
                    for one in self.injections
                    if name == f"capture.{one.target}" or name == "player"
                ),
                readers=readers,
                publish_truth=name == "capture.thermal" and bool(readers[Endpoint.TRUTH]),
                screenshot=str(self.screenshot.resolve())
                if self.screenshot and name == "viewer"
                else None,
                record=self.record if name == "recorder" else None,
                replay=self.replay,
                stop_s=_COMPLETE_S if name == "recorder" else self.config.supervision.stop_s,
            )
            for name in names
        ]

    def _readers(self) -> dict[Endpoint, int]:
        """How many subscribers each stream will have: workers, the window, the report, ..."""
        workers = 1 + int(self.compare is not None)
        viewer = int(not self.headless)
        recorded = self.record.streams if self.record is not None else ()
        wanted = {
            Endpoint.VISIBLE: workers + viewer,
            Endpoint.THERMAL: workers + viewer + int(self.score),
            Endpoint.TRUTH: int(self.score),
            Endpoint.SR: 1 + viewer,
            Endpoint.COMPARE: 1 + viewer,
            Endpoint.CLOCK: workers + viewer + 1,
        }
        return {
            endpoint: count + int(endpoint.value in recorded) for endpoint, count in wanted.items()
        }
