"""Runs one process of a run: `python -P -m streamer.runtime NAME`."""

import gc
import sys

from streamer.imports import uncollected


def main() -> int:
    """Reads the modules, then runs the process; returns its exit code."""
    with uncollected():
        from streamer.runtime.child_process import run

        gc.freeze()  # or the first collection goes through all of it at once
    return run(sys.argv[1])


if __name__ == "__main__":
    sys.exit(main())
