"""The table of processes: which function is what process of a run.

It holds strings, so that the supervisor knows every process and imports none.
"""

import importlib

from streamer.runtime.process import Main

TABLE = {
    "capture.visible": "capture.process:main",
    "capture.thermal": "capture.process:main",
    "inference": "streamer.worker.process:main",
    "compare": "streamer.worker.process:main",  # the second model of a comparison
    "recorder": "streamer.recorder.process:main",
    "player": "streamer.replay.process:main",
    "viewer": "gui.app:main",
}

EXIT_FINAL = 3  # starting again cannot help: the user has to change something
EXIT_TAKEN = 4  # another program has its place; it may let go of it again


def resolve(name: str) -> Main:
    """Imports the main function of a process."""
    module, _, function = TABLE[name].partition(":")
    main: Main = getattr(importlib.import_module(module), function)
    return main
