"""The weekly report as a spreadsheet and as charts: numbers are numbers, words are never formulas, nothing differs."""

import struct
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from bot.drawing import Box, Picture, Words, as_png, as_svg
from bot.report.cells import Mean
from bot.report.sheet import as_xlsx
from bot.report.telling import tell, tell_public
from bot.report.week_report import Report, make_report
from bot.store.database import open_database
from expertise.topics import shipped_topics
from tests.report_rows import Rows, at
from tests.report_weeks import AFTER, LAST, fill_weeks

FORMULAS = ('=HYPERLINK("https://example.org","x")', "+1+1", "-2", "@SUM(1)", "\t=1", "{=1}", "https://example.org")


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Rows]:
    db = open_database(tmp_path / "mixmatch.db")
    yield Rows(db)
    db.close()


def told(rows: Rows) -> Report:
    return make_report(rows.db, LAST, AFTER, shipped_topics())


def cells_of(content: bytes) -> list[Any]:
    book = openpyxl.load_workbook(BytesIO(content))
    return [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]


@pytest.mark.parametrize("words", FORMULAS)
def test_what_others_wrote_is_never_a_formula_nor_a_link(rows: Rows, words: str) -> None:
    when = at("2026-11-17 10:00")
    rows.expert("a1", words, name=words, capacity=1)
    case = rows.case(when, municipality=words, eligibility=words, needs=f'["{words[:1]}"]')
    rows.proposal(case, "a1", when, "declined", decided_at=when, reason=words)
    rows.proposal(case, "a1", when)
    rows.review(case, when)
    rows.message(when, "request", [words], channel=words)
    content = as_xlsx(tell(told(rows)))
    assert "f" not in {cell.data_type for cell in cells_of(content)}
    with zipfile.ZipFile(BytesIO(content)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/")]
    assert not [sheet for sheet in sheets if "<f>" in sheet or "hyperlink" in sheet]


def test_numbers_are_numbers_and_the_same_as_in_the_tables(rows: Rows) -> None:
    fill_weeks(rows)
    telling = tell(told(rows))
    values = [[cell.value for cell in row] for row in openpyxl.load_workbook(BytesIO(as_xlsx(telling))).worksheets[0]]
    overview = next(table for section in telling.sections for table in section.tables if table.code == "overview")
    for row in overview.rows[:6]:
        (found,) = (line for line in values if line[0] == row.label and line[1] is not None)
        mean = row.cells[2]
        assert isinstance(mean, Mean)
        assert found[1:4] == [row.cells[0], row.cells[1], pytest.approx(mean.total / mean.weeks)]


def test_the_sheet_holds_everything_that_waits_with_a_link_and_a_chart(rows: Rows) -> None:
    fill_weeks(rows)
    when = at("2026-11-17 10:00")
    for _ in range(30):
        rows.review(rows.case(when), when)
    book = openpyxl.load_workbook(BytesIO(as_xlsx(tell(told(rows)), "https://desk.example.org")))
    assert book.sheetnames == ["Alle cijfers", "Per week", "Aandacht"]
    links = [str(cell.hyperlink.target) for row in book["Aandacht"].iter_rows() for cell in row if cell.hyperlink]
    assert sum("/bureau/dossiers/" in link for link in links) > 30
    with zipfile.ZipFile(BytesIO(as_xlsx(tell(told(rows))))) as parts:
        assert [name for name in parts.namelist() if name.startswith("xl/charts/")] == ["xl/charts/chart1.xml"]


def test_the_same_report_gives_the_same_bytes(rows: Rows) -> None:
    fill_weeks(rows)
    for form in (tell, tell_public):
        assert as_xlsx(form(told(rows))) == as_xlsx(form(told(rows)))


def test_what_others_get_has_no_sheet_of_what_waits(rows: Rows) -> None:
    fill_weeks(rows)
    assert openpyxl.load_workbook(BytesIO(as_xlsx(tell_public(told(rows))))).sheetnames == ["Alle cijfers", "Per week"]


def test_an_empty_week_is_a_sheet_too(rows: Rows) -> None:
    assert any(cell.value == "Er kwamen geen berichten." for cell in cells_of(as_xlsx(tell(told(rows)))))


def test_a_chart_says_in_words_what_it_shows(rows: Rows) -> None:
    fill_weeks(rows)
    charts = tell(told(rows)).charts
    assert set(charts) == {"weeks", "needs", "goal"}
    for chart in charts.values():
        assert chart.picture.alt.startswith("Grafiek")
        assert any(sign.isdigit() for sign in chart.picture.alt)
        for shape in chart.picture.shapes:
            assert 0 <= shape.x <= chart.picture.width
            assert 0 <= shape.y <= chart.picture.height
            if isinstance(shape, Box):
                assert shape.x + shape.width <= chart.picture.width + 0.1


PICTURE = Picture(100, 50, 'Een "mooie" <grafiek> & meer', (Box(0, 0, 40, 20, "#0b5c7a"), Words(5, 40, "a < b", 12)))


def test_a_drawing_is_well_formed_and_named() -> None:
    root = ET.fromstring(as_svg(PICTURE))
    assert root.attrib["aria-label"] == PICTURE.alt
    assert root.attrib["role"] == "img"
    assert "style" not in as_svg(PICTURE)


def test_a_picture_is_twice_as_large_as_shown_and_the_same_each_time() -> None:
    content = as_png(PICTURE)
    assert struct.unpack(">II", content[16:24]) == (200, 100)
    assert content == as_png(PICTURE)
