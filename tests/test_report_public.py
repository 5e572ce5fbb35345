"""What leaves the team: no small number, nothing to reckon one back from, no name, no list, no case."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.report.cells import AtLeast, Cell, Hidden, Mean, Share, Table
from bot.report.layout import as_html
from bot.report.plain_text import as_text
from bot.report.telling import PUBLIC_TABLES, Telling, tell, tell_public
from bot.report.week_report import make_report
from bot.store.database import open_database
from expertise.topics import shipped_topics
from tests.report_rows import Rows
from tests.report_weeks import AFTER, LAST, fill_weeks

SINGLE = ("weeks", "overview", "needs", "outcomes")


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Rows]:
    db = open_database(tmp_path / "mixmatch.db")
    yield Rows(db)
    db.close()


def told(rows: Rows) -> tuple[Telling, Telling]:
    report = make_report(rows.db, LAST, AFTER, shipped_topics())
    return tell(report), tell_public(report)


def tables_of(telling: Telling) -> dict[str, Table]:
    return {table.code: table for section in telling.sections for table in section.tables}


@pytest.mark.parametrize("cases", [2, 14, 60])
def test_no_small_number_leaves_the_team(rows: Rows, cases: int) -> None:
    fill_weeks(rows, cases)
    _, public = told(rows)
    tables = tables_of(public)
    assert set(tables) == set(PUBLIC_TABLES)
    for code, table in tables.items():
        cells: list[Cell] = [cell for row in table.rows for cell in row.cells]
        if code != "goal":
            assert not [cell for cell in cells if isinstance(cell, int) and 0 < cell < 5], code
        assert not [cell for cell in cells if isinstance(cell, Mean | Share)], code


def test_what_is_shown_is_right_and_a_single_hidden_number_is_not_to_be_reckoned_back(rows: Rows) -> None:
    fill_weeks(rows, 60)
    whole, public = (tables_of(telling) for telling in told(rows))
    for code in ("channels", "eligibility", "regions", "organisations"):
        table = public[code]
        right = {row.label: row.cells for row in whole[code].rows}
        assert table.total is not None
        for at in range(len(table.columns) - 1):
            column = [row.cells[at] for row in table.rows]
            assert sum(isinstance(cell, Hidden) for cell in column) != 1, code
            assert all(cell in (right[row.label][at], Hidden("small"), Hidden("beside"))
                       for row, cell in zip(table.rows, column, strict=True))  # fmt: skip


def test_few_questions_are_not_divided(rows: Rows) -> None:
    fill_weeks(rows, 2, count=2)
    tables = tables_of(told(rows)[1])
    assert len(tables["regions"].rows) == 1
    assert tables["regions"].note == "De aantallen zijn te klein om te verdelen."


def test_the_goal_is_told_in_steps_so_that_two_weeks_do_not_tell_the_difference(rows: Rows) -> None:
    fill_weeks(rows, 20)
    whole, public = (tables_of(telling)["goal"] for telling in told(rows))
    for cell, shown in zip(whole.rows[0].cells, public.rows[0].cells, strict=True):
        assert isinstance(cell, int)
        assert shown == AtLeast(cell // 5 * 5)


def test_others_see_no_person_no_case_and_no_words_of_advisers(rows: Rows) -> None:
    fill_weeks(rows)
    whole, public = told(rows)
    for form in (as_html(public), as_text(public)):
        assert "Kent de wijk niet" not in form
        assert "Adviseur Zet" not in form
        assert "SV-2026" not in form
        assert "Wat er wacht" not in form
    assert "Kent de wijk niet" in as_text(whole)


def test_charts_show_no_more_than_the_tables(rows: Rows) -> None:
    fill_weeks(rows, 4)
    _, public = told(rows)
    assert "<5" in public.charts["weeks"].picture.alt
    numbers = [shape.text for shape in public.charts["weeks"].picture.shapes if hasattr(shape, "text")]
    assert not {"1", "2", "3", "4"} & set(numbers)


def test_an_empty_week_can_be_told_to_others_too(rows: Rows) -> None:
    _, public = told(rows)
    assert "Er kwamen geen berichten." in as_text(public)
