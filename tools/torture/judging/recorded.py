"""What must hold of every recording, whatever was done to the run that made it."""

import shutil
import time
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from streamer.clock import NS_PER_S
from streamer.messages import Frame, SuperResolvedFrame
from streamer.recording import PART, SUFFIX, RecordingError, RecordingReader, recover

MAY_LOSE_S = 0.5


class Recorded:
    """All that one run has recorded, whole or made whole.

    Args:
        place: the `.mcap` file that was asked for, or the folder of segments.

    Attributes:
        findings: what is wrong with the files.
        thermal: timestamps of the thermal frames in them, ns on the run's monotonic clock.
        results: how many results are in them.
        unfinished: files that had to be recovered.
    """

    def __init__(self, place: Path, scratch: Path) -> None:
        self.findings: list[str] = []
        self.thermal: list[int] = []
        self.results = 0
        self.unfinished: list[str] = []
        self._begun: list[int] = []  # files without a picture, by the same clock
        self._scratch = scratch
        scratch.mkdir(exist_ok=True)
        for file in _files(place):
            self._take(file)
        self.thermal.sort()
        if len(set(self.thermal)) < len(self.thermal):
            self.findings.append("a thermal frame is recorded twice")

    def lost_s(self, at_ns: int, since_ns: int = 0) -> float | None:
        """How much before a moment is missing.

        Args:
            at_ns: the moment, by the run's monotonic clock.
            since_ns: before this, nothing could be recorded anyway.

        Returns:
            Seconds, from the beginning of the file where no frame is in it; None where there was
            not even a file.
        """
        before = [one for one in self.thermal or self._begun if one <= at_ns]
        return (at_ns - max(max(before), since_ns)) / NS_PER_S if before else None

    def gaps_s(self, besides: Iterable[tuple[int, int]], longest_s: float) -> list[str]:
        """Where frames are missing for longer, outside of spans in which they have to."""
        spans = list(besides)
        return [
            f"no thermal frame for {(later - earlier) / NS_PER_S:.2f} s"
            for earlier, later in pairwise(self.thermal)
            if (later - earlier) / NS_PER_S > longest_s
            and not any(begin <= later and earlier <= end for begin, end in spans)
        ]

    def _take(self, file: Path) -> None:
        try:
            reader = RecordingReader(file)
            if not reader.complete or file.name.endswith(PART):
                self.unfinished.append(file.name)
                if next(iter(reader.read()), None) is None:  # `lost_s` says whether too little
                    written_ns = file.stat().st_mtime_ns
                    self._begun.append(written_ns - time.time_ns() + time.monotonic_ns())
                    return
                copy = self._scratch / file.name
                shutil.copyfile(file, copy)
                reader = RecordingReader(recover(copy).path)
            if not reader.complete:
                self.findings.append(f"{file.name}: not complete when recovered")
            stamps = self._read(reader)
        except RecordingError as error:
            self.findings.append(f"{file.name} cannot be recovered: {error}")
            return
        if file.name not in self.unfinished:
            self.findings += [f"{file.name}: {words}" for words in reader.damage]
        if any(later <= earlier for earlier, later in pairwise(stamps)):
            self.findings.append(f"{file.name}: its thermal frames are not in order")
        self.thermal += stamps

    def _read(self, reader: RecordingReader) -> list[int]:
        stamps: list[int] = []
        for recorded in reader.read(("thermal", "sr")):
            if isinstance(recorded.message, Frame):
                stamps.append(recorded.message.timestamp_ns)
            elif isinstance(recorded.message, SuperResolvedFrame):
                self.results += 1
        return stamps


def _files(place: Path) -> Sequence[Path]:
    if place.suffix == SUFFIX:  # a recorder that died goes on in NAME-2.mcap
        return sorted(place.parent.glob(f"{place.stem}*{SUFFIX}*"))
    return sorted(place.glob(f"*{SUFFIX}*"))
