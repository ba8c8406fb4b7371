"""placeholder until the model commands land."""

import typer


def register(app: typer.Typer) -> None: ...
