"""Rigs: files over one configuration, and what each may not differ in."""

from pathlib import Path

import pytest

from streamer.config.loading import ConfigError
from streamer.config.rigs import configured_rigs, load_rigs


def _file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_a_rig_lies_between_the_configuration_and_the_overrides(tmp_path: Path) -> None:
    shared = _file(tmp_path, "shared.yaml", "capture: {thermal: {rate_hz: 25, width: 40}}")
    roof = _file(tmp_path, "a.yaml", "name: roof\ncapture: {thermal: {rate_hz: 9}}")
    yard = _file(tmp_path, "yard.yaml", "")

    one, other = load_rigs([roof, yard], shared, ["inference.model=bilinear"])

    assert (one.name, other.name) == ("roof", "yard")
    thermal = one.config.capture.thermal
    assert (thermal.rate_hz, thermal.width) == (9, 40)
    assert other.config.capture.thermal.rate_hz == 25
    assert one.config.inference.model == other.config.inference.model == "bilinear"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("captur: {}", "unknown key captur"),
        ("capture: {thermal: {rate_hz: fast}}", "capture.thermal.rate_hz: expected `float`"),
        ("capture: 3", "capture is a section of keys, 3 came"),
        ("name: ../up", "name: 1 to 32 letters, digits, - and _ wanted; '../up' came"),
        ("name: 3", "name: 1 to 32 letters, digits, - and _ wanted; 3 came"),
        ("name: FIRST", "name: FIRST is another rig's already"),
        ("inference: {threads: 7}", "inference.threads: 0 wanted as of first"),
        ("viewer: {theme: light}", "viewer.theme: 'dark' wanted as of first, since one window"),
        ("rigs: [a.yaml]", "rigs: keys of one rig wanted"),
        ("- a", "sections of keys wanted, list came"),
        ("a: [", "is not YAML"),
    ],
)
def test_what_is_wrong_names_the_file_and_the_key(tmp_path: Path, text: str, words: str) -> None:
    first = _file(tmp_path, "first.yaml", "")
    second = _file(tmp_path, "second.yaml", text)

    with pytest.raises(ConfigError) as error:
        load_rigs([first, second])

    assert str(second) in str(error.value)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"rig .*gone\.yaml: No such file"):
        load_rigs([tmp_path / "gone.yaml"])


def test_what_no_engine_depends_on_is_each_rigs_own(tmp_path: Path) -> None:
    first = _file(tmp_path, "first.yaml", "")
    second = _file(tmp_path, "second.yaml", "inference: {max_age_ms: 77}")

    one, other = load_rigs([first, second])

    assert one.config.inference.max_age_ms != other.config.inference.max_age_ms == 77


def test_ports_of_tcp_rigs_do_not_meet(tmp_path: Path) -> None:
    files = [_file(tmp_path, f"{name}.yaml", "transport: {kind: tcp}") for name in "abc"]

    ports = [rig.config.transport.port for rig in load_rigs(files)]

    assert [port - ports[0] for port in ports] == [0, 16, 32]


def test_a_configuration_names_rigs_by_file_or_by_their_keys(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    roof = _file(folder, "roof.yaml", "capture: {thermal: {rate_hz: 9}}")
    shared = _file(
        folder,
        "shared.yaml",
        "rigs: [roof.yaml, {name: yard, capture: {thermal: {rate_hz: 25}}}]\n"
        "inference: {model: bilinear}",
    )

    entries = configured_rigs(shared)
    rigs = load_rigs(entries, shared)

    assert entries[0] == roof
    assert [rig.name for rig in rigs] == ["roof", "yard"]
    assert [rig.config.capture.thermal.rate_hz for rig in rigs] == [9, 25]
    assert all(rig.config.inference.model == "bilinear" for rig in rigs)
    assert all(rig.config.rigs == () for rig in rigs)  # none is told of the others
    assert configured_rigs() == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rigs: 3", "rigs: expected `array`, got `int`; 3 came"),
        ("rigs: [3]", "rigs[0]: expected `str | object`, got `int`; 3 came"),
        ("rigs: ['']", "rigs[0]: a file, or keys with a name, wanted; '' came"),
        ("rigs: [{}]", "rigs[0]: a file, or keys with a name, wanted; {} came"),
        ("rigs: [{capture: {}}]", "rigs[0]: name: 1 to 32 letters, digits, - and _ wanted; None"),
        ("rigs: [{name: a}, {name: A}]", "rigs[1]: name: A is another rig's already"),
        ("rigs: [{name: a}, {name: b, captur: {}}]", "rigs[1]: unknown key captur"),
        ("rigs: [{name: a, rigs: []}]", "rigs[0]: rigs: keys of one rig wanted"),
        ("rigs: [gone.yaml]", "gone.yaml: No such file"),
        (
            "rigs: [{name: a}, {name: b, inference: {model: bicubic}}]",
            "rigs[1]: inference.model: 'fast:sensor' wanted as of a",
        ),
    ],
)
def test_what_is_wrong_in_rigs_names_the_entry_and_the_key(
    tmp_path: Path, text: str, words: str
) -> None:
    shared = _file(tmp_path, "shared.yaml", text)

    with pytest.raises(ConfigError) as error:
        load_rigs(configured_rigs(shared), shared)

    assert words in str(error.value)
    assert "\n" not in str(error.value)
