"""The command line's simulate: pairs of pictures without limit, painted."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

from streamer.terminal.console import PlainConsole, progress_bar


class Scene(StrEnum):
    """The light of a scene."""

    day = "day"
    night = "night"
    smoke = "smoke"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(simulate)


def simulate(
    output: Annotated[Path, typer.Option(help="A new folder for visible/ and thermal/.")],
    count: Annotated[int, typer.Option(min=1, help="How many pairs.")] = 500,
    seed: Annotated[int, typer.Option(min=0, help="Of all of them; another paints others.")] = 1,
    scene: Annotated[
        list[Scene] | None,
        typer.Option(help="Repeatable; they take turns [three days in five, night, smoke]."),
    ] = None,
) -> None:
    """Paint pairs of streets and of the simulated rig's yard, as a data folder to train on."""
    from streamer.convert.simulated_pairs import write_pairs

    columns = (TextColumn("painting"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with progress_bar(*columns) as bar:
        task = bar.add_task("painting", total=count)
        write_pairs(
            output, count, seed, [one.value for one in scene or ()],
            lambda done, total: bar.update(task, completed=done, total=total),
        )  # fmt: skip
    PlainConsole(wrap=False).print(f"{output}: {count} pairs")
