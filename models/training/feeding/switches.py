"""Switches that were asked for and could do nothing with the data that there are."""

from collections.abc import Sequence

from models.data.folder import FolderKind
from models.errors import ModelError
from models.training.config import TrainSettings
from models.training.feeding.sources import DataSource


def check_switches(sources: Sequence[DataSource], settings: TrainSettings) -> None:
    """Refuse a run whose switches would silently leave it as it is without them.

    Raises:
        ModelError: for what moves or takes visible pictures where there are none, and for a teacher
            where no picture has a low resolution of its own.
    """
    recipe = settings.recipe
    wants_pairs = {
        "recipe.geometry": recipe.geometry.active,
        "recipe.visible_as_thermal": recipe.visible_as_thermal > 0,
    }
    paired = any(source.kind is FolderKind.PAIRS for source in sources)
    for name, wanted in wants_pairs.items():
        if wanted and not paired:
            raise ModelError(f"{name}: wanted a folder of pairs, got thermal pictures alone")
    given = any(picture.thermal_lr is not None for source in sources for picture in source.train)
    if settings.teacher is not None and not given:
        raise ModelError(
            "teacher: wanted a folder with a thermal_lr of its own, which a teacher speaks for; "
            "got none"
        )
