"""The list of cases at the desk: searched, filtered and paged, with words that mean nothing and ten thousand cases."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlite_utils import Database
from starlette.testclient import TestClient

from bot.store import case_notes, cases
from bot.store.case_search import PAGE_SIZE, Search, search
from bot.store.database import open_database
from bot.story import Story
from bot.web.desk_cases import Filters, municipalities_of
from tests.at_the_desk import COORDINATOR, sign_in, words_of
from tests.mails import COMPLETE, INCOMPLETE, NOT_CLOSING, mail

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def a_case(db: Database, *, words: str = "", town: str = "", name: str = "", state: str = "new", days: int = 0) -> str:
    """A case that is in the store only; returns its reference."""
    moment = NOW - timedelta(days=days)
    case = cases.open_case(db, initiator="a@example.org", name="Voorzitter", channel="mail", language="nl", now=moment)
    db.execute(
        "UPDATE cases SET question = ?, municipality = ?, initiative = ?, state = ? WHERE id = ?",
        [words, town or None, name or None, state, case.id],
    )
    return case.reference


@pytest.fixture
def db() -> Database:
    return open_database(":memory:")


def found(db: Database, **wanted: object) -> list[str]:
    return [each.reference for each in search(db, Search(**wanted), NOW).cases]  # type: ignore[arg-type]


def test_every_word_has_to_be_there_wherever_it_stands(db: Database) -> None:
    shop = a_case(db, words="Wij willen een winkel", town="Oss", name="De Super")
    a_case(db, words="Een winkel in de stad", town="Breda")
    assert found(db, words="WINKEL oss") == [shop]
    assert found(db, words="super") == [shop]
    assert found(db, words=shop) == [shop]
    assert found(db, words="winkel tuin") == []
    assert len(found(db, words="")) == 2


@pytest.mark.parametrize("words", ["%", "_", "\\", "' OR 1=1 --", '"', "100%", "(", "*"])
def test_signs_mean_only_themselves(db: Database, words: str) -> None:
    a_case(db, words="Niets bijzonders")
    assert found(db, words=words) == []
    kept = a_case(db, words=f"Hier staat {words} in")
    assert found(db, words=words) == [kept]


def test_filters_go_together(db: Database) -> None:
    old = a_case(db, town="Oss", state="review", days=40)
    a_case(db, town="Oss", state="closed", days=40)
    a_case(db, town="Breda", state="review")
    case_notes.keep_owner(db, 1, "a@example.org", NOW)
    assert found(db, state="review", municipalities=("Oss",)) == [old]
    assert found(db, idle_days=30, state="review") == [old]
    assert found(db, owner="a@example.org") == [old]
    assert found(db, owner="b@example.org") == []


def test_a_long_list_comes_in_pages(db: Database) -> None:
    references = [a_case(db, words="winkel") for _ in range(PAGE_SIZE + 3)]
    first, second = (search(db, Search(words="winkel"), NOW, page) for page in (1, 2))
    assert (first.total, len(first.cases), len(second.cases)) == (PAGE_SIZE + 3, PAGE_SIZE, 3)
    assert [each.reference for each in (*first.cases, *second.cases)] == references[::-1]
    assert search(db, Search(), NOW, 99).cases == ()


def test_every_region_has_its_municipalities() -> None:
    assert "Oss" in municipalities_of("Noordoost-Brabant")
    assert "Oss" not in municipalities_of("West-Brabant")
    assert municipalities_of("") == ()


def test_the_page_finds_and_pages(story: Story, browser: TestClient) -> None:
    for sender, text in (("a@example.org", COMPLETE), ("b@example.org", INCOMPLETE), ("c@example.org", NOT_CLOSING)):
        story.mail_arrives(mail(text, sender=sender, now=story.now))
    for number in range(PAGE_SIZE):
        a_case(story.db, words=f"Vraag {number}")
    sign_in(story, browser)
    page = words_of(browser, "/bureau/dossiers")
    assert f"Gevonden: {PAGE_SIZE + 3}. Pagina 1 van 2." in page
    (next_page,) = re.findall(r'href="([^"]*)" rel="next"', page)
    assert "SV-2026-0001" in words_of(browser, next_page)
    assert "SV-2026-0001" in words_of(browser, "/bureau/dossiers?woorden=verdienmodel+eersel")
    assert "Gevonden: 1." in words_of(browser, "/bureau/dossiers?stand=review")
    assert "Gevonden: 1." in words_of(browser, "/bureau/dossiers?onderwerp=financing&regio=Zuidoost-Brabant")
    assert "Gevonden: 0." in words_of(browser, "/bureau/dossiers?onderwerp=financing&regio=West-Brabant")
    for odd in ("pagina=-1", "pagina=abc", "pagina=99999999999", "stand=x", "regio=<b>", "stil=9e9", "van=%00"):
        assert browser.get(f"/bureau/dossiers?{odd}").status_code == 200, odd


def test_a_whole_number_leads_to_its_case(story: Story, browser: TestClient) -> None:
    reference = a_case(story.db)
    sign_in(story, browser)
    sent = browser.get(f"/bureau/dossiers?woorden={reference.lower()}")
    assert (sent.status_code, sent.headers["location"]) == (303, f"/bureau/dossiers/{reference}")
    assert COORDINATOR in words_of(browser, "/bureau/dossiers")


def test_the_address_of_a_page_holds_the_filters() -> None:
    assert Filters().address(1) == "/bureau/dossiers"
    filters = Filters(words="a&b", state="review", idle="30")
    assert filters.address(2) == "/bureau/dossiers?woorden=a%26b&stand=review&stil=30&pagina=2"
