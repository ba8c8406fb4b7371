"""Makers' stills that carry temperatures: one adapter each, with one contract.

An adapter recognises its files by their bytes, and reads them or says in words why not. A new one
is a module here, a line in `ADAPTERS`, and a class in the contract's tests.
"""

from streamer.pictures.radiometric.adapter import StillAdapter
from streamer.pictures.radiometric.flir import FlirJpeg
from streamer.pictures.radiometric.infiray import InfirayJpeg
from streamer.pictures.radiometric.raw_counts import DjiJpeg, HikmicroJpeg
from streamer.pictures.radiometric.unread import UNI_T

ADAPTERS: tuple[StillAdapter, ...] = (
    *(FlirJpeg(), InfirayJpeg(), DjiJpeg(), HikmicroJpeg()),
    UNI_T,
)


def adapter_of(data: bytes) -> StillAdapter | None:
    """The adapter whose file this is; None of an ordinary picture."""
    return next((adapter for adapter in ADAPTERS if adapter.recognises(data)), None)


__all__ = ["ADAPTERS", "StillAdapter", "adapter_of"]
