"""The options that `live` and `record` have in common: what is run, and when it ends."""

from dataclasses import dataclass
from pathlib import Path

import typer

from streamer.commands.cameras.cameras import with_lasting_names
from streamer.commands.parsing.options import (
    ConfigFile,
    Duration,
    Engine,
    Frames,
    Inject,
    Loop,
    Model,
    Override,
    Precision,
    ReportFile,
    ThermalBin,
    ThermalSource,
    VisibleSource,
)
from streamer.commands.parsing.run_calibration import CalibrationFile, calibration_override
from streamer.commands.parsing.settings import injections_of, named_changes, settings_of
from streamer.commands.parsing.sources import with_sources
from streamer.commands.runs.rigs import RigFiles
from streamer.config.loading import ConfigError, is_named
from streamer.config.rigs import Rig, configured_rigs, load_rigs
from streamer.config.schema import Config
from streamer.faults.injection import Injection
from streamer.supervision.run_plan import StopConditions


@dataclass(frozen=True)
class ChainOptions:
    """What is run: a configuration, and what was typed over it."""

    config: ConfigFile = None
    rig: RigFiles = None
    override: Override = None
    calibration: CalibrationFile = None
    visible: VisibleSource = None
    thermal: ThermalSource = None
    thermal_bin: ThermalBin = None
    loop: Loop = False
    model: Model = None
    engine: Engine = None
    precision: Precision = None
    inject: Inject = None

    def rigs(self) -> tuple[Rig, ...]:
        """The rigs that are asked for, or else configured; none where there is one, the configured.

        Raises:
            ConfigError: a file of them is wrong.
            typer.BadParameter: what was typed is, or is said of one pair of cameras.
        """
        changes = named_changes(self._changes, self.model, self.engine, self.precision)
        rigs = _rigs_of(self.config, self.rig, changes)
        if rigs:
            self._refuse_with_rigs()
        return rigs

    def settings(self) -> Config:
        """The configuration, without the sources that were typed."""
        return settings_of(self.config, self._changes, self.model, self.engine, self.precision)

    def with_sources(self, settings: Config) -> Config:
        """The configuration with those sources, by names that last."""
        return with_lasting_names(
            with_sources(
                settings,
                visible=self.visible,
                thermal=self.thermal,
                thermal_bin=self.thermal_bin,
                loop=self.loop,
            )
        )

    def injections(self, settings: Config) -> tuple[Injection, ...]:
        """The faults that were asked for."""
        return injections_of(settings, self.inject)

    @property
    def names_no_source(self) -> bool:
        """Whether nothing is said of cameras, neither on the command line nor in a file."""
        typed = (self.visible, self.thermal, self.thermal_bin) != (None, None, None) or self.loop
        return not typed and not is_named("capture", self.config, self.override or ())

    @property
    def _changes(self) -> list[str]:
        return [*calibration_override(self.calibration), *(self.override or [])]

    def _refuse_with_rigs(self) -> None:
        """Refuses what is said of one pair of cameras, where there are several."""
        typed = {
            "--visible": self.visible,
            "--thermal": self.thermal,
            "--thermal-bin": self.thermal_bin,
            "--loop": self.loop,
            "--inject": self.inject,
        }
        for option, value in typed.items():
            if value:
                raise typer.BadParameter(
                    f"{option} with --rig: each rig's own keys say it (capture)"
                )


@dataclass(frozen=True)
class EndOptions:
    """When a run ends, and where its report goes."""

    frames: Frames = None
    duration: Duration = None
    report: ReportFile = None

    @property
    def bounds(self) -> StopConditions:
        """When it ends by itself."""
        return StopConditions(self.frames, self.duration)

    @property
    def score(self) -> bool:
        """Whether results are compared with the truth, as a report tells it."""
        return self.report is not None


def _rigs_of(config: Path | None, files: list[Path] | None, changes: list[str]) -> tuple[Rig, ...]:
    try:
        entries = tuple(files) if files else configured_rigs(config)
        given = load_rigs(entries, config)
    except ConfigError as error:
        if files or config is None or str(config) in str(error):
            raise
        raise ConfigError(f"{config}: {error}") from error
    try:
        if not files and changes:
            entries = configured_rigs(config, changes)
        return load_rigs(entries, config, changes) if changes else given
    except ConfigError as error:
        raise typer.BadParameter(str(error)) from error
