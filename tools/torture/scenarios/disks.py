"""A recording whose disk gets full, is unmounted, or was read-only all along."""

import os
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

from tools.torture.judging.judge import judge_end, judge_report
from tools.torture.judging.recorded import Recorded
from tools.torture.outcome import Outcome
from tools.torture.runs.kinds import RECORD, SEGMENTS, Kind
from tools.torture.runs.run import Run
from tools.torture.runs.site import Site

_HELD_S = 600  # a disk of a campaign that was killed itself goes after so long
_LARGE_MB = 520
_BEGUN = 3  # results
_LONGEST_S = 60.0  # until a small disk is full, whatever the host


class Mishap(StrEnum):
    """What happens to the disk."""

    SMALL = "the recording fills it"
    FILLED = "another program fills it"
    NEARLY = "another program fills it, but for what recording.stop_mb keeps free"
    UNMOUNTED = "it is unmounted"
    READ_ONLY = "it is read-only"


@dataclass(frozen=True)
class DiskMishap:
    """What happens to the disk of one recording.

    Attributes:
        kind: of the run.
        mishap: what happens.
        size_mb: of the disk.
        after_s: after the recording has begun.
    """

    kind: Kind
    mishap: Mishap
    size_mb: float
    after_s: float

    def __str__(self) -> str:
        return f"{self.kind.name} on {self.size_mb} MB: {self.mishap} after {self.after_s:.2f} s"


class MemoryDisk:
    """A tmpfs in a mount namespace of its own, held by a process that sleeps: nobody else sees it.

    Attributes:
        inside: where it lies for those who enter by `prefix`.
        path: where it lies for everybody else.
    """

    def __init__(self, folder: Path, size_mb: float, options: str = "") -> None:
        folder.mkdir()
        mount = f"mount -t tmpfs -o size={round(size_mb * 1024)}k{options} tmpfs {folder}"
        self._holder = subprocess.Popen(
            [*_own_mounts(), "sh", "-c", f"{mount} && echo ready && exec sleep {_HELD_S}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._holder.stdout is not None
        self.ready = self._holder.stdout.readline() == "ready\n"
        self.inside = folder
        self.path = Path(f"/proc/{self._holder.pid}/root{folder}")

    @property
    def prefix(self) -> list[str]:
        """What execs a command that sees the disk."""
        user = [] if os.getuid() == 0 else ["--user", "--preserve-credentials"]
        return ["nsenter", f"--target={self._holder.pid}", *user, "--mount", "--wd=/"]

    def fill(self, leave_bytes: int = 0) -> None:
        """Writes a file until only so much is free."""
        with (self.path / "other").open("ab", buffering=0) as file, suppress(OSError):
            while (left := self._free() - leave_bytes) > 0:
                file.write(b"\0" * min(left, 2**20))

    def unmount(self) -> None:
        """Takes it away from under those who use it."""
        subprocess.run([*self.prefix, "umount", "--lazy", str(self.inside)], check=True)

    def _free(self) -> int:
        at = os.statvfs(self.path)
        return at.f_bavail * at.f_bsize

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._holder.kill()
        self._holder.wait()
        if self._holder.stdout is not None:
            self._holder.stdout.close()


class DisksScenario:
    """The recording ends with one line, and what was written stays readable."""

    name = "disks"
    about = "disks that get full, are unmounted, or are read-only, under a recording"
    weight = 2.0

    def missing(self) -> str:
        """Where this user may not mount."""
        tried = subprocess.run(
            [*_own_mounts(), "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
            capture_output=True,
            text=True,
            check=False,
        )
        return f"no mounts here ({tried.stderr.strip()})" if tried.returncode else ""

    def draw(self, random: Random) -> DiskMishap:
        """A mishap, and a disk that suits it."""
        mishap = random.choice(list(Mishap))
        size_mb = _LARGE_MB if mishap is Mishap.NEARLY else round(random.uniform(1.5, 5), 2)
        if mishap in (Mishap.FILLED, Mishap.UNMOUNTED):
            size_mb = 64.0
        kind = random.choice((RECORD, SEGMENTS))
        return DiskMishap(kind, mishap, size_mb, round(random.uniform(0, 2), 2))

    def run(self, choice: DiskMishap, site: Site) -> Outcome:
        """Records on such a disk."""
        outcome, pace = Outcome(), site.pace
        read_only = choice.mishap is Mishap.READ_ONLY
        mount = site.folder / "mount"
        with MemoryDisk(mount, choice.size_mb, ",ro" if read_only else "") as disk:
            name = f"output{choice.kind.records}"
            command, *options = choice.kind.words
            words: list[str | Path] = [command, *options, "--config", site.shared.rig]
            words += ["--output", disk.inside / name, "--report", site.folder / "report.json"]
            if choice.mishap is not Mishap.NEARLY:
                words += ["--set", "recording.stop_mb=0", "--set", "recording.warn_mb=0"]
            with site.start(*words, prefix=disk.prefix) as run:
                if not read_only:
                    self._befall(choice, run, disk, site)
                evidence = run.finish(
                    _LONGEST_S if choice.mishap is Mishap.SMALL else pace.allowed_s("ended"),
                    pace.allowed_s("gone"),
                )
            outcome.counts[f"disk: {choice.mishap}"] += 1
            outcome.find(judge_end(evidence, codes={1}, lines=6))
            if not read_only:
                outcome.find(judge_report(site.folder / "report.json"))
            if not read_only and choice.mishap is not Mishap.UNMOUNTED:
                recorded = Recorded(disk.path / name, site.folder / "recovered")
                outcome.find(recorded.findings)
                if not recorded.thermal:
                    outcome.find(["nothing of the recording is left"])
                if choice.mishap is Mishap.NEARLY:
                    outcome.find(f"{one} is not complete" for one in recorded.unfinished)
        return outcome

    def _befall(self, choice: DiskMishap, run: Run, disk: MemoryDisk, site: Site) -> None:
        began = run.wait_for_results(site.pace.allowed_s("first result"), _BEGUN)
        if not began or choice.mishap is Mishap.SMALL:
            return
        run.pause(choice.after_s)
        match choice.mishap:
            case Mishap.FILLED:
                disk.fill()
                until = time.monotonic() + _LONGEST_S
                while not run.ended and time.monotonic() < until:
                    disk.fill()  # what was free for a moment, too
                    run.pause(0.1)
            case Mishap.NEARLY:
                disk.fill(leave_bytes=450 * 10**6)
            case Mishap.UNMOUNTED:
                disk.unmount()


def _own_mounts() -> list[str]:
    user = [] if os.getuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *user, "--mount"]
