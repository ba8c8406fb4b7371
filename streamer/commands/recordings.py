"""The command line's info, recover, export and import: parse, call, print."""

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

from streamer.commands.parsing.finite import finite
from streamer.config.loading import ConfigError, load_config
from streamer.terminal.console import PlainConsole, progress_bar


class Target(StrEnum):
    """What an export makes."""

    mp4 = "mp4"
    ffv1 = "ffv1"
    png = "png"
    tiff = "tiff"
    csv = "csv"


class Stream(StrEnum):
    """Whose pictures."""

    visible = "visible"
    thermal = "thermal"
    sr = "sr"
    truth = "truth"


Recording = Annotated[
    Path, typer.Argument(metavar="FILE.mcap", help="A recording, or a folder of its segments.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("info")(info)
    app.command("recover")(recover)
    app.command("export")(export)
    app.command("import")(import_)


def info(
    recording: Recording,
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Read all of it, and find any damage.")
    ] = False,
) -> None:
    """Say what a recording holds, also when it is unfinished or damaged."""
    from streamer.recording.summary import print_summary, summarise

    summary, reader = summarise(recording, verify=verify)
    if json:
        sys.stdout.write(
            msgspec.json.format(msgspec.json.encode(summary), indent=2).decode() + "\n"
        )
    else:
        print_summary(summary, reader, PlainConsole())


def recover(
    recording: Recording,
    output: Annotated[
        Path | None, typer.Option(metavar="F", help="The good recording [beside the old one].")
    ] = None,
) -> None:
    """Make a good recording of an unfinished or damaged one; the old one is left as it is."""
    from streamer.recording import recover as run

    done = run(recording, output)
    console = PlainConsole(wrap=False)
    for words in done.damage:
        console.print(f"left out: {words}")
    console.print(f"{done.path}: {done.messages} messages, {done.seconds:.1f} s")


def export(
    recording: Recording,
    to: Annotated[Target, typer.Option(help="mp4 in colours; the others keep the counts.")],
    stream: Annotated[
        Stream | None, typer.Option(help="Whose pictures [sr, else thermal].")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="File or folder; for tiff, .tif makes one stack.")
    ] = None,
    palette: Annotated[str, typer.Option(help="Colours of mp4.")] = "iron",
    span: Annotated[
        str, typer.Option(metavar="auto|LOW..HIGH", help="Span of mp4: degrees Celsius or counts.")
    ] = "auto",
    start: Annotated[
        float, typer.Option(callback=finite, min=0, help="Seconds to leave out at first.")
    ] = 0.0,
    end: Annotated[
        float | None, typer.Option(callback=finite, min=0, help="Seconds from the beginning.")
    ] = None,
    calibration: Annotated[
        Path | None,
        typer.Option(
            metavar="F.yaml|none",
            help="Lines the visible stream up with the thermal one; none: as it came "
            "[as recorded].",
        ),
    ] = None,
) -> None:
    """Turn a recording into video, pictures or a table."""
    from streamer.convert.export import ExportSettings
    from streamer.convert.export import Target as Kind
    from streamer.convert.export import export as run

    if calibration is not None and stream is not Stream.visible:
        raise typer.BadParameter(
            "--calibration is for --stream visible; `replay --calibration` makes results anew"
        )
    settings = ExportSettings(
        target=Kind(to.value),
        stream=None if stream is None else stream.value,
        output=output,
        palette=palette,
        span=None if span == "auto" else _numbers(span),
        start_s=start,
        end_s=end,
        calibration=calibration,
    )
    with _progress("exporting") as progress:
        done = run(recording, settings, progress)
    PlainConsole(wrap=False).print(str(done))


def import_(
    sources: Annotated[
        list[Path],
        typer.Argument(
            metavar="SRC...",
            help="Visible and thermal (videos, folders, stacks), a folder of both, thermal alone, "
            "or radiometric JPEGs (FLIR, InfiRay; raw counts of DJI, HIKMICRO), or FLIR SEQ files.",
        ),
    ],
    output: Annotated[Path, typer.Option(metavar="FILE.mcap", help="The recording to be.")],
    thermal_bin: Annotated[
        int | None, typer.Option(min=1, max=64, help="Average N x N thermal pixels.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="F", help="YAML file over the defaults.")
    ] = None,
    override: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change one key.")
    ] = None,
    visible_topic: Annotated[
        str | None, typer.Option(metavar="TOPIC", help="Of another program's MCAP [found].")
    ] = None,
    thermal_topic: Annotated[
        str | None, typer.Option(metavar="TOPIC", help="Of another program's MCAP [found].")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Make a recording of pairs of pictures or videos, or of radiometric stills.

    Pictures: PNG, TIFF, JPEG, BMP, PGM, WebP and NumPy arrays, of every depth. Also of another
    program's MCAP with image topics of ROS 2 or Foxglove.
    """
    from streamer.convert.foreign_mcap import import_mcap, is_mcap
    from streamer.convert.importing import import_files

    given = {"visible": visible_topic, "thermal": thermal_topic}
    topics = {name: topic for name, topic in given.items() if topic is not None}
    foreign = len(sources) == 1 and is_mcap(sources[0])
    if topics and not foreign:
        raise typer.BadParameter("--visible-topic and --thermal-topic are of one MCAP file")
    changes = list(override or [])
    if thermal_bin is not None:
        changes.append(f"capture.thermal.bin={thermal_bin}")
    try:
        settings = load_config(config, changes)
    except ConfigError as error:
        raise typer.BadParameter(str(error)) from error
    with _progress("importing") as progress:
        if foreign:
            done = import_mcap(sources[0], output, settings, topics, progress)
        else:
            done = import_files(sources, output, settings, progress)
    if json:
        told = {"file": str(done.path), "frames": done.frames, "left_out": done.losses.counts}
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(told), indent=2).decode() + "\n")
    else:
        PlainConsole(wrap=False).print(done.words())


@contextmanager
def _progress(words: str) -> Iterator[Callable[[int, int | None], None]]:
    columns = (TextColumn(words), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with progress_bar(*columns) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _numbers(span: str) -> tuple[float, float]:
    low, _, high = span.partition("..")
    try:
        numbers = float(low), float(high)
    except ValueError:
        raise typer.BadParameter(f"--span {span}: auto or LOW..HIGH wanted, as 20..40") from None
    if not all(map(math.isfinite, numbers)):
        raise typer.BadParameter(f"--span {span}: finite numbers wanted")
    if numbers[0] >= numbers[1]:
        raise typer.BadParameter(f"--span {span}: it ends before it begins")
    return numbers
