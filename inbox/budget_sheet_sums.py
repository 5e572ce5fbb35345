"""The entries of one year added up and checked against the totals a sheet states; what follows is decided elsewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from inbox.budget_sheet_rows import Entries, Line, Total
from inbox.budget_sheet_words import Permanence, Side
from inbox.shown_budget import Note, YearSums

TOLERANCE: Final = 2.0  # euros: lines that were rounded one by one


@dataclass(slots=True)
class Group:
    """What one sheet, or several together, say of one year."""

    year: str
    lines: list[Line] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    balances: list[Total] = field(default_factory=list)

    def sides(self) -> set[Side]:
        """The sides of which something is told."""
        sides = [*(line.side for line in self.lines), *(total.side for total in self.totals)]
        return {side for side in sides if side is not None}


def groups_of(entries: Entries) -> list[Group]:
    """The entries of one sheet by year, in the order of the sheet; signs tell the sides where no heading does."""
    lines = entries.lines
    if not any(line.side for line in lines) and not any(total.side for total in entries.totals):
        lines = _sided_by_sign(lines)
    years = dict.fromkeys([*(line.year for line in lines), *(total.year for total in entries.totals)])
    # One year that is named holds for what stands without.
    only = next((year for year in years if year), "") if len(years) == 2 and "" in years else ""
    groups = {year or only: Group(year or only) for year in years}
    for line in lines:
        groups[line.year or only].lines.append(line)
    for total in entries.totals:
        groups[total.year or only].totals.append(total)
    for balance in entries.balances:
        if (balance.year or only) in groups:
            groups[balance.year or only].balances.append(balance)
    return list(groups.values())


def joined(groups: Sequence[Group]) -> Group:
    """Groups of one year as one, such as a sheet of income and a sheet of costs."""
    together = Group(groups[0].year)
    for group in groups:
        together.lines += group.lines
        together.totals += group.totals
    return together


def sums_of(group: Group) -> YearSums:
    """Add the lines of one year up; a side without lines takes its stated total."""
    income = [line for line in group.lines if line.side == "income" and line.status != "missing"]
    sign = -1 if _all_negative(line.amount for line in group.lines if line.side == "income") else 1
    kinds = {line.permanence for line in group.lines}
    split = kinds <= {"structural", "one_off"} and "structural" in kinds and bool(income)
    return YearSums(
        year=group.year,
        income=_side_sum(group, "income"),
        costs=_side_sum(group, "costs"),
        requested=sign * sum(line.amount for line in income if line.status == "requested"),
        missing=sign * sum(line.amount for line in group.lines if line.side == "income" and line.status == "missing"),
        provincial=sign * sum(line.amount for line in income if line.provincial),
        structural_income=_side_sum(group, "income", "structural") if split else None,
        structural_costs=_side_sum(group, "costs", "structural") if split else None,
    )


def stated_sums(group: Group, sums: YearSums) -> YearSums:
    """The same year by the totals that the sheet states and its lines do not bear out."""
    wrong = _wrong_totals(group)
    stated = {side: max((abs(total.amount) for total in wrong if total.side == side), default=None) for side in SIDES}
    income, costs = stated["income"], stated["costs"]
    return replace(sums, income=sums.income if income is None else income, costs=sums.costs if costs is None else costs)


def disagreements(group: Group, sums: YearSums) -> set[Note]:
    """Which stated totals and balances differ from the lines they stand under."""
    found: set[Note] = {"total_disagrees"} if _wrong_totals(group) else set()
    right = {abs(sums.difference), abs(sums.difference + sums.missing)}
    columns = {line.column for line in group.lines}
    rows: dict[int, float] = {}
    for balance in group.balances:
        rows[balance.position] = rows.get(balance.position, 0.0) + balance.amount
    # Kinds in columns of their own have balances of their own; only their sum is compared.
    if columns and any(not _near_any(abs(amount), right) for amount in rows.values()):
        found.add("balance_disagrees")
    return found


SIDES: Final[tuple[Side, ...]] = ("income", "costs")


def _sided_by_sign(lines: Sequence[Line]) -> list[Line]:
    if not any(line.amount < 0 for line in lines) or not any(line.amount > 0 for line in lines):
        return list(lines)
    return [replace(line, side="costs" if line.amount < 0 else "income") for line in lines]


def _side_sum(group: Group, side: Side, permanence: Permanence | None = None) -> float:
    lines = [line for line in group.lines if line.side == side]
    if not lines:
        return max((abs(total.amount) for total in group.totals if total.side == side), default=0.0)
    sign = -1 if _all_negative(line.amount for line in lines) else 1
    counted = [line.amount for line in lines if line.status != "missing" or side == "costs"]
    if permanence is not None:
        counted = [
            line.amount
            for line in lines
            if line.permanence == permanence and (line.status != "missing" or side == "costs")
        ]
    return sign * sum(counted)


def _wrong_totals(group: Group) -> list[Total]:
    """Totals that equal neither the lines above them, nor those since the total before, nor all of their side."""
    wrong: list[Total] = []
    for side in SIDES:
        for column in {total.column for total in group.totals if total.side == side}:
            totals = [total for total in group.totals if (total.side, total.column) == (side, column)]
            lines = [line for line in group.lines if (line.side, line.column) == (side, column)]
            if lines:
                wrong += _wrong_of_column(totals, lines, group.balances)
    return wrong


def _wrong_of_column(totals: Sequence[Total], lines: Sequence[Line], balances: Sequence[Total]) -> list[Total]:
    wrong = []
    begin = Total(-1, lines[0].column, "", None, 0.0)
    evening_out = [abs(balance.amount) for balance in balances if balance.column == lines[0].column]
    for before, total in pairwise((begin, *totals)):
        parts = (
            [line for line in lines if line.position < total.position],
            [line for line in lines if before.position < line.position < total.position],
            [line for line in lines if line.position > total.position],
            lines,
        )
        right = {abs(amount) for part in parts if part for amount in _possible_sums(part)}
        right |= {amount + extra for amount in right for extra in evening_out}
        if not _near_any(abs(total.amount), right):
            wrong.append(total)
    return wrong


def _possible_sums(lines: Sequence[Line]) -> tuple[float, float]:
    """With and without the income that still has to be found."""
    return sum(line.amount for line in lines), sum(line.amount for line in lines if line.status != "missing")


def _near_any(amount: float, others: Iterable[float]) -> bool:
    return any(abs(amount - other) <= TOLERANCE for other in others)


def _all_negative(amounts: Iterable[float]) -> bool:
    found = [amount for amount in amounts if amount]
    return bool(found) and all(amount < 0 for amount in found)
