"""One small file for a bug report: the page, and the reports and logs that belong to it.

Unlike the page on the terminal, which says where to mend something, it holds no folder's name.
"""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from streamer.doctor.page import Page, as_json, as_text
from streamer.errors import CorefusionError
from streamer.shareable import walked, without_folders

_LIMIT_BYTES = 10_000_000
_TAIL_BYTES = 1_000_000


class BundleError(CorefusionError):
    """A bundle that cannot be made; names the file and the reason."""


def write_bundle(
    path: Path, page: Page, attached: Sequence[Path] = (), logs: Sequence[Path] = ()
) -> None:
    """Writes a zip of `doctor.txt`, `doctor.json`, logs and attached texts, made shareable.

    Args:
        path: the zip to be.
        page: what was found.
        attached: reports (JSON) and logs, each a UTF-8 text of at most 10 MB.
        logs: of the last runs; of each the last megabyte.

    Raises:
        BundleError: one of them is no such text, or the zip cannot be written.
    """
    shared = msgspec.convert(walked(msgspec.to_builtins(page), without_folders), Page)
    texts = {"doctor.txt": as_text(shared), "doctor.json": as_json(shared)}
    for file in attached:
        name = file.name
        if name in texts:
            name = f"{len(texts)}-{name}"
        texts[name] = without_folders(text_of(file))
    for log in logs:
        texts[f"logs/{log.name}"] = without_folders(_tail(log))
    try:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, text in texts.items():
                bundle.writestr(name, text)
    except OSError as error:
        raise BundleError(f"bundle {path}: {error.strerror or error}") from error


def _tail(log: Path) -> str:
    """The last lines; of a log that cannot be read, why."""
    try:
        with log.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL_BYTES))
            lines = file.read().decode("utf-8", errors="replace").splitlines(keepends=True)
    except OSError as error:
        return f"{error.strerror or error}\n"
    return "".join(lines[1:] if size > _TAIL_BYTES else lines)


def text_of(file: Path) -> str:
    """A report or log that is to be attached.

    Raises:
        BundleError: it is no UTF-8 text of at most 10 MB, or cannot be read.
    """
    try:
        if file.stat().st_size > _LIMIT_BYTES:
            raise BundleError(f"{file}: a report or log of at most 10 MB wanted")
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise BundleError(
            f"{file}: a report or log wanted, text in UTF-8; of a recording, attach what "
            "corefusion info --json prints"
        ) from error
    except OSError as error:
        raise BundleError(f"{file}: {error.strerror or error}") from error
