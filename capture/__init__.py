"""Sensors to frames: drivers behind one contract, and the one capture loop.

A driver of one's own needs the names below: it is a `Camera` that gives `Capture`s.
"""

from capture.camera import Camera, CameraError, Capture, EndOfStream

__all__ = ["Camera", "CameraError", "Capture", "EndOfStream"]
