"""The rows of one sheet to lines, totals and balances, each with its year and side; adding up is done elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from inbox.budget_sheet_columns import Block, Column, Title, blocks_of, stacked, titles_of, unnamed_blocks
from inbox.budget_sheet_words import (
    Permanence,
    Side,
    Status,
    exact_side,
    heading_side,
    is_balance,
    is_only,
    is_total,
    named_side,
    permanence_of,
    says,
    status_of,
    year_of,
)
from inbox.sheet_grid import Cell, Fault, FaultCode, Row, Sheet, is_year

Doubt = Literal["columns_unclear", "unplaced_lines", "unpriced_costs"]

_UNPRICED = frozenset({"pm", "p.m.", "p.m", "memorie", "tbd", "n.t.b.", "ntb", "nnb", "?"})


@dataclass(frozen=True, slots=True)
class Line:
    """One amount (euros) of one year and side; `position` is its row. `side` None: the sheet does not say."""

    position: int
    column: int
    year: str
    side: Side | None
    amount: float
    permanence: Permanence | None
    status: Status
    provincial: bool
    unnamed_giver: bool


@dataclass(frozen=True, slots=True)
class Total:
    """What a row says that others add up to; `side` None for a balance."""

    position: int
    column: int
    year: str
    side: Side | None
    amount: float


@dataclass(slots=True)
class Entries:
    """Everything with an amount in one sheet, and what stood in the way."""

    lines: list[Line] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    balances: list[Total] = field(default_factory=list)
    faults: list[FaultCode] = field(default_factory=list)
    doubts: set[Doubt] = field(default_factory=set)


def read_entries(sheet: Sheet) -> Entries:
    """Walk down the rows of a sheet once and note every amount with what the headings above it say."""
    walk = _Walk(sheet)
    for number, row in enumerate(sheet.rows):
        walk.take(number, row)
    return walk.entries


@dataclass(slots=True)
class _Table:
    """A block on the way down: the side and kind that the last heading named; `closed` after its balance."""

    block: Block
    side: Side | None
    permanence: Permanence | None = None
    closed: bool = False


class _Walk:
    def __init__(self, sheet: Sheet) -> None:
        self.entries = Entries()
        self._rows = sheet.rows
        self._width = max(map(len, sheet.rows), default=0)
        self._side = exact_side(sheet.name) or heading_side(sheet.name)
        self._year = year_of(sheet.name)
        self._tables = [_Table(block, self._side) for block in unnamed_blocks(self._width)]
        self._years: dict[int, str] = {}  # of the columns, as far as headings told
        self._titles: dict[int, Title] | None = None  # of the row just above, when that was a row of headings

    def take(self, number: int, row: Row) -> None:
        titles = titles_of(row)
        below = self._rows[number + 1 : number + 60]
        if titles is not None and _head_amounts(titles, below):
            self._titles = stacked(self._titles, titles) if self._titles else titles
            self._open(self._titles, below)
            return
        self._titles = None
        for table in self._tables:
            self._take_part(number, table, row[table.block.first : table.block.end])

    def _open(self, titles: dict[int, Title], below: Sequence[Row]) -> None:
        years = {index: title.year for index, title in titles.items() if title.year}
        if not years:  # headings repeated above a second table need not repeat the years
            titles = {at: replace(title, year=self._years.get(at, "")) for at, title in titles.items()}
        self._years = years or self._years
        blocks = blocks_of(titles, below, self._width)
        kept = self._tables[0] if len(blocks) == len(self._tables) == 1 else None
        # Nor do they say again on which side we are.
        side = kept.side if kept is not None and not kept.closed else self._side
        self._tables = [_Table(block, block.side or side) for block in blocks]

    def _take_part(self, number: int, table: _Table, part: Row) -> None:
        texts = [cell for cell in part if isinstance(cell, str)]
        amounts = self._amounts(table, part)
        if not amounts:
            self._take_heading(table, part, texts)
        elif any(isinstance(cell, Fault) for _, cell in amounts):
            if not table.closed:
                self.entries.faults += [cell.code for _, cell in amounts if isinstance(cell, Fault)]
        else:
            self._take_amounts(number, table, texts, [(at, cell) for at, cell in amounts if isinstance(cell, float)])

    def _amounts(self, table: _Table, part: Row) -> list[tuple[Column, Cell]]:
        first = table.block.first
        if table.block.columns:
            cells = [(column, part[column.index - first]) for column in table.block.columns]
            return [(column, cell) for column, cell in cells if isinstance(cell, float | Fault)]
        label = next((index for index, cell in enumerate(part) if isinstance(cell, str)), -1)
        found = [(Column(first + at), part[at]) for at in range(label + 1, len(part))]
        found = [(column, cell) for column, cell in found if isinstance(cell, float | Fault)]
        if len(found) > 1 and not table.closed:
            self.entries.doubts.add("columns_unclear")
        return found if label >= 0 or not all(is_year(cell) for _, cell in found) else []

    def _take_heading(self, table: _Table, part: Row, texts: list[str]) -> None:
        label = texts[0] if texts else ""
        year = next((year for cell in part if (year := year_of(cell)) and _tells_year(cell)), "")
        side = heading_side(label) if label else None
        if year:
            self._year = year
            table.side, table.permanence, table.closed = self._side, None, False
        if side:
            table.side, table.permanence, table.closed = side, permanence_of(label), False
        elif label and (permanence := permanence_of(label)) and len(texts) == 1:
            table.permanence = permanence
        if table.side == "costs" and not table.closed and any(text.lower() in _UNPRICED for text in texts[1:]):
            self.entries.doubts.add("unpriced_costs")

    def _take_amounts(self, number: int, table: _Table, texts: list[str], amounts: list[tuple[Column, float]]) -> None:
        label = texts[0] if texts else ""
        opened = exact_side(label) if len(texts) == 1 and not table.block.columns_have_sides() else None
        if is_balance(label):
            self._balance(number, table, amounts)
        elif is_total(label) or not label:
            self._total(number, table, named_side(label), amounts)
        elif opened and opened != table.side:
            table.side, table.permanence, table.closed = opened, None, False
            self._total(number, table, opened, amounts)
        elif not table.closed:
            self._lines(number, table, texts, amounts)

    def _balance(self, number: int, table: _Table, amounts: list[tuple[Column, float]]) -> None:
        for column, amount in amounts:
            self.entries.balances.append(Total(number, column.index, self._year_of(column), None, amount))
        # A shortfall among the income only evens out the two sides: more lines follow it.
        sides = {line.side for line in self.entries.lines} | {total.side for total in self.entries.totals}
        table.closed = len(sides - {None}) != 1

    def _total(self, number: int, table: _Table, named: Side | None, amounts: list[tuple[Column, float]]) -> None:
        for column, amount in amounts:
            side = column.side or named or (None if table.closed else table.side)
            kept = self.entries.totals if side else self.entries.balances
            if side or not table.closed:
                kept.append(Total(number, column.index, self._year_of(column), side, amount))

    def _lines(self, number: int, table: _Table, texts: list[str], amounts: list[tuple[Column, float]]) -> None:
        words = " · ".join(texts)
        told = next((side for text in texts if len(texts) > 1 and (side := exact_side(text))), None)
        if not told and not table.side and says("parameter", texts[0]) and not table.block.columns_have_sides():
            return
        for column, amount in amounts:
            side = column.side or told or table.side
            self.entries.lines.append(
                Line(
                    number,
                    column.index,
                    self._year_of(column),
                    side,
                    amount,
                    column.permanence or permanence_of(words) or table.permanence,
                    status_of(words),
                    says("province", words),
                    says("subsidy", words) and not says("other_giver", words),
                )
            )

    def _year_of(self, column: Column) -> str:
        return column.year or self._year


def _head_amounts(titles: dict[int, Title], below: Sequence[Row]) -> bool:
    """Whether amounts stand below a heading that is alone in its row; above descriptions it opens a section."""
    if len(titles) > 1:
        return True
    (index,) = titles
    cells = [row[index] for row in below if index < len(row)]
    return sum(isinstance(cell, float) for cell in cells) > sum(isinstance(cell, str) for cell in cells)


def _tells_year(cell: Cell) -> bool:
    """A bare year or the heading of a budget; a date under a letter tells when it was written."""
    if not isinstance(cell, str):
        return is_year(cell)
    bare = cell.strip(" :.")
    return bare == year_of(cell) or is_only("amount", bare) or says("amount", cell) or heading_side(cell) is not None
