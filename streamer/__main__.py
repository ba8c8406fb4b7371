"""`python -m streamer` is the `corefusion` command."""

from streamer.commands.app import main

main()
