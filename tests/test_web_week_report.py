"""The weekly report on the desk: for coordinators whole, for readers without small numbers, for nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from starlette.testclient import TestClient

from bot.story import Story
from bot.web.app import make_app
from bot.week import week_of
from tests.at_the_desk import sign_in, words_of
from tests.report_rows import Rows

READER = "lezer@example.org"
PATH = "/bureau/weekverslag"


@pytest.fixture
def last(story: Story) -> str:
    """The week before the story's now, with something in it; as its name."""
    week = week_of(story.now).previous()
    rows = Rows(story.db)
    for hour in range(8):
        rows.message(week.start + timedelta(hours=hour))
    case = rows.case(week.start, municipality="Oss")
    rows.review(case, week.start)
    return str(week)


def test_a_stranger_signs_in_first(browser: TestClient, last: str) -> None:
    for path in (PATH, f"{PATH}/{last}", f"{PATH}/{last}/xlsx"):
        answer = browser.get(path)
        assert answer.status_code in {302, 303, 401, 403} or "aanmelden" in str(answer.url) + answer.text
        assert "Wat vraagt aandacht" not in answer.text


def test_a_coordinator_reads_a_week_and_takes_it_along(story: Story, browser: TestClient, last: str) -> None:
    sign_in(story, browser)
    assert f'href="{PATH}/{last}"' in words_of(browser, PATH)
    page = words_of(browser, f"{PATH}/{last}")
    assert "Vragen die een coördinator moet beoordelen" in page
    assert 'href="/bureau/dossiers/' in page
    assert page.count("<h1>") == 1
    assert "style=" not in page
    assert story.db.table("reports").count == 0
    sheet = browser.get(f"{PATH}/{last}/xlsx")
    assert "weekverslag-" in sheet.headers["content-disposition"]
    assert "Aandacht" in openpyxl.load_workbook(BytesIO(sheet.content)).sheetnames


def test_a_reader_sees_no_small_number_and_nothing_that_waits(story: Story, last: str) -> None:
    programme = replace(story.wiring.settings.programme, readers=READER)
    wiring = replace(story.wiring, settings=replace(story.wiring.settings, programme=programme))
    browser = TestClient(make_app(wiring, story.shelf, lambda: story.now), follow_redirects=False)
    sign_in(story, browser, READER)
    page = words_of(browser, f"{PATH}/{last}")
    assert "<5" in page
    assert "Wat vraagt aandacht" not in page
    assert "/bureau/dossiers/" not in page
    assert openpyxl.load_workbook(BytesIO(browser.get(f"{PATH}/{last}/xlsx").content)).sheetnames[-1] == "Per week"


@pytest.mark.parametrize("week", ["2026-W60", "vorige", "<b>", "2025-W53", "2999-W01"])
def test_a_week_that_can_not_be_told_is_answered_in_a_sentence(story: Story, browser: TestClient, week: str) -> None:
    sign_in(story, browser)
    for path in (f"{PATH}/{week}", f"{PATH}/{week}/xlsx"):
        answer = browser.get(path)
        assert answer.status_code == 404
        assert "Kies een week die er al was." in answer.text or "Deze week bestaat niet." in answer.text
        assert "<b>" not in answer.text
    assert "Dat lukt niet" in words_of(browser, f"{PATH}?week={week}")


def test_a_week_is_found_by_its_name_and_this_week_so_far_too(story: Story, browser: TestClient, last: str) -> None:
    sign_in(story, browser)
    assert f"Weekverslag {week_of(story.now).previous().in_words()}" in words_of(browser, f"{PATH}?week={last}")
    assert "nog bezig" in words_of(browser, f"{PATH}/{week_of(story.now)}")
