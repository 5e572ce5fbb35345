"""The empty begroting that initiators can fill in, as XLSX. How a filled one is read is inbox's work.

XlsxWriter stores the outcome beside each formula, so that the sheet also reads well where nothing recalculates it.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

YEARS: Final = 3
KINDS: Final = ("structureel", "eenmalig")
INCOME: Final = (
    "Eigen inkomsten: verkoop, verhuur, kaartjes",
    "Bijdragen van deelnemers en leden",
    "Bijdrage van de gemeente",
    "Subsidie van de provincie Noord-Brabant",
    "Fondsen",
    "Sponsors en giften",
    "Andere inkomsten",
)
COSTS: Final = (
    "Huur, energie en onderhoud",
    "Mensen in dienst en ingehuurd",
    "Vrijwilligers",
    "Activiteiten",
    "Materiaal en inrichting",
    "Verzekering en administratie",
    "Reclame en drukwerk",
    "Rente en aflossing",
    "Onvoorzien",
)
PROVINCE: Final = INCOME[3]
STATUSES: Final = ("toegezegd", "aangevraagd", "nog te werven")
EXPLANATION: Final = (
    "Vul alleen de witte vakken in, met hele euro’s. Structureel is elk jaar opnieuw. Eenmalig is één keer. "
    "Kies bij inkomsten of het geld al is toegezegd."
)
_FIRST_LINE: Final = 4  # row of the first line of income, from 0
_EUROS: Final = "#,##0;[Red]-#,##0"

Amounts = Mapping[str, Sequence[float]]
Statuses = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Paper:
    """The sheet that is written, its formats, and the amounts filled in: a row of six for the name of a line."""

    sheet: Any
    formats: Mapping[str, Any]
    amounts: Amounts

    def amount(self, line: str, column: int) -> float:
        """What a line holds in a column, 0 where nothing was filled in."""
        given = self.amounts.get(line, ())
        return given[column] if column < len(given) else 0.0


def budget_template(first_year: int, amounts: Amounts | None = None, statuses: Statuses | None = None) -> bytes:
    """The begroting for three years from `first_year`, empty or with amounts for its lines.

    Amounts are six euros a line: structural and one-off for each year. `statuses` gives the state of an income.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    formats = {
        "bold": book.add_format({"bold": True}),
        "head": book.add_format({"bold": True, "bg_color": "#DDE8F0", "align": "center"}),
        "free": book.add_format({"num_format": _EUROS, "border": 1, "border_color": "#BBBBBB", "locked": False}),
        "sum": book.add_format({"num_format": _EUROS, "bold": True, "top": 1}),
        "share": book.add_format({"num_format": "0%", "italic": True}),
        "note": book.add_format({"italic": True, "text_wrap": True, "valign": "top"}),
    }
    paper = _Paper(book.add_worksheet("Begroting"), formats, amounts or {})
    _write(paper, first_year, statuses or {})
    book.close()
    return out.getvalue()


def _write(paper: _Paper, first_year: int, statuses: Statuses) -> None:
    sheet, columns = paper.sheet, YEARS * len(KINDS)
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, columns, 12)
    sheet.set_column(columns + 1, columns + 2, 22)
    sheet.write_string(0, 0, "Begroting", paper.formats["bold"])
    sheet.merge_range(1, 0, 1, columns, EXPLANATION, paper.formats["note"])
    sheet.set_row(1, 34)
    for year in range(YEARS):
        left = 1 + year * len(KINDS)
        sheet.merge_range(2, left, 2, left + 1, first_year + year, paper.formats["head"])
    income = _table(paper, _FIRST_LINE - 1, "Baten", INCOME)
    _statuses(paper, statuses)
    costs = _table(paper, income + 2, "Lasten", COSTS)
    _outcome(paper, income, costs)
    sheet.freeze_panes(_FIRST_LINE, 1)


def _table(paper: _Paper, head: int, side: str, lines: Sequence[str]) -> int:
    """Write the lines of one side under their heading; returns the row of the total."""
    sheet, formats = paper.sheet, paper.formats
    sheet.write_string(head, 0, side, formats["bold"])
    total = head + 1 + len(lines)
    for row, line in enumerate(lines, start=head + 1):
        sheet.write_string(row, 0, line)
    sheet.write_string(total, 0, f"Totaal {side.lower()}", formats["bold"])
    for column in range(YEARS * len(KINDS)):
        sheet.write_string(head, column + 1, KINDS[column % len(KINDS)], formats["head"])
        for row, line in enumerate(lines, start=head + 1):
            if amount := paper.amount(line, column):
                sheet.write_number(row, column + 1, amount, formats["free"])
            else:
                sheet.write_blank(row, column + 1, None, formats["free"])
        first, last = (xl_rowcol_to_cell(row, column + 1) for row in (head + 1, total - 1))
        outcome = sum(paper.amount(line, column) for line in lines)
        sheet.write_formula(total, column + 1, f"=SUM({first}:{last})", formats["sum"], outcome)
    return total


def _statuses(paper: _Paper, statuses: Statuses) -> None:
    """Beside every income: how sure it is, and room for a remark."""
    column = 1 + YEARS * len(KINDS)
    paper.sheet.write_string(_FIRST_LINE - 1, column, "Status", paper.formats["head"])
    paper.sheet.write_string(_FIRST_LINE - 1, column + 1, "Toelichting", paper.formats["head"])
    for row, line in enumerate(INCOME, start=_FIRST_LINE):
        paper.sheet.write_string(row, column, statuses.get(line, ""), paper.formats["free"])
    last = _FIRST_LINE + len(INCOME) - 1
    paper.sheet.data_validation(_FIRST_LINE, column, last, column, {"validate": "list", "source": list(STATUSES)})


def _outcome(paper: _Paper, income: int, costs: int) -> None:
    """What remains, and two checks a year: does it close, and how much of it is the province's."""
    sheet, formats = paper.sheet, paper.formats
    for row, words in enumerate(("Saldo", "Sluit dit jaar?", "Deel van de provincie"), start=costs + 1):
        sheet.write_string(row, 0, words, formats["bold"])
    province = _FIRST_LINE + INCOME.index(PROVINCE)
    for column in range(YEARS * len(KINDS)):
        cells = [xl_rowcol_to_cell(row, column + 1) for row in (income, costs)]
        balance = _sum(paper, INCOME, column) - _sum(paper, COSTS, column)
        sheet.write_formula(costs + 1, column + 1, f"={cells[0]}-{cells[1]}", formats["sum"], balance)
    for year in range(YEARS):
        _checks(paper, year * len(KINDS), (province, income, costs))


def _checks(paper: _Paper, column: int, rows: tuple[int, int, int]) -> None:
    """Under the balance of one year; `rows` are those of the province's line and of the two totals."""
    given, incomes, spent = (
        f"{xl_rowcol_to_cell(row, column + 1)}+{xl_rowcol_to_cell(row, column + 2)}" for row in rows
    )
    whole = sum(_sum(paper, INCOME, column + step) for step in (0, 1))
    remains = whole - sum(_sum(paper, COSTS, column + step) for step in (0, 1))
    part = sum(paper.amount(PROVINCE, column + step) for step in (0, 1))
    below = rows[2] + 2
    closes = f'=IF({incomes}>={spent},"ja","nee")'
    paper.sheet.write_formula(below, column + 1, closes, paper.formats["bold"], "ja" if remains >= 0 else "nee")
    share = f"=IF({incomes}=0,0,({given})/({incomes}))"
    paper.sheet.write_formula(below + 1, column + 1, share, paper.formats["share"], part / whole if whole else 0)


def _sum(paper: _Paper, lines: Sequence[str], column: int) -> float:
    return sum(paper.amount(line, column) for line in lines)
