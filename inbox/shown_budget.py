"""What a begroting shows, as records; reading one from a file is budget_sheet.py's, from words budget_words.py's."""

from dataclasses import dataclass
from typing import Literal

from inbox.sheet_grid import RefusalCode

Budget = Literal["closing", "prospect", "not_closing"]
Note = Literal[
    "columns_unclear",
    "unplaced_lines",
    "unpriced_costs",
    "total_disagrees",
    "balance_disagrees",
    "sheets_disagree",
    "files_disagree",
    "missing_income",
    "requested_income",
    "macros",
]


@dataclass(frozen=True, slots=True)
class YearSums:
    """One year in euros. `income` counts what is granted or asked for, `requested` the part not granted yet.

    `missing` is income that the sheet itself calls still to be found; it is not in `income`. `provincial` is the
    part of `income` from the province. The structural sums are None where the sheet does not tell kinds apart.
    """

    year: str
    income: float
    costs: float
    requested: float = 0.0
    missing: float = 0.0
    provincial: float = 0.0
    structural_income: float | None = None
    structural_costs: float | None = None

    @property
    def difference(self) -> float:
        """What remains: income less costs."""
        return self.income - self.costs


@dataclass(frozen=True, slots=True)
class BudgetSheet:
    """One begroting. `budget` and `provincial_dependence` are None where the sheet leaves doubt; `notes` say why."""

    filename: str
    years: tuple[YearSums, ...]
    budget: Budget | None
    provincial_dependence: bool | None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetRefusal:
    """A file that could not be read as a budget, and why."""

    filename: str
    code: RefusalCode
