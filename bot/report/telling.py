"""A weekly report as title, sentences, sections and charts, for the team or for others. Forms: layout.py."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.report.cells import AtLeast, Cell, Days, Hidden, Row, Section, Share, Table
from bot.report.charts import Chart, charts
from bot.report.desk_links import report_path
from bot.report.suppression import BESIDE, SMALLEST_SHOWN, hide, hide_parts
from bot.report.tables import sections
from bot.report.week_report import Report
from bot.report.words import phrase
from bot.week import DUTCH_TIME, Week, day_in_words, dutch_day

# What others may see: no lists of what waits, no words of advisers, no single case, no part of a part.
PUBLIC_TABLES = (
    "overview", "weeks", "goal", "channels", "needs", "eligibility", "regions", "outcomes", "organisations", "waiting",
)  # fmt: skip
NOT_COUNTED = "waiting"


@dataclass(frozen=True, slots=True)
class Telling:
    """A report ready for any form. `page` is its own page on the desk; `as_of` the moment that it tells of."""

    week: Week
    as_of: datetime
    public: bool
    title: str
    paragraphs: tuple[str, ...]
    sections: tuple[Section, ...]
    charts: Mapping[str, Chart]
    closing: str
    page: str


def tell(report: Report) -> Telling:
    """The whole report, for the team."""
    return _telling(report, sections(report), public=False)


def tell_public(report: Report) -> Telling:
    """What of it others may see: numbers below SMALLEST_SHOWN are hidden, and what would give them away."""
    shown = []
    for section in sections(report):
        tables = tuple(_public(table) for table in section.tables if table.code in PUBLIC_TABLES)
        if tables:
            shown.append(replace(section, tables=tables))
    return _telling(report, tuple(shown), public=True)


def _telling(report: Report, told: tuple[Section, ...], *, public: bool) -> Telling:
    paragraphs = [phrase("period", days=report.week.days_in_words())]
    if report.is_running:
        time = report.as_of.astimezone(DUTCH_TIME)
        paragraphs.append(phrase("running", day=day_in_words(dutch_day(report.as_of)), time=f"{time:%H:%M}"))
    paragraphs += _how_to_read(report, told, public)
    return Telling(
        week=report.week,
        as_of=report.as_of,
        public=public,
        title=phrase("title", week=report.week.in_words()),
        paragraphs=tuple(paragraphs),
        sections=told,
        charts=charts(told),
        closing=phrase("closing"),
        page=report_path(report.week),
    )


def _how_to_read(report: Report, told: tuple[Section, ...], public: bool) -> list[str]:
    if not public:
        count = len(report.earlier)
        return [phrase("compared", count=count) if count else phrase("compared_first")]
    cells = {cell for section in told for table in section.tables for row in table.rows for cell in row.cells}
    return [phrase("public"), *([phrase("public_beside")] if BESIDE in cells else [])]


def _public(table: Table) -> Table:
    """A table with small numbers hidden; only columns of counts stay, so that no mean gives a number away."""
    if table.code == NOT_COUNTED:
        return _public_waits(table)
    if table.code == "goal":
        return _public_goal(table)
    counted = [row for row in table.rows if not any(isinstance(cell, Share) for cell in row.cells)]
    every = [*counted, *([table.total] if table.total else [])]
    columns = [at for at in range(len(table.columns) - 1) if all(isinstance(row.cells[at], int) for row in every)]
    rows = [replace(row, cells=tuple(row.cells[at] for at in columns), share=None, path="") for row in counted]
    heads = (table.columns[0], *(table.columns[at + 1] for at in columns))
    bare = replace(table, columns=heads, rows=tuple(rows), total=None)
    if table.total is None:
        return replace(bare, rows=tuple(_with_cells(row, [hide(_count(cell)) for cell in row.cells]) for row in rows))
    named = tuple(row for row in rows if any(row.cells))
    return _public_parts(replace(bare, rows=named), [_count(table.total.cells[at]) for at in columns], table.total)


def _public_parts(table: Table, totals: list[int], total: Row) -> Table:
    """Hide in each column what the total would give away: all of it, where less would not do."""
    if not table.rows:
        return table
    shown = [hide_parts([_count(row.cells[at]) for row in table.rows], whole) for at, whole in enumerate(totals)]
    last = _with_cells(total, [hide(whole) for whole in totals])
    if all(column is None for column in shown):
        return replace(table, rows=(last,), note=phrase("too_small"))
    hidden = (BESIDE,) * len(table.rows)
    cells = list(zip(*(column or hidden for column in shown), strict=True))
    rows = tuple(_with_cells(row, list(cells[at])) for at, row in enumerate(table.rows))
    return replace(table, rows=rows, total=last)


def _public_waits(table: Table) -> Table:
    """How many introductions and how long it usually took; the longest wait is one case's."""
    counts, usual = table.rows[:2]
    enough = [isinstance(cell, int) and cell >= SMALLEST_SHOWN for cell in counts.cells]
    waits = [cell if many else Days(None) for cell, many in zip(usual.cells, enough, strict=True)]
    few = _with_cells(counts, [hide(_count(cell)) for cell in counts.cells[:2]])
    return replace(table, columns=table.columns[:3], rows=(few, _with_cells(usual, waits[:2])))


def _public_goal(table: Table) -> Table:
    """The count of the year in steps: from one week to the next it would tell the few of that week."""
    reached, goal, pace = table.rows
    cells = [_in_steps(_count(cell)) for cell in reached.cells]
    return replace(table, rows=(replace(_with_cells(reached, cells), share=None), goal, pace))


def _in_steps(count: int) -> Cell:
    return AtLeast(count - count % SMALLEST_SHOWN) if count >= SMALLEST_SHOWN else hide(count)


def _with_cells(row: Row, cells: list[Cell] | list[int | Hidden]) -> Row:
    return replace(row, cells=tuple(cells))


def _count(cell: Cell) -> int:
    if not isinstance(cell, int):
        raise TypeError("a count was expected")
    return cell
