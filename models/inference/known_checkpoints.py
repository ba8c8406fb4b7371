"""Finds a checkpoint again by its digest.

Recordings are passed on, so they say which weights made them, and not where these lie. Each
checkpoint that is run is remembered with its path in the cache of this machine.
"""

import json
import logging
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgspec

from models import checkpoint
from models.errors import ModelError
from models.files import atomic_write
from streamer.paths import PathError, PathKind, kind_of

log = logging.getLogger(__name__)

_FILE = "checkpoints.json"
_MOST = 200
_SUFFIX = ".safetensors"


class KnownCheckpoints:
    """The checkpoints that were run on this machine.

    Args:
        cache: the folder of what is kept.
    """

    def __init__(self, cache: Path) -> None:
        self._file = cache / _FILE

    def add(self, path: Path, sha256: str) -> None:
        """Remembers one; where nothing can be written, nothing is remembered."""
        known = self._known()
        place = str(path.resolve())
        if known.get(sha256) == place:
            return
        known.pop(sha256, None)
        known[sha256] = place
        for oldest in list(known)[:-_MOST]:
            del known[oldest]
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(self._file) as partial:
                partial.write_text(json.dumps(known), encoding="utf-8")
        except (OSError, UnicodeEncodeError) as error:
            log.info("%s is not remembered: %s", path, error)

    def find(self, name: str, sha256: str, folders: Iterable[Path]) -> Path | None:
        """A checkpoint with these very weights.

        Args:
            name: what the model is called.
            sha256: the digest of its weights.
            folders: where it is looked for besides, under its name.
        """
        places = [Path(self._known()[sha256])] if sha256 in self._known() else []
        for folder in folders:
            places += [folder / f"{name}{_SUFFIX}", folder / f"{Path(name).name}{_SUFFIX}"]
        for place in places:
            with suppress(ModelError, PathError):  # it cannot be looked at, or not be read
                if kind_of(place) is PathKind.FILE and checkpoint.sha256(place) == sha256:
                    return place
        return None

    def _known(self) -> dict[str, str]:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=dict[str, str])
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return {}
