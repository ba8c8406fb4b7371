import json

import pytest
import typer
from typer.testing import CliRunner

from streamer.commands.networks.bench import register

pytestmark = pytest.mark.e2e


def test_the_live_chain_is_measured_by_its_own_processes(tmp_path):
    app = typer.Typer()
    register(app)
    report = tmp_path / "new" / "live.json"
    arguments = ["--live", "--duration", "1.5", "--model", "bilinear", "--report", str(report)]
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    figures = json.loads(report.read_text())
    live = figures["live"]
    assert live["model"] == "bilinear"
    assert live["fps"] > 0
    assert live["age_ms"]["p50"] <= live["age_ms"]["p95"]
    assert {"pair", "prepare", "infer", "consistency", "transport"} <= set(live["stage_ms"])
    assert set(live["cpu_share"]) == {
        "capture.thermal", "capture.visible", "corefusion", "inference",
    }  # fmt: skip
    assert all(share >= 0 for share in live["cpu_share"].values())
    assert "age" in result.output
    assert "inference" in result.output
    assert figures["host"]["cores"] >= 1
