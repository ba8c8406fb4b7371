"""Configurations and options that nobody means well: refused, in one short line."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import msgspec
import pytest
from typer.testing import CliRunner

from streamer.commands.app import app
from streamer.config.loading import MAX_BYTES, ConfigError, load_config
from streamer.config.recording import RecordSettings, RecordSettingsError
from streamer.config.schema import Config
from streamer.faults.injection import InjectionError, parse_injection
from streamer.recorder.selection.triggers import parse_trigger
from streamer.recording import RecordingError
from tests.support.recordings import recorded

NINES = "9" * 400


def floats_of(tree: type, prefix: str = "") -> Iterator[str]:
    for field in msgspec.structs.fields(tree):
        kind: Any = field.type
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        if kind is float:
            yield f"{prefix}{field.name}"
        elif isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            yield from floats_of(kind, f"{prefix}{field.name}.")


FLOATS = list(floats_of(Config))


def test_there_are_floats_to_try() -> None:
    assert {"health.lost_ms", "capture.thermal.offset_k", "supervision.hang_s"} <= set(FLOATS)


@pytest.mark.parametrize("value", [".inf", "-.inf", ".nan", NINES, "1.0e+300"])
@pytest.mark.parametrize("key", FLOATS)
def test_every_number_is_finite_and_of_a_sane_size(key: str, value: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(key)) as refused:
        load_config(None, [f"{key}={value}"])
    assert len(str(refused.value)) < 300


HOSTILE = {
    "flow nesting": ("a: " + "[" * 5000, "nested deeper than 16"),
    "block nesting": ("- " * 5000 + "a", "nested deeper than 16"),
    "a date": ("viewer: {plot_s: 2020-02-31}", "viewer.plot_s: expected `float`"),
    "a long integer": (f"viewer: {{plot_s: {'9' * 5000}}}", "a number of 5000 characters"),
    "a long hex number": (f"viewer: {{plot_s: 0x{'f' * 5000}}}", "a number of 5002 characters"),
    "a surrogate": ('viewer: {palette: "\\ud800"}', "lone surrogate"),
    "a surrogate as a key": ('"\\ud800": 1', "lone surrogate"),
    "no character": ('viewer: {palette: "\\U00110000"}', ""),
    "a key twice": ("health: {lost_ms: 1, lost_ms: 2}", "line 1, column 22: the key lost_ms"),
    "a section twice": ("health: {}\nhealth: {}", "line 2, column 1: the key health stands twice"),
    "a long value": (f"transport: {{kind: {'u' * 100_000}}}", "transport.kind: invalid enum"),
    "a long section": (f"health: {'u' * 100_000}", "health is a section of keys"),
    "a long key": (f"{'k' * 900}: 1", "unknown key kkk"),
    "a tag": ("a: !!python/name:os.system", "line 1, column 4"),
    "control characters": ("a: \x07", "special characters are not allowed"),
    "unclosed": ("a: [1,\n  2,\n", "line 3, column 1"),
    "an anchor of itself": ("health: &a [*a]", "health is a section of keys"),
    "a key of a list": ("? [a]\n: 1", "unhashable"),
    "too large": ("#" * (MAX_BYTES + 1), "256 KiB at most"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_one_short_line(tmp_path: Path, name: str) -> None:
    text, words = HOSTILE[name]
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    with pytest.raises(ConfigError) as refused:
        load_config(file)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 500 + len(str(file))


@pytest.mark.parametrize(
    "override",
    [
        "viewer.plot_s=" + "[" * 5000,
        "viewer.plot_s=2020-02-31",
        'viewer.palette="\\ud800"',
        f"viewer.plot_s={'9' * 5000}",
        "viewer.plot_s=[\n1,\n",
        f"{'a.' * 2000}b=1",
        f"x={'u' * 100_000}",
        "u" * 100_000,
    ],
)
def test_a_hostile_override_is_one_short_line(override: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load_config(None, [override])
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 500


def test_a_file_without_end_is_refused() -> None:
    with pytest.raises(ConfigError, match="256 KiB at most"):
        load_config(Path("/dev/zero"))


@pytest.mark.parametrize(
    "spec", [f"drop:visible@1-{NINES}", f"delay:visible={NINES}ms@0-1", f"ffc:thermal@{NINES}"]
)
def test_an_injection_of_endless_length_is_refused(spec: str) -> None:
    with pytest.raises(InjectionError) as refused:
        parse_injection(spec, 0.6)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("option", ["segment", "before", "after", "every"])
def test_a_length_of_four_hundred_digits_is_refused(tmp_path: Path, option: str) -> None:
    amounts: dict[str, Any] = {"segment": None, "before": "0s", "after": "1s", "every": None}
    with pytest.raises(RecordSettingsError, match="at most wanted"):
        RecordSettings.ordered(
            tmp_path / "a.mcap",
            streams="sr",
            when=[],
            **{**amounts, option: f"{NINES}s"},
        )


def test_a_list_of_streams_without_end_is_refused_in_a_short_line(tmp_path: Path) -> None:
    with pytest.raises(RecordSettingsError) as refused:
        RecordSettings.ordered(
            tmp_path / "a.mcap",
            streams=f"visible{NINES},thermal",
            segment=None,
            when=[],
            before="0s",
            after="1s",
        )
    assert len(str(refused.value)) < 200


def test_a_trigger_without_end_is_refused_in_a_short_line() -> None:
    with pytest.raises(RecordingError) as refused:
        parse_trigger(f"max_celsius > 60 {NINES}")
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("value", ["nan", "inf"])
@pytest.mark.parametrize(
    "words",
    [
        ["live", "--headless", "--duration"],
        ["replay", "{}", "--rate"],
        ["replay", "{}", "--start"],
        ["replay", "{}", "--end"],
        ["export", "{}", "--to", "csv", "--start"],
        ["export", "{}", "--to", "csv", "--end"],
        ["bench", "--duration"],
    ],
    ids=" ".join,
)
def test_a_number_of_the_command_line_is_finite(
    tmp_path: Path, words: list[str], value: str
) -> None:
    good = recorded(tmp_path / "a.mcap", 3)
    done = CliRunner().invoke(app, [word.format(good) for word in words] + [value])
    assert done.exit_code == 2, done.output
    assert list(tmp_path.iterdir()) == [good]
