"""The page training.md: every setting of a training run, and where the presets depart from it."""

from typing import Any

import msgspec

from models.data.augmentation_config import AugmentationConfig, Composites, GuideGeometry
from models.data.videos import VideoFrames
from models.training.config import PRESETS, LossSettings, TrainSettings
from tools.reference.markdown import code, page, prose, table
from tools.reference.structs import struct_part

_HEAD = """
`corefusion train --set PATH=VALUE` changes one setting, and may be repeated; those of a run are in
its `settings.json` and in every checkpoint. The options of the command line
([cli.md](cli.md)) are shorter words for some of them. Each preset is these defaults but for what
stands under its name.
"""

_PARTS: dict[str, type[msgspec.Struct]] = {
    "": TrainSettings,
    "loss.": LossSettings,
    "recipe.": AugmentationConfig,
    "recipe.geometry.": GuideGeometry,
    "recipe.composites.": Composites,
    "videos.": VideoFrames,
}


def training_page() -> str:
    """The page."""
    plain = _flat(msgspec.to_builtins(TrainSettings(preset="")))
    rows = [
        [code(name), ", ".join(code(f"{path}={value}") for path, value in departures.items())]
        for name, preset in PRESETS.items()
        for departures in [_departures(_flat(msgspec.to_builtins(preset)), plain)]
    ]
    presets = "## Presets\n\n" + table(["preset", "departs in"], rows)
    parts = [
        struct_part(kind, f"`{prefix}`" if prefix else "Run") for prefix, kind in _PARTS.items()
    ]
    return page("Settings of a training run", prose(_HEAD), presets, *parts)


def _departures(preset: dict[str, Any], plain: dict[str, Any]) -> dict[str, Any]:
    return {
        path: value
        for path, value in preset.items()
        if path != "preset" and plain.get(path) != value
    }


def _flat(tree: dict[str, Any], before: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        path = f"{before}{key}"
        if isinstance(value, dict) and key != "network":
            flat |= _flat(value, f"{path}.")
        else:
            flat[path] = value
    return flat
