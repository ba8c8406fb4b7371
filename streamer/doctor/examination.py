"""Looks at everything, and makes the page."""

from concurrent.futures import ThreadPoolExecutor

from streamer.doctor.cameras import camera_findings
from streamer.doctor.folders import folder_findings
from streamer.doctor.machine import machine_findings
from streamer.doctor.network import network_findings
from streamer.doctor.page import Level, Page, shareable_page
from streamer.doctor.program import program_findings, versions
from streamer.doctor.window import window_findings
from streamer.version import installed_version


def examine(logs: str = "") -> Page:
    """The whole page, with nothing in it that names its user or machine.

    Args:
        logs: the folder of logs, as the configuration names it.
    """
    with ThreadPoolExecutor(max_workers=2) as pool:  # both wait for processes of their own
        network, window = pool.submit(network_findings), pool.submit(window_findings)
        findings = [
            *program_findings(),
            *machine_findings(),
            *network.result(),
            *window.result(),
            *camera_findings(),
            *folder_findings(logs),
        ]
    return shareable_page(
        Page(
            version=installed_version(),
            able=all(finding.level is not Level.ERROR for finding in findings),
            versions=versions(),
            findings=findings,
        )
    )
