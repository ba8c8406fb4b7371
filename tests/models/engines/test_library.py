import os
import subprocess
import sys
from pathlib import Path

CODE = """
import sys
from models.engines.graphs import builder
from models.engines.openvino import cpu_precisions, library_version
assert library_version() and cpu_precisions()
told = [name for name in sys.modules if name.startswith("openvino_telemetry.")]
assert not told, told
assert sys.modules["openvino_telemetry"] is None  # for nncf, which would tell as well
assert "multiprocessing" not in sys.modules  # in a process of which it is told
"""


def test_that_openvino_is_used_is_told_to_nobody(tmp_path: Path) -> None:
    environment = {**os.environ, "HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", CODE], check=True, env=environment)
    assert not list(tmp_path.iterdir())
