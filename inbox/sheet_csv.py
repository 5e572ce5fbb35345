"""A CSV file as one sheet, whatever its charset and delimiter; RFC 4180 and what spreadsheets make of it."""

import csv
from itertools import islice
from typing import Final

from inbox.charsets import decode_text
from inbox.sheet_grid import MAX_ROWS, Fault, Grid, Refused, Sheet

DELIMITERS: Final = ";,\t|"
MAX_LINES: Final = 20_000  # lines that are looked at, empty ones included
_SAMPLE_LINES: Final = 50
_FORMULA: Final = "="
_ERRORS: Final = ("#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#VERW!", "#NAAM?", "#WAARDE!", "#DEEL/0!")


def read_csv(content: bytes, name: str) -> tuple[Sheet, ...]:
    """The one sheet of a CSV file. Raises `Refused`, or csv.Error on damage."""
    text, _ = decode_text(content)
    if "\0" in text:
        raise Refused("damaged")
    if text.count("\n") > MAX_LINES:
        raise Refused("too_large")
    lines = text.splitlines()
    grid = Grid(name)
    named = lines[0].lower().removeprefix("sep=") if lines and lines[0].lower().startswith("sep=") else ""
    reader = csv.reader(lines[1:] if named else lines, delimiter=named[:1] or _delimiter(lines))
    for row, cells in enumerate(islice(reader, MAX_LINES)):
        if row >= MAX_ROWS and any(cells):
            raise Refused("too_large")
        for column, cell in enumerate(cells):
            if cell.strip():
                grid.put((row, column), _value(cell.strip()))
    return (grid.sheet(),)


def _value(cell: str) -> str | Fault:
    if cell.upper() in _ERRORS:
        return Fault("error_values")
    return Fault("formulas_without_values") if cell.startswith(_FORMULA) else cell


def _delimiter(lines: list[str]) -> str:
    """The sign that cuts most lines into the same number of cells; in "1.200,50;..." the comma does not."""
    sample = [line for line in lines[:_SAMPLE_LINES] if line.strip()]

    def steadiness(sign: str) -> tuple[int, int]:
        counts = [line.count(sign) for line in sample if sign in line]
        usual = max(set(counts), key=counts.count, default=0)
        return counts.count(usual), usual

    return max(DELIMITERS, key=steadiness)
