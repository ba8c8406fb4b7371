"""What is installed: the wheel holds everything, and is built from a copy of the sources."""

import email
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator

import pytest

from tests.support.paths import ROOT

PACKAGES = ("streamer", "capture", "gui", "models")
BUILD = "from setuptools.build_meta import build_wheel; build_wheel('.')"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    sources = tmp_path_factory.mktemp("wheel") / "sources"
    sources.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "config.yaml"):
        shutil.copy(ROOT / name, sources)
    ignored = shutil.ignore_patterns("__pycache__")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, sources / name, symlinks=True, ignore=ignored)
    done = subprocess.run(
        [sys.executable, "-c", BUILD], cwd=sources, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = sources.glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        yield opened


def test_every_module_is_inside(wheel: zipfile.ZipFile) -> None:
    wanted = {
        str(path.relative_to(ROOT)) for name in PACKAGES for path in (ROOT / name).rglob("*.py")
    }
    assert wanted <= set(wheel.namelist())


def test_nothing_but_the_four_packages_is_inside(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_weights_and_their_licence_are_inside(wheel: zipfile.ZipFile) -> None:
    for path in (ROOT / "models" / "weights").iterdir():
        name = f"models/weights/{path.name}"
        assert wheel.getinfo(name).file_size == path.stat().st_size, name
    assert sum(name.endswith(".safetensors") for name in wheel.namelist()) >= 3


def test_the_commented_defaults_are_inside_as_text(wheel: zipfile.ZipFile) -> None:
    inside = wheel.read("streamer/config/defaults.yaml")
    assert inside == (ROOT / "config.yaml").read_bytes()


def test_the_words_of_the_window_are_inside(wheel: zipfile.ZipFile) -> None:
    compiled = sorted((ROOT / "gui" / "language" / "catalogues").glob("*.mo"))
    assert compiled
    for path in compiled:
        assert wheel.read(f"gui/language/catalogues/{path.name}") == path.read_bytes()


def test_every_package_says_that_it_is_typed(wheel: zipfile.ZipFile) -> None:
    for name in PACKAGES:
        assert f"{name}/py.typed" in wheel.namelist()


def test_its_metadata_tells_code_from_weights(wheel: zipfile.ZipFile) -> None:
    (name,) = (one for one in wheel.namelist() if one.endswith(".dist-info/METADATA"))
    told = email.message_from_bytes(wheel.read(name))
    assert told["Name"] == "corefusion-live"
    assert told["License-Expression"] == "Apache-2.0 AND LicenseRef-CoReFusion-Weights"
    assert set(told.get_all("License-File", [])) == {"LICENSE", "models/weights/LICENSE"}
    assert re.fullmatch(r"\d+\.\d+\.\d+", told["Version"])
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert told["Version"] in text, "CHANGELOG.md does not tell of this version"
