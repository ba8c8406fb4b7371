"""The command that runs the whole chain on a recording: replay."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from streamer.clock import NS_PER_S
from streamer.commands.live import (
    ConfigFile,
    Duration,
    Engine,
    Frames,
    Inject,
    Model,
    Override,
    Precision,
    ReportFile,
    injections_of,
    settings_of,
)
from streamer.commands.parsing.finite import finite
from streamer.commands.parsing.renamed_options import RenamedOptions
from streamer.commands.report_file import check_output, run_and_report, write_report
from streamer.config.replay import ReplaySettings
from streamer.config.schema import Config
from streamer.faults.injection import Fault, Injection
from streamer.messages import SENSORS, CameraInfo, captured_stream
from streamer.paths import check_name
from streamer.recording.schema import RecordingError, RecordingInfo
from streamer.supervision.report import (
    Comparison,
    Report,
    print_comparison,
    print_report,
)
from streamer.supervision.run_plan import RunPlan, StopConditions
from streamer.supervision.session import RunSession
from streamer.supervision.termination import RunError

if TYPE_CHECKING:
    from streamer.recording.reader import RecordingReader

_LOST_AFTER = 4  # intervals of a time lapse


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""
    app.command(cls=RenamedOptions)(replay)


def replay(
    recording: Annotated[Path, typer.Argument(metavar="FILE.mcap", help="Or a folder.")],
    config: ConfigFile = None,
    override: Override = None,
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
    recorded = _recorded_network(info, whole_path) if model is None else (model, None, None)
    settings = _settings(
        info,
        streams,
        config,
        override,
        recorded[0],
        engine or recorded[1],
        precision or recorded[2],
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
            cameras=_cameras(info),
            first_s=start,
            last_s=end,
            rate=rate,
            loop=loop,
            lockstep=headless,
            every_s=info.every_s,
            compare=None if other is None or headless else other.inference.model,
        ),
        compare=None if headless else other,
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
        _compare(result, msgspec.structs.replace(plan, config=other), report)


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


def _recorded_network(
    info: RecordingInfo, recording: Path
) -> tuple[str | None, str | None, str | None]:
    """Model, engine and precision as they were; opencv is no engine that can be asked for.

    A recording says which weights made it, not where these lie: what is no name of a release is
    found by its digest, where it was run before, beside the recording, or here.

    Raises:
        RecordingError: the weights are not found.
    """
    from models.inference.known_checkpoints import KnownCheckpoints
    from models.inference.settings import PredictorSettings
    from models.registry import FILES

    model = info.model
    if model is not None and info.model_sha256 is not None and model not in FILES:
        known = KnownCheckpoints(PredictorSettings().cache())
        found = known.find(model, info.model_sha256, (recording.parent, Path.cwd()))
        if found is None:
            raise RecordingError(
                f"recording {recording}: the weights it was made with, {model} of digest "
                f"{info.model_sha256[:12]}, are not found; --model names these or others"
            )
        model = str(found)
    return model, info.engine if info.engine != "opencv" else None, info.precision


def _settings(
    info: RecordingInfo,
    streams: Iterable[str],
    config: Path | None,
    override: list[str] | None,
    model: str | None,
    engine: str | None,
    precision: str | None,
) -> Config:
    given = settings_of(config, override)
    sources = {stream: "recording" if stream in streams else "none" for stream in SENSORS}
    return settings_of(
        config,
        [
            *(f"capture.{stream}.source={source}" for stream, source in sources.items()),
            *([f"health.lost_ms={_LOST_AFTER * info.every_s * 1000}"] if info.every_s else []),
            *_bounded_as_recorded(info),
            *_window_as_recorded(info),
            f"inference.threads={given.inference.threads or info.threads or 0}",
            f"inference.views={given.inference.views if given.inference.views > 1 else info.views}",
            *(override or []),
        ],
        model,
        engine,
        precision,
    )


def _bounded_as_recorded(info: RecordingInfo) -> list[str]:
    """The setting of a run of release 0.1, which had no such one: its results come again."""
    recorded = info.config.get("inference")
    return ["inference.bounded=false"] if recorded and "bounded" not in recorded else []


def _window_as_recorded(info: RecordingInfo) -> list[str]:
    """How many frames a result was made of, where the run was told."""
    window = (info.config.get("inference") or {}).get("window", 0)
    return [f"inference.window={window}"] if window else []


def _cameras(info: RecordingInfo) -> dict[str, CameraInfo]:
    """The cameras; those of a time lapse are as slow as its interval."""
    if not info.every_s:
        return info.cameras
    return {
        name: msgspec.structs.replace(camera, rate_hz=min(camera.rate_hz, 1 / info.every_s))
        for name, camera in info.cameras.items()
    }


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
