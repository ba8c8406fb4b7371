"""What the documents say can be followed: links lead somewhere, commands and names exist."""

import ast
import importlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from streamer.faults.injection import parse_injection
from tests.support.paths import ROOT
from tools.reference.cli import commands
from tools.reference.config import commented_keys

PAGES = sorted(
    page for pattern in ("*.md", "docs/**/*.md", ".github/**/*.md") for page in ROOT.glob(pattern)
)
KEYS = {key.path for key in commented_keys()}
RUNS = ("live", "record", "replay", "import")
ROOT_OPTIONS = {"--version", "--help", "--install-completion", "--show-completion"}


def of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def fences(text: str) -> Iterator[str]:
    """Lines of code blocks, those that go on joined."""
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from re.sub(r"\\\n\s*", " ", block).splitlines()


def command_lines(page: Path) -> Iterator[list[str]]:
    """The words of every `corefusion ...` that the page shows."""
    text = page.read_text(encoding="utf-8")
    lines = [*fences(text), *re.findall(r"`([^`\n]*)`", re.sub(r"```.*?```", "", text, flags=re.S))]
    for line in lines:
        found = re.search(r"^\s*(?:[A-Z_]+=\S+ )*(?:\S*/)?corefusion (.+)", line)
        words = shlex.split(re.sub(r"[\[\]]|\.\.\.", " ", found[1]), comments=True) if found else []
        if words:
            yield words


@pytest.mark.parametrize("page", PAGES, ids=of)
def test_snippets_of_python_are_python_and_import_what_is_there(page: Path) -> None:
    for block in re.findall(
        r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S
    ):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                module = importlib.import_module(node.module)
                for alias in node.names:
                    assert hasattr(module, alias.name), f"{of(page)}: {node.module}.{alias.name}"


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }


@pytest.mark.parametrize("page", PAGES, ids=of)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{of(page)}: {target}"
        if anchor:
            assert anchor in anchors(there), f"{of(page)}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=of)
def test_commands_exist_with_their_options(page: Path) -> None:
    known = {one.name: one for one in commands()}
    for words in command_lines(page):
        name = words[0]
        if name in ROOT_OPTIONS or name == "COMMAND":
            continue
        assert name in known, f"{of(page)}: corefusion {name}"
        options = {
            spelling: one
            for one in known[name].parameters
            if one.option
            for spelling in one.name.split(", ")
        }
        for index, word in enumerate(words):
            if not word.startswith("--") or word == "--help":
                continue
            assert word in options, f"{of(page)}: corefusion {name} {word}"
            value = words[index + 1] if index + 1 < len(words) else ""
            if word == "--set" and name in RUNS and "." in value:
                assert value.partition("=")[0] in KEYS, f"{of(page)}: {value}"
            if word == "--inject" and ":" in value:
                parse_injection(value, 0.6)


@pytest.mark.parametrize("page", PAGES, ids=of)
def test_names_of_the_code_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for name in set(re.findall(r"`((?:streamer|capture|gui|models)(?:\.\w+)+)`", text)):
        assert name in KEYS or exists(name), f"{of(page)}: {name}"
    for path in set(
        re.findall(r"`((?:streamer|capture|gui|models|tests|tools|examples)/[\w./-]+)`", text)
    ):
        assert (ROOT / path).exists(), f"{of(page)}: {path}"


def exists(name: str) -> bool:
    """Whether this is a module, or something in one."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            thing: object = importlib.import_module(".".join(parts[:count]))
        except ModuleNotFoundError:
            continue
        for part in parts[count:]:
            if not hasattr(thing, part):
                return False
            thing = getattr(thing, part)
        return True
    return False
