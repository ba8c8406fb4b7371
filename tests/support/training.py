"""A training run that takes seconds."""

from pathlib import Path

SMALL = (
    "network.widths=[16,16,32]",
    "network.visible_blocks=[1,1,1]",
    "network.thermal_blocks=[0,1,1]",
    "network.decoder_blocks=[1,1,1]",
)


def small_run(data: Path, output: Path, steps: int, *more: str) -> list[str]:
    """The words of a command line after the program's name."""
    arguments = ["train", "--preset", "fast", "--data", data, "--output", output]
    arguments += ["--steps", steps, "--crop", 64, "--threads", 1, "--set", "batch=2"]
    for change in (*SMALL, "recipe.scales=[4,8]", "recipe.scale_weights=[0.5,0.5]"):
        arguments += ["--set", change]
    return [str(a) for a in (*arguments, *more)]
