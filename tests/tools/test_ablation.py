import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from typer.testing import CliRunner

from streamer.commands.app import app
from tests.support.scenes import write_folder
from tests.support.training import small_run
from tools import ablation
from tools.ablation import PLAN, Plan, table

pytest.importorskip("torch", reason="PyTorch is not installed")

RUNS = {"plain": "", "cutblur": "--set recipe.composites.cutblur=1"}


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    write_folder(tmp_path / "my data" / "pairs", 3, 96, 96)
    words = small_run(Path("{data}/pairs"), Path("?"), 1)
    train = " ".join([*words[1 : words.index("--output")], *words[words.index("--output") + 2 :]])
    scored = "--data {data}/pairs --engine openvino --precision f32"
    scores = {"own": scored, "alone": f"{scored} --missing visible"}
    return Plan(train, RUNS, scores)


def trained_before(output: Path, name: str) -> None:
    """What a run leaves that was finished before the plan was cut."""
    from models import checkpoint
    from models.networks.realtime import RealtimeConfig, RealtimeNet

    (output / name).mkdir(parents=True)
    net = RealtimeNet(RealtimeConfig((16, 16, 32), (1, 1, 1), (0, 1, 1), (1, 1, 1)))
    checkpoint.save(output / name / "last.safetensors", net, "sensor", {})
    (output / f"{name}.trained").touch()


def arguments_of(plan: Plan, folder: Path) -> list[str]:
    (folder / "plan.json").write_bytes(msgspec.json.encode(plan))
    options = {"plan": "plan.json", "data": "my data", "output": "out"}
    return [word for name, place in options.items() for word in (f"--{name}", f"{folder}/{place}")]


def ablated(plan: Plan, folder: Path) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "tools.ablation", *arguments_of(plan, folder)]
    return subprocess.run(line, capture_output=True, text=True, check=False)


@pytest.fixture
def ablated_here(monkeypatch, capsys) -> Callable[[Plan, Path], list[str]]:
    """The same in this process, its commands as well: each would read torch or OpenVINO anew.

    Returns the lines that were printed. The test of a run that fails has processes.
    """

    def run(line: list[str], *, check: bool) -> None:
        assert (line[:3], check) == ([sys.executable, "-m", "streamer"], True)
        done = CliRunner().invoke(app, line[3:], catch_exceptions=False)
        assert done.exit_code == 0, done.output

    in_place = SimpleNamespace(run=run, CalledProcessError=subprocess.CalledProcessError)
    monkeypatch.setattr(ablation, "subprocess", in_place)

    def ablated(plan: Plan, folder: Path) -> list[str]:
        monkeypatch.setattr(sys, "argv", ["ablation", *arguments_of(plan, folder)])
        assert ablation.main() == 0
        return capsys.readouterr().out.splitlines()

    return ablated


def test_every_run_is_scored_against_the_first_and_nothing_is_done_twice(
    plan, tmp_path, ablated_here
):
    trained_before(tmp_path / "out", "plain")
    head, line, plain, cutblur = ablated_here(plan, tmp_path)[-4:]
    assert (head, line) == ("|  | own | alone |", "| --- | --- | --- |")
    assert re.fullmatch(r"\| plain \| \d+\.\d{3} \| \d+\.\d{3} \|", plain)
    assert re.fullmatch(r"\| cutblur \| [+-]\d+\.\d{3} \| [+-]\d+\.\d{3} \|", cutblur)
    assert not (tmp_path / "out" / "plain" / "settings.json").exists(), "it was finished"
    settings = msgspec.json.decode((tmp_path / "out" / "cutblur" / "settings.json").read_bytes())
    assert settings["recipe"]["composites"]["cutblur"] == 1
    made = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    assert ablated_here(plan, tmp_path) == [head, line, plain, cutblur]
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")} == made


def test_what_is_not_there_yet_is_left_blank(plan, tmp_path):
    (tmp_path / "plain.own.json").write_text('{"psnr_db": 27.5, "ssim": 0.8}')
    assert table(plan, tmp_path).splitlines()[2:] == ["| plain | 27.500 |  |", "| cutblur |  |  |"]


def test_a_run_that_fails_ends_it(plan, tmp_path):
    bad = msgspec.structs.replace(plan, runs={"bad": "--set recipe.noisy=2"})
    ended = ablated(bad, tmp_path)
    assert ended.returncode == 2
    assert "recipe: noisy: wanted 0..1, got 2" in ended.stderr


def test_a_plan_that_is_none_is_said_in_one_line(tmp_path):
    (tmp_path / "none.json").write_text("{")
    line = [sys.executable, "-m", "tools.ablation", "--plan", str(tmp_path / "none.json")]
    line += ["--data", str(tmp_path), "--output", str(tmp_path / "out")]
    ended = subprocess.run(line, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"{tmp_path}/none.json: ")
    assert ended.stderr.count("\n") == 1


def test_the_model_cards_plan_changes_one_thing_a_run():
    plan = msgspec.json.decode(PLAN.read_bytes(), type=Plan)
    assert next(iter(plan.runs.values())) == ""
    assert len(set(plan.runs.values())) == len(plan.runs)
    assert all("--split dev" in words for words in plan.scores.values())
    assert "val" not in re.split(r"[\s/]", " ".join([plan.train, *plan.runs.values()]))
