"""The `corefusion` command, also as `python -m streamer`."""

from streamer.imports import uncollected
from streamer.terminal.interrupts import ended_by_interrupt


def main() -> None:
    """Reads the modules of the command line, then runs it."""
    with ended_by_interrupt(), uncollected():
        from streamer.commands.app import main as command
    command()


if __name__ == "__main__":
    main()
