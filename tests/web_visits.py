"""What a visitor of the conversation page does in a browser without JavaScript, for tests."""

import re
from html import unescape
from typing import Any

from starlette.testclient import TestClient

from bot.channels.local_box import KeptLetter
from bot.store import cases
from bot.story import Story
from matcher.proposal import Case

FILE = "application/octet-stream"
DECISION = re.compile(r"http://127\.0\.0\.1:8080(/besluit/[\w.=-]+)")


def link_in(letter: KeptLetter) -> str:
    """The path of the page on which a letter is decided."""
    found = DECISION.search(letter.text)
    assert found is not None
    return found[1]


def press_in(page: str) -> str:
    found = re.search(r'name="press" value="([\w-]+)"', page)
    assert found is not None
    return found[1]


def ask(browser: TestClient, text: str, name: str = "", file: tuple[str, bytes] | None = None) -> str:
    """Ask a question as a browser does; returns the address of the writer's own page."""
    press = press_in(browser.get("/vraag").text)
    answer = send(browser, "/vraag", {"press": press, "text": text, "name": name}, file)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def send(browser: TestClient, path: str, fields: dict[str, str], file: tuple[str, bytes] | None = None) -> Any:
    files = {"file": (*file, FILE)} if file else {"file": ("", b"", FILE)}
    return browser.post(path, data=fields, files=files)


def write_back(browser: TestClient, path: str, text: str, file: tuple[str, bytes] | None = None) -> None:
    answer = send(browser, path, {"press": press_in(browser.get(path).text), "text": text}, file)
    assert answer.status_code == 303


def press_button(browser: TestClient, path: str, button: str, **fields: str) -> Any:
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([\w-]+)">', browser.get(path).text))
    return browser.post(f"{path}/{button}", data={**hidden, **fields})


def words_of(browser: TestClient, path: str) -> str:
    return unescape(browser.get(path).text)


def kept(story: Story) -> int:
    return int(story.db.execute("SELECT count(*) FROM messages WHERE channel = 'web'").fetchone()[0])


def only_case(story: Story) -> Case:
    (case,) = cases.newest(story.db, 9)
    return case
