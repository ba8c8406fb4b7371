"""The command line's calibrate: two cameras, files or a recording to a calibration file."""

import re
from pathlib import Path
from typing import Annotated, Literal

import cv2
import typer
from rich.progress import BarColumn, TextColumn

from streamer.commands.parsing.finite import finite
from streamer.commands.parsing.options import (
    ConfigFile,
    Override,
    ThermalBin,
    ThermalSource,
    VisibleSource,
)
from streamer.commands.parsing.settings import settings_of
from streamer.commands.parsing.sources import with_sources
from streamer.commands.runs.report_file import ReportError, check_output, write_report
from streamer.pictures.listing.sources import PictureRef
from streamer.terminal.console import PlainConsole, progress_bar

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)"
_POINT = re.compile(rf"({_NUMBER}),({_NUMBER})=({_NUMBER}),({_NUMBER})")
_BOARD = re.compile(r"(\d{1,2})x(\d{1,2})")


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""
    app.command()(calibrate)


def calibrate(
    source: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE.mcap|STILL",
            help="A recording, a radiometric still with a visible picture, or a folder of pairs; "
            "else the two cameras.",
        ),
    ] = None,
    config: ConfigFile = None,
    override: Override = None,
    visible: VisibleSource = None,
    thermal: ThermalSource = None,
    thermal_bin: ThermalBin = None,
    method: Annotated[
        Literal["itself", "fields_of_view"], typer.Option(help="How, without points or a board.")
    ] = "itself",
    point: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TX,TY=VX,VY",
            help="A place in the thermal and the same in the visible picture, in pixels; four or "
            "more of them.",
        ),
    ] = None,
    board: Annotated[
        str | None, typer.Option(metavar="NxM", help="A checkerboard of N x M inner corners.")
    ] = None,
    circles: Annotated[
        str | None, typer.Option(metavar="NxM", help="An asymmetric grid of N x M circles.")
    ] = None,
    fields_of_view: Annotated[
        str | None,
        typer.Option(metavar="VISIBLE,THERMAL", help="Horizontal, degrees; makes it surer."),
    ] = None,
    nudge: Annotated[
        str | None,
        typer.Option(
            metavar="X,Y[,SCALE[,DEG]]",
            help="On top: the visible picture moved by pixels of a picture 640 wide, enlarged, "
            "turned.",
        ),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(metavar="X[,Y]", help="Metres the visible camera sits to the right, down."),
    ] = None,
    distance: Annotated[
        float | None,
        typer.Option(callback=finite, min=0.01, help="Metres to what is looked at."),
    ] = None,
    calibration: Annotated[
        Path | None,
        typer.Option(
            metavar="F.yaml", help="Of these cameras, with a baseline: find the distance alone."
        ),
    ] = None,
    seconds: Annotated[
        float, typer.Option(callback=finite, min=0.1, max=120, help="How long to look.")
    ] = 10.0,
    time: Annotated[
        bool, typer.Option("--time", help="Also find how much later one camera is.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option(metavar="F.yaml", help="The calibration, if it is accepted.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="F.json", help="Write what was found.")
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(metavar="F.png", help="Visible edges over the thermal picture, twice."),
    ] = None,
) -> None:
    """Lines two cameras up: by what both see, by points, by a board, or by fields of view."""
    from streamer.calibrate.calibrating import calibrate as run
    from streamer.calibrate.calibrating import picture_of, report_of
    from streamer.calibrate.frames import take_footage, with_recording
    from streamer.calibrate.order import CalibrationOrder, Nudge
    from streamer.calibrate.report import print_calibration
    from streamer.calibration.errors import CalibrationError
    from streamer.calibration.stored import load_calibration, save_calibration

    if source is not None and (visible is not None or thermal is not None):
        raise typer.BadParameter("one file, or --visible and --thermal; both came")
    ways = [name for name, given in (("--point", point), ("--board", board), ("--circles", circles))
            if given]  # fmt: skip
    if len(ways) > 1:
        raise typer.BadParameter(f"one of {', '.join(ways)} wanted")
    settings = settings_of(config, override)
    settings = with_sources(
        settings, visible=visible, thermal=thermal, thermal_bin=thermal_bin, loop=False
    )
    size = board or circles
    known = None if calibration is None else load_calibration(calibration)
    try:
        order = CalibrationOrder(
            method="points" if point else "board" if size else method,
            points=tuple(_point(words) for words in point or ()),
            board=None if size is None else _board(size),
            board_kind="circles" if circles else "checkerboard",
            fields_of_view_deg=_two(_numbers("--fields-of-view", fields_of_view, 2, 2)),
            nudge=Nudge(*(_numbers("--nudge", nudge, 2, 4) or ())),
            seconds=seconds,
            find_time=time,
            baseline_m=_two(_numbers("--baseline", baseline, 1, 2)),
            distance_m=distance,
            known=known,
        )
    except CalibrationError as error:
        raise typer.BadParameter(str(error)) from error
    for path, kind in ((output, "calibration"), (report, "report"), (picture, "picture")):
        check_output(path, kind)
    stills: tuple[PictureRef, ...] = ()
    if source is not None:
        from streamer.convert.import_sources import import_sources
        from streamer.paths import PathKind, kind_of

        if kind_of(source) is PathKind.MISSING:
            raise CalibrationError(f"{source} does not exist: a recording or a still wanted")
        if source.suffix.lower() in (".mcap", ".part"):
            settings = with_recording(settings, source)
        else:
            found = import_sources([source])
            stills = found.stills
            if not stills:
                if "visible" not in found.paths:
                    raise CalibrationError(f"{source} holds no visible picture beside the thermal")
                settings = with_sources(
                    settings, visible=str(found.paths["visible"]),
                    thermal=str(found.paths["thermal"]), thermal_bin=None, loop=False,
                )  # fmt: skip
    missing = [
        name
        for name, camera in (
            ("visible", settings.capture.visible),
            ("thermal", settings.capture.thermal),
        )
        if camera.source == "none"
    ]
    if missing and not stills:
        raise typer.BadParameter(f"a {missing[0]} source wanted, none came")
    columns = (TextColumn("{task.description}"), BarColumn())
    with progress_bar(*columns) as bar:
        task = bar.add_task("looking", total=1.0)
        footage = take_footage(
            settings, order.seconds, lambda share: bar.update(task, completed=share), stills
        )
        bar.update(task, description="lining up", completed=0.0)
        result = run(footage, order, lambda share: bar.update(task, completed=share))
    told = report_of(result, None if stills else settings)
    write_report(told, report)
    print_calibration(told)
    if picture is not None:
        offset_ms = told.offset_ms or 0.0
        shown = cv2.imencode(".png", picture_of(footage, result.calibration, offset_ms))[1]
        try:
            picture.write_bytes(shown.tobytes())
        except OSError as error:
            raise ReportError(f"picture {picture}: {error.strerror or error}") from error
    if order.find_time and told.offset_ms is None:
        raise CalibrationError("--time: too little moves in both pictures alike to tell the lag")
    if not result.accepted and (output is not None or not order.find_time):
        raise CalibrationError(f"no calibration: {result.why_not}; nothing is saved")
    if output is not None:
        save_calibration(result.calibration, output)
        PlainConsole(wrap=False).print(f"calibration  {output}")


def _point(words: str) -> tuple[float, float, float, float]:
    found = _POINT.fullmatch(words.replace(" ", ""))
    if found is None:
        raise typer.BadParameter(f"--point {words}: TX,TY=VX,VY wanted, as 40,30=322,250.5")
    a, b, c, d = map(float, found.groups())
    return a, b, c, d


def _board(words: str) -> tuple[int, int]:
    found = _BOARD.fullmatch(words)
    if found is None or min(map(int, found.groups())) < 3:
        raise typer.BadParameter(f"a board of {words}: as 9x6 wanted, 3 at least each way")
    return int(found[1]), int(found[2])


def _numbers(option: str, words: str | None, least: int, most: int) -> tuple[float, ...] | None:
    if words is None:
        return None
    parts = words.replace(" ", "").split(",")
    if not least <= len(parts) <= most or not all(re.fullmatch(_NUMBER, part) for part in parts):
        count = f"{least}" if least == most else f"{least} to {most}"
        raise typer.BadParameter(f"{option} {words}: {count} numbers with commas wanted")
    return tuple(map(float, parts))


def _two(numbers: tuple[float, ...] | None) -> tuple[float, float] | None:
    if numbers is None:
        return None
    return numbers[0], numbers[1] if len(numbers) > 1 else 0.0
