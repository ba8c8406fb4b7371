"""The newest of what came, by number, in bounded memory."""

from collections import OrderedDict
from typing import Generic, TypeVar

Item = TypeVar("Item")

_MOST = 64
_MOST_BYTES = 64 * 2**20
_LEAST = 2  # also where one alone is longer than all may be


class Remembered(Generic[Item]):
    """Items by their numbers; the oldest are forgotten.

    Args:
        most: how many there may be.
        most_bytes: what they may take in all; two may be there in any case.

    Attributes:
        size_bytes: what they take.
    """

    def __init__(self, most: int = _MOST, most_bytes: int = _MOST_BYTES) -> None:
        self.size_bytes = 0
        self._most = most
        self._most_bytes = most_bytes
        self._items: OrderedDict[int, tuple[Item, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._items)

    def add(self, number: int, item: Item, size_bytes: int) -> None:
        """Takes an item, in the place of one with its number."""
        self.pop(number)
        self._items[number] = item, size_bytes
        self.size_bytes += size_bytes
        while len(self._items) > self._most or (
            self.size_bytes > self._most_bytes and len(self._items) > _LEAST
        ):
            self.pop(next(iter(self._items)))

    def get(self, number: int) -> Item | None:
        """The item of a number."""
        item, _ = self._items.get(number, (None, 0))
        return item

    def pop(self, number: int) -> Item | None:
        """The item of a number, to be forgotten."""
        item, size_bytes = self._items.pop(number, (None, 0))
        self.size_bytes -= size_bytes
        return item
