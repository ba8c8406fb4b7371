"""Recorded sample pairs: fetched once into the user's cache, checked, and named for use.

The pairs are test videos of M3SVD (MIT licence): synchronised and aligned visible and infrared at
640x480 and 30 Hz; their thermal is auto-gained 8 bit, so they show no degrees.
"""

import hashlib
import http.client
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Annotated

import platformdirs
import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TransferSpeedColumn

from streamer.commands.parsing.options import ConfigFile, Override
from streamer.commands.parsing.settings import settings_of
from streamer.config.schema import SampleConfig
from streamer.errors import CorefusionError
from streamer.terminal.console import PlainConsole

SAMPLES = {
    "0111_1716": "people on stairs, 151 frames",
    "0117_1605": "people behind smoke, 407 frames",
}
_FOLDERS = {"visible": "visible", "thermal": "infrared"}
_SHA256 = {
    "visible/0111_1716": "924f9fc58f8755d514701603bf29f26f1fe29e9a3e124b5a2c0d45685870803e",
    "infrared/0111_1716": "a9c10de4bf21c46541b608dff159b8d6cfe6a0aaa79c778f336dc41da9758f33",
    "visible/0117_1605": "e529e957c777803f7cbb8bf5541199c1a132b9e9e208a3cb0aef735894d4e4f7",
    "infrared/0117_1605": "97fe080ef30cbffc7268c21ee7d32392d417c31d8033738002b34b3e9e23a94d",
}
MAX_BYTES = 64_000_000
"""Of one file: many times the largest of the pairs."""

_SCHEMES = ("https",)
_SHOWN = 100  # characters of what a server said
_BLOCK = 1 << 16
_TIMEOUT_S = 30.0


class SampleError(CorefusionError):
    """A sample that cannot be had; says which file, what was wanted and what came."""


def register(app: typer.Typer) -> None:
    """Adds the command to the application, also by what it was called in 0.1."""
    app.command("download-sample")(download)
    app.command("sample", hidden=True)(download)


def download(
    name: Annotated[str | None, typer.Argument(help="0111_1716 or 0117_1605.")] = None,
    config: ConfigFile = None,
    override: Override = None,
) -> None:
    """Downloads a recorded visible and thermal pair, and prints the line that shows it."""
    download_sample(name, settings_of(config, override).sample)


def download_sample(name: str | None, settings: SampleConfig, cache: Path | None = None) -> Path:
    """Fetches a pair that is not in the cache yet, and prints the line that shows it.

    Args:
        name: a key of SAMPLES; None lists them and fetches the first.
        settings: where to fetch from.
        cache: the directory that holds the pairs; None for the user's cache.

    Returns:
        The directory with `visible.mp4` and `thermal.mp4`.

    Raises:
        SampleError: an unknown name, an address that is not https, no connection, a foreign
            answer, a file that is too large or not the one wanted (its sha256 differs), or a cache
            that cannot be written.
    """
    console = PlainConsole(wrap=False)
    if name is None:
        for known, words in SAMPLES.items():
            console.print(f"{known}  {words}")
        name = next(iter(SAMPLES))
    if name not in SAMPLES:
        raise SampleError(f"sample {name}: there are {' and '.join(SAMPLES)}")
    root = cache or Path(platformdirs.user_cache_dir("corefusion")) / "samples"
    folder = root / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for stream, there in _FOLDERS.items():
            target, sha256 = folder / f"{stream}.mp4", _SHA256[f"{there}/{name}"]
            if not target.exists() or _sha256(target) != sha256:
                _fetch(f"{settings.base_url}/{there}/{name}.mp4", target, sha256)
    except OSError as error:
        raise SampleError(f"sample cache {folder}: {error.strerror or error}") from error
    line = f"corefusion live --visible {folder}/visible.mp4 --thermal {folder}/thermal.mp4"
    console.print(f"{line} --thermal-bin 8")
    return folder


def _fetch(url: str, target: Path, sha256: str) -> None:
    _check_address(url)
    part = target.with_suffix(".part")
    try:
        _download(url, part, target.name)
        came = _sha256(part)
        if came != sha256:
            raise SampleError(f"{url}: sha256 {sha256} wanted, {came} came; nothing was kept")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _download(url: str, part: Path, name: str) -> None:
    """Writes what the server answers, MAX_BYTES at most.

    Raises:
        SampleError: it cannot be had, whatever came in its place.
    """
    columns = ("{task.description}", BarColumn(), DownloadColumn(), TransferSpeedColumn())
    try:
        with (
            urllib.request.urlopen(url, timeout=_TIMEOUT_S) as response,
            part.open("wb") as out,
            Progress(*columns) as progress,
        ):
            _check_address(response.url)  # it may have led elsewhere
            length = response.headers.get("Content-Length")
            task = progress.add_task(name, total=int(length) if length else None)
            came = 0
            while block := response.read(_BLOCK):
                came += len(block)
                if came > MAX_BYTES:
                    raise SampleError(f"{url}: {MAX_BYTES // 10**6} MB at most wanted, more came")
                out.write(block)
                progress.update(task, advance=len(block))
    except urllib.error.HTTPError as error:
        error.close()
        reason = f"the server answered {error.code} {error.reason:.{_SHOWN}}"
        raise SampleError(f"{url}: {reason}") from error
    except urllib.error.URLError as error:
        raise SampleError(f"{url}: {error.reason}") from error
    except (TimeoutError, ConnectionError) as error:
        raise SampleError(f"{url}: {error}") from error
    except (http.client.HTTPException, ValueError) as error:  # ValueError: of a length or a chunk
        words = " ".join(f"{type(error).__name__} {error}".split())
        raise SampleError(f"{url}: no answer of a web server ({words:.{_SHOWN}})") from error


def _check_address(url: str) -> None:
    try:
        scheme = urllib.parse.urlsplit(url).scheme
    except ValueError as error:
        raise SampleError(f"{url:.{_SHOWN}}: {error}") from error
    if scheme not in _SCHEMES:
        raise SampleError(f"{url:.{_SHOWN}}: an address that begins with https:// wanted")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
