"""The tables of docs/results.md, each from finished runs and kept scores."""

from collections.abc import Sequence

from models.evaluation.benchmark import cost
from models.imaging.metrics import Score
from models.registry import find_model, shipped
from models.reporting import paper_scores
from models.reporting.latencies import Latencies
from models.reporting.runs import TrainedRun
from models.reporting.score_cache import ScoreCache
from models.reporting.table import Table, cells

GUIDES = ("swapped", "black", "shifted:2", "shifted:4", "shifted:8", "shifted:16")
THERMALS = ("noise:2", "noise:8", "blur:0.7", "blur:1.5")

CLAIMS = {"loss.pixel", "network.activation"}
"""Switches of the paper's claims: MSE against MAE, Tanh against Sigmoid and ReLU."""


def main_runs(runs: Sequence[TrainedRun]) -> list[TrainedRun]:
    """The longest run of each beta of `paper`, and of `paper+`, with nothing else changed."""
    chosen: dict[tuple[str, float], TrainedRun] = {}
    for run in runs:
        if run.settings.preset in ("paper", "paper+") and set(run.differences) <= {"loss.beta"}:
            key = run.settings.preset, run.beta
            if key not in chosen or run.steps > chosen[key].steps:
                chosen[key] = run
    return [chosen[key] for key in sorted(chosen)]


def against_the_paper(
    runs: Sequence[TrainedRun], scores: ScoreCache, latencies: Latencies
) -> Table:
    """Interpolations, the paper, our runs of it, and what we ship."""
    rows = [
        _overview(name, name, "", scores, latencies) for name in ("nearest", "bilinear", "bicubic")
    ]
    psnr, similarity = paper_scores.BOTH[1.0]
    rows.append(("the paper's own figure (beta 1)", f"{psnr:.3f}", f"{similarity:.4f}", *[""] * 6))
    for run in main_runs(runs):
        label = f"{run.settings.preset}, beta {run.beta:g}, {run.steps} steps here"
        rows.append(_overview(label, str(run.weights), "paper", scores, latencies))
    for name in shipped():
        if name.endswith(":benchmark"):
            rows.append(_overview(name, name, name.partition(":")[0], scores, latencies))
    return Table(
        "Against the paper and against interpolation",
        "Thirty validation pairs, x8, both inputs. PSNR in dB and SSIM of pictures rounded to "
        "integers, range 255, mean over images (`integer`), and as the official training loop has "
        "them (`official`: [-1, 1], batches of 8). `26`: without four images whose places train "
        "also shows. GMAC at 640x480. Latency: median of one whole call in ms on two CPU cores, "
        "fastest engine.",
        (
            "model", "PSNR", "SSIM", "PSNR, 26", "official PSNR", "official SSIM", "params M",
            "GMAC", "latency",
        ),
        tuple(rows),
    )  # fmt: skip


def _overview(
    label: str, model: str, timed_as: str, scores: ScoreCache, latencies: Latencies
) -> tuple[str, ...]:
    psnr, similarity = scores.score(model)
    elsewhere, _ = scores.score_elsewhere(model)
    theirs = scores.score(model, metric="official")
    parameters, macs = cost(find_model(model).weights)
    return (
        label, f"{psnr:.3f}", f"{similarity:.4f}", f"{elsewhere:.3f}", f"{theirs[0]:.3f}",
        f"{theirs[1]:.4f}", f"{parameters / 1e6:.2f}", f"{macs / 1e9:.2f}",
        latencies.of(timed_as or model),
    )  # fmt: skip


def by_beta(runs: Sequence[TrainedRun], scores: ScoreCache) -> list[Table]:
    """The paper's three tables."""
    ours = {run.beta: run for run in main_runs(runs) if run.settings.preset == "paper"}
    both = Table(
        "Weight of the contrastive loss (the paper's table 1)",
        "Both inputs. Train columns are the training loop's own at the epoch of the best; the "
        "others are integer figures on the 30 pairs. The checkpoint is chosen on a development "
        "split of train.",
        (
            "beta", "paper PSNR", "paper SSIM", "train PSNR", "train SSIM", "PSNR", "SSIM",
            "best epoch", "steps",
        ),
        tuple(
            (
                f"{beta:g}",
                *cells(paper_scores.BOTH.get(beta)),
                *cells(ours[beta].train if beta in ours else None),
                *cells(scores.score(str(ours[beta].weights)) if beta in ours else None),
                *((f"{ours[beta].epoch:g}", str(ours[beta].steps)) if beta in ours else ("", "")),
            )
            for beta in paper_scores.BETAS
        ),
    )  # fmt: skip
    bilinear = "Bilinear interpolation, which no table of the paper has: {:.3f} dB, {:.4f}."
    return [
        both,
        _missing(
            "Visible missing (the paper's table 2)",
            "The thermal encoder alone. " + bilinear.format(*scores.score("bilinear")),
            "visible", ours, scores, paper_scores.VISIBLE_MISSING,
        ),
        _missing(
            "Thermal missing (the paper's table 3)",
            "The visible encoder alone: a relative picture, no measurement. The paper's best row: "
            "{:.3f} dB, {:.4f}.".format(*paper_scores.THERMAL_MISSING_BEST),
            "thermal", ours, scores, {},
        ),
    ]  # fmt: skip


def _missing(
    title: str,
    note: str,
    missing: str,
    ours: dict[float, TrainedRun],
    scores: ScoreCache,
    theirs: dict[float, Score],
) -> Table:
    rows = []
    for beta in paper_scores.BETAS:
        found = None
        if beta in ours:
            found = scores.score(str(ours[beta].weights), missing=missing)
        rows.append((f"{beta:g}", *cells(theirs.get(beta)), *cells(found)))
    for name in shipped():
        if name.endswith(":benchmark"):
            rows.append((name, "", "", *cells(scores.score(name, missing=missing))))
    columns = ("beta", "paper PSNR", "paper SSIM", "PSNR", "SSIM")
    return Table(title, note, columns, tuple(rows))


def claims(runs: Sequence[TrainedRun], scores: ScoreCache) -> Table:
    """MSE against MAE, Tanh against Sigmoid and ReLU: runs equal in all else."""
    paper = [run for run in runs if run.settings.preset == "paper"]
    changed = [
        run
        for run in paper
        if set(run.differences) & CLAIMS and set(run.differences) <= CLAIMS | {"loss.beta"}
    ]
    groups = {(run.group, run.beta) for run in changed}
    plain = [
        run
        for run in paper
        if not set(run.differences) & CLAIMS and (run.group, run.beta) in groups
    ]
    return _compared(
        "The paper's claims: MSE, Tanh",
        "Short runs, equal in seed, crops and steps: they show how training starts, not where it "
        "ends. The difference is to the paper's own choice.",
        plain, changed, scores,
    )  # fmt: skip


def ablation(runs: Sequence[TrainedRun], scores: ScoreCache) -> Table:
    """What each addition of `paper+` is worth: taken out one at a time."""
    plus = [run for run in runs if run.settings.preset == "paper+"]
    changed = [run for run in plus if run.differences]
    groups = {run.group[1:] for run in changed}
    plain = [run for run in plus if not run.differences and run.group[1:] in groups]
    before = [
        run
        for run in runs
        if run.settings.preset == "paper"
        and set(run.differences) <= {"loss.beta"}
        and run.group[1:] in groups
    ]
    return _compared(
        "What paper+ adds, taken out one at a time",
        "Short runs, equal in seed, crops and steps: how training starts, not where it ends. The "
        "difference is to paper+ as it is; the paper's own network at that budget stands last.",
        plain, [*changed, *before], scores,
    )  # fmt: skip


def _compared(
    title: str,
    note: str,
    plain: Sequence[TrainedRun],
    changed: Sequence[TrainedRun],
    scores: ScoreCache,
) -> Table:
    rows: list[tuple[str, ...]] = []
    for first in plain:
        reference, _ = scores.score(str(first.weights))
        for run in (first, *(r for r in changed if r.group[1:] == first.group[1:])):
            psnr, similarity = scores.score(str(run.weights))
            alone = scores.score(str(run.weights), missing="visible")
            difference = "" if run is first else f"{psnr - reference:+.3f}"
            rows.append(
                (run.label, f"{psnr:.3f}", f"{similarity:.4f}", difference, *cells(alone),
                 str(run.steps))
            )  # fmt: skip
    columns = (
        "run", "PSNR", "SSIM", "difference", "visible missing PSNR", "SSIM", "steps",
    )  # fmt: skip
    return Table(title, note, columns, tuple(rows))


def rounding(runs: Sequence[TrainedRun], scores: ScoreCache) -> Table:
    """Float against integer metrics, on one checkpoint."""
    rows: list[tuple[str, ...]] = []
    note = "The same pictures scored in four ways."
    for run in [run for run in main_runs(runs) if run.settings.preset == "paper"][-1:]:
        note = f"The pictures of `{run.name}`, scored in four ways."
        for words, score in scores.rounding(run.weights).items():
            rows.append((words, *cells((score[0], score[1]))))
        official = scores.score(str(run.weights), metric="official")
        rows.append(("as the official loop has it: [-1, 1], one PSNR a batch", *cells(official)))
    return Table("Float against integer metrics", note, ("metric", "PSNR", "SSIM"), tuple(rows))


def stress(runs: Sequence[TrainedRun], scores: ScoreCache) -> Table:
    """What the paper does not try: wrong guides, corrupted thermal pictures."""
    models = [("bilinear", "bilinear")]
    models += [(f"{r.settings.preset}, beta {r.beta:g}", str(r.weights)) for r in main_runs(runs)]
    models += [(name, name) for name in shipped() if name.endswith(":benchmark")]
    conditions: list[tuple[str, dict[str, str]]] = [("as given (shifted by 0)", {})]
    conditions += [(f"guide {_words(guide)}", {"guide": guide}) for guide in GUIDES]
    conditions += [(f"thermal {_words(thermal)}", {"thermal": thermal}) for thermal in THERMALS]
    rows = []
    for words, changes in conditions:
        cells = []
        for _, model in models:
            # Interpolation never sees the guide.
            own = {} if model == "bilinear" and "guide" in changes else changes
            cells.append("{:.2f} / {:.3f}".format(*scores.score(model, **own)))
        rows.append((words, *cells))
    return Table(
        "When an input is bad",
        "PSNR in dB / SSIM. Guides: of another scene, black, shifted to the right; thermal: "
        "Gaussian noise in levels, Gaussian blur in sensor pixels.",
        ("input", *(label for label, _ in models)),
        tuple(rows),
    )


def all_runs(runs: Sequence[TrainedRun]) -> Table:
    """How every figure above came to be."""
    rows = [
        (
            run.name, str(run.settings.seed), str(run.steps), str(run.step),
            f"{run.minutes / 60:.2f}", "yes" if run.complete else "no", f"`{run.command}`",
        )
        for run in runs
    ]  # fmt: skip
    return Table(
        "The runs",
        "Hours are time at work, pauses not counted. The checkpoint scored is that of the step "
        "with the best development figure.",
        ("run", "seed", "steps", "scored at", "hours", "complete", "command"),
        tuple(rows),
    )


def _words(fault: str) -> str:
    kind, _, amount = fault.partition(":")
    units = {"shifted": "px", "noise": "levels", "blur": "px"}
    return f"{kind} {amount} {units[kind]}" if amount else kind
