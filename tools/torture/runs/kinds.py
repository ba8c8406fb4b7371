"""The kinds of runs that are tortured: live, recorded and replayed, with and without a window."""

from dataclasses import dataclass
from pathlib import Path

from tools.torture.runs.site import Site

_SENSORS = ("capture.visible", "capture.thermal", "inference")


@dataclass(frozen=True)
class Kind:
    """One kind of run.

    Attributes:
        name: for people.
        processes: that it consists of, beside the supervisor.
        records: whether it writes a recording, and with which suffix; None where it writes none.
        lockstep: whether it is a replay that gives the same bytes every time.
    """

    name: str
    processes: tuple[str, ...]
    words: tuple[str, ...]
    records: str | None = None
    lockstep: bool = False

    @property
    def replays(self) -> bool:
        """Whether it plays a recording."""
        return "player" in self.processes

    @property
    def loops(self) -> bool:
        """Whether its time may go back."""
        return "--loop" in self.words

    def arguments(self, site: Site, *more: str | Path) -> list[str | Path]:
        """The command line; the report goes to `report.json`, the recording to `output`."""
        command, *options = self.words
        recording = [site.shared.recording] if self.replays else ["--config", site.shared.rig]
        output = ["--output", self.output(site)] if self.records is not None else []
        report = ["--report", site.folder / "report.json"]
        return [command, *recording, *options, *output, *report, *more]

    def output(self, site: Site) -> Path:
        """Where it records to."""
        return site.folder / f"output{self.records or ''}"


LIVE = Kind("live", _SENSORS, ("live", "--headless"))
WINDOW = Kind("window", ("viewer", *_SENSORS), ("live",))
RECORD = Kind("record", ("recorder", *_SENSORS), ("record",), ".mcap")
SEGMENTS = Kind(
    "segments", ("recorder", *_SENSORS), ("record", "--set", "recording.segment_s=1.5"), ""
)
LOCKSTEP = Kind("lockstep", ("player", "inference"), ("replay", "--headless"), lockstep=True)
PACED = Kind("paced", ("player", "inference", "viewer"), ("replay", "--loop"))

KINDS = {kind.name: kind for kind in (LIVE, WINDOW, RECORD, SEGMENTS, LOCKSTEP, PACED)}
