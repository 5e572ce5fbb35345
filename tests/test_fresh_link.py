"""A link that is too old: whoever holds it asks for a fresh one, which goes to the first letter's mailbox only."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from html import unescape

import pytest
from starlette.testclient import TestClient

from bot import fresh_link
from bot.brokering import pass_on
from bot.channels.local_box import KeptLetter
from bot.initiator import stopping
from bot.letters import LANGUAGES
from bot.store import cases
from bot.store.database import transaction
from bot.story import Story, letter_to
from bot.web.app import LINKS_AN_HOUR
from bot.web.page_words import say
from tests.accepted_cases import accepted_case, case_now, turn_of
from tests.advisers_at_work import a_turn
from tests.mails import NOT_CLOSING, SHOP, mail
from tests.proposed_cases import a_colleague, open_proposal, person, proposed, the_case
from tests.web_visits import link_in

LIFE = timedelta(days=30, seconds=1)
COORDINATOR = "coordinator@example.org"


def too_old(story: Story) -> str:
    """The path of a proposal's page, past its days; the clock itself sends nothing meanwhile."""
    link = link_in(proposed(story))
    story.now += LIFE
    return link


def ask_fresh(browser: TestClient, link: str) -> tuple[int, str]:
    """Press the button of the page that the old link leads to."""
    page = browser.get(link)
    assert page.status_code == 410
    (path,) = re.findall(r'<form method="post" action="([^"]+)">', page.text)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
    answer = browser.post(path, data=hidden)
    return answer.status_code, unescape(answer.text)


def fresh(story: Story) -> list[KeptLetter]:
    """The letters with a fresh link that were written since."""
    return [letter for letter in story.go_on() if "nieuwe link" in letter.text or "new link" in letter.text]


def test_an_adviser_gets_a_fresh_link_by_mail_and_decides_with_it(story: Story, browser: TestClient) -> None:
    link = too_old(story)
    adviser = person(story, open_proposal(story).adviser_id)
    status, words = ask_fresh(browser, link)
    assert (status, "Kijk in je mailbox" in words) == (200, True)
    (letter,) = fresh(story)
    assert letter.recipient == adviser.email
    assert browser.get(link_in(letter)).status_code == 200
    browser.post(link_in(letter), data={"choice": "yes"})
    assert the_case(story).state == "accepted"


def test_the_page_of_an_old_link_tells_nothing_and_looking_sends_nothing(story: Story, browser: TestClient) -> None:
    link = too_old(story)
    adviser = person(story, open_proposal(story).adviser_id)
    for _ in range(3):
        page = browser.get(link).text
    for secret in ("Eersel", SHOP, adviser.name, adviser.email, the_case(story).reference):
        assert secret not in page
    assert "Vraag de coördinator" not in page
    assert browser.post(link, data={"choice": "yes"}).status_code == 410
    assert fresh(story) == []
    assert the_case(story).state == "proposed"


def test_the_answer_is_the_same_whether_something_is_left_to_decide(story: Story, browser: TestClient) -> None:
    link = too_old(story)
    first = ask_fresh(browser, link)
    assert len(fresh(story)) == 1
    with transaction(story.db):
        stopping.stop(turn_of(story, "stop"), the_case(story))
    assert ask_fresh(browser, link) == first
    assert fresh(story) == []


def test_whoever_handed_it_over_gets_none_and_neither_does_the_colleague(story: Story, browser: TestClient) -> None:
    link = link_in(proposed(story))
    proposal = open_proposal(story)
    with transaction(story.db):
        pass_on(a_turn(story, "over"), the_case(story), proposal, a_colleague(story), "Adviseur Oost")
    story.now += LIFE
    assert ask_fresh(browser, link)[0] == 200
    assert fresh(story) == []


def test_a_coordinator_gets_one_for_a_review(story: Story, browser: TestClient) -> None:
    sent = story.mail_arrives(mail(NOT_CLOSING, now=story.now))
    link = link_in(letter_to(sent, COORDINATOR))
    story.now += LIFE
    ask_fresh(browser, link)
    (letter,) = fresh(story)
    assert letter.recipient == COORDINATOR
    browser.post(link_in(letter), data={"choice": "yes"})
    (case,) = cases.of_initiator(story.db, SHOP)
    assert case.state != "review"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_initiator_asks_in_the_own_language_and_consents(story: Story, browser: TestClient, language: str) -> None:
    case = accepted_case(story, SHOP, "mail", language)
    link = link_in(letter_to(story.go_on(), SHOP))
    story.now += LIFE
    page = unescape(browser.get(link).text)
    assert say(language, "decided.fresh_button") in page
    assert f'<html lang="{language}"' in page
    status, words = ask_fresh(browser, link)
    assert (status, say(language, "decided.fresh_sent") in words) == (200, True)
    letter = letter_to(story.go_on(), SHOP)
    browser.post(link_in(letter), data={"choice": "no"})
    assert case_now(story, case).state == "introduced"


def test_a_link_of_a_first_match_brings_none_for_the_second(story: Story, browser: TestClient) -> None:
    case = accepted_case(story, SHOP, "mail")
    link = link_in(letter_to(story.go_on(), SHOP))
    with transaction(story.db):
        turn_of(story, "anew").invite_initiator(case, "consent")
    story.now += LIFE
    ask_fresh(browser, link)
    assert fresh(story) == []


def test_nobody_floods_a_mailbox(story: Story, browser: TestClient) -> None:
    link = too_old(story)
    answers = [ask_fresh(browser, link) for _ in range(LINKS_AN_HOUR + 1)]
    assert {status for status, _ in answers[:-1]} == {200}
    assert answers[-1][0] == 429
    assert len(fresh(story)) <= fresh_link.MOST_AN_HOUR
    for _ in range(fresh_link.MOST_AN_HOUR + 2):
        with transaction(story.db):
            secret = story.wiring.links.old_secret_in(link.removeprefix("/besluit/")) or ""
            story.now += timedelta(minutes=1)
            fresh_link.send_fresh_link(turn_of(story, f"page:{story.now.isoformat()}", "web"), secret)
    written = story.db.execute("SELECT count(*) FROM letters WHERE template = 'fresh_link'").fetchone()[0]
    assert written == fresh_link.MOST_AN_HOUR


def test_a_link_that_still_works_or_was_never_ours_brings_nothing(story: Story, browser: TestClient) -> None:
    link = link_in(proposed(story))
    assert browser.post(f"{link}/opnieuw").status_code == 200
    assert browser.post("/besluit/kapot/opnieuw").status_code == 404
    assert browser.post(f"{link}/opnieuw", headers={"origin": "https://kwaad.example.org"}).status_code == 403
    assert browser.get(f"{link}/opnieuw").status_code == 405
    assert fresh(story) == []


def test_a_signature_past_its_days_counts_as_too_old(
    story: Story, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In earnest the signature of an address grows old at the same moment as its secret."""
    link = link_in(proposed(story))
    later = time.time() + LIFE.total_seconds() + 60
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    assert browser.get(link).status_code == 410
    assert browser.post(link, data={"choice": "yes"}).status_code == 410
    story.now += LIFE
    ask_fresh(browser, link)
    assert len(fresh(story)) == 1
