"""Requests that no page of ours would send: guesses, forms from elsewhere, forged hosts, paths and header lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.channels import telegram_in
from bot.channels.telegram_bot import TelegramSettings
from bot.channels.telegram_in import Intake
from bot.settings import Web
from bot.story import Story
from bot.web.app import WEBHOOK, WRONG_AN_HOUR, make_app
from bot.web.own_machine import PASSED_ON
from tests.at_the_desk import COORDINATOR, link_for, sign_in
from tests.mails import SHOP
from tests.proposed_cases import proposed, the_case
from tests.web_visits import link_in

ELSEWHERE = "https://kwaad.example.net"
SECRET = "geheim-geheim-geheim"
DIRECTIVES = {"default-src 'none'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"}


def visitor(story: Story, host: str = "testclient", app: Starlette | None = None) -> TestClient:
    """Somebody at another address, who sees what a page that broke says."""
    site = app or make_app(story.wiring, story.shelf, lambda: story.now)
    return TestClient(site, client=(host, 50000), follow_redirects=False, raise_server_exceptions=False)


def cookie(secret: str) -> dict[str, str]:
    """What a browser sends that holds this secret."""
    return {"cookie": f"bureau={secret}"}


def assert_guarded(answer: Any) -> None:
    rules = answer.headers["content-security-policy"]
    assert set(rules.split("; ")) >= DIRECTIVES, answer.url
    assert "unsafe" not in rules
    assert "script" not in rules
    for name, value in (
        ("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"), ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ):  # fmt: skip
        assert answer.headers[name] == value, (answer.url, name)
    assert "camera=()" in answer.headers["permissions-policy"]


# What every answer says to a browser


def test_every_answer_is_guarded_also_when_something_broke(story: Story, browser: TestClient) -> None:
    sign_in(story, browser)
    for path in (
        "/",
        "/vraag",
        "/stijl.css",
        "/niets",
        "/besluit/geraden",
        "/postbus",
        "/bureau/weekverslag/2026-W46/xlsx",
    ):
        assert_guarded(browser.get(path))
    assert_guarded(browser.put("/vraag"))
    assert_guarded(browser.post("/vraag", content=b"x" * 10, headers={"content-length": "999999999"}))
    assert_guarded(browser.post("/bureau/pool/p002", data={}))
    assert_guarded(browser.get("/bureau", headers=cookie("x")))
    story.wiring.settings.database.unlink()
    story.wiring.settings.database.mkdir()
    broken = visitor(story).get(f"/bureau/aanmelden/{SECRET}")
    assert broken.status_code == 500
    assert_guarded(broken)


def test_over_https_a_browser_comes_back_no_other_way(story: Story, browser: TestClient) -> None:
    assert "strict-transport-security" not in browser.get("/").headers
    web = Web(base_url="https://mixmatch.example.org")
    story.wiring = replace(story.wiring, settings=replace(story.wiring.settings, web=web))
    assert visitor(story).get("/").headers["strict-transport-security"] == "max-age=31536000"


def test_no_template_holds_a_script_a_style_or_anything_of_another_site() -> None:
    for template in files("bot.web").joinpath("templates").iterdir():
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", text, re.IGNORECASE), template.name
        assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", text), template.name
        assert not re.search(r"[^' ] *\| *safe", text), f"{template.name}: only words of the template itself are safe"


# Guessing


def test_who_guesses_is_stopped_and_nobody_else(story: Story) -> None:
    path = link_in(proposed(story))
    app = make_app(story.wiring, story.shelf, lambda: story.now)
    guesser, holder = visitor(story, "198.51.100.7", app), visitor(story, "198.51.100.8", app)
    assert guesser.get(path).status_code == 200
    pages = ("/besluit/", "/gesprek/", "/adviseur/", "/delen/", "/bureau/aanmelden/")
    codes = [guesser.get(f"{pages[number % 5]}geraden.{number}.x").status_code for number in range(WRONG_AN_HOUR)]
    assert set(codes) == {404, 410}
    refused = guesser.get(path)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "3600")
    assert guesser.post(path, data={"choice": "yes"}).status_code == 429
    assert the_case(story, SHOP).state == "proposed"
    assert guesser.get("/vraag").status_code == 200
    assert holder.get(path).status_code == 200
    story.later(timedelta(hours=1))
    assert guesser.get(path).status_code == 200


@pytest.fixture
def called(story: Story) -> Iterator[TestClient]:
    """The pages with a webhook whose bot is not ready yet."""
    settings = TelegramSettings("123:abc", mode="webhook", webhook_url="https://x.example.org", webhook_secret=SECRET)
    app = make_app(story.wiring, story.shelf, lambda: story.now)
    app.router.routes.append(telegram_in.webhook_route(Intake(settings, lambda *_: True, lambda *_: None)))
    with visitor(story, "198.51.100.7", app) as client:
        yield client


def test_a_webhook_without_its_secret_is_refused_and_soon_no_longer_heard(called: TestClient) -> None:
    assert telegram_in.WEBHOOK_PATH == WEBHOOK

    def call(secret: str, body: bytes = b'{"update_id": 1}') -> int:
        return called.post(WEBHOOK, content=body, headers={telegram_in.PROOF_HEADER: secret}).status_code

    assert called.get(WEBHOOK).status_code == 405
    assert called.post(WEBHOOK, content=b"{}").status_code == 403
    assert {call(f"{SECRET}{number}") for number in range(WRONG_AN_HOUR - 1)} == {403}
    assert call("geraden") == 429
    assert call(SECRET) == 503, "who has the secret is heard, however many others guess; the bot only has to get ready"
    assert call(SECRET, b"x" * 400_000) == 413


# Forms and pages of other sites


@pytest.mark.parametrize("headers", [{"origin": ELSEWHERE}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}])
def test_another_site_decides_nothing_with_a_link(story: Story, browser: TestClient, headers: dict[str, str]) -> None:
    path = link_in(proposed(story))
    assert browser.post(path, data={"choice": "yes"}, headers=headers).status_code == 403
    assert the_case(story, SHOP).state == "proposed"
    assert browser.post(path, data={"choice": "yes"}, headers={"origin": "http://127.0.0.1:8080"}).status_code == 200
    assert the_case(story, SHOP).state == "accepted"


def test_the_mailbox_for_trying_is_for_this_machine_alone(story: Story, browser: TestClient) -> None:
    name = proposed(story).name
    note = {"sender": "a@example.org", "text": "Hallo"}
    assert browser.get(f"/postbus/{name}").status_code == 200
    strangers: list[tuple[TestClient, dict[str, str]]] = [
        (visitor(story, "192.168.1.20"), {}),
        (browser, {"host": "kwaad.example.net"}),
        *((browser, {passed_on: "198.51.100.7"}) for passed_on in PASSED_ON),
    ]
    for client, headers in strangers:
        for path in ("/postbus", f"/postbus/{name}"):
            answer = client.get(path, headers=headers)
            assert (answer.status_code, "MM-" in answer.text) == (403, False), (path, headers)
        assert client.post("/bericht", data=note, headers=headers).status_code == 403
        assert client.post(f"/postbus/{name}/antwoord", data={"text": "Ja"}, headers=headers).status_code == 403
    assert browser.post("/bericht", data=note, headers={"origin": ELSEWHERE}).status_code == 403
    story.go_on()
    assert the_case(story, SHOP).state == "proposed"


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "laptop"])
def test_on_this_machine_its_names_are_known(browser: TestClient, host: str) -> None:
    assert browser.get("/postbus", headers={"host": host}).status_code == 200


# Signing in


def test_a_cookie_that_somebody_else_chose_opens_nothing(story: Story, browser: TestClient) -> None:
    path = link_for(story, browser)
    browser.cookies.set("bureau", SECRET)
    browser.cookies.clear()
    assert browser.get("/bureau", headers=cookie(path.rpartition("/")[2])).status_code == 303
    browser.cookies.set("bureau", SECRET)
    given = browser.post(path).cookies["bureau"]
    browser.cookies.clear()
    assert given not in (SECRET, path.rpartition("/")[2])
    assert browser.get("/bureau", headers=cookie(SECRET)).status_code == 303
    assert browser.get("/bureau", headers=cookie(given)).status_code == 200


def test_over_https_the_cookie_is_of_this_host_alone(story: Story) -> None:
    web = Web(base_url="https://mixmatch.example.org")
    story.wiring = replace(story.wiring, settings=replace(story.wiring.settings, web=web))
    with visitor(story) as client:
        client.post("/bureau/aanmelden", data={"address": COORDINATOR})
        (letter,) = story.go_on()
        found = re.search(r"https://mixmatch\.example\.org(/bureau/aanmelden/[\w-]+)", letter.text)
        assert found is not None
        given = client.post(found[1]).headers["set-cookie"]
    assert given.startswith("__Host-bureau=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(given.split("; "))
    assert "Domain" not in given


@pytest.mark.parametrize(
    "wanted",
    ["https://kwaad.example.net", "//kwaad.example.net", "/\\kwaad.example.net", "/bureau@kwaad.example.net\r\nX: y",
     "/bureau/../../kwaad", "javascript:alert(1)", "/bureau\t//kwaad", "bureau.kwaad.example.net"],
)  # fmt: skip
def test_signing_in_leads_to_no_other_site(story: Story, browser: TestClient, wanted: str) -> None:
    browser.post("/bureau/aanmelden", data={"address": COORDINATOR, "naar": wanted})
    (letter,) = story.go_on()
    found = re.search(r"(/bureau/aanmelden/[\w-]+)", letter.text)
    assert found is not None
    leads_to = browser.post(found[1]).headers["location"]
    assert leads_to.startswith("/bureau")
    assert not set(leads_to) & set("\\\r\n\t:@")


# Paths and header lines


@pytest.mark.parametrize(
    "path",
    ["/postbus/..%2fmixmatch.db", "/postbus/%2e%2e%2f%2e%2e%2fmixmatch.db", "/postbus/..%5cmixmatch.db", "/postbus/%00",
     "/postbus/*", "/postbus/new", "/stijl.css/..%2fapp.py", "/..%2fapp.py", "/%2e%2e/%2e%2e/etc/passwd",
     "/bureau/brieven/voorbeeld/..%2f..%2fletters/nl", "/bureau/brieven/voorbeeld/proposal/..%2f..%2fnl",
     "/bureau/weekverslag/..%2f..%2f2026-W46/xlsx", "/bureau/dossiers/..%2f..%2fpool",
     "/bureau/quarantaine/1%20OR%201=1"],
)  # fmt: skip
def test_no_path_leads_out_of_its_place(story: Story, browser: TestClient, path: str) -> None:
    sign_in(story, browser)
    answer = browser.get(path)
    assert answer.status_code == 404
    assert not re.search(rb"SQLite format|def make_app|root:", answer.content)


@pytest.mark.parametrize(
    "path",
    ["/vraag?taal=nl%0d%0aSet-Cookie:%20x=y", "/bureau/weekverslag/2026-W46%0d%0aX-Kwaad:%20ja/xlsx",
     "/gesprek/x%0d%0aX-Kwaad:%20ja", "/bureau?gedaan=%0d%0aX-Kwaad:%20ja",
     "/bureau/dossiers?zoek=%0d%0aX-Kwaad:%20ja"],
)  # fmt: skip
def test_nothing_asked_for_becomes_a_header_line(story: Story, browser: TestClient, path: str) -> None:
    sign_in(story, browser)
    answer = browser.get(path)
    assert answer.status_code in (200, 303, 404)
    assert "x-kwaad" not in answer.headers
    assert "x=y" not in answer.headers.get("set-cookie", "")
    assert all("\r" not in value and "\n" not in value for value in answer.headers.values())
