"""A case that was erased, at the desk: nothing goes on with it, and no letter is written to what is no address."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from bot.privacy import erasing
from bot.store import cases, sharing
from bot.story import Story
from bot.web.desk_case_acts import ACTS, ERASED
from tests.at_the_desk import csrf_in, sign_in, words_of
from tests.channel_talk import all_letters, mails
from tests.mails import COMPLETE
from tests.shared_cases import introduced_case

PERSON = "bewoner@example.org"
CASE = "/bureau/dossiers/SV-2026-0001"
FILLED = {
    "reopen_reason": "Toch verder", "letter": "Hallo daar", "note": "Dit was iemand", "owner": "",
    "close_reason": "Klaar", "kind": "request", "initiative": "Terug",
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_an_erased_case_is_not_taken_up_again(story: Story, browser: TestClient, act: str) -> None:
    mails(story, PERSON, COMPLETE)
    erasing.erase_person(story.db, story.wiring, story.shelf, PERSON, story.now)
    sign_in(story, browser)
    before, page = cases.find(story.db, 1), browser.get(CASE).text
    answer = browser.post(f"{CASE}/{act}", data={**FILLED, "csrf": csrf_in(page), "version": _version(page)})
    assert answer.status_code == 409
    assert ERASED in answer.text
    assert cases.find(story.db, 1) == before
    assert not [each for each in all_letters(story.db) if each.recipient.startswith("erased:")]
    assert [row["text"] for row in story.db.query("SELECT text FROM case_notes")] == []


def test_its_page_offers_nothing_to_do(story: Story, browser: TestClient) -> None:
    mails(story, PERSON, COMPLETE)
    erasing.erase_person(story.db, story.wiring, story.shelf, PERSON, story.now)
    sign_in(story, browser)
    page = words_of(browser, CASE)
    assert "Dit dossier is gewist" in page
    assert f'action="{CASE}/' not in page


def test_nobody_asks_whether_an_erased_initiative_may_be_named(story: Story, browser: TestClient) -> None:
    case = introduced_case(story, PERSON, name="Buurttuin")
    story.db.execute("UPDATE cases SET state = 'closed', closed_at = opened_at WHERE id = ?", [case.id])
    erasing.erase_person(story.db, story.wiring, story.shelf, PERSON, story.now)
    sign_in(story, browser)
    page = browser.get("/bureau/initiatieven").text
    assert case.reference not in page
    fields = {"csrf": csrf_in(page), "code": case.reference, "agreed": "yes"}
    assert browser.post("/bureau/initiatieven/contact", data=fields).status_code == 303
    assert sharing.find(story.db, case.reference) is None


def _version(page: str) -> str:
    return page.partition('name="version" value="')[2].partition('"')[0] or "x"
