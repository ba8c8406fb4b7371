"""The command line: the only place of typer and of rich's tables."""
