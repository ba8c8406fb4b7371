"""The page report.md: the JSON that runs and measurements leave."""

from typing import NamedTuple

from streamer.calibrate.report import CalibrationReport
from streamer.commands.runs.live import live, record
from streamer.commands.runs.replay import replay
from streamer.doctor.page import Finding, Level, Page
from streamer.enhance.report import EnhanceReport, ItemReport
from streamer.runtime.answers import PaintAnswer, PaintRow
from streamer.supervision.progress import ProgressPoint
from streamer.supervision.report import Comparison, Report
from streamer.supervision.rigs.group import RigsReport
from tools.reference.markdown import code, page, prose, table
from tools.reference.source import mentioned
from tools.reference.structs import enum_part, struct_part, type_part


class Entry(NamedTuple):
    """A key of a report that is made as a plain dictionary."""

    key: str
    type: str
    meaning: str


EVALUATE = (
    Entry("model", "text", "its name"),
    Entry("images", "integer", "pictures measured"),
    Entry("psnr_db", "number", "mean over the pairs"),
    Entry("ssim", "number", "mean over the pairs"),
    Entry("bilinear", "object", "`psnr_db` and `ssim` of plain interpolation"),
    Entry("interval_95", "object", "`psnr_db`, `ssim` and `gain_db`: bounds of the means"),
    Entry("pictures", "text", "`pairs`, or `thermal pictures` without a partner"),
    Entry("left_out", "object", "what of the whole folder is not measured: cause -> pictures"),
    Entry("split", "text", "`all`, `train` or `dev`"),
    Entry("missing", "text or null", "the modality left out; `visible` where there is none"),
    Entry("guide", "text", "`own`, `swapped`, `black` or `shifted:PX`"),
    Entry("thermal", "text", "`own`, or what was done to it"),
    Entry(
        "align",
        "object or null",
        "with `--align`: how many guides were `lined_up`, `left` and `refused`; `median_shift_px` "
        "of those moved, pixels of 640; `guides`, how each was seen to lie",
    ),
    Entry("degradation", "text", "where the low resolution came from"),
    Entry("recipe", "integer or null", "the version of `sensor-noisy`"),
    Entry("scale", "integer", "of the super-resolution"),
    Entry("metric", "text", "`integer` or `official`"),
    Entry("views", "integer", "mirrored views averaged"),
    Entry("bounded", "boolean", "whether the consistency step, where it is on, bounds readings"),
    Entry(
        "uncertainty",
        "object or null",
        "how far foretold errors come true: the share of pixels `within_1_sigma` and "
        "`within_2_sigma`; `calibration`: by foretold `sigma` (8-bit levels) the one `seen`, that "
        "68 % lay within, `within_1_sigma` and `pixels`",
    ),
    Entry("per_image", "list", "`name`, `psnr_db` and `ssim` of each pair"),
)

BENCH_ROW = (
    Entry("model", "text", "its name"),
    Entry("engine", "text", "what computed"),
    Entry("precision", "text", "what it computed in"),
    Entry("params_m", "number", "parameters, millions"),
    Entry("gmac", "number", "multiply-accumulates a frame, 10^9"),
    Entry("infer_ms", "object", "`p50` and `p95` of the engine alone"),
    Entry("latency_ms", "object", "`p50` and `p95` of a whole Predictor call"),
    Entry("uncertainty_ms", "object or null", "the same of the foretelling of errors in it"),
    Entry("fps", "number", "calls a second"),
    Entry("threads", "integer", "of the CPU"),
)


_LINES = """
`record` without a terminal prints one such line of JSON a second, and at its end one line
`{"recording": FILE}` for each file.
"""


_ITEMS = """
`enhance --json` prints a line for each item as it comes to its end, and last a line with `done`,
`skipped`, `failed`, `seconds` and `engine`. `residual` holds `max_counts` and, where degrees are
known, `mk`.
"""


def report_page() -> str:
    """The page."""
    names = ", ".join(code(one.__name__) for one in (live, record, replay))
    return page(
        "Reports",
        "What `--report F.json` writes, and the JSON of other commands. Keys are only ever added.",
        struct_part(Report, names),
        *(type_part(kind, level=3) for kind in mentioned([Report]) if kind is not Comparison),
        struct_part(Comparison, "`compare` of a report", level=3),
        struct_part(RigsReport, "`live` and `record` with `--rig`"),
        struct_part(EnhanceReport, "`enhance`"),
        struct_part(ItemReport, "An item of `enhance`", level=3),
        prose(_ITEMS),
        "## `evaluate`\n\n" + _entries(EVALUATE),
        "## `bench`\n\n"
        "`host` says on what it was measured, `rows` holds one object for each model, engine and\n"
        "precision:\n\n" + _entries(BENCH_ROW),
        struct_part(CalibrationReport, "`calibrate`"),
        *(type_part(kind, level=3) for kind in mentioned([CalibrationReport])),
        struct_part(PaintAnswer, "`viewer` of `bench --viewer`", level=3),
        struct_part(PaintRow, level=3),
        struct_part(ProgressPoint, "Lines of `record`"),
        prose(_LINES),
        struct_part(Page, "`doctor --json`"),
        struct_part(Finding, level=3),
        enum_part(Level, level=3),
    )


def _entries(entries: tuple[Entry, ...]) -> str:
    return table(
        ["key", "type", "meaning"], [[code(one.key), one.type, one.meaning] for one in entries]
    )
