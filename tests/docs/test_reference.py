"""The pages of docs/reference that are made from the code are what the code makes of them now."""

from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from models import PredictorSettings
from models.evaluation.benchmark import bench
from models.evaluation.evaluate import EvaluateSettings, evaluate
from models.registry import FILES, SETS, WEIGHTS, Terms
from streamer.config.loading import load_config
from streamer.config.schema import Config
from tools.reference import cli, config, source
from tools.reference.pages import FOLDER, PAGES
from tools.reference.report import BENCH_ROW, EVALUATE
from tools.reference.weights import README


@pytest.mark.parametrize("name", list(PAGES))
def test_a_page_is_what_the_code_says(name: str) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), f"docs/reference/{name} is out of date: make reference"


def test_the_page_beside_the_weights_is_the_same() -> None:
    assert README.read_text(encoding="utf-8") == PAGES["weights.md"](), "make reference"


def test_every_file_of_weights_has_its_terms() -> None:
    stems = {known.stem for known in SETS}
    assert stems == set(FILES.values())
    assert {path.stem for path in WEIGHTS.glob("*.safetensors")} <= stems
    for known in SETS:
        stated = all("none stated" not in one.terms for one in known.trained_on)
        assert (known.terms is Terms.ANY) <= stated, known.stem


def test_every_key_of_the_configuration_is_told_with_its_meaning() -> None:
    told = {key.path: key.meaning for key in config.commented_keys()}
    for path, meaning in told.items():
        load_config(None, [f"{path}={msgspec.json.encode(_default(path)).decode()}"])
        assert meaning, path
        assert meaning != "as above", path
    assert len(told) == sum(1 for _ in _leaves(msgspec.to_builtins(Config())))


def test_options_are_told_as_they_are_declared() -> None:
    (live,) = (one for one in cli.commands() if one.name == "live")
    told = {one.name: one for one in live.parameters}
    assert told["--set"].value == "KEY=VALUE"
    assert told["--headless"].value == ""
    assert "1 to 64" in told["--thermal-bin"].meaning
    assert all(one.meaning for command in cli.commands() for one in command.parameters)


class Told(msgspec.Struct):
    """A struct.

    It has two lines.

    Attributes:
        one: the first,
            in two lines.
        two: the second.
    """

    one: int
    two: "str | msgspec.UnsetType" = msgspec.UNSET
    three: dict[str, tuple[int, ...]] = {}
    four: float = 2.0


class Lying(msgspec.Struct):
    """A struct.

    Attributes:
        gone: a field that was renamed.
    """

    here: int


def test_a_struct_is_told_as_its_source_has_it() -> None:
    assert source.described(Told) == "A struct.\n\nIt has two lines."
    assert source.fields(Told) == [
        source.Field("one", "int", "", "the first, in two lines"),
        source.Field("two", '"str"', "absent", "the second"),
        source.Field("three", "dict[str, tuple[int, ...]]", "{}", ""),
        source.Field("four", "float", "2.0", ""),
    ]


def test_a_docstring_that_tells_of_another_field_is_a_failure() -> None:
    with pytest.raises(ValueError, match="Lying: its docstring tells of gone"):
        source.fields(Lying)


def test_evaluate_reports_what_is_told(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for name in ("visible", "thermal"):
        (tmp_path / name).mkdir()
        picture = cv2.resize(rng.integers(0, 255, (8, 8), dtype=np.uint8), (64, 64))
        assert cv2.imwrite(str(tmp_path / name / "a.png"), picture)
    told = evaluate(EvaluateSettings(data=tmp_path, model="bilinear"))
    assert list(told) == [entry.key for entry in EVALUATE]


def test_bench_reports_what_is_told() -> None:
    told = bench(PredictorSettings(model="bilinear"), frames=1)
    assert list(told) == ["host", "rows"]
    assert set(told["rows"][0]) == {entry.key for entry in BENCH_ROW}


def _default(path: str) -> object:
    value: object = msgspec.to_builtins(Config())
    for part in path.split("."):
        assert isinstance(value, dict)
        value = value[part]
    return value


def _leaves(tree: dict[str, object]):
    for value in tree.values():
        if isinstance(value, dict):
            yield from _leaves(value)
        else:
            yield value
