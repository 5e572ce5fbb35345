"""Signing in at the desk in a browser without JavaScript: a mailed link that works once, sessions, who may see what."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from bot.store import sessions
from bot.story import Story, letter_to
from bot.web.app import LINKS_AN_HOUR
from bot.web.sign_in import MOST_AN_HOUR, own_path
from tests.advisers_at_work import person
from tests.at_the_desk import COORDINATOR, csrf_in, link_for, sign_in


def test_whoever_asks_reads_the_same_and_only_staff_get_a_link(story: Story, browser: TestClient) -> None:
    adviser = person(story, "p002").email
    asked = [COORDINATOR, adviser, "vreemde@example.org"]
    answers = [browser.post("/bureau/aanmelden", data={"address": each}) for each in asked]
    assert {(each.status_code, each.text) for each in answers} == {(200, answers[0].text)}
    assert {letter.recipient for letter in story.go_on()} == {COORDINATOR, adviser}
    for typed in ("", "geen adres", "a@b@c"):
        assert browser.post("/bureau/aanmelden", data={"address": typed}).status_code == 422


def test_looking_at_the_link_signs_nobody_in_and_it_works_once(story: Story, browser: TestClient) -> None:
    path = link_for(story, browser)
    for _ in range(3):
        assert "Meld mij aan" in browser.get(path).text
        assert not browser.cookies
    assert browser.post(path).headers["location"] == "/bureau"
    assert browser.get("/bureau").status_code == 200
    browser.cookies.clear()
    assert (browser.get(path).status_code, browser.post(path).status_code) == (410, 410)
    assert not browser.cookies


def test_a_link_is_old_after_a_quarter_of_an_hour(story: Story, browser: TestClient) -> None:
    path = link_for(story, browser)
    story.later(timedelta(minutes=15))
    assert browser.post(path).status_code == 410
    assert browser.post("/bureau/aanmelden/raad-eens").status_code == 410


def test_somebody_who_left_meanwhile_is_not_let_in(story: Story, browser: TestClient) -> None:
    address = person(story, "p002").email
    path = link_for(story, browser, address)
    story.db.execute("UPDATE experts SET active = 0 WHERE id = 'p002'")
    assert browser.post(path).status_code == 410
    story.db.execute("UPDATE experts SET active = 1 WHERE id = 'p002'")
    sign_in(story, browser, address)
    story.db.execute("UPDATE experts SET active = 0 WHERE id = 'p002'")
    assert browser.get("/bureau").status_code == 303


def test_who_is_not_signed_in_goes_to_the_form_and_back(story: Story, browser: TestClient) -> None:
    sent = browser.get("/bureau/dossiers")
    assert (sent.status_code, sent.headers["location"]) == (303, "/bureau/aanmelden?naar=%2Fbureau%2Fdossiers")
    page = browser.get(sent.headers["location"]).text
    wanted = re.findall(r'name="naar" value="([^"]*)"', page)
    assert wanted == ["/bureau/dossiers"]
    browser.post("/bureau/aanmelden", data={"address": COORDINATOR, "naar": wanted[0]})
    path = re.findall(r"(/bureau/aanmelden/[\w-]+)", letter_to(story.go_on(), COORDINATOR).text)[0]
    assert browser.post(path).headers["location"] == "/bureau/dossiers"
    assert browser.post("/bureau/pool/p002", data={}).status_code == 403


@pytest.mark.parametrize(
    ("wanted", "path"),
    [("/bureau/pool", "/bureau/pool"), ("https://kwaad.example.org", "/bureau"), ("//kwaad.example.org", "/bureau"),
     ("/bureau/\nSet-Cookie: x", "/bureau"), ("/bureau/aanmelden", "/bureau"), ("", "/bureau"),
     ("/bureau\\\\kwaad", "/bureau")],
)  # fmt: skip
def test_afterwards_only_our_own_pages_open(wanted: str, path: str) -> None:
    assert own_path(wanted) == path


def test_a_session_ends_when_idle_at_the_end_of_the_day_and_on_signing_out(story: Story, browser: TestClient) -> None:
    sign_in(story, browser)
    codes = []
    for _ in range(24):
        story.later(timedelta(minutes=29))
        codes.append(browser.get("/bureau").status_code)
    assert codes == [200] * 20 + [303] * 4, "a day at work is over after ten hours, and no sooner for who is busy"
    sign_in(story, browser)
    story.later(timedelta(minutes=61))
    assert browser.get("/bureau").status_code == 303
    sign_in(story, browser)
    cookies = dict(browser.cookies)
    assert browser.post("/bureau/afmelden").status_code == 303
    browser.cookies.update(cookies)
    assert browser.get("/bureau").status_code == 303


def test_the_secret_of_a_session_changes_while_it_lasts(story: Story, browser: TestClient) -> None:
    sign_in(story, browser)
    before = dict(browser.cookies)
    story.later(timedelta(minutes=31))
    assert browser.get("/bureau").status_code == 200
    after = dict(browser.cookies)
    assert set(after) == set(before)
    assert after != before
    browser.cookies.update(before)
    assert browser.get("/bureau").status_code == 200, "a second page that was on its way"
    story.later(timedelta(minutes=2))
    browser.cookies.clear()
    browser.cookies.update(before)
    assert browser.get("/bureau").status_code == 303


def test_secrets_are_kept_as_a_hash_only(story: Story, browser: TestClient) -> None:
    path = link_for(story, browser)
    browser.post(path)
    story.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = story.wiring.settings.database.read_bytes()
    (letter,) = story.db.query("SELECT text, html FROM letters WHERE template = 'sign_in'")
    for secret in (path.rpartition("/")[2], *browser.cookies.values()):
        assert secret not in letter["text"] + letter["html"]
        assert secret not in str([*story.db.query("SELECT * FROM sessions"), *story.db.query("SELECT * FROM events")])
    for secret in (path.rpartition("/")[2], browser.cookies["bureau"]):
        assert secret.encode() not in kept


def test_the_cookie_is_kept_from_scripts_and_other_sites(story: Story, browser: TestClient) -> None:
    told = browser.post(link_for(story, browser)).headers["set-cookie"]
    assert "HttpOnly" in told
    assert "SameSite=lax" in told
    assert "Path=/" in told
    assert "Domain" not in told


def test_a_form_from_elsewhere_or_without_our_token_does_nothing(story: Story, browser: TestClient) -> None:
    path = link_for(story, browser)
    evil = {"origin": "https://kwaad.example.org"}
    assert browser.post(path, headers=evil).status_code == 403
    assert browser.post("/bureau/aanmelden", data={"address": COORDINATOR}, headers=evil).status_code == 403
    browser.post(path)
    token = csrf_in(browser.get("/bureau").text)
    for fields in ({}, {"csrf": "x"}, {"csrf": token[:-1]}, {"csrf": "é"}):
        assert browser.post("/bureau/pool/p002", data=fields).status_code == 403
    assert browser.post("/bureau/pool/p002", data={"csrf": token}, headers=evil).status_code == 403


def test_each_role_sees_its_own_pages(story: Story, browser: TestClient) -> None:
    sign_in(story, browser, person(story, "p002").email)
    assert browser.get("/bureau").status_code == 200
    for path in ("/bureau/dossiers", "/bureau/pool", "/bureau/quarantaine"):
        assert browser.get(path).status_code == 403
    assert "Dossiers" not in browser.get("/bureau").text


def test_nobody_floods_a_mailbox_or_tries_all_addresses(story: Story, browser: TestClient) -> None:
    for _ in range(8):
        story.later(timedelta(seconds=1))
        browser.post("/bureau/aanmelden", data={"address": COORDINATOR})
    assert len(story.go_on()) == 5
    asked = [
        browser.post("/bureau/aanmelden", data={"address": "x@example.org"}).status_code for _ in range(LINKS_AN_HOUR)
    ]
    assert asked[-1] == 429


def test_the_history_tells_who_signed_in_and_the_clock_tidies_up(story: Story, browser: TestClient) -> None:
    sign_in(story, browser)
    (line,) = story.db.query("SELECT event, actor, person FROM events WHERE event = 'signed_in'")
    assert line == {"event": "signed_in", "actor": "coordinator", "person": COORDINATOR}
    story.later(timedelta(days=1))
    assert sessions.forget_expired(story.db, story.now) == 2


def test_a_reader_is_not_locked_out_by_somebody_who_types_that_address(
    story: Story, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = "lezer@example.org"
    monkeypatch.setattr(type(story.wiring.settings.programme), "all_readers", (reader,))
    for _ in range(6):
        for _ in range(MOST_AN_HOUR):
            browser.post("/bureau/aanmelden", data={"address": reader})
        story.later(timedelta(hours=1, minutes=1))
    sign_in(story, browser, reader)
    assert browser.get("/bureau").status_code == 200
