"""docs/results.md: the paper's tables, what they leave out, and how every figure came to be.

    corefusion tables --runs runs --data DIR --output docs/results.md

Writes Markdown, the same as JSON beside it, and a comparison picture. Evaluations are kept in the
runs' folder, so that an interrupted or repeated call makes only what is missing. Cells of what was
not obtained stay empty.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from models.errors import ModelError
from models.registry import shipped
from models.reporting import sections
from models.reporting.comparison_figure import draw_comparison, named_pairs
from models.reporting.latencies import Latencies
from models.reporting.runs import TrainedRun, find_runs
from models.reporting.score_cache import ScoreCache
from models.reporting.sensor_section import as_sensors_see
from models.reporting.table import Table
from models.training.config import EPOCHS
from streamer.paths import PathKind, kind_of

SHOWN = "visible, low resolution, bilinear, models, truth, and what each is off by"

SWEEP = (
    "for beta in 0 0.001 0.01 0.1 1; do "
    "corefusion train --preset paper --beta $beta --data D/pbvs23/train --output runs/full-b$beta; "
    "done"
)


@dataclass(frozen=True, slots=True)
class TablesSettings:
    """What to collect.

    Attributes:
        runs: folder of training runs; evaluations are kept in it.
        data: the data folder that is scored, with `thermal_lr`.
        output: the Markdown file; .json and the picture are written beside it.
        bench: a report of `corefusion bench` to take latencies from.
        images: stems of the images to show; none means two of the folder's.
    """

    runs: Path
    data: Path
    output: Path
    bench: Path | None = None
    images: tuple[str, ...] = ()


def tables(settings: TablesSettings, report: Callable[[str], None]) -> list[Table]:
    """Collect, evaluate what is missing, write.

    Args:
        settings: what to collect.
        report: called before each evaluation.

    Raises:
        ModelError: for unusable runs, data or options.
    """
    if settings.output.suffix != ".md":
        raise ModelError(f"{settings.output}: wanted a name ending in .md")
    if kind_of(settings.runs) is not PathKind.FOLDER:
        raise ModelError(f"{settings.runs}: no such folder of runs")
    runs = find_runs(settings.runs)
    named_pairs(settings.data, settings.images)
    scores = ScoreCache(settings.data, settings.runs / "figures.json", report)
    made = [
        sections.against_the_paper(runs, scores, Latencies(settings.bench)),
        *sections.by_beta(runs, scores),
        sections.claims(runs, scores),
        sections.rounding(runs, scores),
        sections.ablation(runs, scores),
        sections.stress(runs, scores),
        as_sensors_see(runs, scores),
        sections.all_runs([run for run in runs if run.settings.preset in ("paper", "paper+")]),
    ]
    settings.output.parent.mkdir(parents=True, exist_ok=True)
    picture = settings.output.with_suffix(".jpg")
    report(f"drawing {picture}")
    images = settings.images or scores.extremes("bilinear")
    draw_comparison(settings.data, images, _shown(runs), picture)
    plain = [asdict(table) for table in made]
    settings.output.with_suffix(".json").write_text(
        json.dumps(plain, indent=1) + "\n", encoding="utf-8"
    )
    text = _page(made, runs, picture.name, settings)
    settings.output.write_text(text, encoding="utf-8")
    return made


def _shown(runs: list[TrainedRun]) -> list[tuple[str, str]]:
    models = [(run.label, str(run.weights)) for run in sections.main_runs(runs)][-2:]
    return models + [(name, name) for name in shipped() if name.endswith(":benchmark")]


def _page(made: list[Table], runs: list[TrainedRun], picture: str, settings: TablesSettings) -> str:
    data = "/".join(settings.data.resolve().parts[-2:])
    given = [f"--bench {settings.bench.name}"] if settings.bench is not None else []
    given += [f"--image {name}" for name in settings.images]
    command = " ".join(
        [f"corefusion tables --runs runs --data D/{data} --output {settings.output}", *given]
    )
    head = f"""# Results

Made by `{command}`;
`D` stands for the data folder. One run and one seed a row: differences of 0.1 dB mean little.
Networks are evaluated in float32. An empty cell is a figure that was not obtained.

{_unconverged(runs)}![{SHOWN}]({picture})
"""
    return "\n".join([head, *(table.markdown() for table in made)]).rstrip() + "\n"


def _unconverged(runs: list[TrainedRun]) -> str:
    """What a reader must know as long as no run has had the paper's budget."""
    paper = [run for run in runs if run.settings.preset == "paper" and run.complete]
    if any((run.settings.epochs or 0) >= EPOCHS for run in paper):
        return ""
    return f"""**The runs of the paper's network below have not converged.**
Its recipe is 500 epochs of whole frames, about 50 hours a beta on two CPU cores; what a core gives
in an hour are crops and a few
thousand steps, from scratch (no ImageNet weights were at hand). They show what the paper's network
learns at that budget and how its switches compare at equal steps; they neither confirm nor refute
the paper's absolute figures. The whole sweep, on a CUDA device:

    {SWEEP}

Nine thousand steps of eight whole frames a beta, 2.8 TFLOP a step: by that count about a quarter of
an hour a beta on one H100 (estimated, not measured). The command above then makes this page anew.

"""
