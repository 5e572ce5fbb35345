"""The empty begroting: what people fill in is read back as they meant it, and the command writes it once."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from bot import cli
from bot.budget_template import COSTS, INCOME, PROVINCE, budget_template
from tests.sheet_builders import read, refusal

FILLED = {
    INCOME[0]: (5000, 0, 6000, 0, 9000, 0),
    INCOME[2]: (3000, 0, 3000, 0, 3000, 0),
    PROVINCE: (0, 4000, 0, 0, 0, 0),
    COSTS[0]: (6000, 0, 7000, 0, 8000, 0),
    COSTS[3]: (1500, 0, 1500, 0, 2000, 0),
    COSTS[4]: (0, 4000, 0, 0, 0, 0),
}


def test_a_filled_template_is_read_back() -> None:
    sheet = read(budget_template(2027, FILLED))
    assert [(year.year, year.income, year.costs, year.provincial) for year in sheet.years] == [
        ("2027", 12000, 11500, 4000), ("2028", 9000, 8500, 0), ("2029", 12000, 10000, 0),
    ]  # fmt: skip
    assert (sheet.years[0].structural_income, sheet.years[0].structural_costs) == (8000, 7500)
    assert (sheet.budget, sheet.provincial_dependence, sheet.notes) == ("closing", False, ())


def test_the_status_of_income_counts() -> None:
    assert read(budget_template(2027, FILLED, {INCOME[2]: "aangevraagd"})).budget == "prospect"
    assert read(budget_template(2027, FILLED, {INCOME[2]: "nog te werven"})).budget == "not_closing"
    assert read(budget_template(2027, FILLED, {INCOME[2]: "toegezegd"})).budget == "closing"


def test_structural_money_of_the_province_is_a_dependence() -> None:
    leaning = {
        **FILLED,
        INCOME[2]: (0,) * 6,
        PROVINCE: (3000, 4000, 3000, 0, 3000, 0),
        INCOME[0]: (5000, 0, 6000, 0, 7500, 0),
    }
    assert read(budget_template(2027, leaning)).provincial_dependence is True


def test_an_empty_template_tells_nothing() -> None:
    assert refusal(budget_template(2027)) == "no_budget_found"


def test_a_program_that_does_not_recalculate_is_noticed() -> None:
    book, out = openpyxl.load_workbook(BytesIO(budget_template(2027, FILLED))), BytesIO()
    book.save(out)
    assert refusal(out.getvalue()) == "formulas_without_values"


def test_the_command_writes_it_and_never_over_another_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run(["begroting"]) == 0
    assert openpyxl.load_workbook(tmp_path / "begroting.xlsx").sheetnames == ["Begroting"]
    assert cli.run(["begroting"]) == 1
    assert "is er al" in capsys.readouterr().err
    assert cli.run(["begroting", "--out", "begroting.txt"]) == 1
