"""What a file of this container begins and ends with."""

from typing import Final

MAGIC: Final = b"\x89MCAP0\r\n"
