"""The pages as a browser and a link scanner use them: showing decides nothing, one choice decides once."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.settings import Programme, Settings, Smtp
from bot.store import cases, proposals
from bot.story import Story, letter_to
from bot.web.app import make_app
from tests.mails import COMPLETE, NOT_CLOSING, SHOP, mail
from tests.web_visits import link_in


def proposal_link(story: Story) -> str:
    sent = story.mail_arrives(mail(COMPLETE, now=story.now))
    return link_in(next(letter for letter in sent if letter.subject.startswith("Voorstel")))


def state(story: Story) -> str:
    (case,) = cases.of_initiator(story.db, SHOP)
    return case.state


def test_looking_decides_nothing_however_often(story: Story, browser: TestClient) -> None:
    link = proposal_link(story)
    for method in ("GET", "HEAD", "GET"):
        assert browser.request(method, link).status_code == 200
    assert browser.request("PUT", link).status_code == 405
    assert state(story) == "proposed"


def test_the_page_shows_why_and_no_contact_details(story: Story, browser: TestClient) -> None:
    page = browser.get(proposal_link(story)).text
    for shown in ("Eersel", "verdienmodel", "De begroting sluit, of er is zicht op.", "Over de expert", "Bezet: 0 van"):
        assert shown in page
    assert SHOP not in page
    assert '<html lang="nl">' in page


@pytest.mark.parametrize("fields", [{}, {"choice": ""}, {"choice": "maybe"}, {"choice": "99"}, {"reason": "x"}])
def test_sending_without_a_clear_choice_decides_nothing(
    story: Story, browser: TestClient, fields: dict[str, str]
) -> None:
    browser.post(proposal_link(story), data=fields)
    assert state(story) == "proposed"


def test_one_choice_decides_once(story: Story, browser: TestClient) -> None:
    link = proposal_link(story)
    assert "ja gezegd" in browser.post(link, data={"choice": "yes"}).text
    assert state(story) == "accepted"
    assert "al een besluit" in browser.post(link, data={"choice": "no"}).text
    assert "al een besluit" in browser.get(link).text
    (kept,) = proposals.of_case(story.db, 1)
    assert kept.state == "accepted"


def test_a_refusal_keeps_the_reason_and_goes_on(story: Story, browser: TestClient) -> None:
    browser.post(proposal_link(story), data={"choice": "no", "reason": "te druk"})
    declined, following = proposals.of_case(story.db, 1)
    assert (declined.state, declined.reason, following.state) == ("declined", "te druk", "open")


def test_another_expert_of_the_list_is_accepted(story: Story, browser: TestClient) -> None:
    browser.post(proposal_link(story), data={"choice": "2"})
    assert [one.state for one in proposals.of_case(story.db, 1)] == ["replaced", "accepted"]


def test_page_and_mail_together_decide_once(story: Story, browser: TestClient) -> None:
    sent = story.mail_arrives(mail(COMPLETE, now=story.now))
    proposal = next(letter for letter in sent if letter.subject.startswith("Voorstel"))
    browser.post(link_in(proposal), data={"choice": "no"})
    story.answer(proposal, "Ja")
    first, second = proposals.of_case(story.db, 1)
    assert (first.state, second.state) == ("declined", "open")


def test_coordinator_and_initiator_decide_on_their_own_pages(story: Story, browser: TestClient) -> None:
    sent = story.mail_arrives(mail(NOT_CLOSING, now=story.now))
    link = link_in(letter_to(sent, Programme().coordinator))
    assert "Mag dit initiatief meedoen?" in browser.get(link).text
    browser.post(link, data={"choice": "yes", "reason": "maatwerk"})
    sent = story.go_on()
    proposal = next(letter for letter in sent if letter.subject.startswith("Voorstel"))
    browser.post(link_in(proposal), data={"choice": "yes"})
    consent = link_in(letter_to(story.go_on(), SHOP))
    assert "naam en mailadres delen" in browser.get(consent).text
    browser.post(consent, data={"choice": "no"})
    (case,) = cases.of_initiator(story.db, SHOP)
    assert (case.state, case.consent) == ("introduced", False)


def test_a_link_that_was_changed_or_is_too_old_shows_nothing(story: Story, browser: TestClient) -> None:
    link = proposal_link(story)
    for wrong in (link[:-1] + ("A" if link[-1] != "A" else "B"), "/besluit/x", "/besluit/" + "a" * 5000):
        answer = browser.get(wrong)
        assert answer.status_code == 404
        assert "Eersel" not in answer.text
        assert browser.post(wrong, data={"choice": "yes"}).status_code == 404
    story.later(timedelta(days=31))
    assert browser.get(link).status_code == 410
    assert browser.post(link, data={"choice": "yes"}).status_code == 410
    assert state(story) == "proposed"


def test_every_page_is_guarded_by_its_headers(story: Story, browser: TestClient) -> None:
    for path in ("/", proposal_link(story), "/postbus", "/er-is-niets", "/health"):
        headers = browser.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert "script" not in headers["content-security-policy"]


def test_markup_in_a_message_stays_text(story: Story, browser: TestClient) -> None:
    hostile = COMPLETE.replace("dorpswinkel openen", "<script>alert(1)</script> openen").replace(
        "verdienmodel", "verdienmodel <img src=x onerror=alert(1)> op https://kwaad.example.org"
    )
    sent = story.mail_arrives(mail(hostile, now=story.now))
    link = link_in(next(letter for letter in sent if letter.subject.startswith("Voorstel")))
    page = browser.get(link).text
    assert "<img" not in page
    assert "<script" not in page
    assert "https://kwaad" not in page


def test_a_form_that_is_too_large_is_refused(story: Story, browser: TestClient) -> None:
    answer = browser.post(proposal_link(story), data={"choice": "yes", "reason": "x" * 400_000})
    assert answer.status_code == 413
    assert state(story) == "proposed"


def test_a_newcomer_writes_reads_and_answers_in_the_browser(story: Story, browser: TestClient) -> None:
    assert "Stuur een bericht" in browser.get("/").text
    sent = browser.post("/bericht", data={"sender": SHOP, "subject": "Winkel", "text": COMPLETE})
    assert (sent.status_code, sent.headers["location"]) == (303, "/postbus")
    story.go_on()
    box = browser.get("/postbus").text
    (name,) = re.findall(r'href="(/postbus/\w+)">Voorstel', box)
    assert "Antwoorden als" in browser.get(name).text
    assert browser.post(f"{name}/antwoord", data={"text": "Ja, doe maar"}).status_code == 303
    story.go_on()
    assert state(story) == "accepted"


@pytest.mark.parametrize("fields", [{}, {"sender": "geen adres", "text": "x"}, {"sender": SHOP, "text": "  "}])
def test_a_wrong_form_is_told_and_nothing_comes_in(story: Story, browser: TestClient, fields: dict[str, str]) -> None:
    assert browser.post("/bericht", data=fields).status_code == 422
    assert story.go_on() == []


def test_the_local_mailbox_exists_only_where_mail_stays_local(story: Story) -> None:
    settings: Settings = replace(story.wiring.settings, smtp=Smtp(host="smtp.example.org"))
    wiring: Any = replace(story.wiring, settings=settings)
    with TestClient(make_app(wiring, story.shelf, lambda: story.now)) as client:
        assert client.get("/postbus").status_code == 404
        assert client.post("/bericht", data={"sender": SHOP, "text": COMPLETE}).status_code == 404
        assert "Stuur een bericht" not in client.get("/").text


def test_health_counts_and_names_nobody(story: Story, browser: TestClient) -> None:
    story.mail_arrives(mail(COMPLETE, now=story.now))
    health = browser.get("/health")
    assert health.json()["messages"] == {"handled": 1}
    assert SHOP not in health.text
