"""The cells of one sheet while a reader finds them, within fixed limits; what they mean belongs in budget_sheet.py."""

from dataclasses import dataclass
from typing import Final, Literal

from inbox.sheet_numbers import amount_of

RefusalCode = Literal[
    "too_large",
    "encrypted",
    "damaged",
    "zip_bomb",
    "old_format",
    "no_budget_found",
    "formulas_without_values",
    "circular_references",
    "error_values",
]
FaultCode = Literal["formulas_without_values", "circular_references", "error_values"]

MAX_ROWS: Final = 3_000  # filled rows of a sheet
MAX_COLUMNS: Final = 120
MAX_CELLS: Final = 50_000  # filled cells of a sheet
MAX_SHEETS: Final = 30
LONGEST_CELL: Final = 500  # characters that are kept
MAX_MERGES: Final = 2_000
LARGEST_AMOUNT: Final = 1e12  # euros; more is damage, not a budget


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that shows no value we may use, and why."""

    code: FaultCode


Cell = str | float | Fault | None
Row = tuple[Cell, ...]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet: its filled rows in order, all of one width. A text that is an amount came as a number."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """A rectangle of cells shown as one; rows and columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


class Refused(Exception):
    """The file can't be read, or not safely; stays inside the readers of sheets."""

    def __init__(self, code: RefusalCode) -> None:
        super().__init__(code)
        self.code: RefusalCode = code


class Grid:
    """Collects the filled cells of one sheet. Raises `Refused` beyond the limits."""

    def __init__(self, name: str) -> None:
        self.name = name[:LONGEST_CELL]
        self.cells: dict[Place, Cell] = {}
        self.formulas: dict[Place, str] = {}
        self.merges: list[Merge] = []
        self._rows: set[int] = set()

    def put(self, place: Place, value: Cell) -> None:
        """Keep a cell; an empty one takes no room."""
        cell = _tidy(value)
        if cell is None:
            return
        self._rows.add(place[0])
        if place[1] >= MAX_COLUMNS or len(self._rows) > MAX_ROWS or len(self.cells) >= MAX_CELLS:
            raise Refused("too_large")
        self.cells[place] = cell

    def merge(self, merge: Merge) -> None:
        """Remember merged cells; more than anybody makes by hand are left as they are."""
        if len(self.merges) < MAX_MERGES:
            self.merges.append(merge)

    def sheet(self) -> Sheet:
        """The finished sheet. The text of merged cells stands in each of them, an amount only in the first."""
        cells = dict(self.cells)
        for merge in self.merges:
            self._spread(merge, cells)
        width = 1 + max((column for _, column in cells), default=-1)
        by_row: dict[int, list[Cell]] = {}
        for (row, column), value in cells.items():
            by_row.setdefault(row, [None] * width)[column] = value
        return Sheet(self.name, tuple(tuple(by_row[row]) for row in sorted(by_row)))

    def _spread(self, merge: Merge, cells: dict[Place, Cell]) -> None:
        text = cells.get((merge.top, merge.left))
        if not isinstance(text, str) and not is_year(text):
            return
        for row in self._rows & set(range(merge.top, min(merge.bottom, merge.top + MAX_ROWS) + 1)):
            for column in range(merge.left, min(merge.right + 1, MAX_COLUMNS)):
                if len(cells) < MAX_CELLS:
                    cells.setdefault((row, column), text)


def is_year(cell: Cell) -> bool:
    """Whether a number looks like the year of a budget."""
    return isinstance(cell, float) and cell.is_integer() and 2015 <= cell <= 2060


def _tidy(value: Cell) -> Cell:
    if isinstance(value, float):
        return value if abs(value) < LARGEST_AMOUNT else Fault("error_values")  # NaN is not smaller either
    if not isinstance(value, str):
        return value
    text = " ".join(value[: 4 * LONGEST_CELL].split())[:LONGEST_CELL]
    amount = amount_of(text)
    return amount if amount is not None else text or None
