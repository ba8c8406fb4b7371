"""The options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

from streamer.commands.parsing.finite import finite

ConfigFile = Annotated[
    Path | None, typer.Option("--config", metavar="F", help="YAML file over the defaults.")
]
Override = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change one key.")
]
VisibleSource = Annotated[
    str | None,
    typer.Option(
        "--visible", metavar="SRC", help="sim, none, a device, a file, a folder, a driver."
    ),
]
ThermalSource = Annotated[
    str | None, typer.Option("--thermal", metavar="SRC", help="As --visible.")
]
ThermalBin = Annotated[
    int | None, typer.Option("--thermal-bin", min=1, max=64, help="Average N x N pixels.")
]
Loop = Annotated[bool, typer.Option("--loop", help="Begin files again at their end.")]
Model = Annotated[
    str | None, typer.Option("--model", metavar="NAME|CHECKPOINT", help="Another network.")
]
Engine = Annotated[
    str | None, typer.Option("--engine", metavar="auto|torch|openvino", help="What computes it.")
]
Precision = Annotated[
    str | None, typer.Option("--precision", metavar="NAME", help="auto, int8, bf16, f32 or fp16.")
]
Inject = Annotated[
    list[str] | None, typer.Option("--inject", metavar="SPEC", help="As drop:visible@2-4.")
]
Frames = Annotated[int | None, typer.Option("--frames", min=1, help="End after N results.")]
Duration = Annotated[
    float | None, typer.Option("--duration", callback=finite, min=0.1, help="End after S seconds.")
]
ReportFile = Annotated[
    Path | None, typer.Option("--report", metavar="F.json", help="Write what the run did.")
]
