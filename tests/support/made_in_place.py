"""A recording through the worker's steps, without a player, sockets or processes."""

from collections.abc import Sequence
from pathlib import Path

from streamer.config.loading import load_config
from streamer.enhance.items import EnhanceOptions, Item, Kind, Outcome
from streamer.enhance.making.item import enhance_item


def made_in_place(
    recording: Path,
    folder: Path,
    overrides: Sequence[str] = (),
    *,
    model: str | None = None,
    config: Path | None = None,
) -> Outcome:
    """What a headless replay of it comes to: results are the same to the byte.

    Args:
        recording: the file.
        folder: a new one, for what is made.
        overrides: changes of the configuration, as `key.path=value`.
        model: another one than the recorded.
        config: the configuration's file, if there is one.
    """
    parts = folder / "parts"
    parts.mkdir(parents=True)
    item = Item((str(recording),), Kind.RECORDING, "made")
    given = load_config(config, overrides)
    options = EnhanceOptions(config=given, overrides=tuple(overrides), model=model)
    return enhance_item(item, options, folder / "out", parts, lambda share: None)
