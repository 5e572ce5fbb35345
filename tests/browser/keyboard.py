"""What somebody does without a mouse: go on by Tab until something has the focus, type, press. No tests live here."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.conftest import Visitor

MOST_TABS = 250
FOCUSED = "found => found.map(one => [one.id, one.textContent.trim()])"


def tab_until(visitor: Visitor, words: str) -> None:
    """Press Tab until what begins with these words has the focus."""
    _tab(visitor, lambda _, text: text.startswith(words), words)


def tab_to(visitor: Visitor, identity: str) -> None:
    """Press Tab until the field with this id has the focus."""
    _tab(visitor, lambda found, _: found == identity, identity)


def types(visitor: Visitor, identity: str, text: str) -> None:
    """Go to a field and fill in a text."""
    tab_to(visitor, identity)
    visitor.does(lambda page: page.keyboard.insert_text(text))


def presses_on(visitor: Visitor, words: str) -> None:
    """Go to what begins with these words, and press Enter."""
    tab_until(visitor, words)
    visitor.presses("Enter")


def follows(visitor: Visitor, words: str) -> None:
    """The same with a button or a link that leads to another page, until that page is there."""

    def press(page: Page) -> None:
        with page.expect_navigation():
            page.keyboard.press("Enter")

    tab_until(visitor, words)
    visitor.does(press)


def sees(visitor: Visitor, words: str) -> None:
    """Wait until these words stand on the page."""
    visitor.does(lambda page: page.get_by_text(words).first.wait_for())


def _tab(visitor: Visitor, is_there: Callable[[str, str], bool], wanted: str) -> None:
    def press_on(page: Page) -> bool:
        for _ in range(MOST_TABS):
            page.keyboard.press("Tab")
            for identity, text in page.locator(":focus").evaluate_all(FOCUSED):
                if is_there(identity, text):
                    return True
        return False

    assert visitor.does(press_on), f"{wanted} is not reached by Tab"
