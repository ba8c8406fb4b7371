"""OpenVINO's package, without its converter of models: the one place that imports it.

No graph of ours needs the converter. Its import takes as long as all the rest, and it tells a
server of OpenVINO's maker that it was imported, by a process of its own, under an identity that it
leaves in the user's home. OpenVINO goes on without it where it cannot be imported, and nncf without
what tells that server.
"""

import sys
from types import ModuleType
from typing import cast

__all__ = ["openvino", "opset13"]

for _name in ("openvino.tools.ovc", "openvino_telemetry"):
    sys.modules.setdefault(_name, cast(ModuleType, None))  # Python's word for: not to be had

import openvino  # noqa: E402
from openvino import opset13  # noqa: E402
