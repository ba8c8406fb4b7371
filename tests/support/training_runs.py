"""Training runs of a test's own: who watches them, and what is compared of them."""

from pathlib import Path

import torch

from models import checkpoint
from models.training.log import read_log
from models.training.train import train


class StopAfter:
    """Asks a run to stop once it has made so many steps."""

    def __init__(self, steps):
        self.left = steps

    def on_read(self, words):
        pass

    def on_source(self, line):
        pass

    def on_step(self, progress, words):
        self.left -= 1

    def on_save(self, line):
        pass

    def stop_requested(self):
        return self.left <= 0


class Notes:
    """Writes down what a run tells."""

    def __init__(self):
        self.progress, self.lines, self.read, self.sources = [], [], [], []

    def on_read(self, words):
        self.read.append(words)

    def on_source(self, line):
        self.sources.append(line)

    def on_step(self, progress, words):
        self.progress.append(progress)

    def on_save(self, line):
        self.lines.append(line)

    def stop_requested(self):
        return False


def weights(path):
    return checkpoint.load(path)[0].state_dict()


def same(first, second) -> bool:
    return all(torch.equal(value, second[name]) for name, value in first.items())


def resumed_equals(straight, cut, steps):
    facts = train(cut, observer=StopAfter(3))
    assert (facts["step"], facts["stopped"]) == (3, True)
    facts = train(cut, resume=True)
    assert (facts["step"], facts["stopped"]) == (steps, False)
    first, second = (weights(Path(s.output) / "last.safetensors") for s in (straight, cut))
    assert same(first, second)
    for step, row in enumerate(read_log(Path(straight.output) / "log.csv")):
        assert row["step"] > 0, step
