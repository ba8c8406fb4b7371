"""The table of commands: which module holds each, and what `--help` says of it.

It holds strings, so that the command line knows every command and imports the one that was named.
A test holds the words to those of the commands themselves.
"""

import importlib
from typing import NamedTuple

import typer


class Entry(NamedTuple):
    """A command.

    Attributes:
        name: as it is typed.
        module: below `streamer.commands`; its `register` adds the command to an application.
        help: the first line of what the command says of itself.
        hidden: whether no help lists it.
    """

    name: str
    module: str
    help: str
    hidden: bool = False

    def register(self, application: typer.Typer) -> None:
        """Imports the module, and adds its commands to an application."""
        importlib.import_module(f"{__package__}.{self.module}").register(application)


TABLE = (
    Entry(
        "live",
        "runs.live",
        "Shows super-resolved thermal video live, from cameras, files or the simulated rig.",
    ),
    Entry(
        "record",
        "runs.live",
        "Records both sensors, the result and all that happened, without a window.",
    ),
    Entry(
        "replay",
        "runs.replay",
        "Plays a recording through the network again: recorded model, engine and precision.",
    ),
    Entry(
        "info",
        "recordings",
        "Say what a recording holds, also when it is unfinished or damaged.",
    ),
    Entry(
        "recover",
        "recordings",
        "Make a good recording of an unfinished or damaged one; the old one is left as it is.",
    ),
    Entry(
        "export",
        "recordings",
        "Turn a recording into video, pictures or a table.",
    ),
    Entry(
        "import",
        "recordings",
        "Make a recording of pairs of pictures or videos, or of radiometric stills.",
    ),
    Entry(
        "enhance",
        "enhance",
        "Super-resolves what is already recorded: a still, a recording, thousands of them.",
    ),
    Entry(
        "evaluate",
        "networks.evaluate",
        "Measure a model on a data folder.",
    ),
    Entry(
        "fit-uncertainty",
        "networks.evaluate",
        "Fit what a model says of its own errors, on pictures it was not trained on.",
    ),
    Entry(
        "export-model",
        "networks.evaluate",
        "Write a checkpoint as it is shipped: its weights, int8 ranges, and an OpenVINO graph.",
    ),
    Entry(
        "train",
        "networks.train",
        "Train a network on data folders. Ctrl-C saves; --resume goes on.",
    ),
    Entry(
        "import-checkpoint",
        "networks.train",
        "Take over a checkpoint of the paper's official code.",
    ),
    Entry(
        "tables",
        "networks.train",
        "Collect runs and models into the paper's tables, and those it leaves out.",
    ),
    Entry(
        "simulate",
        "networks.simulate",
        "Paint pairs of streets and of the simulated rig's yard, as a data folder to train on.",
    ),
    Entry(
        "bench",
        "networks.bench",
        "Time models on this machine: 80x60 and a 640x480 guide to 640x480.",
    ),
    Entry(
        "cameras",
        "cameras.cameras",
        "Lists the cameras that are connected, what they can, and the lines that configure them.",
    ),
    Entry(
        "ffc",
        "cameras.ffc",
        "Asks the thermal camera of a run under way to close its shutter and correct itself (FFC).",
    ),
    Entry(
        "model",
        "runs.model",
        "Changes the network of a run under way, or says which one it uses; the run goes on.",
    ),
    Entry(
        "doctor",
        "doctor",
        "Looks at this machine: what is here, what can be mended, and how. 1 if nothing can run.",
    ),
    Entry(
        "calibrate",
        "cameras.calibrate",
        "Lines two cameras up: by what both see, by points, by a board, or by fields of view.",
    ),
    Entry(
        "install-desktop",
        "desktop",
        "Puts the program among the applications of your desktop, with its icon.",
    ),
    Entry(
        "config",
        "defaults",
        "Prints the defaults of every setting, each with its meaning, as a file for --config.",
    ),
    Entry(
        "download-sample",
        "sample_data",
        "Downloads a recorded visible and thermal pair, and prints the line that shows it.",
    ),
    Entry(
        "sample",
        "sample_data",
        "Downloads a recorded visible and thermal pair, and prints the line that shows it.",
        hidden=True,
    ),
)
