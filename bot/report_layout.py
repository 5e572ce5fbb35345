"""Lays the weekly report out: one page that needs nothing else, for browser and mail, and plain text for a terminal."""

import textwrap
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.report import Report
from bot.report_tables import sections
from bot.report_words import Row, Section, Table, phrase
from bot.week import DUTCH_TIME, day_in_words, dutch_day

TEXT_WIDTH = 78
LABEL_WIDTH = 44


def title_of(report: Report) -> str:
    """What the report is called."""
    return phrase("title", week=report.week.in_words())


def as_html(report: Report) -> str:
    """The report as one HTML page: no script, no other file, readable where a mail program drops the styles."""
    return _environment().get_template("page.html.j2").render(_parts(report))


def as_text(report: Report) -> str:
    """The report as plain text of at most TEXT_WIDTH columns wide; ends with a line end."""
    parts = _parts(report)
    blocks = [parts["title"] + "\n" + "=" * len(parts["title"])]
    blocks += [textwrap.fill(paragraph, TEXT_WIDTH) for paragraph in parts["paragraphs"]]
    blocks += [_section_text(section) for section in parts["sections"]]
    return "\n\n".join([*blocks, parts["closing"]]) + "\n"


def _parts(report: Report) -> dict[str, Any]:
    paragraphs = [phrase("period", days=report.week.days_in_words())]
    if report.is_running:
        time = report.as_of.astimezone(DUTCH_TIME)
        paragraphs.append(phrase("running", day=day_in_words(dutch_day(report.as_of)), time=f"{time:%H:%M}"))
    return {
        "title": title_of(report),
        "paragraphs": [*paragraphs, phrase("compared")],
        "sections": sections(report),
        "closing": phrase("closing"),
    }


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("bot.texts", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _section_text(section: Section) -> str:
    blocks = [section.title.upper() + "\n" + "-" * len(section.title)]
    if section.sentence:
        blocks.append(section.sentence)
    return "\n\n".join([*blocks, *(_table_text(table) for table in section.tables)])


def _table_text(table: Table) -> str:
    if not table.rows:
        return textwrap.fill(f"{table.caption}: {table.empty}", TEXT_WIDTH)
    lines = _list_lines(table) if table.form == "list" else _figure_lines(table)
    note = [textwrap.fill(table.note, TEXT_WIDTH, initial_indent="  ", subsequent_indent="  ")] if table.note else []
    return "\n".join([f"{table.caption}:", *lines, *note])


def _list_lines(table: Table) -> list[str]:
    lines: list[str] = []
    for row in table.rows:
        cells = [f"{head.lower()}: {cell}" for head, cell in zip(table.columns[1:], row.cells, strict=True)]
        lines.append(
            textwrap.fill("; ".join([row.label, *cells]), TEXT_WIDTH, initial_indent="  - ", subsequent_indent="    ")
        )
    return lines


def _figure_lines(table: Table) -> list[str]:
    rows = [Row(table.columns[0], table.columns[1:]), *table.rows, *([table.total] if table.total else [])]
    widths = [max(len(row.cells[place]) for row in rows) for place in range(len(table.columns) - 1)]
    room = min(LABEL_WIDTH, max(len(row.label) for row in rows))
    return [line for row in rows for line in _figure_row(row, room, widths)]


def _figure_row(row: Row, room: int, widths: list[int]) -> list[str]:
    first, *rest = textwrap.wrap(row.label, room) or [""]
    cells = "  ".join(cell.rjust(width) for cell, width in zip(row.cells, widths, strict=True))
    return [f"  {first.ljust(room)}  {cells}", *(f"    {line}" for line in rest)]
