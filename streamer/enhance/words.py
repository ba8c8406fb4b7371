"""Why an item failed, as one line."""

import logging

from streamer.enhance.items import Item
from streamer.errors import CorefusionError

log = logging.getLogger(__name__)


def in_words(item: Item, error: BaseException) -> str:
    """Why an item failed, on one line that names it."""
    if isinstance(error, CorefusionError):
        words = str(error)
    elif isinstance(error, OSError):
        what = error.strerror or f"it cannot be read or written: {error}"
        words = f"{error.filename or item.source}: {what}"
    else:
        log.error("%s: an error that nobody expected", item.source, exc_info=error)
        words = f"{type(error).__name__}: {error}"
    words = " ".join(words.split())
    named = any(source in words for source in item.sources)
    return words if named else f"{item.source}: {words}"
