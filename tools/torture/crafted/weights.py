"""Checkpoints and tables of int8 ranges that are damaged or lie."""

import json
import shutil
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from models import PredictorSettings, build_predictor
from models.checkpoint import read_facts, stride_of
from models.engines.graphs.quantization import read_table, table_path
from tests.support.mutations import mutated
from tools.torture.crafted.damage import draw_steps
from tools.torture.crafted.subject import Words
from tools.torture.runs.site import ROOT

_TINY = ROOT / "tests" / "data" / "0.1" / "models" / "tiny.safetensors"
_ODD: tuple[Any, ...] = (None, "", "[", "{}", "nan", -1, 0, 2**40, 1e300, [], {}, [[]], "x" * 500)
_BUILT = 12  # one of so many is built into an engine, where it can be read at all


class Checkpoints:
    """Weights: damaged files, and headers that say something else."""

    name = "checkpoints"
    batch = 400

    def prepare(self, folder: Path) -> None:
        """A small one."""
        self._good = _TINY.read_bytes()
        self._length = int.from_bytes(self._good[:8], "little")

    def craft(self, random: Random, folder: Path) -> tuple[Path, bool]:
        """One, and whether it is to be built."""
        path = folder / "crafted.safetensors"
        if random.random() < 0.5:
            path.write_bytes(mutated(self._good, draw_steps(random, len(self._good))))
        else:
            path.write_bytes(self._with_another_header(random))
        return path, random.randrange(_BUILT) == 0

    def read(self, case: tuple[Path, bool]) -> None:
        """Its facts, and now and then the network."""
        path, built = case
        read_facts(path)
        stride_of(path)
        if built:
            _predict(path, "f32")

    def commands(self, case: tuple[Path, bool], folder: Path) -> list[Words]:
        """A live run with it."""
        return [_live(case[0], "f32")]

    def _with_another_header(self, random: Random) -> bytes:
        header = json.loads(self._good[8 : 8 + self._length])
        for _ in range(random.randint(1, 3)):
            _change(random, header)
        text = json.dumps(header).encode()
        return len(text).to_bytes(8, "little") + text + self._good[8 + self._length :]


class Tables:
    """Tables of int8 ranges beside good weights."""

    name = "int8 tables"
    batch = 600

    def prepare(self, folder: Path) -> None:
        """A small one."""
        self._good = table_path(_TINY).read_bytes()

    def craft(self, random: Random, folder: Path) -> tuple[Path, bool]:
        """The weights beside it, and whether they are to be built."""
        weights = folder / "crafted.safetensors"
        shutil.copyfile(_TINY, weights)
        data = self._good
        if random.random() < 0.5:
            data = mutated(data, draw_steps(random, len(data)))
        else:
            table = json.loads(data)
            _change(random, table)
            ranges = table.get("ranges")
            if isinstance(ranges, dict) and ranges:
                odd = random.choice((0.0, -1.0, 1e300, -1e300, 1e-300))
                ranges[random.choice(list(ranges))] = [odd, random.choice((odd, 0.0, 1.0))]
            data = json.dumps(table).encode()
        table_path(weights).write_bytes(data)
        return weights, random.randrange(_BUILT) == 0

    def read(self, case: tuple[Path, bool]) -> None:
        """The table, and now and then the network in int8."""
        weights, built = case
        read_table(table_path(weights))
        if built:
            _predict(weights, "int8")

    def commands(self, case: tuple[Path, bool], folder: Path) -> list[Words]:
        """A live run with it."""
        return [_live(case[0], "int8")]


def _change(random: Random, tree: dict[str, Any]) -> None:
    """Another value somewhere, or a key less or more."""
    while True:
        key = random.choice(list(tree)) if tree else "new"
        value = tree.get(key)
        if isinstance(value, dict) and value and random.random() < 0.8:
            tree = value
            continue
        break
    if random.random() < 0.2:
        tree.pop(key, None)
    elif isinstance(value, str) and value.startswith("{") and random.random() < 0.7:
        inner = json.loads(value)
        _change(random, inner)
        tree[key] = json.dumps(inner)
    else:
        tree[random.choice((key, key, "new"))] = random.choice(_ODD)


def _predict(weights: Path, precision: str) -> None:
    settings = PredictorSettings(
        model=str(weights), engine="openvino", precision=precision, threads=1
    )
    predictor = build_predictor(settings)
    rng = np.random.default_rng(0)
    predictor.warm_up((12, 16), (48, 64), (48, 64))
    thermal = rng.integers(29000, 31000, (12, 16), np.uint16)
    predictor.predict(thermal, rng.integers(0, 256, (48, 64, 3), np.uint8))


def _live(weights: Path, precision: str) -> Words:
    model = ["--model", str(weights), "--engine", "openvino", "--precision", precision]
    sizes = ("visible.width=160", "visible.height=120", "thermal.width=20", "thermal.height=15")
    small = [word for one in sizes for word in ("--set", f"capture.{one}")]
    return ["live", "--headless", *model, *small, "--frames", "3"]
