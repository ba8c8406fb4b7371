"""Which page is made by what."""

from collections.abc import Callable
from pathlib import Path

from tools.reference.cli import cli_page
from tools.reference.config import config_page
from tools.reference.files import files_page
from tools.reference.formats import formats_page
from tools.reference.low_resolutions import low_resolutions_page
from tools.reference.messages import messages_page
from tools.reference.recording import recording_page
from tools.reference.report import report_page
from tools.reference.training import training_page
from tools.reference.weights import weights_page

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"

PAGES: dict[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "config.md": config_page,
    "files.md": files_page,
    "formats.md": formats_page,
    "low-resolutions.md": low_resolutions_page,
    "messages.md": messages_page,
    "recording.md": recording_page,
    "report.md": report_page,
    "training.md": training_page,
    "weights.md": weights_page,
}
