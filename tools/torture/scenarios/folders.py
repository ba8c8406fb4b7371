"""A recording whose folder vanishes or is renamed, or whose file may not grow."""

import shutil
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from random import Random

from tools.torture.judging.judge import judge_end
from tools.torture.judging.recorded import Recorded
from tools.torture.outcome import Outcome
from tools.torture.runs.kinds import RECORD, SEGMENTS, Kind
from tools.torture.runs.site import Site

_BEGUN = 3  # results


class Mishap(StrEnum):
    """What happens to the folder, or to the files."""

    REMOVED = "the folder is removed"
    RENAMED = "the folder is renamed"
    REPLACED = "the folder is renamed, and another is there"
    EMPTIED = "its files are removed"
    LIMITED = "no file may grow beyond 1.5 MB"
    REPORT = "the report is to go to a full device"


@dataclass(frozen=True)
class FolderMishap:
    """What happens to one recording, and how long after its first results."""

    kind: Kind
    mishap: Mishap
    after_s: float

    def __str__(self) -> str:
        return f"{self.kind.name}: {self.mishap} after {self.after_s:.2f} s"


class FoldersScenario:
    """The recording ends with one line, and what is still there is readable."""

    name = "folders"
    about = "folders and files of a recording that vanish, are renamed or may not grow"
    weight = 2.0

    def missing(self) -> str:
        """It can be made everywhere."""
        return ""

    def draw(self, random: Random) -> FolderMishap:
        """A kind of recording and a mishap."""
        return FolderMishap(
            random.choice((RECORD, SEGMENTS)),
            random.choice(list(Mishap)),
            round(random.uniform(0, 2), 2),
        )

    def run(self, choice: FolderMishap, site: Site) -> Outcome:
        """Records into such a folder."""
        outcome, pace, mishap = Outcome(), site.pace, choice.mishap
        folder = site.folder / "folder"
        folder.mkdir()
        command, *options = choice.kind.words
        words: list[str | Path] = [command, *options, "--config", site.shared.rig]
        words += ["--output", folder / f"output{choice.kind.records}"]
        words += ["--report", "/dev/full" if mishap is Mishap.REPORT else site.folder / "r.json"]
        words += ["--duration", "4"] if mishap is Mishap.REPORT else []
        prefix = ["prlimit", "--fsize=1500000"] if mishap is Mishap.LIMITED else []
        with site.start(*words, prefix=prefix) as run:
            run.wait_for_results(pace.allowed_s("first result"), _BEGUN)
            run.pause(choice.after_s)
            if mishap in (Mishap.RENAMED, Mishap.REPLACED):
                folder.rename(site.folder / "renamed")
            if mishap is Mishap.REPLACED:
                shutil.copytree(site.folder / "renamed", folder)
            if mishap is Mishap.REMOVED:
                shutil.rmtree(folder)
            if mishap is Mishap.EMPTIED:
                for file in [one for one in folder.rglob("*") if one.is_file()]:
                    file.unlink(missing_ok=True)
            evidence = run.finish(
                4 + pace.allowed_s("ended") + pace.allowed_s("first result"),
                pace.allowed_s("gone"),
            )
        outcome.counts[f"folder: {mishap}"] += 1
        outcome.find(judge_end(evidence, codes={1}, lines=6))
        left = site.folder / "renamed" if (site.folder / "renamed").exists() else folder
        if mishap not in (Mishap.REMOVED, Mishap.EMPTIED):
            output = left / f"output{choice.kind.records}"
            recorded = Recorded(output, site.folder / "recovered")
            outcome.find(recorded.findings)
            if not recorded.thermal:
                outcome.find(["nothing of the recording is left"])
        return outcome
