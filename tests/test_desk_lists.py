"""Long lists at the desk stand on several pages, and an address with a number that no row has is told kindly."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database
from starlette.datastructures import QueryParams
from starlette.testclient import TestClient

from bot.coordinator.portfolio import phase_counts, place_of, portfolio, portfolio_page
from bot.store import lessons, letters, messages, quarantine, sharing, stuck_letters
from bot.store.database import transaction
from bot.store.rows import as_text
from bot.story import Story
from bot.web import desk_letters, desk_post
from bot.web import initiatives as initiative_pages
from bot.web import lessons as lesson_pages
from bot.web.paging import paging_of
from bot.web.signed_in import row_number
from expertise.initiatives import shipped_initiatives
from tests import store_builders
from tests.at_the_desk import csrf_in, press, sign_in, words_of
from tests.mails import COMPLETE, mail
from tests.store_builders import NOW, a_letter, put

store_file, db = store_builders.store_file, store_builders.db
SHIPPED = shipped_initiatives()
HUGE = ("99999999999999999999", "9" * 5000, "-1", "１", "1e3")


def stuck_messages(story: Story, count: int) -> None:
    """So many messages in quarantine, each with a sender of its own."""
    with transaction(story.db):
        for number in range(count):
            messages.keep_raw(
                story.db, mail(COMPLETE, now=story.now), channel="mail", account="", external_id=f"vast-{number}",
                envelope_sender=f"vast{number}@example.org", now=story.now + timedelta(seconds=number),
            )  # fmt: skip
        story.db.execute("UPDATE messages SET state = 'quarantined', attempts = 3, problem = 'TimeoutError'")


def parked_letters(db: Database, count: int) -> None:
    """So many letters that were refused."""
    for number in range(count):
        put(db, a_letter(f"vast-{number}", recipient=f"vast{number}@example.org"))
    db.execute("UPDATE letters SET state = 'parked', problem = 'smtp_refused' WHERE key LIKE 'vast-%'")


def agreed_cases(db: Database, count: int) -> None:
    """So many introduced cases of which others may hear, in every phase; the last one of them said so first."""
    with transaction(db):
        for number in range(1, count + 1):
            reference = f"SV-2026-{number:04d}"
            db.execute(
                "INSERT INTO cases (id, reference, initiator, channel, language, state, initiative, phase, opened_at,"
                " touched_at) VALUES (?1, ?2, 'x', 'mail', 'nl', 'introduced', ?3, ?4, ?5, ?5)",
                [number, reference, f"Initiatief {number}", 1 + number % 5, as_text(NOW)],
            )
            sharing.keep(db, reference, number, True, "initiator", NOW - timedelta(minutes=number))


def next_page(page: str) -> str:
    found = re.search(r'<a href="([^"]*)" rel="next">', page)
    assert found is not None
    return found[1].replace("&amp;", "&")


def test_messages_in_quarantine_stand_on_pages_and_each_can_be_dealt_with(story: Story, browser: TestClient) -> None:
    stuck_messages(story, 2 * desk_post.A_PAGE + 3)
    sign_in(story, browser)
    assert f"Berichten in quarantaine: {2 * desk_post.A_PAGE + 3}" in words_of(browser, "/bureau")
    path, seen = "/bureau/quarantaine", list[str]()
    for _ in range(3):
        page = words_of(browser, path)
        seen += re.findall(r"van (vast\d+@example\.org)", page)
        last, path = path, next_page(page) if 'rel="next"' in page else ""
    assert seen == [f"vast{number}@example.org" for number in range(2 * desk_post.A_PAGE + 3)]
    assert "Pagina 3 van 3" in page
    number = quarantine.everything(story.db)[-1].id
    assert press(browser, last, f"/bureau/quarantaine/{number}/klaar").status_code == 303
    assert quarantine.count(story.db) == 2 * desk_post.A_PAGE + 2


def test_letters_that_did_not_leave_stand_on_pages(story: Story, browser: TestClient) -> None:
    sign_in(story, browser)
    parked_letters(story.db, desk_letters.A_PAGE + 1)
    first = words_of(browser, "/bureau/brieven")
    assert f"Brieven die niet weg konden: {desk_letters.A_PAGE + 1}" in first
    assert len(re.findall(r"Aan vast\d+@", first)) == desk_letters.A_PAGE
    assert re.findall(r"Aan (vast\d+)@", words_of(browser, next_page(first))) == [f"vast{desk_letters.A_PAGE}"]
    number = stuck_letters.everything(story.db)[-1].id
    press(browser, next_page(first), f"/bureau/brieven/{number}/laat")
    assert stuck_letters.count(story.db) == desk_letters.A_PAGE
    behind = words_of(browser, "/bureau/brieven?pagina=2")
    assert len(re.findall(r"Aan vast\d+@", behind)) == desk_letters.A_PAGE, "a page that is gone shows the last one"


def test_lessons_stand_on_pages_that_keep_what_was_searched_for(story: Story, browser: TestClient) -> None:
    with transaction(story.db):
        for number in range(lesson_pages.A_PAGE + 2):
            lessons.add(story.db, f"Tuin {number}", "Oss", ["dialogue"], f"Les {number}: begin klein & samen.", NOW)
        lessons.add(story.db, "Anders", "Breda", [], "Iets heel anders.", NOW)
    sign_in(story, browser)
    first = words_of(browser, "/bureau/lessen?zoek=klein+%26+samen")
    assert f"{lesson_pages.A_PAGE + 2} van {lesson_pages.A_PAGE + 3} lessen" in first
    second = words_of(browser, next_page(first))
    assert re.findall(r"Les \d+", second) == ["Les 1", "Les 0"]


def test_initiatives_stand_on_pages_and_a_yes_leads_to_the_right_one(story: Story, browser: TestClient) -> None:
    agreed_cases(story.db, 2 * initiative_pages.A_PAGE)
    sign_in(story, browser)
    first, seen = words_of(browser, "/bureau/initiatieven"), list[str]()
    total = 2 * initiative_pages.A_PAGE + len(story.wiring.initiatives)
    assert f"Initiatieven: {total}" in first
    page = first
    for _ in range(3):
        shown = re.findall(r'id="i-([^"]+)"', page)
        assert len(shown) <= initiative_pages.A_PAGE
        seen += shown
        last, page = page, words_of(browser, next_page(page)) if 'rel="next"' in page else ""
    assert len(seen) == len(set(seen)) == total
    assert seen[-1] == "SV-2026-0050"
    assert "Pagina 3 van 3" in last
    path = "/bureau/initiatieven/contact"
    again = press(browser, "/bureau/initiatieven?pagina=3", path, code="SV-2026-0050", agreed="yes")
    assert again.headers["location"] == "/bureau/initiatieven?gedaan=kept&pagina=3#i-SV-2026-0050"


def test_lessons_and_initiatives_are_read_a_page_at_a_time(db: Database) -> None:
    """However many there are, no more rows are read than stand on a page."""
    agreed_cases(db, 60)
    parts = [portfolio_page(db, SHIPPED, 25, skip) for skip in (0, 25, 50, 75)]
    assert [len(part) for part in parts] == [25, 25, 21, 0]
    assert tuple(one for part in parts for one in part) == portfolio(db, SHIPPED)
    codes = [one.initiative.code for part in parts for one in part]
    assert [place_of(db, SHIPPED, code) for code in codes] == list(range(71))
    assert sum(phase_counts(db, SHIPPED).values()) == 71
    assert phase_counts(db, ()) == {1: 12, 2: 12, 3: 12, 4: 12, 5: 12, None: 0}
    for number in range(30):
        lessons.add(db, f"Tuin {number}", "Oss", [], "Begin klein.", NOW)
    assert lessons.count(db, "shared") == 30
    assert [one.initiative for one in lessons.with_state(db, "shared", 2, 28)] == ["Tuin 1", "Tuin 0"]


@pytest.mark.parametrize("typed", [*HUGE, "0", "1"])
def test_a_number_that_no_row_has_is_not_found(story: Story, browser: TestClient, typed: str) -> None:
    sign_in(story, browser)
    token = csrf_in(browser.get("/bureau").text)
    assert browser.get(f"/bureau/quarantaine/{typed}").status_code == 404
    for act in (f"quarantaine/{typed}/opnieuw", f"brieven/{typed}/laat", f"wisverzoeken/{typed}"):
        answer = browser.post(f"/bureau/{act}", data={"csrf": token})
        assert answer.status_code == 404 or answer.headers["location"].endswith("gedaan=gone"), act
    if typed in HUGE:
        assert browser.get(f"/bureau/brieven/voorbeeld/proposal/nl/{typed}").status_code == 404
    person = story.shelf.current(story.db).experts[0]
    ended = browser.post(f"/bureau/pool/{person.id}/terug", data={"csrf": token, "absence": typed})
    assert ended.status_code in (303, 404)
    assert letters.with_state(story.db, "parked") == []


def test_a_page_is_a_number_from_one_to_the_last() -> None:
    asked = {"": 1, "0": 1, "2": 2, "3": 3, "4": 3, "-1": 1, "x": 1, "9" * 6: 3, "9" * 7: 1, "２": 1}
    for typed, number in asked.items():
        assert paging_of(QueryParams({"pagina": typed}), 51, 25).number == number, typed
    assert paging_of(QueryParams(), 0, 25).last == 1


@given(st.text())
def test_a_typed_number_is_a_row_or_nothing(typed: str) -> None:
    number = row_number(typed)
    assert number is None or 0 <= number < 2**63
