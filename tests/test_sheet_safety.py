"""Spreadsheets that are damaged, hostile or strange: a clear outcome, little time and memory, never an exception."""

from __future__ import annotations

import tracemalloc
import zipfile
from io import BytesIO
from typing import get_args

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.budget_sheet import BudgetSheet, find_budget_sheet, read_budget
from inbox.message import Attachment
from inbox.sheet_cells import MAX_BYTES, SheetRefusal
from inbox.sheet_formulas import circular_cells
from inbox.sheet_grid import RefusalCode
from inbox.sheet_numbers import amount_of
from tests.sheet_builders import FORMS, Rows, csv_bytes, ods, ods_of, read, refusal, with_member, xlsx, zipped

GOOD: Rows = [["Inkomsten"], ["Verhuur", 900], ["Uitgaven"], ["Huur", 1000]]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
SHEET = "xl/worksheets/sheet1.xml"
NAMES = st.sampled_from(["a.xlsx", "a.ods", "a.csv", "a.tsv", "a.xls", "a.xlsm", "bijlage"])


def with_formula(formula: str) -> Rows:
    return [["Inkomsten"], ["Verhuur", formula], ["Uitgaven"], ["Huur", 1000]]


def worksheet(cells: str) -> bytes:
    """A workbook whose first sheet holds this XML."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return with_member(xlsx(GOOD), SHEET, f"<worksheet {space}><sheetData>{cells}</sheetData></worksheet>".encode())


def test_formulas_count_by_the_value_that_was_kept() -> None:
    assert read(xlsx(with_formula("=400+600→1000"))).budget == "closing"
    assert read(ods(with_formula("=400+600→1000")), "a.ods").budget == "closing"


@pytest.mark.parametrize("form", ["xlsx", "ods", "csv"])
def test_a_formula_without_a_value_is_no_sum(form: str) -> None:
    content = FORMS[form](with_formula("=400+600"))
    assert refusal(content, f"a.{form}") == "formulas_without_values"


@pytest.mark.parametrize("number", ["²", "①", "9" * 5000, ""])
def test_a_number_of_a_row_or_of_repeats_that_is_none_counts_as_left_out(number: str) -> None:
    cells = f'<row r="{number}"><c t="inlineStr"><is><t>Inkomsten</t></is></c></row>'
    read_budget(Attachment("a.xlsx", "", worksheet(cells)))
    body = f'<table:table-row table:number-rows-repeated="{number}"><table:table-cell/></table:table-row>'
    assert read(ods(GOOD, body), "a.ods").budget == "not_closing"


def test_what_openpyxl_writes_keeps_no_values() -> None:
    book, out = openpyxl.Workbook(), BytesIO()
    assert book.active is not None
    for row in with_formula("=400+600"):
        book.active.append(list(row))
    book.save(out)
    assert refusal(out.getvalue()) == "formulas_without_values"


@pytest.mark.parametrize("formula", ["=B2+1→5", "=SUM(A1:B9)→5", "=B4→5", "=IF(TRUE,B2,0)→5"])
@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_a_circular_reference_is_no_sum(form: str, formula: str) -> None:
    rows: Rows = [["Inkomsten"], ["Verhuur", formula], ["Uitgaven"], ["Huur", "=B2*2→10"]]
    content = FORMS[form](rows)
    assert refusal(content, f"a.{form}") == "circular_references"


def test_circles_are_found_and_chains_are_not() -> None:
    assert circular_cells({(0, 0): "A2", (1, 0): "SUM($A$3:B9)", (2, 0): "A1"}) == {(0, 0), (1, 0), (2, 0)}
    assert circular_cells({(row, 0): f"A{row + 2}" for row in range(500)}) == frozenset()
    assert circular_cells({(0, 0): "Blad2!A1+'Ander blad'!A1"}) == frozenset()
    assert circular_cells({(row, 0): "SUM(A1:ZZ9999)" for row in range(1000)})


@pytest.mark.parametrize("error", ["#REF!", "#DIV/0!", "#VERW!"])
def test_an_error_between_the_amounts_is_no_sum(error: str) -> None:
    content = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Inkomsten</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>Verhuur</t></is></c>'
        f'<c r="B2" t="e"><f>X1</f><v>{error}</v></c></row>'
        '<row r="3"><c r="A3" t="inlineStr"><is><t>Uitgaven</t></is></c></row>'
        '<row r="4"><c r="A4" t="inlineStr"><is><t>Huur</t></is></c><c r="B4"><v>5</v></c></row>'
    )
    assert refusal(worksheet(content)) == "error_values"
    assert refusal(csv_bytes([["Inkomsten"], ["Verhuur", error], ["Uitgaven"], ["Huur", 1]]), "a.csv") == "error_values"


def test_an_error_outside_the_budget_does_no_harm() -> None:
    assert read(csv_bytes([*GOOD, ["Saldo", -100], ["Per deelnemer", "#DIV/0!"]]), "a.csv").budget == "not_closing"


def test_a_macro_is_noted_and_never_run() -> None:
    sheet = read(with_member(xlsx(GOOD), "xl/vbaProject.bin", OLE), "begroting.xlsm")
    assert (sheet.budget, sheet.notes) == ("not_closing", ("macros",))


def test_encrypted_files_and_old_ones() -> None:
    assert refusal(OLE + "EncryptedPackage".encode("utf-16-le")) == "encrypted"
    assert refusal(OLE + b"Workbook", "begroting.xls") == "old_format"
    manifest = b'<manifest><file-entry><encryption-data checksum="x"/></file-entry></manifest>'
    assert refusal(with_member(ods(GOOD), "META-INF/manifest.xml", manifest), "a.ods") == "encrypted"
    locked = bytearray(xlsx(GOOD))
    at = locked.find(b"PK\x01\x02")
    locked[at + 8] |= 1
    assert refusal(bytes(locked)) == "encrypted"


def test_hidden_sheets_do_not_count() -> None:
    style = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'

    def table(name: str, income: int) -> str:
        rows: Rows = [["Inkomsten"], ["Verhuur", income], *GOOD[2:]]
        whole = zipfile.ZipFile(BytesIO(ods(rows))).read("content.xml").decode()
        inside = whole[whole.index("<table:table-row>") : whole.index("</table:table>")]
        return f'<table:table table:name="Blad" table:style-name="{name}">{inside}</table:table>'

    both = table("ta1", 900) + table("ta2", 9999)
    assert "sheets_disagree" in read(ods_of(both), "a.ods").notes
    assert [year.income for year in read(ods_of(both, style), "a.ods").years] == [900]
    shown = xlsx({"Nieuw": GOOD, "Oud": [["Inkomsten"], ["Verhuur", 9999], *GOOD[2:]]})
    workbook = zipfile.ZipFile(BytesIO(shown)).read("xl/workbook.xml")
    workbook = workbook.replace(b'name="Oud"', b'name="Oud" state="hidden"')
    assert [year.income for year in read(with_member(shown, "xl/workbook.xml", workbook)).years] == [900]


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9, 0.99])
def test_a_damaged_file(cut: float) -> None:
    content = xlsx(GOOD)
    assert refusal(content[: int(len(content) * cut)]) == "damaged"
    assert refusal(zipped({"readme.txt": b"hello"})) == "damaged"
    assert refusal(worksheet("<row><c>")) == "damaged"
    assert refusal(worksheet('<row r="1"><c r="A1"><v>geen getal</v></c></row>')) == "damaged"


def peak_of(content: bytes, name: str = "begroting.xlsx") -> tuple[str, int]:
    """The refusal and the bytes of memory that it took at most."""
    tracemalloc.start()
    code = refusal(content, name)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return code, peak


def test_zip_bombs() -> None:
    big = b"<row/>" * 9_000_000
    bombs = [
        with_member(xlsx(GOOD), SHEET, big),
        zipped({f"{number}.xml": b"" for number in range(5000)}),
        with_member(xlsx(GOOD), "xl/media/image1.bin", bytes(40_000_000)),
    ]
    del big
    for bomb in bombs:
        code, peak = peak_of(bomb)
        assert code == "zip_bomb"
        assert peak < 20_000_000


def test_a_zip_that_lies_about_its_size() -> None:
    honest = with_member(xlsx(GOOD), SHEET, b"<a>" + b" " * 60_000_000)
    lying = honest.replace((60_000_003).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    code, peak = peak_of(lying)
    assert code in ("zip_bomb", "damaged")
    assert peak < 20_000_000


@pytest.mark.parametrize("member", ["xl/workbook.xml", SHEET, "xl/sharedStrings.xml"])
def test_entities_are_refused(member: str) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    content = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{laughs}]><x>&l11;</x>'.encode()
    assert refusal(with_member(xlsx(GOOD), member, content)) == "zip_bomb"


def test_too_many_rows_columns_and_bytes() -> None:
    assert peak_of(b"Huur;100\n" * 1_000_000, "a.csv")[0] == "too_large"
    assert refusal(b"a;1\n" * 5_000, "a.csv") == "too_large"
    assert refusal(bytes(MAX_BYTES + 1), "a.csv") == "too_large"
    assert refusal(xlsx([[*range(1, 300)]])) == "too_large"
    cell = '<table:table-cell office:value-type="float" office:value="1"'
    wide = f'<table:table-row>{cell} table:number-columns-repeated="99999999"/></table:table-row>'
    high = f'<table:table-row table:number-rows-repeated="99999999">{cell}/></table:table-row>'
    for rows in (wide, high):
        assert refusal(ods_of(f"<table:table>{rows}</table:table>"), "a.ods") == "too_large"
    # The last cell of the grid: a reader that lays out the whole rectangle would ask for 500 GB here.
    assert refusal(worksheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')) == "too_large"


def test_empty_rows_to_the_end_of_the_sheet_are_fine() -> None:
    cells = '<table:table-cell table:number-columns-repeated="16384"/>'
    empty = f'<table:table-row table:number-rows-repeated="1048000">{cells}</table:table-row>'
    assert read(ods(GOOD, empty), "a.ods").budget == "not_closing"


def test_a_giant_cell() -> None:
    rows: Rows = [["Inkomsten"], ["Verhuur " + "x" * 30_000, 900], ["Uitgaven"], ["Huur", 1000]]
    assert read(xlsx(rows)).budget == "not_closing"
    assert refusal(b"Inkomsten;" + b"x" * 5_000_000, "a.csv") == "damaged"


@pytest.mark.parametrize("amount", [float("1e300"), 1e15])
def test_amounts_beyond_any_budget(amount: float) -> None:
    assert refusal(xlsx([["Inkomsten"], ["Verhuur", amount], ["Uitgaven"], ["Huur", 1]])) == "error_values"


def test_of_several_files_the_one_that_asks_care_counts() -> None:
    closing = xlsx([["Inkomsten"], ["Verhuur", 2000], ["Uitgaven"], ["Huur", 1000]])
    files = [
        Attachment(name, "", content)
        for name, content in (("foto.jpg", b""), ("stuk.xlsx", b"PK"), ("a.xlsx", closing), ("b.xlsx", xlsx(GOOD)))
    ]
    sheet = find_budget_sheet(files)
    assert isinstance(sheet, BudgetSheet)
    assert (sheet.filename, sheet.budget, sheet.notes) == ("b.xlsx", "not_closing", ("files_disagree",))
    assert find_budget_sheet(files[:2]) == SheetRefusal("stuk.xlsx", "damaged")
    assert find_budget_sheet(files[:1]) is None


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.200", 1200), ("-1.200", -1200), ("(1.200)", -1200), ("1.200-", -1200), ("€ -1.200,50", -1200.5),
        ("-€ 1.200,50", -1200.5), ("1,200.50", 1200.5), ("1.234.567,89", 1234567.89), ("12,5", 12.5), ("12.50", 12.5),
        ("€ 500,-", 500), ("€ 500,--", 500), ("1 200", 1200), ("1\u00a0200 euro", 1200), ("0,5", 0.5), ("EUR 7", 7),
        ("\u22125", -5), ("0", 0),
        ("", None), ("-", None), ("21%", None), ("1-2-2027", None), ("0612345678", None), ("p.m.", None),
        ("1.2.3", None),         ("5 stuks", None), ("€", None), ("1,2,3", None), ("²", None), ("--5", None),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(text: str, amount: float | None) -> None:
    assert amount_of(text) == amount


@settings(max_examples=150, deadline=None)
@given(NAMES, st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", OLE[:8], b"Inkomsten;10\nKosten;5\n"]))
def test_any_bytes_give_an_outcome(name: str, content: bytes, start: bytes) -> None:
    outcome = read_budget(Attachment(name, "text/csv", start + content))
    assert isinstance(outcome, BudgetSheet) or outcome.code in get_args(RefusalCode)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([xlsx(GOOD), ods(GOOD)]), st.data())
def test_a_file_with_a_few_wrong_bytes_gives_an_outcome(content: bytes, data: st.DataObject) -> None:
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(1, 8))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    outcome = read_budget(Attachment("a.xlsx", "", bytes(changed)))
    assert isinstance(outcome, BudgetSheet) or outcome.code in get_args(RefusalCode)


CELLS = st.one_of(
    st.none(),
    st.sampled_from(["Inkomsten", "Kosten", "Totaal", "Saldo", "Subsidie provincie", "2027", "structureel", "p.m."]),
    st.integers(-5000, 5000),
    st.text(max_size=8),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=6), max_size=15))
def test_any_table_gives_an_outcome_that_its_sums_bear_out(rows: list[list[str | int | None]]) -> None:
    outcome = read_budget(Attachment("a.csv", "text/csv", csv_bytes(rows, charset="utf-8")))
    if isinstance(outcome, BudgetSheet) and outcome.budget == "closing":
        assert all(year.difference >= -2 for year in outcome.years)
