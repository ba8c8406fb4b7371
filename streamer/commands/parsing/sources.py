"""The sources named on the command line, put into the configuration."""

import msgspec

from streamer.config.schema import CameraConfig, Config


def with_sources(
    config: Config,
    *,
    visible: str | None,
    thermal: str | None,
    thermal_bin: int | None,
    loop: bool,
) -> Config:
    """The configuration with the sources given on the command line."""
    replace = msgspec.structs.replace
    capture = config.capture

    def changed(camera: CameraConfig, source: str | None) -> dict[str, object]:
        given: dict[str, object] = {} if source is None else {"source": source}
        return {**given, "loop": True} if loop else given

    thermal_changes = changed(capture.thermal, thermal)
    if thermal_bin is not None:
        thermal_changes["bin"] = thermal_bin
    return replace(
        config,
        capture=replace(
            capture,
            visible=replace(capture.visible, **changed(capture.visible, visible)),
            thermal=replace(capture.thermal, **thermal_changes),
        ),
    )
