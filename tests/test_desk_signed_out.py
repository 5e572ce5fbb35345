"""Whoever was signed out while writing at the desk gets the words back, and nothing of it is done."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

from starlette.testclient import TestClient

from bot.store import case_notes
from bot.story import Story
from tests.advisers_at_work import ask
from tests.at_the_desk import csrf_in, sign_in

CASE = "/bureau/dossiers/SV-2026-0001"
WRITTEN = "We belden <b>lang</b>.\n\nZe gaan door."


def test_a_note_that_came_too_late_is_shown_and_not_kept(story: Story, browser: TestClient) -> None:
    ask(story)
    sign_in(story, browser)
    old = csrf_in(browser.get(CASE).text)
    story.now += timedelta(hours=11)
    late = browser.post(f"{CASE}/notitie", data={"csrf": old, "note": WRITTEN}, headers={"Referer": f"http://x{CASE}"})
    assert late.status_code == 403
    assert WRITTEN in unescape(late.text)
    assert "<b>lang" not in late.text
    assert 'href="/bureau/aanmelden?naar=%2Fbureau%2Fdossiers%2FSV-2026-0001"' in late.text
    sign_in(story, browser)
    anew = browser.post(f"{CASE}/notitie", data={"csrf": old, "note": WRITTEN})
    assert (anew.status_code, WRITTEN in unescape(anew.text)) == (403, True), "signed in anew, with the old form"
    assert case_notes.of_case(story.db, 1) == []


def test_no_two_sessions_have_one_token(story: Story, browser: TestClient) -> None:
    """Also where the second got the number of the first, which ended."""
    tokens = set()
    for _ in range(3):
        sign_in(story, browser)
        tokens.add(csrf_in(browser.get("/bureau").text))
        assert [row["id"] for row in story.db.query("SELECT id FROM sessions")] == [1]
        story.now += timedelta(seconds=1)
    assert len(tokens) == 3


def test_a_press_without_words_goes_to_sign_in(story: Story, browser: TestClient) -> None:
    ask(story)
    answer = browser.post(f"{CASE}/collega", data={"owner": "", "owner_words": "kort"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/bureau/aanmelden?naar=%2Fbureau")


def test_words_that_another_site_sends_are_not_shown(story: Story, browser: TestClient) -> None:
    ask(story)
    for signed_in in (False, True):
        if signed_in:
            sign_in(story, browser)
        sent = browser.post(f"{CASE}/notitie", data={"note": WRITTEN}, headers={"Sec-Fetch-Site": "cross-site"})
        assert sent.status_code == (403 if signed_in else 303)
        assert "Ze gaan door" not in sent.text


def test_the_way_back_never_leads_elsewhere(story: Story, browser: TestClient) -> None:
    ask(story)
    for referer in ("https://kwaad.example.org/elders", "//kwaad.example.org", "javascript:alert(1)", "x" * 5000):
        late = browser.post(f"{CASE}/notitie", data={"note": WRITTEN}, headers={"Referer": referer})
        assert 'href="/bureau/aanmelden?naar=%2Fbureau"' in late.text
