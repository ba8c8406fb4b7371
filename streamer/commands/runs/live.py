"""The commands that run the whole chain on sensors: live and record."""

import logging
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from streamer.calibration.chosen import chosen_calibration
from streamer.commands.cameras.cameras import connected_pair, with_lasting_names
from streamer.commands.parsing.option_groups import with_groups
from streamer.commands.parsing.renamed_options import RenamedOptions
from streamer.commands.runs.report_file import check_output, run_and_report
from streamer.commands.runs.rigs import run_rigs
from streamer.commands.runs.run_options import ChainOptions, EndOptions
from streamer.config.recording import STREAMS, RecordSettings, RecordSettingsError
from streamer.config.rigs import Rig
from streamer.config.schema import Config
from streamer.supervision.progress import JsonLines
from streamer.supervision.report import print_report
from streamer.supervision.run_plan import RunPlan
from streamer.supervision.session import RunSession
from streamer.supervision.termination import RunError
from streamer.terminal.printable import printable

log = logging.getLogger(__name__)


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    app.command(cls=RenamedOptions)(with_groups(live))
    app.command(cls=RenamedOptions)(with_groups(record))


def live(
    *,
    chain: ChainOptions,
    headless: Annotated[bool, typer.Option("--headless", help="Without the window.")] = False,
    ends: EndOptions,
    screenshot: Annotated[
        Path | None, typer.Option(metavar="F.png", help="Save the window at the end, and exit.")
    ] = None,
) -> None:
    """Shows super-resolved thermal video live, from cameras, files or the simulated rig."""
    if headless and screenshot is not None:
        raise typer.BadParameter("--screenshot saves a window and --headless has none")
    rigs = chain.rigs()
    if rigs:
        check_output(screenshot, "screenshot")
        window = None if headless else Window(screenshot)
        run_rigs(rigs, lambda one: _plan_of(one, ends, window=window), ends.report)
        return
    settings = chain.settings()
    if chain.names_no_source:
        visible, thermal = _connected()
        chain = replace(chain, visible=visible, thermal=thermal)
    settings = chain.with_sources(settings)
    check_alarms(settings, headless=headless)
    plan = RunPlan(
        config=settings,
        injections=chain.injections(settings),
        headless=headless,
        bounds=ends.bounds,
        score=ends.score,
        screenshot=screenshot,
        calibration=chosen_calibration(settings),
    )
    _run(plan, ends.report, chain.config, chain.override)


def record(
    *,
    output: Annotated[
        Path,
        typer.Option(
            metavar="FILE.mcap|FOLDER",
            help="One file, or a folder of segments; %04d in its name becomes the next number.",
        ),
    ],
    chain: ChainOptions,
    ends: EndOptions,
    streams: Annotated[str, typer.Option(metavar="NAME,...", help="What to record.")] = ",".join(
        STREAMS
    ),
    segment: Annotated[
        str | None, typer.Option(metavar="LENGTH", help="Of a segment: 60s, 10min, 500MB.")
    ] = None,
    trigger: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CONDITION", help='"max_celsius > 60", "min_celsius < 5", mode, alarm.'
        ),
    ] = None,
    pre_trigger: Annotated[
        str, typer.Option(metavar="TIME", help="Kept from before the condition held: 10s.")
    ] = "0s",
    post_trigger: Annotated[
        str, typer.Option(metavar="TIME", help="Kept after it no longer holds: 10s.")
    ] = "10s",
    interval: Annotated[
        str | None, typer.Option(metavar="TIME", help="Time lapse, one set of frames per: 1s.")
    ] = None,
) -> None:
    """Records both sensors, the result and all that happened, without a window."""

    def ordered(settings: Config, output: Path) -> RecordSettings:
        return _order(
            settings, output, streams, segment, trigger or [], pre_trigger, post_trigger, interval
        )

    rigs = chain.rigs()
    if rigs:
        if output.suffix:
            raise typer.BadParameter(f"--output {output}: a folder for all rigs wanted")
        end = "" if segment else ".mcap"
        try:
            output.mkdir(exist_ok=True)
        except OSError as error:
            raise typer.BadParameter(f"--output {output}: {error.strerror or error}") from error

        def plan_of(one: Rig) -> RunPlan:
            plan = _plan_of(one, ends)
            record = ordered(plan.config, output / f"{one.name}{end}")
            return msgspec.structs.replace(plan, record=record)

        run_rigs(rigs, plan_of, ends.report)
        return
    settings = chain.with_sources(chain.settings())
    check_alarms(settings, headless=True)
    plan = RunPlan(
        config=settings,
        injections=chain.injections(settings),
        headless=True,
        bounds=ends.bounds,
        score=ends.score,
        record=ordered(settings, output),
        calibration=chosen_calibration(settings),
    )
    _run(plan, ends.report)


def _order(
    settings: Config,
    output: Path,
    streams: str,
    segment: str | None,
    trigger: list[str],
    pre_trigger: str,
    post_trigger: str,
    interval: str | None,
) -> RecordSettings:
    """What to record and where to, as it was typed."""
    from streamer.recorder.selection.triggers import parse_trigger  # protobuf and codecs: 40 ms
    from streamer.recording import RecordingError, check_free
    from streamer.recording.writing.output_name import OutputName

    try:
        order = RecordSettings.ordered(
            output,
            streams=streams,
            segment=segment,
            when=trigger,
            before=pre_trigger,
            after=post_trigger,
            every=interval,
            config=settings.recording,
        )
        for condition in order.when:
            in_degrees = parse_trigger(condition).in_degrees
            if in_degrees and settings.capture.thermal.source == "none":
                raise RecordingError(
                    f"--trigger {condition} can never hold: a thermal source wanted, none came"
                )
        name = OutputName(Path(order.output))
    except (RecordSettingsError, RecordingError) as error:
        raise typer.BadParameter(str(error)) from error
    order = order.at(name.free())
    if not name.numbered and Path(order.output).name != order.family:
        log.warning("%s was cut off; this run goes to %s", order.family, order.output)
    check_free(Path(order.output), order.stop_mb)
    return order


class Window(msgspec.Struct, frozen=True):
    """That a run has a window, and where its picture is saved, if it is."""

    screenshot: Path | None = None


def _plan_of(rig: Rig, ends: EndOptions, *, window: Window | None = None) -> RunPlan:
    """The run of one rig among several."""
    settings = with_lasting_names(rig.config)
    check_alarms(settings, headless=window is None)
    capture = settings.capture
    if capture.visible.source == capture.thermal.source == "none":
        raise typer.BadParameter(f"rig {rig.name}: both sources none leave nothing to show")
    return RunPlan(
        config=settings,
        headless=window is None,
        bounds=ends.bounds,
        score=ends.score,
        screenshot=None if window is None else window.screenshot,
        calibration=chosen_calibration(settings),
        rig=rig.name,
    )


def check_alarms(settings: Config, *, headless: bool) -> None:
    """Refuses alarms that can never hold. In a window their tools may still be drawn.

    Raises:
        typer.BadParameter: one line says which, and what was wanted.
    """
    tools = {tool.name for tool in settings.measuring.tools}
    for rule in settings.alarms.rules:
        where = f"alarms.rules: {rule.name}"
        if settings.capture.thermal.source == "none":
            raise typer.BadParameter(f"{where} can never hold: a thermal source wanted, none came")
        if headless and rule.tool and rule.tool not in tools:
            known = ", ".join(sorted(tools)) or "none is there"
            raise typer.BadParameter(
                f"{where}: one of measuring.tools wanted ({known}), {rule.tool!r} came"
            )
        compared = settings.measuring.reference
        if headless and rule.quantity == "delta" and compared in ("", rule.tool):
            raise typer.BadParameter(
                f"{where}: a measuring.reference other than {rule.tool} wanted to compare with"
            )


def _connected() -> tuple[str | None, str | None]:
    """The two cameras of this machine, if that is what there is; either way it is said."""
    pair, words = connected_pair()
    if words:
        typer.echo(printable(words), err=True)
    return pair or (None, None)


def _run(
    plan: RunPlan,
    report: Path | None,
    config: Path | None = None,
    override: list[str] | None = None,
) -> None:
    if not plan.streams:
        raise typer.BadParameter("--visible none and --thermal none leave nothing to show")
    check_output(report)
    check_output(plan.screenshot, "screenshot")
    run = RunSession(plan)
    result = run_and_report(run, report)
    if plan.record is not None and not sys.stderr.isatty():
        for file in run.recorder.files:
            JsonLines(sys.stdout.fileno()).write({"recording": file})
    else:
        print_report(result, [*run.recorder.files, *(run.takes.files if run.takes else ())])
    failure = run.recorder.failure()
    if failure is not None:
        raise RunError(failure)
    if run.opened is not None:
        from streamer.commands.runs.replay import open_next  # which knows this module

        open_next(run, config, override)
