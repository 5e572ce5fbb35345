"""Which columns of a sheet hold the amounts of which year, side and kind; the rows below are read elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from inbox.budget_sheet_words import Permanence, Side, exact_side, heading_side, is_only, permanence_of, says, year_of
from inbox.sheet_grid import Fault, Row, is_year

_LONGEST_TITLE = 6  # words of a column's heading


@dataclass(frozen=True, slots=True)
class Column:
    """A column of amounts; "" and None where its heading does not say."""

    index: int
    year: str = ""
    permanence: Permanence | None = None
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A table within the sheet: columns `first` up to `end`. Without `columns` its amounts have to be searched for."""

    first: int
    end: int
    columns: tuple[Column, ...] = ()
    side: Side | None = None

    def columns_have_sides(self) -> bool:
        """Whether income and costs stand in columns of their own."""
        return any(column.side for column in self.columns)


@dataclass(frozen=True, slots=True)
class Title:
    """What the heading of one column says; `role` is amount, total, ignored, label or ""."""

    year: str
    permanence: Permanence | None
    side: Side | None
    role: str

    @property
    def holds_money(self) -> bool:
        """Whether amounts stand below this heading."""
        return self.role != "ignored" and bool(
            self.year or self.permanence or self.side or self.role in ("amount", "total")
        )


def titles_of(row: Row) -> dict[int, Title] | None:
    """The headings in a row, by column; None when the row is no row of headings."""
    filled = [(index, cell) for index, cell in enumerate(row) if cell is not None]
    if any(isinstance(cell, Fault) or (isinstance(cell, float) and not is_year(cell)) for _, cell in filled):
        return None
    if not filled or not _may_be_headings(row, filled[0][0]):
        return None
    titles = {index: _title(cell) for index, cell in filled if not isinstance(cell, Fault)}
    beside = {index: title for index, title in titles.items() if index > 0}
    known = [title for title in beside.values() if title.holds_money or title.role]
    if not any(title.holds_money for title in beside.values()) or 2 * len(known) < len(beside):
        return None
    return titles


def stacked(above: Mapping[int, Title], below: Mapping[int, Title]) -> dict[int, Title]:
    """Two rows of headings as one: a year that stands once above holds for the columns to its right."""
    result, year = dict(below), ""
    for index in range(max((*above, *below)) + 1):
        upper = above.get(index)
        year = (upper.year if upper else "") or year
        if index in below:
            lower = below[index]
            counts = lower.holds_money or lower.role == ""
            result[index] = replace(
                lower,
                year=lower.year or (year if counts and lower.holds_money else ""),
                permanence=lower.permanence or (upper.permanence if upper else None),
                side=lower.side or (upper.side if upper else None),
            )
        elif upper is not None and not upper.year:
            result[index] = upper
    return result


def blocks_of(titles: Mapping[int, Title], below: Sequence[Row], width: int) -> tuple[Block, ...]:
    """The tables that stand under a row of headings: one, or two side by side."""
    sided = {index: title.side for index, title in titles.items() if title.side}
    both = len(set(sided.values())) == 2
    if both and _texts_below(sided, below):
        starts = sorted(sided)
        ends = [*starts[1:], width]
        return tuple(
            _block(0 if number == 0 else start, end, sided[start], _within(titles, start + 1, end))
            for number, (start, end) in enumerate(zip(starts, ends, strict=True))
        )
    first = min(titles)
    # A side in the first filled cell names the rows below; elsewhere it names its column.
    is_heading = not both and titles[first].side is not None and first < max(titles)
    columns = {index: title for index, title in titles.items() if not (is_heading and index == first)}
    return (_block(0, width, titles[first].side if is_heading else None, columns),)


def unnamed_blocks(width: int) -> tuple[Block, ...]:
    """The one table of a sheet without headings of columns."""
    return (Block(0, width),)


def _block(first: int, end: int, side: Side | None, titles: Mapping[int, Title]) -> Block:
    money = {index: title for index, title in titles.items() if title.holds_money}
    return Block(first, end, tuple(_columns(_most_specific(money))), side)


def _columns(money: Mapping[int, Title]) -> Iterable[Column]:
    return (Column(index, title.year, title.permanence, title.side) for index, title in sorted(money.items()))


def _most_specific(money: Mapping[int, Title]) -> dict[int, Title]:
    """Beside years, or beside structural and one-off, a column of totals would count everything twice."""
    for matters in (
        lambda title: title.permanence is not None,
        lambda title: title.side is not None,
        lambda title: bool(title.year) and title.role != "total",
        lambda title: title.role == "total",
        lambda title: title.role == "amount",
    ):
        chosen = {index: title for index, title in money.items() if matters(title)}
        if chosen:
            return chosen
    return dict(money)


def _within(titles: Mapping[int, Title], first: int, end: int) -> dict[int, Title]:
    return {index: title for index, title in titles.items() if first <= index < end}


def _texts_below(sided: Mapping[int, Side | None], below: Sequence[Row]) -> bool:
    """Whether descriptions, not amounts, stand under the names of the sides."""
    cells = [row[index] for row in below for index in sided if index < len(row)]
    texts = sum(isinstance(cell, str) for cell in cells)
    return texts > len([cell for cell in cells if isinstance(cell, float)])


def _may_be_headings(row: Row, first: int) -> bool:
    """A line such as "Subsidie | 2030" is money; years are headings beside each other, a heading, or nothing."""
    years = [cell for cell in row if is_year(cell)]
    if len(years) != 1:
        return True
    cell = row[first]
    if first > 0 or not isinstance(cell, str):
        return True
    return is_only("label", cell) or heading_side(cell) is not None or says("amount", cell)


def _title(cell: str | float | None) -> Title:
    if not isinstance(cell, str):
        return Title(year_of(cell), None, None, "")
    if len(cell.split()) > _LONGEST_TITLE:
        return Title("", None, None, "")
    side = exact_side(cell) or heading_side(cell)
    return Title(year_of(cell), permanence_of(cell), side, _role(cell))


def _role(cell: str) -> str:
    if says("ignored", cell):
        return "ignored"
    for role in ("total", "amount", "label"):
        if says(role, cell):
            return role
    return "amount" if cell.strip() in ("€", "EUR") else ""
