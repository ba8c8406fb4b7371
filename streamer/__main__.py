"""`python -m streamer` is the `corefusion` command."""

from streamer.cli import main

main()
