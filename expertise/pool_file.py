"""A pool file as rows of text cells and back (CSV, XLSX); what the cells mean does not belong here."""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, Final, Literal

from defusedxml.ElementTree import iterparse

Rows = tuple[list[str], list[dict[str, str]]]
Unreadable = Literal[
    "too_big",
    "too_many_rows",
    "too_many_columns",
    "empty",
    "bad_encoding",
    "bad_csv",
    "bad_xlsx",
    "formula",
    "error_cell",
]

MAX_BYTES: Final = 5_000_000
MAX_ROWS: Final = 10_000
MAX_COLUMNS: Final = 60
MAX_MEMBERS: Final = 500
MAX_UNPACKED_BYTES: Final = 50_000_000
# Sheets of text pack some ten to thirty times; a member above this ratio is made to exhaust memory.
MAX_RATIO: Final = 200
_RATIO_COUNTS_FROM: Final = 200_000

_FORMULA_STARTS: Final = "=+-@\t\r"
_NEEDS_GUARD = re.compile(f"'*[{re.escape(_FORMULA_STARTS)}]")
_GUARDED = re.compile(f"'+[{re.escape(_FORMULA_STARTS)}]")


class UnreadablePool(ValueError):
    """The file as a whole cannot be read; row and column (header = row 1) tell where, when that is known."""

    def __init__(self, code: Unreadable, row: int | None = None, column: str = "") -> None:
        super().__init__(code if row is None else f"{code} in row {row}, column {column}")
        self.code = code
        self.row = row
        self.column = column


def pool_rows(data: bytes) -> Rows:
    """Header and rows of a pool file, XLSX when the bytes are a zip archive and CSV otherwise; see both readers."""
    return pool_rows_from_xlsx(data) if data.startswith(b"PK\x03\x04") else pool_rows_from_csv(data)


def pool_rows_from_csv(data: bytes) -> Rows:
    """Header and rows of a CSV (RFC 4180) in UTF-8 or cp1252, delimited by comma, semicolon or tab.

    Column names come in lower case. Rows keep their order and number: row i of the list is row i + 2 of the sheet,
    blank rows included. Filled cells beyond the header are joined under the key "". Raises UnreadablePool.
    """
    if len(data) > MAX_BYTES:
        raise UnreadablePool("too_big")
    text = _decode(data)
    if "\0" in text:
        raise UnreadablePool("bad_encoding")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        return _with_header(reader)
    except csv.Error as error:
        raise UnreadablePool("bad_csv", reader.line_num) from error


def pool_rows_from_xlsx(data: bytes) -> Rows:
    """Header and rows of the first sheet of an XLSX workbook, in the form of pool_rows_from_csv.

    Whole numbers lose their decimals, TRUE and FALSE become yes and no, dates ISO 8601. A formula or error cell is
    refused: what it would show is not known here. Raises UnreadablePool.
    """
    # Most commands read no workbook, and this library takes a tenth of a second to load.
    import openpyxl

    if len(data) > MAX_BYTES:
        raise UnreadablePool("too_big")
    try:
        _check_archive(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
            return _with_header(_sheet_rows(workbook))
    except UnreadablePool:
        raise
    except Exception as error:
        # A damaged archive makes zipfile, zlib and openpyxl raise almost anything; for the sender it is one fault.
        raise UnreadablePool("bad_xlsx") from error


def csv_text(header: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """The rows as CSV (RFC 4180), every cell that a spreadsheet would calculate guarded by an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([guard(row[column]) for column in header] for row in rows)
    return out.getvalue()


def guard(cell: str) -> str:
    """The cell with an apostrophe in front when it begins like a formula; unguard gives the cell back."""
    return f"'{cell}" if _NEEDS_GUARD.match(cell) else cell


def unguard(cell: str) -> str:
    """The cell without the apostrophe that guard put before it; 's-Hertogenbosch keeps its own."""
    return cell[1:] if _GUARDED.match(cell) else cell


def _decode(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadablePool("bad_encoding")


def _delimiter(text: str) -> str:
    first_line = text.split("\n", 1)[0]
    return max(",;\t", key=first_line.count)


def _with_header(lines: Iterator[list[str]]) -> Rows:
    header = [name.strip().lower() for name in next(lines, [])]
    while header and not header[-1]:
        header.pop()
    if not header:
        raise UnreadablePool("empty")
    if len(header) > MAX_COLUMNS:
        raise UnreadablePool("too_many_columns", 1)
    rows = [_row(header, line) for line in islice(lines, MAX_ROWS)]
    if next(lines, None) is not None:
        raise UnreadablePool("too_many_rows", MAX_ROWS + 2)
    return header, rows


def _row(header: list[str], line: list[str]) -> dict[str, str]:
    cells = [unguard(cell) for cell in line]
    row = dict.fromkeys(header, "")
    for name, cell in zip(header, cells, strict=False):
        # A column named twice keeps its first cell; the header check reports the second.
        row[name] = row[name] or cell
    beyond = " ".join(cell for cell in cells[len(header) :] if cell.strip())
    return {**row, "": beyond} if beyond else row


def _check_archive(data: bytes) -> None:
    """Refuse an archive that unpacks too large; XML with a document type (entities) raises DefusedXmlException."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
            raise UnreadablePool("too_big")
        if any(_packed_suspiciously(member) for member in members):
            raise UnreadablePool("too_big")
        for member in members:
            if member.filename.endswith((".xml", ".rels")):
                _check_xml(archive, member)


def _packed_suspiciously(member: zipfile.ZipInfo) -> bool:
    return member.file_size > max(_RATIO_COUNTS_FROM, MAX_RATIO * member.compress_size)


def _check_xml(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    with archive.open(member) as stream:
        for _, element in iterparse(stream, forbid_dtd=True):
            element.clear()


def _sheet_rows(workbook: Any) -> Iterator[list[str]]:
    sheet = workbook.worksheets[0]
    # A stated size may be wrong either way; without it openpyxl reads what is there.
    sheet.reset_dimensions()
    header: list[str] = []
    for number, cells in enumerate(sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS + 1), start=1):
        line = [_cell_text(cell, number, header) for cell in cells]
        header = header or line
        yield line


def _cell_text(cell: Any, row: int, header: list[str]) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in {"f", "e"}:
        index = cell.column - 1
        name = header[index] if index < len(header) else cell.coordinate
        raise UnreadablePool("formula" if cell.data_type == "f" else "error_cell", row, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
