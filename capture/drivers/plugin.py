"""A driver of one's own, named as `python:MODULE:CLASS`: a class that is installed, not part of us.

MODULE is imported as any other: it has to be installed beside this program, or its folder named by
PYTHONPATH. The working directory is never searched.
"""

import importlib
from typing import Any

from capture.camera import Camera, CameraError
from streamer.config.schema import CameraConfig

PREFIX = "python:"


def plugin_camera(source: str, stream: str, config: CameraConfig) -> Camera:
    """Makes `CLASS(stream, config)`; it is not opened yet.

    Args:
        source: `python:MODULE:CLASS`; CLASS is a subclass of `capture.Camera`.
        stream: `visible` or `thermal`.
        config: the section `capture.STREAM` of the configuration.

    Raises:
        CameraError: there is no such module or class, or it is no camera.
    """
    module_name, _, class_name = source.removeprefix(PREFIX).partition(":")
    if not module_name or not class_name.isidentifier():
        raise CameraError(f"{stream} source {source}: python:MODULE:CLASS wanted")
    try:
        module = importlib.import_module(module_name)
    except (ImportError, SyntaxError) as error:
        raise CameraError(
            f"{stream} source {source} cannot be imported: {error}; install it beside this "
            "program, or name its folder in PYTHONPATH"
        ) from error
    kind = getattr(module, class_name, None)
    if not isinstance(kind, type) or not issubclass(kind, Camera):
        raise CameraError(
            f"{stream} source {source}: a subclass of capture.Camera wanted, "
            f"{class_name} of {module_name} is {'missing' if kind is None else 'none'}"
        )
    make: Any = kind  # Camera itself leaves the constructor to its drivers
    try:
        camera: Camera = make(stream, config)
    except TypeError as error:
        raise CameraError(
            f"{stream} source {source} cannot be made from (stream, config): {error}"
        ) from error
    return camera
