"""The command that runs the whole chain on a recording: replay."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from streamer.calibration.chosen import chosen_calibration, chosen_changes
from streamer.clock import NS_PER_S
from streamer.commands.parsing.finite import finite
from streamer.commands.parsing.options import (
    ConfigFile,
    Duration,
    Engine,
    Frames,
    Inject,
    Model,
    Override,
    Precision,
    ReportFile,
)
from streamer.commands.parsing.renamed_options import RenamedOptions
from streamer.commands.parsing.run_calibration import CalibrationFile, calibration_override
from streamer.commands.parsing.settings import injections_of, settings_of
from streamer.commands.runs.report_file import check_output, run_and_report, write_report
from streamer.config.replay import ReplaySettings
from streamer.config.schema import Config
from streamer.faults.injection import Fault, Injection
from streamer.messages import captured_stream
from streamer.paths import check_name
from streamer.recording.errors import RecordingError
from streamer.recording.schema import RecordingInfo
from streamer.supervision.report import Comparison, Report, print_comparison, print_report
from streamer.supervision.run_plan import RunPlan, StopConditions
from streamer.supervision.session import RunSession
from streamer.supervision.termination import RunError
from streamer.worker.as_recorded import (
    AskedNetwork,
    RecordedNetwork,
    recorded_cameras,
    recorded_changes,
    recorded_network,
    recorded_networks,
)

if TYPE_CHECKING:
    from streamer.recording.reader import RecordingReader


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""
    app.command(cls=RenamedOptions)(replay)


def replay(
    recording: Annotated[Path, typer.Argument(metavar="FILE.mcap", help="Or a folder.")],
    config: ConfigFile = None,
    override: Override = None,
    calibration: CalibrationFile = None,
    rate: Annotated[
        float, typer.Option(callback=finite, min=0.1, max=10.0, help="With a window.")
    ] = 1.0,
    start: Annotated[
        float, typer.Option(callback=finite, min=0.0, help="Seconds to leave out.")
    ] = 0.0,
    end: Annotated[
        float | None, typer.Option(callback=finite, min=0.0, help="Seconds from its start.")
    ] = None,
    loop: Annotated[bool, typer.Option("--loop", help="Begin again at the end.")] = False,
    model: Model = None,
    compare: Annotated[
        str | None,
        typer.Option(metavar="NAME|CHECKPOINT", help="A second model, side by side."),
    ] = None,
    engine: Engine = None,
    precision: Precision = None,
    inject: Inject = None,
    headless: Annotated[
        bool, typer.Option("--headless", help="Every frame, in lockstep, as fast as it goes.")
    ] = False,
    frames: Frames = None,
    duration: Duration = None,
    report: ReportFile = None,
    screenshot: Annotated[
        Path | None, typer.Option(metavar="F.png", help="Save the window at the end, and exit.")
    ] = None,
) -> None:
    """Plays a recording through the network again: recorded model, engine and precision."""
    if headless and screenshot is not None:
        raise typer.BadParameter("--screenshot saves a window and --headless has none")
    if headless and loop:
        raise typer.BadParameter("--loop never ends, and --headless waits for the end")
    from streamer.recording.reader import RecordingReader  # protobuf and codecs: 40 ms

    reader = RecordingReader(recording)
    whole_path = recording.resolve()  # the player opens it, wherever it runs
    check_name(whole_path)
    _check_part(reader, start, end)
    info = reader.info
    streams = tuple(reader.streams)
    override = [*calibration_override(calibration), *(override or [])]
    recorded = RecordedNetwork(model) if model is not None else recorded_network(info, whole_path)
    settings = _settings(
        info,
        streams,
        config,
        override,
        recorded.model,
        engine or recorded.engine,
        precision or recorded.precision,
    )
    other = None
    if compare is not None:
        other = _settings(info, streams, config, override, compare, engine, precision)
    injections = injections_of(settings, inject)
    _refuse_kills(injections, headless)
    plan = RunPlan(
        config=settings,
        injections=injections,
        headless=headless,
        bounds=StopConditions(frames, duration),
        score=report is not None or compare is not None,
        screenshot=screenshot,
        replay=ReplaySettings(
            path=str(whole_path),
            cameras=recorded_cameras(info),
            first_s=start,
            last_s=end,
            rate=rate,
            loop=loop,
            lockstep=headless,
            every_s=info.every_s,
            compare=None if other is None or headless else other.inference.model,
        ),
        compare=None if headless else other,
        calibration=chosen_calibration(settings, info.calibration),
        changes=chosen_changes(settings, reader.calibrations()),
        networks=recorded_networks(
            settings,
            reader.networks(),
            whole_path,
            _asked(model, engine, precision, config, override),
        ),
    )
    if not {"visible", "thermal"} & set(streams):
        raise RecordingError(f"recording {recording} holds no picture of a sensor")
    if not plan.streams:
        raise typer.BadParameter("neither visible nor thermal is left to show")
    check_output(report)
    check_output(screenshot, "screenshot")
    run = RunSession(plan)
    result = run_and_report(run, report)
    print_report(result)
    if headless and not result.frames and not run.interrupted:
        damage = "; ".join(reader.damage) or "its part that was played holds no picture"
        raise RunError(f"recording {recording}: nothing came of it: {damage}")
    if result.compare is not msgspec.UNSET:
        print_comparison(Comparison.of(result), result.compare)
    elif other is not None and not run.interrupted:
        # the other model makes all of it: what the recorded one was changed to is none of its
        _compare(result, msgspec.structs.replace(plan, config=other, networks=()), report)
    open_next(run, config, override)


def _asked(
    model: str | None,
    engine: str | None,
    precision: str | None,
    config: Path | None,
    override: list[str] | None,
) -> AskedNetwork:
    """What of the recorded networks somebody wants otherwise."""
    views = settings_of(config, override).inference.views
    return AskedNetwork(model, engine, precision, views if views > 1 else None)


def open_next(run: RunSession, config: Path | None, override: list[str] | None) -> None:
    """Replays the recording that the window of a run asked for, if it did.

    Args:
        run: one that has ended.
        config: the file it was configured by.
        override: changes of that; what was set of cameras and network is the recording's to say.
    """
    if run.opened is None or run.interrupted:
        return
    kept = [one for one in override or [] if not one.startswith(("capture.", "inference."))]
    replay(run.opened, config=config, override=kept)


def _compare(first: Report, plan: RunPlan, report: Path | None) -> None:
    """Plays the recording once more, through the other model, and reports both."""
    second = Comparison.of(RunSession(plan).run())
    both = msgspec.structs.replace(first, compare=second)
    write_report(both, report)
    print_comparison(Comparison.of(first), second)


def _check_part(reader: "RecordingReader", start_s: float, end_s: float | None) -> None:
    """A part that holds nothing is a mistake of whoever asked for it."""
    if reader.start_ns is None or reader.end_ns is None:
        raise RecordingError(f"recording {reader.path} holds nothing")
    long_s = (reader.end_ns - reader.start_ns) / NS_PER_S
    if start_s and start_s >= long_s:
        raise typer.BadParameter(f"--start {start_s:g}: the recording ends after {long_s:.2f} s")
    if end_s is not None and end_s <= start_s:
        raise typer.BadParameter(f"--end {end_s:g}: a time after --start {start_s:g} wanted")


def _settings(
    info: RecordingInfo,
    streams: Iterable[str],
    config: Path | None,
    override: list[str] | None,
    model: str | None,
    engine: str | None,
    precision: str | None,
) -> Config:
    changes = recorded_changes(settings_of(config, override), info, streams)
    return settings_of(config, [*changes, *(override or [])], model, engine, precision)


def _refuse_kills(injections: Iterable[Injection], headless: bool) -> None:
    """A death is a matter of real time, and recorded frames come from no capture process."""
    for injection in injections:
        if injection.fault is not Fault.KILL:
            continue
        spec = f"--inject kill:{injection.target}@{injection.start_s:g}"
        if headless:
            raise typer.BadParameter(
                f"{spec}: a replay with --headless knows no processes that die; drop:, freeze:, "
                "delay:, ffc: and corrupt: work on it"
            )
        if captured_stream(injection.target) is not None:
            raise typer.BadParameter(
                f"{spec}: a replay has no capture processes; drop:visible or drop:thermal silences "
                "a stream"
            )
