"""What an attached begroting says: sums a year, whether it closes, whether it leans on the province.

Doubt gives None, never a guess. The writer's own words are facts.py's; which of the two counts is known_facts.py's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, get_args

from inbox.budget_sheet_rows import Entries, Line, read_entries
from inbox.budget_sheet_sums import (
    TOLERANCE,
    Group,
    disagreements,
    groups_of,
    joined,
    stated_sums,
    sums_of,
)
from inbox.message import Attachment
from inbox.sheet_cells import is_sheet, read_workbook
from inbox.sheet_grid import FaultCode
from inbox.shown_budget import Budget, BudgetSheet, Note, SheetRefusal, YearSums

__all__ = ["MAX_FILES", "MAX_YEARS", "BudgetSheet", "find_budget_sheet", "read_budget"]

MAX_FILES: Final = 3  # sheets of one message that are read
MAX_YEARS: Final = 12

_SPOIL_ALL: Final = frozenset({"columns_unclear", "unplaced_lines", "sheets_disagree"})
_SPOIL_CLOSING: Final = frozenset({"unpriced_costs", "total_disagrees", "balance_disagrees"})


@dataclass(frozen=True, slots=True)
class _Year:
    """A year with what it rests on."""

    sums: YearSums
    lines: tuple[Line, ...]
    budget: Budget | None
    notes: frozenset[Note]


def find_budget_sheet(attachments: Sequence[Attachment]) -> BudgetSheet | SheetRefusal | None:
    """What the spreadsheets of a message say together, None when there are none.

    Of several budgets the one that asks most care counts, and a note says that there were more. A file that can't
    be read counts only when no other can. Never raises.
    """
    files = [attachment for attachment in attachments if is_sheet(attachment)][:MAX_FILES]
    read = [read_budget(attachment) for attachment in files]
    sheets = [each for each in read if isinstance(each, BudgetSheet)]
    if not sheets:
        return read[0] if read else None
    chosen = min(sheets, key=_carefulness)
    verdicts = {(sheet.budget, sheet.provincial_dependence) for sheet in sheets}
    return chosen if len(verdicts) == 1 else replace(chosen, notes=(*chosen.notes, "files_disagree"))


def read_budget(attachment: Attachment) -> BudgetSheet | SheetRefusal:
    """What one file says, or why it can't be read as a sum. Never raises."""
    workbook = read_workbook(attachment)
    if isinstance(workbook, SheetRefusal):
        return workbook
    try:
        entries = [read_entries(sheet) for sheet in workbook.sheets]
        notes: set[Note] = {"macros"} if workbook.macros else set()
        return _from_entries(workbook.filename, entries, notes)
    except Exception:
        # Whatever a strange sheet makes go wrong, the message it came with has to be answered.
        return SheetRefusal(workbook.filename, "no_budget_found")


def _from_entries(filename: str, entries: Sequence[Entries], notes: set[Note]) -> BudgetSheet | SheetRefusal:
    with_budget = [each for each in entries if each.lines or each.totals or each.faults]
    groups = [group for each in with_budget for group in groups_of(each)]
    faults = {fault for each in with_budget for fault in each.faults}
    sides = {side for group in groups for side in group.sides()}
    if faults and (sides or not groups):
        return SheetRefusal(filename, next(code for code in get_args(FaultCode) if code in faults))
    if len(sides) < 2:
        return SheetRefusal(filename, "no_budget_found")
    for each in with_budget:
        notes |= each.doubts
    if any(line.side is None and line.amount for group in groups for line in group.lines):
        notes.add("unplaced_lines")
    years = [_year(found, notes) for found in _by_year(groups)]
    years = [year for year in years if year.sums.income or year.sums.costs or year.sums.missing][:MAX_YEARS]
    if not years:
        return SheetRefusal(filename, "no_budget_found")
    for year in years:
        notes |= year.notes
    return BudgetSheet(
        filename=filename,
        years=tuple(year.sums for year in years),
        budget=None if notes & _SPOIL_ALL else _budget(years),
        provincial_dependence=None if notes & (_SPOIL_ALL | _SPOIL_CLOSING) else _dependence(years),
        notes=tuple(note for note in get_args(Note) if note in notes),
    )


def _by_year(groups: Sequence[Group]) -> Iterable[list[Group]]:
    """The groups to count for each year; sides on sheets of their own are put together."""
    years = dict.fromkeys(group.year for group in groups)
    for year in sorted(years) if all(name.isdigit() for name in years) else years:
        own = [group for group in groups if group.year == year]
        whole = [group for group in own if len(group.sides()) == 2]
        if whole:
            yield sorted(whole, key=lambda group: -len(group.lines))
        elif len({side for group in own for side in group.sides()}) == 2:
            yield [joined(own)]


def _year(groups: Sequence[Group], known: set[Note]) -> _Year:
    group = groups[0]
    sums = sums_of(group)
    notes = disagreements(group, sums)
    if any(not _same(sums, sums_of(other)) for other in groups[1:]):
        notes.add("sheets_disagree")
    if sums.requested:
        notes.add("requested_income")
    if sums.missing:
        notes.add("missing_income")
    budget: Budget | None = _year_budget(sums)
    if (notes | known) & _SPOIL_CLOSING and (
        budget != "not_closing" or _year_budget(stated_sums(group, sums)) != "not_closing"
    ):
        budget = None
    return _Year(sums, tuple(group.lines), budget, frozenset(notes))


def _year_budget(sums: YearSums) -> Budget:
    if sums.difference < -TOLERANCE:
        return "not_closing"
    return "prospect" if sums.difference - sums.requested < -TOLERANCE else "closing"


def _budget(years: Sequence[_Year]) -> Budget | None:
    """Every year has to close; an early year may be short only when years before it left enough."""
    verdicts = [year.budget for year in years]
    if "not_closing" in verdicts:
        carried = 0.0
        for year in years:
            carried += year.sums.difference
            if carried < -TOLERANCE:
                return "not_closing"
        return None
    if None in verdicts:
        return None
    return "prospect" if "prospect" in verdicts else "closing"


def _dependence(years: Sequence[_Year]) -> bool | None:
    """Whether the last year closes only with structural money of the province.

    A sheet of totals only does not tell who pays, and a subsidy without a name may be the province's.
    """
    last = years[-1]
    income = [line for line in last.lines if line.side == "income" and line.status != "missing"]
    if not income:
        return None
    own = [line for line in income if line.provincial and line.permanence != "one_off" and line.amount]
    doubtful = [line for line in income if line.unnamed_giver and not line.provincial and line.permanence != "one_off"]
    if _closes_without(last.sums, [*own, *doubtful]):
        return False
    if not own:
        return None if doubtful else False
    if all(line.permanence == "structural" for line in own):
        return True
    # Every year again, up to the last one: the sheet itself makes it structural.
    before = [line for year in years[:-1] for line in year.lines if line.side == "income" and line.provincial]
    return True if before else None


def _closes_without(sums: YearSums, lines: Sequence[Line]) -> bool:
    if sums.structural_income is not None and sums.structural_costs is not None:
        structural = [line for line in lines if line.permanence == "structural"]
        rest = sums.structural_income - sum(abs(line.amount) for line in structural)
        return bool(rest - sums.structural_costs >= -TOLERANCE)
    return sums.difference - sum(abs(line.amount) for line in lines) >= -TOLERANCE


def _same(one: YearSums, other: YearSums) -> bool:
    return abs(one.income - other.income) <= TOLERANCE and abs(one.costs - other.costs) <= TOLERANCE


def _carefulness(sheet: BudgetSheet) -> tuple[bool, bool, bool]:
    return (
        sheet.budget != "not_closing" and sheet.provincial_dependence is not True,
        sheet.budget is None,
        sheet.provincial_dependence is None,
    )
