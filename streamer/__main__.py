"""The `corefusion` command, also as `python -m streamer`."""

import signal


def main() -> None:
    """Reads the modules of the command line, then runs it.

    That takes half a second, and Ctrl-C in it ends the command without a traceback.
    """
    answers = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # else it is ignored
    if answers:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from streamer.commands.app import main as command

    if answers:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    command()


if __name__ == "__main__":
    main()
