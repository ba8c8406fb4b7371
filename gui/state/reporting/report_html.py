"""A report as the HTML that a text document lays out on paper. No Qt.

The pictures are named, and come by these names: `PICTURE`, `SECOND`, `CURVES`.
"""

from collections.abc import Iterable, Mapping
from html import escape

from gui.language import tr
from gui.state.reporting.report import Report

PICTURE, SECOND, CURVES = "picture", "second", "curves"
WIDTH = 686
"""Of the text on an A4 page, in 96ths of an inch."""

_GREY = "#5c636b"
_RULE = "#c8ccd1"


def report_html(report: Report, sizes: Mapping[str, tuple[int, int]], software: str) -> str:
    """The whole report.

    Args:
        report: what it says; every text is taken as text, whatever it looks like.
        sizes: width and height of each picture that there is, in 96ths of an inch.
        software: what made it.
    """
    made = escape(tr("By {author}", author=report.author)) if report.author else ""
    parts = [
        f"<table width='100%'><tr><td><span style='font-size: 17pt; font-weight: 600'>"
        f"{escape(report.title)}</span></td><td align='right' valign='bottom'>"
        f"{escape(report.when)}<br>{made}</td></tr></table><hr>"
    ]
    parts.append(_stamp(report.stamp))
    parts.append(_pictures(report, sizes))
    parts.append(_facts(report.facts))
    if report.rows:
        parts += [_heading(tr("Measurements")), _table(report.columns, report.rows)]
    if CURVES in sizes:
        parts += [_heading(report.curves), _image(CURVES, sizes)]
    if report.alarms:
        parts += [_heading(tr("Alarms")), *(f"<p>{escape(line)}</p>" for line in report.alarms)]
    if report.remarks.strip():
        remarks = escape(report.remarks.strip()).replace("\n", "<br>")
        parts += [_heading(tr("Remarks")), f"<p>{remarks}</p>"]
    parts.append(f"<hr><p style='color: {_GREY}; font-size: 7pt'>{escape(software)}</p>")
    return _page(parts)


def legend_html(report: Report, sizes: Mapping[str, tuple[int, int]]) -> str:
    """The picture alone, with what is needed to read it."""
    facts = ((tr("Time"), report.when), *report.facts)
    parts = [_stamp(report.stamp), _pictures(report, sizes), _facts(facts)]
    if report.rows:
        parts.append(_table(report.columns, report.rows))
    return _page(parts)


def _page(parts: Iterable[str]) -> str:
    return (
        "<html><head><style>p { margin: 2px 0 } td { padding: 1px }</style></head>"
        f"<body style='font-size: 9pt; color: #16181c'>{''.join(parts)}</body></html>"
    )


def _stamp(stamp: str) -> str:
    if not stamp:
        return ""
    return (
        "<table width='100%' cellpadding='5' bgcolor='#ffe3a8'><tr><td align='center'>"
        f"<b>{escape(stamp)}</b></td></tr></table>"
    )


def _pictures(report: Report, sizes: Mapping[str, tuple[int, int]]) -> str:
    cells = [
        f"<td valign='top'>{_image(name, sizes)}<br>"
        f"<span style='color: {_GREY}; font-size: 8pt'>{escape(said)}</span></td>"
        for name, said in ((PICTURE, report.caption), (SECOND, report.second))
        if name in sizes
    ]
    return f"<table width='100%' cellpadding='0'><tr>{''.join(cells)}</tr></table>"


def _facts(facts: tuple[tuple[str, str], ...]) -> str:
    """In two columns, read down the first and then down the second."""
    half = -(-len(facts) // 2)
    rows = []
    for number in range(half):
        cells = ""
        for title, said in facts[number :: half or 1][:2]:
            cells += f"<td style='color: {_GREY}'>{escape(title)}</td>"
            cells += f"<td style='padding-right: 14px'>{escape(said)}</td>"
        rows.append(f"<tr>{cells}</tr>")
    return f"<table cellpadding='1' style='margin-top: 8px'>{''.join(rows)}</table>"


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = "".join(
        f"<td align='{_side(place)}'><b>{escape(title)}</b></td>"
        for place, title in enumerate(columns)
    )
    lines = [f"<tr bgcolor='#eceef1'>{titles}</tr>"]
    for row in rows:
        cells = "".join(
            f"<td align='{_side(place)}'>{escape(text)}</td>" for place, text in enumerate(row)
        )
        lines.append(f"<tr>{cells}</tr>")
    return (
        f"<table width='100%' border='1' cellspacing='0' cellpadding='3' style='font-size: 7.5pt; "
        f"border-collapse: collapse; border-color: {_RULE}'>{''.join(lines)}</table>"
    )


def _side(column: int) -> str:
    return "right" if column else "left"


def _heading(text: str) -> str:
    return f"<p style='margin-top: 9px; font-size: 10pt'><b>{escape(text)}</b></p>"


def _image(name: str, sizes: Mapping[str, tuple[int, int]]) -> str:
    width, height = sizes[name]
    return f"<img src='{name}' width='{width}' height='{height}'>"
