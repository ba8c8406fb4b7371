import re
from pathlib import Path

import msgspec
import pytest
import yaml
from typer.testing import CliRunner

from streamer.commands.app import app
from streamer.config.loading import ConfigError, commented_defaults, load_config
from streamer.config.schema import Config
from tests.support.paths import ROOT

FILE = ROOT / "config.yaml"


def test_the_shipped_file_says_the_defaults() -> None:
    assert yaml.safe_load(FILE.read_text()) == msgspec.json.decode(msgspec.json.encode(Config()))


def test_the_packaged_defaults_are_the_shipped_file() -> None:
    assert commented_defaults() == FILE.read_text(encoding="utf-8")


def test_what_the_command_prints_is_a_configuration(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["config"])
    assert done.exit_code == 0
    assert done.stdout == commented_defaults()
    file = tmp_path / "mine.yaml"
    file.write_text(done.stdout, encoding="utf-8")
    assert load_config(file) == Config()


def test_every_key_of_the_shipped_file_has_its_sentence() -> None:
    for line in FILE.read_text().splitlines():
        if re.match(r"\s+\w+: \S", line):
            assert re.search(r"\S\s+# \w{2}", line) or "# " in line, line


def test_a_file_names_only_what_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("health: {lost_ms: 2000}\n")
    config = load_config(file, ["health.recover_frames=5", "capture.visible.source=/dev/video2"])
    assert config.health.lost_ms == 2000
    assert config.health.recover_frames == 5
    assert config.health.late_periods == Config().health.late_periods
    assert config.capture.visible.source == "/dev/video2"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pairing: {max_wait: 3}", "pairing.max_wait; did you mean pairing.max_wait_ms?"),
        ("inference: {ring_s: 1}", "inference.ring_s; did you mean pairing.ring_s?"),
        ("vewer: {}", "vewer; did you mean viewer?"),
        ("zzz: 1", "zzz; sections are transport"),
        ("health: {lost_ms: soon}", "health.lost_ms: expected `float`, got `str`; 'soon' came"),
        ("health: {lost_ms: -3}", "health.lost_ms: expected `float` > 0.0; -3 came"),
        ("capture: {thermal: {bin: 0}}", "capture.thermal.bin: expected `int` >= 1; 0 came"),
        ("transport: {kind: udp}", "transport.kind: invalid enum value 'udp'"),
        ("measuring: {tools: [{kind: star}]}", "measuring.tools[0].kind: invalid value 'star'"),
        ("measuring: {tools: [{kind: box, name: a, points: [[0, 0]]}]}", "2 points wanted, 1 came"),
        (
            "measuring: {tools: [{kind: spot, name: a, points: [[0, 0]], color: red}]}",
            "unknown key measuring.tools[0].color; one of kind, name, points",
        ),
        ("measuring: {parameters: {emisivity: 1}}", "did you mean measuring.parameters.emissivity"),
        ("measuring: {reference: x}", "the name of a tool wanted, 'x' came"),
        ("capture: 3", "capture is a section of keys, 3 came"),
        ("[1, 2]", "sections of keys wanted, list came"),
        ("a: [", "is not YAML"),
    ],
)
def test_a_mistake_is_one_line_with_the_path(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=re.escape(words)):
        load_config(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere.yaml: No such file"):
        load_config(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize("override", ["lost_ms", "=3", "health.lost_ms=[", "health.lost_ms.x=1"])
def test_an_override_that_is_none_is_refused(override: str) -> None:
    with pytest.raises(ConfigError):
        load_config(None, [override])


@pytest.mark.parametrize("host", ["0.0.0.0", "eth0", "*", "192.168.1.7", "::", "example.org", ""])
def test_a_host_that_others_can_reach_is_refused(host: str) -> None:
    wanted = "transport.host: an address of this host alone (127.0.0.1, or localhost) wanted"
    with pytest.raises(ConfigError, match=f"^{re.escape(f'{wanted}; {host!r} came')}$"):
        load_config(None, ["transport.kind=tcp", f"transport.host='{host}'"])


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost"])
def test_a_host_of_its_own_is_taken(host: str) -> None:
    assert (
        load_config(None, ["transport.kind=tcp", f"transport.host={host}"]).transport.host == host
    )


def test_a_host_that_is_not_used_is_not_looked_at() -> None:
    assert load_config(None, ["transport.host=0.0.0.0"]).transport.kind == "ipc"
