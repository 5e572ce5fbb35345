"""The weekly report as a spreadsheet: numbers as numbers, words never as formulas, the weeks as a chart of the sheet's.

The same report gives the same bytes: XlsxWriter writes the moment that the report tells of, not that of writing.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import xlsxwriter

from bot.report.cells import Cell, Days, Mean, Row, Share, Table
from bot.report.telling import Telling
from bot.report.words import as_number, phrase, shown

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMATS: Final = {
    "title": {"bold": True, "font_size": 16, "font_color": "#0b5c7a"},
    "section": {"bold": True, "font_size": 13, "font_color": "#0b5c7a"},
    "caption": {"bold": True},
    "head": {"bold": True, "bg_color": "#e8f1f4", "text_wrap": True, "valign": "top"},
    "words": {"text_wrap": True, "valign": "top"},
    "plain": {},
    "count": {"num_format": "#,##0"},
    "mean": {"num_format": "0.0"},
    "share": {"num_format": "0%"},
    "hidden": {"align": "right"},
    "bold": {"bold": True},
    "bold_count": {"bold": True, "num_format": "#,##0"},
    "bold_mean": {"bold": True, "num_format": "0.0"},
}
_CHARTED: Final = (2, 5)  # columns of the sheet of weeks: new questions, introductions
_COLOURS: Final = ("#0b5c7a", "#b45f06")


@dataclass(frozen=True, slots=True)
class _Paper:
    """The sheet that is written and the formats that it has."""

    sheet: Any
    formats: dict[str, Any]

    def words(self, row: int, column: int, text: str, form: str = "plain") -> None:
        """A text, whatever it begins with: write() would take "=1+1" for a formula and "https:" for a link."""
        self.sheet.write_string(row, column, text, self.formats[form])

    def cell(self, row: int, column: int, cell: Cell, bold: bool = False) -> None:
        """A number as a number, all else as the words that people read."""
        value = as_number(cell)
        if value is None:
            self.words(row, column, shown(cell), "plain" if isinstance(cell, str) else "hidden")
            return
        form = "mean" if isinstance(cell, Mean | Days) else "share" if isinstance(cell, Share) else "count"
        self.sheet.write_number(row, column, value, self.formats[f"bold_{form}" if bold else form])


def as_xlsx(telling: Telling, site: str = "") -> bytes:
    """The report as the bytes of an XLSX file. With a `site` rows link to the page of the desk that they are about."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        made = telling.as_of.replace(tzinfo=None)
        book.set_properties({"title": telling.title, "author": "Mix&Match", "created": made})
        formats = {name: book.add_format(form) for name, form in _FORMATS.items()}
        tables = [table for section in telling.sections for table in section.tables]
        _write_all(_Paper(book.add_worksheet(phrase("sheet_rows")), formats), telling)
        _write_list(_Paper(book.add_worksheet(phrase("sheet_weeks")), formats), book, tables)
        waiting = [table for table in tables if table.form == "list"]
        if waiting:
            _write_waiting(_Paper(book.add_worksheet(phrase("sheet_attention")), formats), waiting, site)
    return file.getvalue()


def _write_all(paper: _Paper, telling: Telling) -> None:
    """Every table with figures, one below the other."""
    _set_up(paper, telling.title)
    line = 1
    for paragraph in (*telling.paragraphs, telling.closing):
        paper.words(line, 0, paragraph)
        line += 1
    for section in telling.sections:
        figures = [table for table in section.tables if table.form == "figures"]
        if not figures:
            continue
        paper.words(line + 1, 0, section.title, "section")
        line += 2
        for table in figures:
            line = _write_table(paper, line, table) + 1


def _set_up(paper: _Paper, title: str) -> None:
    paper.sheet.set_column(0, 0, 52)
    paper.sheet.set_column(1, 6, 14)
    paper.sheet.set_landscape()
    paper.sheet.set_paper(9)  # A4
    paper.sheet.fit_to_pages(1, 0)
    paper.words(0, 0, title, "title")


def _write_table(paper: _Paper, line: int, table: Table) -> int:
    """Write a table from a line on; returns the line below it."""
    paper.words(line, 0, table.caption, "caption")
    if not table.rows:
        paper.words(line + 1, 0, table.empty)
        return line + 2
    for column, head in enumerate(table.columns):
        paper.words(line + 1, column, head, "head")
    line += 2
    for row, bold in _rows_of(table):
        paper.words(line, 0, row.label, "bold" if bold else "words")
        for column, cell in enumerate(row.cells, start=1):
            paper.cell(line, column, cell, bold)
        line += 1
    if table.note:
        paper.words(line, 0, table.note)
        line += 1
    return line


def _rows_of(table: Table) -> Iterator[tuple[Row, bool]]:
    for row in table.rows:
        yield row, False
    if table.total:
        yield table.total, True


def _write_list(paper: _Paper, book: Any, tables: Sequence[Table]) -> None:
    """The weeks, the first one first, with a chart that follows the numbers."""
    table = next(table for table in tables if table.code == "weeks")
    _set_up(paper, table.caption)
    for column, head in enumerate(table.columns):
        paper.words(1, column, head, "head")
    for line, row in enumerate(reversed(table.rows), start=2):
        paper.words(line, 0, row.label)
        for column, cell in enumerate(row.cells, start=1):
            paper.cell(line, column, cell)
    last = len(table.rows) + 1
    name = phrase("sheet_weeks")
    chart = book.add_chart({"type": "column"})
    for column, colour in zip(_CHARTED, _COLOURS, strict=True):
        chart.add_series(
            {
                "name": [name, 1, column],
                "categories": [name, 2, 0, last, 0],
                "values": [name, 2, column, last, column],
                "fill": {"color": colour},
            }
        )
    chart.set_title({"name": table.caption})
    paper.sheet.insert_chart(last + 2, 0, chart, {"description": table.caption})


def _write_waiting(paper: _Paper, tables: Sequence[Table], site: str) -> None:
    """What asks for attention, with a link to where something can be done."""
    _set_up(paper, phrase("sheet_attention"))
    line = 2
    for table in tables:
        first = line
        line = _write_table(paper, line, table) + 1
        for number, row in enumerate(table.rows, start=first + 2):
            if site and row.path:
                paper.sheet.write_url(number, len(table.columns), f"{site}{row.path}", string=phrase("act"))
