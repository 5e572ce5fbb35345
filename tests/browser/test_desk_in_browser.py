"""The coordinator's week in a real browser: by keyboard, at 320 pixels and 200 %, without JavaScript, with axe-core."""

from __future__ import annotations

import re

import pytest

from bot.store import cases, pool
from bot.story import Story, letter_to
from tests.advisers_at_work import ask
from tests.at_the_desk import COORDINATOR
from tests.browser.after_the_answer import until_written
from tests.browser.conftest import Visitor
from tests.browser.keyboard import tab_to, tab_until
from tests.mails import INCOMPLETE, NOT_CLOSING, mail

pytestmark = [pytest.mark.needs_browser, pytest.mark.timeout(900)]
HOUSE, GARDEN = "ouders@example.org", "tuin@example.org"
CASE, REVIEW = "/bureau/dossiers/SV-2026-0001", "/bureau/dossiers/SV-2026-0002"
LETTER = "/bureau/brieven/voorbeeld/question/ar"
PAGES = (
    "/bureau", "/bureau/dossiers", CASE, REVIEW, "/bureau/pool", "/bureau/pool/p001", "/bureau/quarantaine",
    "/bureau/quarantaine/3", "/bureau/brieven", LETTER, f"{LETTER}/1/mail", "/bureau/onderwerpen", "/bureau/toestand",
    "/bureau/aanmelden", "/bureau/weekverslag", "/bureau/weekverslag/2026-W47", "/bureau/inzicht",
    "/bureau/inzicht/zonder-expert", "/bureau/initiatieven", "/bureau/lessen", "/bureau/instrumenten",
    "/bureau/instrumenten/impactmonitor", "/bureau/wisverzoeken", "/bureau/wie-deed-wat",
)  # fmt: skip


def begins(story: Story, visitor: Visitor) -> None:
    """A case, a review, a message in quarantine and a letter that is stuck; and the coordinator signs in."""
    ask(story)
    story.mail_arrives(mail(NOT_CLOSING, sender=HOUSE, now=story.now))
    story.mail_arrives(mail(INCOMPLETE, sender=GARDEN, now=story.now))
    story.db.execute("UPDATE messages SET state = 'quarantined', problem = 'TimeoutError' WHERE sender = ?", [GARDEN])
    story.db.execute("UPDATE letters SET state = 'parked', problem = 'smtp_refused' WHERE recipient = ?", [GARDEN])
    visitor.opens("/bureau")
    tab_to(visitor, "address")
    visitor.does(lambda page: page.keyboard.type(COORDINATOR))
    visitor.presses("Enter")
    visitor.does(lambda page: page.get_by_role("heading", name="Kijk in je mailbox").wait_for())
    until_written(story, COORDINATOR)
    found = re.search(r"/bureau/aanmelden/[\w-]+", letter_to(story.go_on(), COORDINATOR).text)
    assert found is not None
    visitor.opens(found[0])
    tab_until(visitor, "Meld mij aan")
    visitor.presses("Enter")
    visitor.does(lambda page: page.get_by_role("heading", name="Wat nu aandacht vraagt").wait_for())


def test_a_review_is_decided_by_keyboard(story: Story, visitor: Visitor) -> None:
    begins(story, visitor)
    tab_until(visitor, "SV-2026-0002")
    visitor.presses("Enter")
    visitor.does(lambda page: page.get_by_role("heading", name="Mag dit initiatief meedoen?").wait_for())
    tab_to(visitor, "choice-yes")
    visitor.presses("Space")
    tab_to(visitor, "review_reason")
    visitor.presses("Enter")
    told = visitor.does(lambda page: page.get_by_role("alert").inner_text())
    assert "Schrijf waarom." in told, "what is wrong is told first"
    tab_to(visitor, "review_reason")
    visitor.does(lambda page: page.keyboard.type("De gemeente springt bij."))
    visitor.presses("Enter")
    visitor.does(lambda page: page.get_by_text("Je liet dit initiatief meedoen.").wait_for())
    assert (found := cases.find(story.db, 2)) is not None
    assert found.state == "proposed"


def test_a_note_is_written_by_keyboard(story: Story, visitor: Visitor) -> None:
    begins(story, visitor)
    visitor.opens(f"{REVIEW}#doen")
    tab_until(visitor, "Schrijf iets op")
    visitor.presses("Enter")
    tab_to(visitor, "note")
    visitor.does(lambda page: page.keyboard.type("Ze bellen maandag terug."))
    tab_until(visitor, "Bewaar de notitie")
    visitor.presses("Enter")
    visitor.does(lambda page: page.get_by_text("Je notitie is bewaard.").wait_for())
    assert visitor.does(lambda page: page.get_by_text("Ze bellen maandag terug.").count()) == 1


def test_what_is_stuck_and_who_is_full_are_seen_to_by_keyboard(story: Story, visitor: Visitor) -> None:
    begins(story, visitor)
    visitor.opens("/bureau/quarantaine")
    tab_until(visitor, "Probeer 3 opnieuw")
    visitor.presses("Enter")
    visitor.does(lambda page: page.get_by_text("Er staat niets in quarantaine.").wait_for())
    visitor.opens("/bureau/pool/p001")
    tab_to(visitor, "capacity")
    visitor.presses("Control+A", "7", "Enter")
    visitor.does(lambda page: page.get_by_text("De verandering is bewaard.").wait_for())
    assert (changed := pool.find(story.db, "p001")) is not None
    assert changed.capacity == 7


def test_no_page_runs_off_a_telephone_and_axe_finds_nothing(story: Story, visitor: Visitor) -> None:
    begins(story, visitor)
    visitor.shares_cookies()
    assert {path: found for path in PAGES if (found := visitor.faults(path))} == {}
