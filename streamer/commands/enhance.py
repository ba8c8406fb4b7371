"""The command for what is already recorded: enhance."""

import logging
import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from streamer.commands.parsing.options import (
    ConfigFile,
    Engine,
    Model,
    Override,
    Precision,
    ReportFile,
)
from streamer.commands.parsing.run_calibration import CalibrationFile, calibration_override
from streamer.commands.parsing.settings import settings_of
from streamer.commands.runs.report_file import check_output, write_report
from streamer.config.loading import changed_config
from streamer.supervision.termination import RunError
from streamer.terminal.console import progress_bar
from streamer.terminal.printable import printable

if TYPE_CHECKING:
    from streamer.enhance.items import Item
    from streamer.enhance.output import OutputFolder
    from streamer.enhance.report import ItemReport
    from streamer.enhance.run import Engine as EngineOfItems

log = logging.getLogger(__name__)

_INTERRUPTED = 130  # by SIGINT, as shells say it
_NAME = 40  # characters of a source beside its bar


class To(StrEnum):
    """What is made of an item."""

    recording = "recording"
    tiff = "tiff"
    png = "png"
    mp4 = "mp4"
    ffv1 = "ffv1"
    csv = "csv"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("enhance")(enhance)


def enhance(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SRC...",
            help="Stills, videos, recordings, folders of any of them, patterns of names.",
        ),
    ],
    output: Annotated[
        Path, typer.Option(metavar="DIR", help="Where to; what it holds already is not made anew.")
    ],
    to: Annotated[
        To | None,
        typer.Option(
            metavar="KIND",
            help="recording, tiff, png, mp4, ffv1 or csv [stills: tiff and png; else recording].",
        ),
    ] = None,
    config: ConfigFile = None,
    override: Override = None,
    calibration: CalibrationFile = None,
    align: Annotated[
        bool, typer.Option("--align", help="Line each guide up with its thermal picture first.")
    ] = False,
    model: Model = None,
    engine: Engine = None,
    precision: Precision = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=256, metavar="N", help="Processes [one a core].")
    ] = None,
    ray: Annotated[
        bool, typer.Option("--ray", help="Ray places the work, on this machine.")
    ] = False,
    ray_address: Annotated[
        str | None, typer.Option(metavar="ADDR", help="Of a Ray cluster: HOST:PORT.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Make also what is there.")] = False,
    report: ReportFile = None,
    json: Annotated[bool, typer.Option("--json", help="A line of JSON an item.")] = False,
) -> None:
    """Super-resolves what is already recorded: a still, a recording, thousands of them.

    Each comes out in its own kind, with the bytes that a headless replay of it makes. Run again,
    it makes what is missing or has changed.
    """
    from models.checkpoint import sha256
    from models.registry import NAMES, find_model
    from streamer.calibration.chosen import NONE, chosen_calibration
    from streamer.enhance.discovery import Discovery
    from streamer.enhance.items import EnhanceOptions, Target
    from streamer.enhance.output import OutputFolder
    from streamer.enhance.report import print_summary
    from streamer.enhance.run import enhance as run

    file = calibration if calibration is None or str(calibration) == NONE else calibration.resolve()
    override = [*calibration_override(file), *(override or [])]
    settings = settings_of(config, override, model, engine, precision)
    chosen_calibration(settings)
    if ray_address is not None and workers is not None:
        raise typer.BadParameter("--workers is of this machine, --ray-address of a cluster")
    check_output(report)
    weights = find_model(settings.inference.model).weights
    if weights is not None and settings.inference.model not in NAMES:
        place = str(weights.resolve())  # workers need not be in this folder
        settings = changed_config(settings, [f"inference.model={place}"])
        model = model and place
    options = EnhanceOptions(
        config=settings,
        overrides=tuple(override),
        model=model,
        engine=engine,
        precision=precision,
        target=None if to is None else Target(to.value),
        align=align,
    )
    lines = _Lines()
    watcher: _Lines | _Bars = lines if json else _Bars()
    found = Discovery(output)
    with watcher:
        found.look(sources)
        for words in found.words:
            log.warning("%s", words)
        with OutputFolder(output) as folder:
            done = run(
                found,
                options,
                "" if weights is None else sha256(weights),
                folder,
                lambda items: _engine(folder, items, workers, ray, ray_address),
                watcher,
                force=force,
            )
    write_report(done, report)
    if json:
        lines.write({name: getattr(done, name) for name in _TOTALS})
    else:
        print_summary(done)
    if done.interrupted:
        sys.exit(_INTERRUPTED)
    if done.failed:
        raise RunError(f"{done.failed} of {len(done.items)} items failed")


def _engine(
    folder: "OutputFolder", items: int, workers: int | None, ray: bool, address: str | None
) -> "EngineOfItems":
    """What makes the items."""
    if ray or address is not None:
        from streamer.enhance.engines.cluster import RayCluster

        return RayCluster(address, workers, folder.path, folder.parts)
    from streamer.enhance.engines.local import LocalPool, usual_workers

    return LocalPool(workers or usual_workers(items), folder.path, folder.parts)


_TOTALS = ("done", "skipped", "failed", "seconds", "engine")


class _Bars:
    """Bars on a terminal: one of all, in bytes, and one of each item in work."""

    def __init__(self) -> None:
        self._bars: Progress = progress_bar(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeRemainingColumn(),
        )
        self._all: TaskID | None = None
        self._each: dict[str, TaskID] = {}
        self._count = self._ended = 0
        self._bytes = 0

    def __enter__(self) -> "_Bars":
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def begin(self, sizes: Sequence[int]) -> None:
        """So many items are to be made."""
        self._count, self._ended, self._bytes = len(sizes), 0, 0
        if sizes:
            self._all = self._bars.add_task(f"0 of {self._count}", total=sum(sizes) or 1)

    def working(self, running: Sequence[tuple["Item", float]]) -> None:
        """Shows how far each is."""
        names = {printable(item.source)[-_NAME:]: share for item, share in running}
        for name in [each for each in self._each if each not in names]:
            self._bars.remove_task(self._each.pop(name))
        for name, share in names.items():
            if name not in self._each:
                self._each[name] = self._bars.add_task(name, total=1.0)
            self._bars.update(self._each[name], completed=share)
        if self._all is not None:
            under_way = sum(item.size * share for item, share in running)
            self._bars.update(self._all, completed=self._bytes + under_way)

    def ended(self, item: "ItemReport", size: int) -> None:
        """Moves the bar of all."""
        if self._all is None:
            return
        self._ended += 1
        self._bytes += size
        words = f"{self._ended} of {self._count}"
        self._bars.update(self._all, completed=self._bytes, description=words)


class _Lines:
    """A line of JSON an item, on standard output, as long as somebody takes them."""

    def __init__(self) -> None:
        self._out = sys.stdout
        self._taken = True

    def __enter__(self) -> "_Lines":
        return self

    def __exit__(self, *_: object) -> None:
        return

    def begin(self, sizes: Sequence[int]) -> None:
        """Nothing is told of it."""

    def working(self, running: Sequence[tuple["Item", float]]) -> None:
        """Nothing is told of it."""

    def ended(self, item: "ItemReport", size: int) -> None:
        """Writes the line."""
        self.write(item)

    def write(self, told: object) -> None:
        """Writes anything as a line of JSON."""
        if not self._taken:
            return
        try:
            self._out.write(msgspec.json.encode(told).decode() + "\n")
            self._out.flush()
        except BrokenPipeError:  # whoever read them has gone; the work goes on
            self._taken = False
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._out.fileno())
