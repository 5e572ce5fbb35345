"""Spreadsheets for tests, built from rows: XLSX as Excel saves it, ODS written by hand, CSV."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from xml.sax.saxutils import escape

import xlsxwriter

from inbox.budget_sheet import BudgetSheet, read_budget
from inbox.message import Attachment
from inbox.sheet_cells import SheetRefusal

Value = str | float | int | None
Rows = Sequence[Sequence[Value]]


def xlsx(rows: Rows | Mapping[str, Rows], merges: Sequence[tuple[str, Value]] = ()) -> bytes:
    """A workbook of one sheet, or of a sheet a name. A text that begins with "=" is a formula; "=…→5" keeps 5."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for name, own in (rows if isinstance(rows, Mapping) else {"Blad1": rows}).items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(own):
            for column, value in enumerate(row):
                _write(sheet, number, column, value)
        for place, value in merges:
            sheet.merge_range(place, value)
    book.close()
    return out.getvalue()


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: Value) -> None:
    if isinstance(value, str) and value.startswith("="):
        formula, _, kept = value.partition("→")
        sheet.write_formula(row, column, formula, value=float(kept) if kept.lstrip("-").isdigit() else kept)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write_number(row, column, value)


def ods(rows: Rows, extra: str = "") -> bytes:
    """A spreadsheet as LibreOffice saves it, with one visible sheet; `extra` is XML inside that table."""
    body = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    return ods_of(f'<table:table table:name="Blad1">{body}{extra}</table:table>')


def ods_of(tables: str, styles: str = "") -> bytes:
    """A spreadsheet with these tables."""
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}><office:automatic-styles>{styles}'
        f"</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode()})


def _ods_cell(value: Value) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, str) and value.startswith("="):
        formula, _, kept = value.partition("→")
        shown = f' office:value-type="float" office:value="{kept}"' if kept else ""
        return f'<table:table-cell table:formula="of:{escape(formula)}"{shown}/>'
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
    start = f'<table:table-cell office:value-type="float" office:value="{value}">'
    return f"{start}<text:p>€ {value}</text:p></table:table-cell>"


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A ZIP archive with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_member(archive: bytes, name: str, content: bytes) -> bytes:
    """The archive with one member added or replaced."""
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        members = {each: old.read(each) for each in old.namelist()}
    return zipped({**members, name: content})


def csv_bytes(rows: Rows, delimiter: str = ";", charset: str = "cp1252") -> bytes:
    """Rows as CSV."""
    lines = [delimiter.join("" if value is None else str(value) for value in row) for row in rows]
    return "\r\n".join(lines).encode(charset)


FORMS: Mapping[str, Callable[[Rows], bytes]] = {"xlsx": xlsx, "ods": ods, "csv": csv_bytes}


def read(content: bytes, name: str = "begroting.xlsx") -> BudgetSheet:
    """What a file says that must be readable."""
    outcome = read_budget(Attachment(name, "application/octet-stream", content))
    assert isinstance(outcome, BudgetSheet), outcome
    return outcome


def refusal(content: bytes, name: str = "begroting.xlsx") -> str:
    """The code with which a file must be refused."""
    outcome = read_budget(Attachment(name, "application/octet-stream", content))
    assert isinstance(outcome, SheetRefusal), outcome
    assert outcome.filename == name
    return outcome.code
