"""What may be passed on of a text: names of files, not where they lie or whose machine it was.

Recordings, reports and bundles are shared. `without_folders` is for them; `shareable` keeps where
things lie within the home folder, for a person who is to mend something there.
"""

import getpass
import os
import re
import socket
import sysconfig
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec

Struct = TypeVar("Struct", bound=msgspec.Struct)

_NAME = r"[^/\s'\"`<>|,;:()\[\]{}\\]+"
_FOLDERS = re.compile(rf"(?<![\w:/.~-])~?/(?:{_NAME}/)*(?={_NAME})")
_USER_INFO = re.compile(r"(?<=://)[^/\s]*@")
_QUERY = re.compile(r"(\w://[^\s?]+)\?\S*")
_LOCAL = ("127.0.0.1", "::1", "localhost", "0.0.0.0")
_PROGRAM = (*sysconfig.get_paths().values(), str(Path(__file__).resolve().parents[1]))


def without_credentials(text: str) -> str:
    """The text with every address in it short of user name, password and query."""
    return _QUERY.sub(r"\1", _USER_INFO.sub("", text))


def shareable(text: str) -> str:
    """The text without what names its user or machine: `~` for the home folder, no names."""
    text = without_credentials(text)
    if "/" in text:  # a folder: asking the system for home and user takes a while
        for home in _homes():
            text = re.sub(rf"(?<![\w.~/-]){re.escape(home)}(?![\w.-])", "~", text)
        for name in _user_names():
            text = re.sub(rf"(?<=/){re.escape(name)}(?![\w.-])", "USER", text)
    host = socket.gethostname()
    if len(host) > 2 and host != "localhost":
        text = re.sub(rf"(?<![\w.-]){re.escape(host)}(?![\w-])", "HOST", text)
    return text


def without_folders(text: str, known: Iterable[str] = ()) -> str:
    """The text with each path shortened to its last name, and neither user nor host named.

    Files of the program and its libraries keep their place in it, so that a traceback can be read.

    Args:
        text: any text.
        known: paths that may be in it; these are found also where they hold spaces.
    """
    if "/" in text:
        folders = {str(Path(path).parent) for path in known}
        for folder in sorted({*folders, *_PROGRAM}, key=len, reverse=True):
            if folder not in ("", ".", "/"):
                text = re.sub(rf"(?<![\w.~/-]){re.escape(folder)}/", "", text)
    return _FOLDERS.sub("", shareable(text))


def struct_without_folders(value: Struct, known: Iterable[str] = ()) -> Struct:
    """A struct with every text in it so shortened."""
    folders = tuple(known)
    plain = walked(msgspec.to_builtins(value), lambda text: without_folders(text, folders))
    return msgspec.convert(plain, type(value))


def config_without_folders(config: Any) -> dict[str, Any]:
    """A configuration as plain data; of each path in it, also of a relative one, the last name."""
    plain: dict[str, Any] = walked(msgspec.to_builtins(config), _last_name)
    transport = plain.get("transport", {})
    if transport.get("host", "") not in _LOCAL:
        transport["host"] = ""
    return plain


def paths_in(config: Any) -> tuple[str, ...]:
    """Every path that a configuration names."""
    found: list[str] = []

    def note(text: str) -> str:
        if _is_path(text):
            found.append(text)
        return text

    walked(msgspec.to_builtins(config), note)
    return tuple(found)


def walked(tree: Any, change: Any) -> Any:
    """Plain data with every text in it changed by a function; keys stay."""
    if isinstance(tree, str):
        return change(tree)
    if isinstance(tree, dict):
        return {key: walked(value, change) for key, value in tree.items()}
    return [walked(value, change) for value in tree] if isinstance(tree, list | tuple) else tree


def _is_path(text: str) -> bool:
    return "/" in text and ("://" not in text or text.startswith("file://"))


def _last_name(text: str) -> str:
    return Path(text).name if _is_path(text) else without_credentials(text)


def _homes() -> list[str]:
    """The home folder as the environment and as the system name it; never a mere `/`."""
    named = {os.environ.get("HOME", ""), *(f"~{name}" for name in _user_names())}
    homes = set()
    for home in filter(None, named):
        with suppress(RuntimeError):  # a user of whom the system knows no home
            path = Path(home).expanduser()
            homes |= {str(path), str(path.resolve())}
    return sorted((home for home in homes if len(Path(home).parts) > 1), key=len, reverse=True)


def _user_names() -> list[str]:
    try:
        return [getpass.getuser()]
    except (KeyError, OSError):  # a user without a name
        return []
