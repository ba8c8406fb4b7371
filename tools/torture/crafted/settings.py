"""Configurations, `--set`, and the small languages of other options."""

from datetime import date
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import msgspec
import yaml

from streamer.config.loading import commented_defaults, load_config
from streamer.config.recording import RecordSettings
from streamer.config.schema import Config
from streamer.faults.injection import parse_injection
from streamer.recorder.selection.triggers import parse_trigger
from tests.support.mutations import mutated
from tools.torture.crafted.damage import draw_steps
from tools.torture.crafted.subject import Words

_NUMBERS = ("0", "-1", "1", "2", "8", "0.5", "100", "1e9", "1.0e+300", ".inf", "-.inf", ".nan")
_TEXTS = ("", "''", "null", "true", "[]", "{}", "[1, 2]", "{a: 1}", "2020-02-31", "2020-01-01")
_ODD = (
    "\\ud800",
    '"\\ud800"',
    "\x07",
    "é漢",
    "[/b]",
    "\x1b[31m",
    "*a",
    "&a [*a]",
    "!!python/x",
    "%",
)
_INSERTED = (*"0123456789.-@=:> ", "9" * 400, "nan", "e308", "٣", "²", "\n", "\x1b")
_SIDE = 320  # pixels of what the real command is to run with
_SAFE = (
    *(f"capture.{one}.{side}={_SIDE}" for one in ("visible", "thermal") for side in ("width",)),
    *(f"capture.{one}.height={_SIDE}" for one in ("visible", "thermal")),
    *(f"inference.canvas_{side}={_SIDE}" for side in ("width", "height")),
    *("inference.threads=1", "inference.model=bilinear", "transport.kind=ipc"),
    *("capture.visible.source=sim", "capture.thermal.source=sim", "capture.thermal.bin=1"),
)


class Case(NamedTuple):
    """A file, or none, and overrides."""

    file: Path | None
    overrides: list[str]


class Configurations:
    """Files for `--config`, and `--set`."""

    name = "configurations"
    batch = 250

    def prepare(self, folder: Path) -> None:
        """The keys that there are."""
        self._keys = list(_leaves(msgspec.to_builtins(Config())))
        self._defaults = commented_defaults().encode()

    def craft(self, random: Random, folder: Path) -> Case:
        """Odd values, damaged text, both, or a deep nest."""
        file = folder / "mine.yaml"
        overrides: list[str] = []
        match random.randrange(4):
            case 0:
                file.write_bytes(mutated(self._defaults, draw_steps(random, 2000)))
            case 1:
                tree: dict[str, Any] = {}
                for _ in range(random.randint(1, 6)):
                    _put(tree, random.choice(self._keys), _value(random))
                file.write_text(yaml.safe_dump(tree, allow_unicode=True), "utf-8", "replace")
            case 2:
                deep = random.choice(("[", "- ", "{a: ", "a:\n "))
                file.write_text(deep * random.choice((3, 15, 17, 5000)))
            case _:
                overrides = [self._override(random) for _ in range(random.randint(1, 4))]
                return Case(None, overrides)
        return Case(file, [self._override(random)] if random.random() < 0.2 else [])

    def read(self, case: Case) -> None:
        """As every command does."""
        load_config(case.file, case.overrides)

    def commands(self, case: Case, folder: Path) -> list[Words]:
        """A short live run with it, of a size that the host can bear."""
        config = [] if case.file is None else ["--config", str(case.file)]
        changes = [word for one in (*case.overrides, *_SAFE) for word in ("--set", one)]
        return [["live", "--headless", *config, *changes, "--frames", "3"]]

    def _override(self, random: Random) -> str:
        key = random.choice(self._keys)
        text = f"{key}={random.choice((*_NUMBERS, *_TEXTS, *_ODD))}"
        if random.random() < 0.3:
            data = mutated(text.encode("utf-8", "replace"), draw_steps(random, len(text)))
            text = data.decode("utf-8", "replace").replace("\0", "")
        return text


class Options:
    """`--inject`, `--trigger`, `--segment`, `--interval` and their like."""

    name = "options"
    batch = 4000
    _good = (
        ("inject", "drop:visible@2-4"),
        ("inject", "delay:visible=80ms@2-6"),
        ("inject", "kill:capture.visible@3"),
        ("inject", "ffc:thermal@5"),
        ("trigger", "max_celsius > 60"),
        ("trigger", "mode"),
        ("segment", "10min"),
        ("pre-trigger", "10s"),
        ("interval", "0.3s"),
        ("streams", "visible,thermal"),
    )

    def prepare(self, folder: Path) -> None:
        """Nothing is needed."""

    def craft(self, random: Random, folder: Path) -> tuple[str, str]:
        """A good one, damaged or with another number."""
        option, text = random.choice(self._good)
        for _ in range(random.randint(1, 3)):
            at = random.randrange(len(text) + 1)
            odd = random.choice(
                (*"0123456789.-@=:> ", "9" * 400, "nan", "e308", "٣", "²", "\n", "\x1b")
            )
            text = text[:at] + odd + text[at + random.randrange(3) :]
        return option, text

    def read(self, case: tuple[str, str]) -> None:
        """As `live` and `record` do."""
        option, text = case
        if option == "inject":
            parse_injection(text, 0.6)
            return
        if option == "trigger":
            parse_trigger(text)
            return
        given: dict[str, Any] = {
            "streams": "visible,thermal,truth,sr",
            "segment": None,
            "before": "0s",
            "after": "10s",
            "every": None,
        }
        key = {"pre-trigger": "before", "interval": "every"}.get(option, option)
        RecordSettings.ordered(Path("a.mcap"), when=[], **{**given, key: text})

    def commands(self, case: tuple[str, str], folder: Path) -> list[Words]:
        """A short recording with it."""
        option, text = case
        words = ["record", "--set", "inference.model=bilinear", "--frames", "2"]
        return [[*words, f"--{option}={text}", "--output", str(folder / "a.mcap")]]


def _leaves(tree: dict[str, Any], prefix: str = "") -> "list[str]":
    found = []
    for key, value in tree.items():
        if isinstance(value, dict):
            found += _leaves(value, f"{prefix}{key}.")
        else:
            found.append(f"{prefix}{key}")
    return found


def _put(tree: dict[str, Any], key: str, value: Any) -> None:
    *sections, last = key.split(".")
    for section in sections:
        tree = tree.setdefault(section, {})
    tree[last] = value


def _value(random: Random) -> Any:
    return random.choice(
        [
            *(0, -1, 1, 7, 10**6, 2**63, 10**400, -0.0, 1e-9, 0.5, 1e300),
            *(float("inf"), float("nan"), True, None, "", "x" * 300, "é漢", "\x1b[31m", [], {}),
            *([1], {"a": {"b": 1}}, date(2020, 2, 29)),
        ]
    )
