"""What begrotingen say: sums a year, whether they close, whether they lean on the province, in many layouts."""

from __future__ import annotations

import pytest

from inbox.budget_sheet import BudgetSheet
from tests.sheet_builders import FORMS, Rows, csv_bytes, read, refusal, xlsx

SECTIONS: Rows = [
    ["Begroting Buurthuis 2027"],
    [],
    ["Inkomsten"],
    ["Verhuur zaal", 6000],
    ["Bijdrage gemeente", 4000],
    ["Contributies", 2500],
    ["Totaal inkomsten", 12500],
    [],
    ["Uitgaven"],
    ["Huur", 7000],
    ["Energie", 3000],
    ["Verzekering", 2000],
    ["Totaal uitgaven", 12000],
    ["Saldo", 500],
]
YEARS: Rows = [
    ["Meerjarenbegroting 2026-2028"],
    ["Baten", 2026, 2027, 2028],
    ["Provincie Noord-Brabant, aanloopsubsidie (eenmalig)", 10000, 5000, 0],
    ["Gemeente", 5000, 5000, 5000],
    ["Eigen omzet", 5000, 12000, 18000],
    ["Totaal baten", 20000, 22000, 23000],
    ["Lasten"],
    ["Personeel", 15000, 16000, 17000],
    ["Huisvesting", 5000, 5500, 5600],
    ["Totaal lasten", 20000, 21500, 22600],
    ["Resultaat", 0, 500, 400],
]
LEDGER: Rows = [
    ["Omschrijving", "Inkomsten", "Uitgaven"],
    ["Entree", "€ 1.250,00", None],
    ["Sponsors", "€ 3.000,-", None],
    ["Muziek", None, "€ 2.000"],
    ["Zaal", None, "2.100,50"],
    ["Totaal", "€ 4.250,00", "€ 4.100,50"],
]
BESIDE: Rows = [
    ["Kosten", None, "Dekking", None],
    ["Materiaal", 800, "Oranje Fonds", 500],
    ["Huur", 400, "Eigen bijdrage", 200],
    ["Drukwerk", 100, None, None],
    ["Totaal", 1300, "Totaal", 700],
]
SIGNED: Rows = [["Contributie", 900], ["Subsidie gemeente", 600], ["Huur", -1000], ["Koffie", "200-"], ["Saldo", 300]]
KINDS: Rows = [
    ["Begroting"],
    [None, 2027, None, 2028, None],
    ["Opbrengsten", "structureel", "eenmalig", "structureel", "eenmalig"],
    ["Exploitatiebijdrage provincie", 20000, None, 20000, None],
    ["Gemeente", 10000, 3000, 10000, None],
    ["Verkoop", 5000, None, 6000, None],
    ["Kosten", "structureel", "eenmalig", "structureel", "eenmalig"],
    ["Lonen", 34000, None, 35000, None],
    ["Inrichting", None, 3000, None, None],
]


@pytest.mark.parametrize(
    ("rows", "sums", "budget", "dependence"),
    [
        (SECTIONS, [("2027", 12500, 12000)], "closing", False),
        (YEARS, [("2026", 20000, 20000), ("2027", 22000, 21500), ("2028", 23000, 22600)], "closing", False),
        (LEDGER, [("", 4250, 4100.5)], "closing", False),
        (BESIDE, [("", 700, 1300)], "not_closing", False),
        (SIGNED, [("", 1500, 1200)], "closing", False),
        (KINDS, [("2027", 38000, 37000), ("2028", 36000, 35000)], "closing", True),
    ],
    ids=["sections", "years", "ledger", "beside", "signed", "kinds"],
)
@pytest.mark.parametrize("form", ["xlsx", "ods", "csv"])
def test_a_budget_is_read_in_any_layout_and_form(
    form: str, rows: Rows, sums: list[tuple[str, float, float]], budget: str, dependence: bool
) -> None:
    content = FORMS[form](rows)
    sheet = read(content, f"begroting.{form}")
    assert [(year.year, year.income, year.costs) for year in sheet.years] == sums
    assert (sheet.budget, sheet.provincial_dependence) == (budget, dependence)
    assert sheet.notes == ()


def lines(income: Rows, costs: Rows) -> BudgetSheet:
    """A small budget of one year."""
    return read(xlsx([["Inkomsten"], *income, ["Uitgaven"], *costs]))


def test_income_that_was_asked_for_is_a_prospect() -> None:
    sheet = lines([["Verhuur", 500], ["Oranje Fonds (aangevraagd)", 600]], [["Huur", 1000]])
    assert (sheet.budget, sheet.years[0].requested, sheet.notes) == ("prospect", 600, ("requested_income",))


def test_a_status_may_stand_in_a_column_of_its_own() -> None:
    rows: Rows = [
        ["Dekking", "Bedrag", "Status"],
        ["Gemeente", 1000, "toegezegd"],
        ["Fonds", 400, "aangevraagd, nog geen besluit"],
        ["Kosten", "Bedrag", None],
        ["Materiaal", 1300, None],
    ]
    assert read(xlsx(rows)).budget == "prospect"


def test_income_still_to_be_found_closes_nothing() -> None:
    rows: Rows = [
        ["Baten"], ["Verkoop", 700], ["Nog te dekken", 300], ["Totaal baten", 1000],
        ["Lasten"], ["Inkoop", 1000], ["Totaal lasten", 1000],
    ]  # fmt: skip
    sheet = read(xlsx(rows))
    assert (sheet.budget, sheet.years[0].income) == ("not_closing", 700)
    assert "total_disagrees" not in sheet.notes


def test_a_total_that_differs_from_its_lines_leaves_doubt() -> None:
    rows = [list(row) for row in SECTIONS]
    rows[6][1] = 14000
    sheet = read(xlsx(rows))
    assert "total_disagrees" in sheet.notes
    assert (sheet.budget, sheet.provincial_dependence) == (None, None)
    assert sheet.years[0].income == 12500


def test_subtotals_are_not_counted_again() -> None:
    rows: Rows = [
        ["Kosten", None], ["Huur", 100], ["Gas", 50], ["Subtotaal gebouw", 150], ["Eten", 30], ["Drinken", 20],
        ["Subtotaal catering", 50], ["Totaal kosten", 200], ["Opbrengsten", None], ["Bar", 250], [None, 250],
    ]  # fmt: skip
    sheet = read(xlsx(rows))
    assert (sheet.years[0].costs, sheet.years[0].income, sheet.budget, sheet.notes) == (200, 250, "closing", ())


def test_a_sheet_a_year_and_a_sheet_a_side() -> None:
    years = read(xlsx({"2026": [*SECTIONS[2:]], "2027": [*SECTIONS[2:-1]]}))
    assert [year.year for year in years.years] == ["2026", "2027"]
    sides = read(xlsx({"Inkomsten": [["Verhuur", 10], ["Bar", 20]], "Uitgaven": [["Huur", 25]]}))
    assert [(year.income, year.costs) for year in sides.years] == [(30, 25)]


def test_sheets_that_tell_different_sums_leave_doubt() -> None:
    other = [list(row) for row in SECTIONS]
    other[9][1], other[12][1], other[13][1] = 9000, 14000, -1500
    sheet = read(xlsx({"Nieuw": SECTIONS, "Oud": other}))
    assert (sheet.budget, "sheets_disagree" in sheet.notes) == (None, True)


def test_only_totals_tell_whether_it_closes_but_not_who_pays() -> None:
    sheet = read(xlsx([["Totaal inkomsten", 900], ["Totaal uitgaven", 1000], ["Tekort", 100]]))
    assert (sheet.budget, sheet.provincial_dependence) == ("not_closing", None)


@pytest.mark.parametrize(
    ("line", "dependence"),
    [
        ("Structurele subsidie provincie", True),
        ("Eenmalige bijdrage provincie Noord-Brabant", False),
        ("Bijdrage PNB", None),
        ("Subsidie", None),
        ("Subsidie gemeente Oss", False),
        ("Verkoop", False),
    ],
)
def test_who_pays_decides_the_dependence(line: str, dependence: bool | None) -> None:
    sheet = lines([["Contributie", 500], [line, 500]], [["Huur", 1000]])
    assert (sheet.budget, sheet.provincial_dependence) == ("closing", dependence)


def test_money_of_the_province_in_every_year_is_structural() -> None:
    rows: Rows = [
        ["Baten", 2026, 2027], ["Provincie", 500, 500], ["Leden", 500, 500],
        ["Lasten", None, None], ["Huur", 1000, 1000],
    ]  # fmt: skip
    assert read(xlsx(rows)).provincial_dependence is True
    assert (
        read(xlsx([*rows[:1], ["Provincie", 500, 0], ["Leden", 500, 1000], *rows[3:]])).provincial_dependence is False
    )


def test_years_together() -> None:
    def verdict(*differences: int) -> str | None:
        years = range(2026, 2026 + len(differences))
        income = [1000 + difference for difference in differences]
        rows: Rows = [["Baten", *years], ["Leden", *income], ["Lasten"], ["Huur", *([1000] * len(income))]]
        return read(xlsx(rows)).budget

    assert verdict(0, 0) == "closing"
    assert verdict(-500, 600) == "not_closing"
    assert verdict(500, -400) is None
    assert verdict(0, -400) == "not_closing"


def test_negative_costs_are_costs() -> None:
    sheet = lines([["Verkoop", 100]], [["Huur", "-80"], ["Gas", "(30)"], ["Totaal uitgaven", -110]])
    assert (sheet.years[0].costs, sheet.budget, sheet.notes) == (110, "not_closing", ())


def test_merged_headings_count_for_every_column() -> None:
    rows: Rows = [
        ["Baten", None, None],
        ["Omschrijving", "structureel", "eenmalig"],
        ["Leden", 900, 100],
        ["Lasten", None, None],
        ["Huur", 850, 100],
    ]
    sheet = read(xlsx(rows, merges=[("B1:C1", 2027)]))
    assert [(year.year, year.income, year.structural_income) for year in sheet.years] == [("2027", 1000, 900)]


def test_quantities_and_prices_beside_the_amounts() -> None:
    rows: Rows = [
        ["Kosten", "Aantal", "Prijs", "Bedrag"], ["Stoelen", 10, 25, 250], ["Huur", 12, 100, 1200],
        ["Inkomsten", None, None, None], ["Leden", 100, 15, 1500],
    ]  # fmt: skip
    sheet = read(xlsx(rows))
    assert (sheet.years[0].costs, sheet.years[0].income) == (1450, 1500)
    without = read(xlsx([["Kosten"], *rows[1:]]))
    assert (without.budget, without.notes) == (None, ("columns_unclear",))


def test_months_add_up_to_their_own_total() -> None:
    months: Rows = [["Inkomsten", "jan", "feb", "totaal"], ["Bar", 5, 6, 11], ["Uitgaven"], ["Huur", 4, 4, 8]]
    sheet = read(xlsx(months))
    assert (sheet.years[0].income, sheet.years[0].costs, sheet.budget) == (11, 8, "closing")


def test_a_total_that_was_never_calculated_leaves_doubt() -> None:
    rows: Rows = [["Inkomsten"], ["Bar", 90], ["Totaal", "=B2→0"], ["Uitgaven"], ["Huur", 80], ["Totaal", "=B5→0"]]
    assert (read(xlsx(rows)).budget, read(xlsx(rows)).notes) == (None, ("total_disagrees",))


def test_what_is_asked_of_a_funder_is_not_granted_yet() -> None:
    assert lines([["Gevraagde bijdrage fonds", 900], ["Eigen geld", 100]], [["Project", 1000]]).budget == "prospect"


def test_costs_without_a_price_leave_doubt() -> None:
    sheet = lines([["Leden", 100]], [["Huur", 90], ["Verbouwing", "p.m."]])
    assert (sheet.budget, sheet.notes) == (None, ("unpriced_costs",))


def test_an_english_sheet() -> None:
    rows: Rows = [
        ["Income", "2027"], ["Sales", "1,250.50"], ["Province grant (structural)", "2,000.00"],
        ["Total income", "3,250.50"],
        ["Expenses", "2027"], ["Rent", "3,000.00"], ["Total expenses", "3,000.00"], ["Balance", "250.50"],
    ]  # fmt: skip
    sheet = read(csv_bytes(rows, "\t"), "budget.csv")
    assert (sheet.budget, sheet.provincial_dependence, sheet.years[0].income) == ("closing", True, 3250.5)


@pytest.mark.parametrize(
    "rows", [[], [["Hallo"]], [["Naam", "Leeftijd"], ["Lid", 40], ["Lid", 52]], [["Uitgaven"], ["Huur", 10]]]
)
def test_what_is_no_budget(rows: Rows) -> None:
    assert refusal(xlsx(rows)) == "no_budget_found"
