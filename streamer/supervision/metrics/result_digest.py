"""Proof of what a replay made: one digest of every result."""

import hashlib

import numpy as np

from streamer.messages import SuperResolvedFrame


class ResultDigest:
    """The sha256 of every result's mode, sequence and pixels."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, result: SuperResolvedFrame) -> None:
        """Takes the next result."""
        shape = ",".join(map(str, result.pixels.shape))
        head = f"{result.mode} {result.sequence} {result.pixels.dtype.name} {shape}\n"
        self._hash.update(head.encode())
        self._hash.update(np.ascontiguousarray(result.pixels).data)

    def hex(self) -> str:
        """The digest so far."""
        return self._hash.hexdigest()
