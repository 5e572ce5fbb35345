"""What a coordinator does at the desk in a browser without JavaScript, for tests."""

import re
from html import unescape
from typing import Any

from starlette.testclient import TestClient

from bot.story import Story, letter_to

COORDINATOR = "coordinator@example.org"


def link_for(story: Story, browser: TestClient, address: str = COORDINATOR) -> str:
    """The path in the mail that somebody gets who asks to sign in."""
    story.go_on()
    browser.post("/bureau/aanmelden", data={"address": address})
    found = re.search(r"http://127\.0\.0\.1:8080(/bureau/aanmelden/[\w-]+)", letter_to(story.go_on(), address).text)
    assert found is not None
    return found[1]


def sign_in(story: Story, browser: TestClient, address: str = COORDINATOR) -> None:
    """Ask for a link, open the mail and press the button."""
    answer = browser.post(link_for(story, browser, address))
    assert answer.status_code == 303, answer.text


def csrf_in(page: str) -> str:
    found = re.search(r'name="csrf" value="(\w+)"', page)
    assert found is not None
    return found[1]


def words_of(browser: TestClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return unescape(answer.text)


def press(browser: TestClient, page: str, path: str, **fields: str) -> Any:
    """Send a form of a page, with what is hidden in the form."""
    shown = browser.get(page).text
    form = re.search(rf'<form[^>]* action="{re.escape(path)}".*?</form>', shown, re.DOTALL)
    assert form is not None, (path, re.findall(r'action="([^"]*)"', shown))
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[0]))
    return browser.post(path, data={**hidden, **fields})
