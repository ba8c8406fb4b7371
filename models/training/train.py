"""Training: make a batch, step, average; now and then validate and save.

    corefusion train --preset paper --beta 1 --data DIR --output runs/paper-b1

The batch of a step depends on (seed, step) alone, so that a resumed run goes on exactly as the one
that was cut. Files in the output folder:

    settings.json       the run's settings in full
    files.txt           every picture the run trains on
    log.csv             step, epoch, seconds, loss and its terms; validation metrics where measured
    curves.png          the same as curves
    state.pt            everything needed to go on after a kill (--resume)
    last.safetensors    the weights at the last save
    best.safetensors    the weights with the best validation metric so far
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import torch

from models.errors import ModelError
from models.training.config import TrainSettings, check_same_run
from models.training.feeding.sources import DataSource, described, load_sources
from models.training.feeding.switches import check_switches
from models.training.log import check_curves
from models.training.loop import TrainingRun
from models.training.observer import SilentObserver, TrainingObserver
from models.training.state import TrainingState


def train(
    settings: TrainSettings,
    resume: bool = False,
    observer: TrainingObserver | None = None,
) -> dict[str, Any]:
    """Train to the end of the budget.

    Args:
        settings: the run.
        resume: go on from the state in the output folder.
        observer: called for every source, step and save; it may end the run.

    Returns:
        step, epoch, seconds, whether it was stopped early, and the newest validation metrics.

    Raises:
        ModelError: for unusable data, a state that does not fit, or a loss that is not finite.
    """
    check_curves()
    if settings.threads:
        torch.set_num_threads(settings.threads)
    output = Path(settings.output)
    if not resume and (output / "state.pt").exists():
        raise ModelError(f"{output}: holds a run already; --resume it or choose another")
    if resume:
        settings = check_same_run(output / "settings.json", settings)
    observer = observer or SilentObserver()

    def read(words: str) -> None:
        observer.on_read(words)
        if observer.stop_requested():
            raise ModelError(f"stopped while reading {words}; nothing was trained")

    sources = load_sources(settings, read)
    if not resume:
        check_switches(sources, settings)
    for line in described(sources, settings):
        observer.on_source(line)
    state = TrainingState(settings)
    if resume:
        state.load(output / "state.pt")
    output.mkdir(parents=True, exist_ok=True)
    (output / "files.txt").write_text(_files(sources), encoding="utf-8")
    settings_text = json.dumps(msgspec.to_builtins(settings), indent=1)
    (output / "settings.json").write_text(settings_text + "\n", encoding="utf-8")
    run = TrainingRun(settings, state, sources, output, resume)
    return run.run(observer)


def _files(sources: Sequence[DataSource]) -> str:
    lines = [f"{s.folder.resolve()}\t{pair.name}" for s in sources for pair in s.train]
    return "\n".join(lines) + "\n"
