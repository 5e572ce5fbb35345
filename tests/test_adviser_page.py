"""The adviser's own page in a browser without JavaScript: the link, what waits, the own absence; nothing for others."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from starlette.testclient import TestClient

from bot.adviser import open_proposals
from bot.store import absences, pool, proposals
from bot.store.database import transaction
from bot.story import Story, letter_to
from bot.web.absence_form import AbsenceForm, as_absence, day_in
from bot.web.app import LINKS_AN_HOUR
from expertise.availability import Absence
from tests.advisers_at_work import (
    a_turn,
    adviser_of,
    ask,
    colleague_of,
    page_in,
    person,
    templates_to,
    the_proposal,
    waiting,
)
from tests.mails import SHOP, mail
from tests.pool_builders import an_expert

TODAY = date(2026, 11, 16)
MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


def link_for(story: Story, browser: TestClient, address: str) -> str:
    """The path of the page of the adviser with this address, asked for as people do."""
    browser.post("/adviseur", data={"address": address})
    sent = story.go_on()
    return page_in(letter_to(sent, address))


def words_of(browser: TestClient, path: str) -> str:
    return unescape(browser.get(path).text)


def away(story: Story, adviser_id: str) -> list[Absence]:
    return [each.absence for each in absences.of_person(story.db, adviser_id, TODAY)]


def test_whoever_asks_for_the_link_reads_the_same_and_only_an_adviser_gets_it(
    story: Story, browser: TestClient
) -> None:
    known, unknown = person(story, "p002").email, "vreemde@example.org"
    expert = next(one for one in pool.everyone(story.db) if one.role == "expert" and one.email)
    answers = [browser.post("/adviseur", data={"address": each}) for each in (known, unknown, expert.email, SHOP)]
    assert {(each.status_code, each.text) for each in answers} == {(200, answers[0].text)}
    assert "Kijk in je mailbox" in answers[0].text
    assert [letter.recipient for letter in story.go_on()] == [known]


def test_the_address_may_be_typed_in_capitals_and_a_wrong_one_is_told(story: Story, browser: TestClient) -> None:
    browser.post("/adviseur", data={"address": person(story, "p002").email.upper()})
    assert [letter.recipient for letter in story.go_on()] == [person(story, "p002").email]
    for typed in ("", "geen adres", "a@b@c", "0612345678"):
        answer = browser.post("/adviseur", data={"address": typed})
        assert answer.status_code == 422
        assert "Fout:" in answer.text


def test_nobody_floods_a_mailbox_or_tries_all_addresses(story: Story, browser: TestClient) -> None:
    address = person(story, "p002").email
    for _ in range(5):
        browser.post("/adviseur", data={"address": address})
    story.go_on()
    assert templates_to(story, address) == ["adviser_link"]
    for _ in range(3):
        story.later(timedelta(minutes=1))
        browser.post("/adviseur", data={"address": address})
    story.go_on()
    assert templates_to(story, address) == ["adviser_link"] * 3
    asked = [browser.post("/adviseur", data={"address": "x@example.org"}).status_code for _ in range(LINKS_AN_HOUR)]
    assert asked[-1] == 429


def test_the_page_shows_what_waits_and_no_contact_details(story: Story, browser: TestClient) -> None:
    ask(story)
    adviser = adviser_of(story)
    page = words_of(browser, link_for(story, browser, adviser.email))
    for shown in (adviser.name, "SV-2026-0001", "Eersel", "Financieringsmodel", "16 november 2026", "Waarom jij?"):
        assert shown in page
    assert SHOP not in page
    assert page.count("<h1") == 1
    assert '<html lang="nl">' in page


def test_looking_decides_nothing_and_a_press_leads_to_the_decision(story: Story, browser: TestClient) -> None:
    ask(story)
    path = link_for(story, browser, adviser_of(story).email)
    for _ in range(3):
        assert browser.get(path).status_code == 200
    assert story.db.execute("SELECT count(*) FROM tokens").fetchone()[0] == 1, "looking makes no secret"
    opened = browser.post(f"{path}/voorstel", data={"proposal": str(waiting(story).id)})
    assert opened.status_code == 303
    decision = opened.headers["location"]
    assert decision.startswith("/besluit/")
    browser.post(decision, data={"choice": "yes"})
    assert proposals.accepted_of_case(story.db, 1) is not None
    assert "Er wacht nu niets op jou." in words_of(browser, path)


def test_a_proposal_of_somebody_else_does_not_open(story: Story, browser: TestClient) -> None:
    ask(story)
    colleague = colleague_of(story, adviser_of(story))
    path = link_for(story, browser, colleague.email)
    assert "SV-2026-0001" not in browser.get(path).text
    for typed in (str(waiting(story).id), "", "99", "x"):
        assert browser.post(f"{path}/voorstel", data={"proposal": typed}).status_code == 409


def test_an_absence_is_kept_shown_and_taken_back(story: Story, browser: TestClient) -> None:
    path = link_for(story, browser, person(story, "p002").email)
    fields = {"first": "2026-11-23", "last": "27-11-2026", "substitute": "p008"}
    for _ in range(2):
        kept = browser.post(f"{path}/afwezig", data=fields)
        assert (kept.status_code, kept.headers["location"]) == (303, f"{path}#afwezig")
    assert away(story, "p002") == [Absence("p002", MONDAY, FRIDAY, "p008")]
    assert len(story.go_on()) == 2, "the adviser and the substitute, once"
    page = words_of(browser, path)
    assert "23 november 2026 tot en met 27 november 2026" in page
    (number,) = re.findall(r'name="absence" value="(\d+)"', page)
    for _ in range(2):
        assert browser.post(f"{path}/terug", data={"absence": number}).status_code == 303
    assert away(story, "p002") == []
    assert templates_to(story, person(story, "p008").email) == ["substitute_asked", "substitute_released"]
    assert templates_to(story, person(story, "p002").email).count("absence_ended") == 1


def test_what_is_wrong_in_the_form_is_told_beside_the_field(story: Story, browser: TestClient) -> None:
    path = link_for(story, browser, person(story, "p002").email)
    answer = browser.post(f"{path}/afwezig", data={"first": "morgen", "last": "2020-01-01", "substitute": "p999"})
    assert answer.status_code == 422
    page = unescape(answer.text)
    for field in ("first", "last", "substitute"):
        assert f'<a href="#{field}">' in page
        assert f'aria-describedby="{field}-hint {field}-problem"' in page
    assert away(story, "p002") == []


def test_a_mail_without_proof_is_confirmed_on_the_page(story: Story, browser: TestClient) -> None:
    adviser = person(story, "p002")
    text = "Ik ben afwezig van 23 november tot en met 27 november. Adviseur governance neemt waar."
    sent = story.mail_arrives(mail(text, sender=adviser.email, subject="Volgende week", now=story.now))
    path = page_in(letter_to(sent, adviser.email))
    page = words_of(browser, path)
    assert 'value="2026-11-23"' in page
    assert 'value="2026-11-27"' in page
    assert '<option value="p001" selected>' in page
    assert away(story, "p002") == [], "looking keeps nothing"
    fields = {"first": "2026-11-23", "last": "2026-11-27", "substitute": "p001"}
    browser.post(f"{path.partition('?')[0]}/afwezig", data=fields)
    assert away(story, "p002") == [Absence("p002", MONDAY, FRIDAY, "p001")]


@pytest.mark.parametrize("change", ["other sign", "too old", "left the pool", "no adviser any more", "other address"])
def test_a_link_that_is_wrong_shows_nothing(story: Story, browser: TestClient, change: str) -> None:
    ask(story)
    adviser = adviser_of(story)
    path = link_for(story, browser, adviser.email)
    assert adviser.name in browser.get(path).text
    sql = {
        "left the pool": "UPDATE experts SET in_pool = 0 WHERE id = ?",
        "no adviser any more": "UPDATE experts SET role = 'expert' WHERE id = ?",
        "other address": "UPDATE experts SET email = 'nieuw@example.org' WHERE id = ?",
    }.get(change)
    if sql:
        story.db.execute(sql, [adviser.id])
    if change == "other sign":
        path = path[:-1] + ("A" if path[-1] != "A" else "B")
    if change == "too old":
        story.later(timedelta(days=15))
    for answer in (browser.get(path), browser.post(f"{path}/afwezig", data={"first": "2026-11-23"})):
        assert answer.status_code == 404
        assert adviser.name not in answer.text
        assert "SV-2026-0001" not in answer.text
        assert "Vraag hier een nieuwe" in answer.text


def test_a_form_from_elsewhere_is_refused(story: Story, browser: TestClient) -> None:
    path = link_for(story, browser, person(story, "p002").email)
    headers = {"origin": "https://kwaad.example.org"}
    fields = {"first": "2026-11-23", "last": "2026-11-27"}
    assert browser.post(f"{path}/afwezig", data=fields, headers=headers).status_code == 403
    assert browser.post("/adviseur", data={"address": "x@example.org"}, headers=headers).status_code == 403
    assert away(story, "p002") == []


def test_a_letter_that_was_sent_keeps_no_working_link(story: Story, browser: TestClient) -> None:
    path = link_for(story, browser, person(story, "p002").email)
    (kept,) = story.db.query("SELECT text, html FROM letters WHERE template = 'adviser_link'")
    assert path.rpartition("/")[2] not in kept["text"] + kept["html"]


def test_every_page_is_guarded_by_its_headers(story: Story, browser: TestClient) -> None:
    for path in ("/adviseur", link_for(story, browser, person(story, "p002").email), "/adviseur/x"):
        headers = browser.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"


def test_the_letter_with_what_waits(story: Story) -> None:
    ask(story)
    adviser = adviser_of(story)
    with transaction(story.db):
        assert open_proposals.tell(a_turn(story), adviser) == 1
    letter = letter_to(story.go_on(), adviser.email)
    assert "SV-2026-0001" in letter.text
    assert SHOP not in letter.raw.decode()
    (found,) = open_proposals.of(story.db, adviser)
    assert (found.case.reference, found.since, bool(found.because)) == ("SV-2026-0001", TODAY, True)
    sent = story.answer(letter, "Wat moet ik hiermee?")
    assert [one.subject for one in sent] == [letter.subject], "words that say nothing of absence bring the list again"


def test_a_proposal_tells_why_this_adviser(story: Story) -> None:
    vague = story.mail_arrives(mail("Wie helpt ons?", sender="buurman@example.org", now=story.now))
    assert not any(letter.subject.startswith("Voorstel") for letter in vague)
    letter = ask(story)
    assert "Waarom jij?" in letter.text
    assert the_proposal([letter]) is letter


@pytest.mark.parametrize(
    ("typed", "day"),
    [("2026-08-03", date(2026, 8, 3)), ("3-8-2026", date(2026, 8, 3)), ("3/8/2026", date(2026, 8, 3)),
     ("31-2-2026", None), ("", None), ("morgen", None), ("2026-13-01", None)],
)  # fmt: skip
def test_a_day_as_browsers_and_people_write_it(typed: str, day: date | None) -> None:
    assert day_in(typed) == day


def test_the_form_is_checked() -> None:
    adviser, colleague = an_expert("a", role="adviser"), an_expert("b", role="adviser")
    ready = AbsenceForm("2026-11-23", "2026-11-27", "b")
    assert as_absence(ready, adviser, [colleague], [], TODAY) == (Absence("a", MONDAY, FRIDAY, "b"), {})
    gone = absences.KeptAbsence(1, Absence("b", MONDAY, MONDAY), False)
    for form, away_too, field in (
        (ready, [gone], "substitute"),
        (AbsenceForm("2026-11-27", "2026-11-23"), [], "last"),
        (AbsenceForm("2026-11-01", "2026-11-15"), [], "last"),
        (AbsenceForm("2026-11-23", "2029-11-23"), [], "last"),
        (AbsenceForm("", "2026-11-23"), [], "first"),
    ):
        told, problems = as_absence(form, adviser, [colleague], away_too, TODAY)
        assert (told, list(problems)) == (None, [field])
