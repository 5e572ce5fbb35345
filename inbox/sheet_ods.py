"""The visible sheets of an ODS spreadsheet, values only; OpenDocument 1.3 part 3, chapters 9 and 19."""

import re
from typing import Final

from inbox.sheet_archive import Archive
from inbox.sheet_formulas import circular_cells
from inbox.sheet_grid import LONGEST_CELL, MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, Cell, Fault, Grid, Merge, Refused, Sheet

CONTENT: Final = "content.xml"
MANIFEST: Final = "META-INF/manifest.xml"
_CELLS: Final = ("table-cell", "covered-table-cell")
_NUMBERS: Final = frozenset({"float", "currency", "percentage"})
# What a cell shows instead of a value, and LibreOffice's own numbered errors.
_ERROR = re.compile(r"#(?:REF|NAME|VALUE|DIV/0|N/A|NUM|NULL|VERW|NAAM|WAARDE|DEEL/0|N/B|GETAL)[!?]?|(?:Err|Fout):\d{3}")
_CIRCULAR: Final = ("Err:522", "Err:523", "Fout:522", "Fout:523")
_REFERENCE = re.compile(r"\[\.?([^\]]*)\]")


def read_ods(archive: Archive) -> tuple[Sheet, ...]:
    """The sheets in their order. Raises `Refused`, or what zipfile and lxml raise on damage."""
    if archive.holds(MANIFEST, b"encryption-data"):
        raise Refused("encrypted")
    reader = _Content()
    archive.read(CONTENT, reader)
    return tuple(reader.sheets)


class _Content:
    """Follows only the cells of top tables; comments, drawings and tracked changes inside are skipped."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self._hidden: set[str] = set()
        self._style = ""
        self._grid: Grid | None = None
        self._shown = True
        self._row = self._column = 0
        self._row_repeats = 1
        self._row_cells: list[tuple[int, Cell, str]] = []
        self._cell: dict[str, str] | None = None
        self._text: list[str] = []
        self._skipped = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if self._skipped or name in ("annotation", "tracked-changes", "shapes", "frame"):
            self._skipped += 1
        elif name in ("style", "table-properties"):
            self._start_style(name, attributes)
        elif name == "table" and self._grid is None:
            self._start_table(attributes)
        elif name == "table":
            self._skipped += 1  # a table inside a cell
        elif name == "table-row" and self._grid is not None:
            self._row_repeats, self._column, self._row_cells = _count(attributes, "number-rows-repeated"), 0, []
        elif name in _CELLS and self._grid is not None:
            self._cell, self._text = attributes, []

    def end(self, name: str) -> None:
        """An element ends."""
        if self._skipped:
            self._skipped -= 1
        elif name in _CELLS and self._cell is not None and self._grid is not None:
            self._end_cell(self._cell, self._grid)
        elif name == "table-row" and self._grid is not None:
            self._end_row(self._grid)
        elif name == "table" and self._grid is not None:
            self._end_table(self._grid)
        elif name == "p" and self._cell is not None:
            self._text.append(" ")

    def data(self, text: str) -> None:
        """Text, possibly in several pieces."""
        if self._cell is not None and not self._skipped and len(self._text) < LONGEST_CELL:
            self._text.append(text[:LONGEST_CELL])

    def _start_style(self, name: str, attributes: dict[str, str]) -> None:
        if name == "style":
            self._style = attributes.get("name", "")
        elif attributes.get("display") == "false":
            self._hidden.add(self._style)

    def _start_table(self, attributes: dict[str, str]) -> None:
        self._grid = Grid(attributes.get("name", ""))
        self._shown = attributes.get("style-name", "") not in self._hidden
        self._row = 0

    def _end_cell(self, cell: dict[str, str], grid: Grid) -> None:
        value, formula = _value(cell, "".join(self._text).strip()), cell.get("formula", "")
        repeats = _count(cell, "number-columns-repeated")
        if value is not None:
            if self._column + repeats > MAX_COLUMNS:
                raise Refused("too_large")
            self._row_cells += [(self._column + step, value, formula) for step in range(repeats)]
            wide, high = _count(cell, "number-columns-spanned"), _count(cell, "number-rows-spanned")
            if wide > 1 or high > 1:
                grid.merge(Merge(self._row, self._column, self._row + high - 1, self._column + wide - 1))
        self._column += repeats
        self._cell = None

    def _end_row(self, grid: Grid) -> None:
        if self._row_cells and self._row_repeats > MAX_ROWS:
            raise Refused("too_large")
        for step in range(self._row_repeats if self._row_cells else 0):
            for column, value, formula in self._row_cells:
                grid.put((self._row + step, column), value)
                if formula:
                    grid.formulas[self._row + step, column] = _REFERENCE.sub(_plain_reference, formula)
        self._row += self._row_repeats
        self._row_cells = []

    def _end_table(self, grid: Grid) -> None:
        for place in circular_cells(grid.formulas):
            grid.put(place, Fault("circular_references"))
        if self._shown:
            self.sheets.append(grid.sheet())
        if len(self.sheets) > MAX_SHEETS:
            raise Refused("too_large")
        self._grid = None


def _value(cell: dict[str, str], shown: str) -> Cell:
    kind = cell.get("value-type", "")
    if kind == "error" or _ERROR.fullmatch(shown):
        return Fault("circular_references" if shown in _CIRCULAR else "error_values")
    if kind in _NUMBERS and cell.get("value"):
        return float(cell["value"])
    if not kind:
        return Fault("formulas_without_values") if "formula" in cell else shown or None
    if kind == "boolean":
        return "ja" if cell.get("boolean-value") == "true" else "nee"
    return cell.get("date-value") or cell.get("string-value") or shown or None


def _plain_reference(found: re.Match[str]) -> str:
    """`[.B2:.B9]` is B2:B9; a reference that names another sheet is left out."""
    inside = found[1].replace(":.", ":")
    return inside if "." not in inside else " "


def _count(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return int(text) if text.isdecimal() and len(text) < 9 and int(text) > 0 else 1
