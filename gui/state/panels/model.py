"""The network and what it runs on: the panel of model and engine. No Qt."""

from collections.abc import Iterator, Sequence

from gui.language import tr
from gui.state.panels.section import Section
from gui.status.run_status import RunStatus
from gui.status.told import told
from gui.status.wording import PROCESS_STATES, letter
from streamer.messages import SuperResolvedFrame

_DIGEST = 12  # characters that tell one set of weights from another


def model_sections(
    runs: Sequence[RunStatus], results: Sequence[SuperResolvedFrame | None]
) -> tuple[Section, ...]:
    """A section for each shown model.

    Args:
        runs: the run as the worker of each model has it.
        results: the newest of each.
    """
    several = len(runs) > 1
    return tuple(
        Section(
            tr("Network {letter}", letter=letter(model)) if several else tr("Network"),
            tuple(_lines(run, results[model])),
        )
        for model, run in enumerate(runs)
    )


def _lines(run: RunStatus, result: SuperResolvedFrame | None) -> Iterator[tuple[str, str]]:
    status, settings = run.status(run.worker), run.config.inference
    if status is None:
        yield tr("state"), "-"
        return
    detail = told(status.detail)
    yield tr("state"), f"{tr(PROCESS_STATES[status.state])}{f': {detail}' if detail else ''}"
    if status.model is None:
        yield tr("model"), tr("{model}, not loaded yet", model=settings.model)
        return
    yield tr("model"), status.model
    if status.model_sha256:
        yield tr("weights (SHA-256)"), status.model_sha256[:_DIGEST]
    yield tr("engine"), status.engine or "-"
    yield tr("precision"), status.precision or "-"
    yield tr("views"), str(status.views)
    if status.threads is not None:
        yield tr("threads"), str(status.threads)
    if result is not None:
        height, width = result.pixels.shape[:2]
        yield tr("size of results"), f"{width} x {height}"
    held = tr("on") if settings.consistency else tr("off")
    yield tr("brought back to the measurement"), held
    visible = settings.rate == "visible"
    rate = tr("the visible camera's") if visible else tr("the thermal camera's")
    yield tr("rate of pictures"), rate
