"""Which switch of training is worth what: `python -m tools.ablation --data D --output DIR`.

Trains short runs that differ in one switch each, one after another, scores each, and prints a
table: of the first run the PSNR in dB, of the others what they differ by. A run or figure that is
finished is kept: the same command goes on where it was cut, and prints the table of what is there.
"""

import argparse
import shlex
import subprocess
import sys
from pathlib import Path

import msgspec

PLAN = Path(__file__).with_suffix(".json")
"""The plan of the model card's table."""


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is run: words of command lines, in which `{data}` stands for the folder of all data.

    Attributes:
        train: of every run, after `corefusion train`.
        runs: name -> what one run has besides; the first is what the others are held against.
        scores: name -> what is measured, after `corefusion evaluate`.
    """

    train: str
    runs: dict[str, str]
    scores: dict[str, str]


class _Scored(msgspec.Struct):
    psnr_db: float


def ablate(plan: Plan, data: Path, output: Path) -> None:
    """Train and score what is not there yet.

    Raises:
        subprocess.CalledProcessError: where a command fails; it has said why.
    """
    output.mkdir(parents=True, exist_ok=True)
    for name, switches in plan.runs.items():
        run = output / name
        done = output / f"{name}.trained"
        if not done.exists():
            more = "--resume" if (run / "state.pt").exists() else ""
            _corefusion("train", data, f"{plan.train} {switches} {more}", "--output", run)
            done.touch()
        for score, words in plan.scores.items():
            report = _report(output, name, score)
            if not report.exists():
                weights = run / "last.safetensors"
                _corefusion("evaluate", data, words, "--report", report, "--model", weights)


def table(plan: Plan, output: Path) -> str:
    """The figures that are there, as Markdown."""
    rows = [["", *plan.scores], ["---"] * (len(plan.scores) + 1)]
    first = next(iter(plan.runs))
    for name in plan.runs:
        row = [name]
        for score in plan.scores:
            scored, base = (_psnr_db(_report(output, run, score)) for run in (name, first))
            if scored is None or base is None:
                row.append("")
            else:
                row.append(f"{scored:.3f}" if name == first else f"{scored - base:+.3f}")
        rows.append(row)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _corefusion(command: str, data: Path, words: str, *more: str | Path) -> None:
    there = [word.replace("{data}", str(data)) for word in shlex.split(words)]
    line = [sys.executable, "-m", "streamer", command, *there, *map(str, more)]
    subprocess.run(line, check=True)


def _report(output: Path, run: str, score: str) -> Path:
    return output / f"{run}.{score}.json"


def _psnr_db(report: Path) -> float | None:
    if not report.exists():
        return None
    return msgspec.json.decode(report.read_bytes(), type=_Scored).psnr_db


def main() -> int:
    """Runs the plan and prints its table; returns the exit code."""
    parser = argparse.ArgumentParser(prog="tools.ablation", description=__doc__.splitlines()[0])
    parser.add_argument("--plan", type=Path, default=PLAN, help="what is run, as JSON")
    parser.add_argument("--data", type=Path, required=True, help="folder of the data folders")
    parser.add_argument("--output", type=Path, required=True, help="folder of runs and figures")
    asked = parser.parse_args()
    try:
        plan = msgspec.json.decode(asked.plan.read_bytes(), type=Plan)
        ablate(plan, asked.data, asked.output)
    except (OSError, msgspec.DecodeError) as error:
        print(f"{asked.plan}: {error}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        return error.returncode
    print(table(plan, asked.output))
    return 0


if __name__ == "__main__":
    sys.exit(main())
