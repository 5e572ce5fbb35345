"""A coordinator says yes to a wish to be erased: on the page, behind sign-in, and only then the clock erases."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from bot import flow
from bot.store import cases, erasures
from bot.story import Story, letter_to
from tests.at_the_desk import COORDINATOR, press, sign_in, words_of
from tests.mails import COMPLETE, SHOP, mail

PAGE = "/bureau/wisverzoeken"


def wish(story: Story) -> str:
    """Somebody asks to be erased and says yes; returns the path in the coordinator's letter."""
    story.mail_arrives(mail(COMPLETE, now=story.now))
    (asked,) = story.mail_arrives(mail("Verwijder mijn persoonsgegevens.", now=story.now))
    told = letter_to(story.answer(asked, "Ja, wis alles"), COORDINATOR)
    assert "Zeg ja. Doe dat binnen een maand." in told.text
    (path,) = set(re.findall(r"http://127\.0\.0\.1:8080(/\S*wisverzoeken)", told.text))
    return str(path)


def test_from_the_wish_to_the_last_letter(story: Story, browser: TestClient) -> None:
    assert wish(story) == PAGE
    flow.on_clock(story.db, story.wiring, story.shelf, story.now)
    assert len(cases.of_initiator(story.db, SHOP)) == 1, "a person looks first"
    assert browser.get(PAGE).status_code == 303, "sign in first"
    sign_in(story, browser)
    assert SHOP in words_of(browser, PAGE)
    assert press(browser, PAGE, f"{PAGE}/1").headers["location"] == f"{PAGE}?gedaan=erasure_approved"
    assert "Goedgekeurd" in words_of(browser, PAGE)
    flow.on_clock(story.db, story.wiring, story.shelf, story.now)
    assert "Je gegevens zijn gewist." in letter_to(story.go_on(), SHOP).text
    assert cases.of_initiator(story.db, SHOP) == []
    assert erasures.to_do(story.db) == []
    assert "Er wacht nu niemand." in words_of(browser, PAGE)


def test_nothing_happens_without_the_form(story: Story, browser: TestClient) -> None:
    wish(story)
    sign_in(story, browser)
    assert browser.post(f"{PAGE}/1").status_code == 403
    assert browser.get(f"{PAGE}/1").status_code == 405
    assert [each.state for each in erasures.to_do(story.db)] == ["confirmed"]
