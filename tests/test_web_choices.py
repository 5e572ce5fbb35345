"""Choices on the page of somebody's own conversation: buttons without JavaScript, judged as everywhere."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot import brokering, chatting
from bot.choices import Choice, Pressed
from bot.reading import Read
from bot.store import cases, choices, conversations, messages
from bot.store.database import transaction
from bot.story import Story
from bot.turn import Turn
from matcher.proposal import Case
from tests.accepted_cases import open_proposal, turn_of
from tests.web_visits import press_in, words_of

BUTTON = re.compile(r'<button type="submit" name="choice" value="([0-9a-f]{32})"[^>]*>([^<]*)</button>')
OFFERED = (Choice("test", "Ja, dit klopt", "right"), Choice("test", "Nee", "wrong"))


@pytest.fixture
def pressed(monkeypatch: pytest.MonkeyPatch) -> list[Pressed]:
    """What reached the owner of the choices."""
    seen: list[Pressed] = []

    def on_press(turn: Turn, read: Read, press: Pressed) -> tuple[str, int | None]:
        del turn, read
        seen.append(press)
        return "tested", press.case.id if press.case else None

    monkeypatch.setattr(chatting, "PRESSED", {"test": on_press})
    return seen


def page(story: Story, name: str = "Bewoner") -> tuple[str, str]:
    """A conversation page of one's own: its path, and the address of its writer."""
    secret = f"geheim van {name}"
    with transaction(story.db):
        conversation = conversations.begin(story.db, secret, name, story.now)
    return story.wiring.links.conversation_path(secret), conversation.address


def asked(story: Story) -> tuple[str, Case]:
    """Somebody's page, with a letter on it that offers two choices."""
    path, address = page(story)
    adviser = next(one for one in story.shelf.current(story.db).experts if one.role == "adviser")
    case = cases.find(story.db, open_proposal(story, address, adviser, "web").case_id)
    assert case is not None
    offer(story, case, "een")
    return path, case


def offer(story: Story, case: Case, cause: str, *offered: Choice) -> None:
    with transaction(story.db):
        turn_of(story, cause, "web").to_initiator(case, "withdrawn", choices=offered or OFFERED)


def buttons(browser: TestClient, path: str) -> dict[str, str]:
    """The buttons under letters: what stands on each, and what it sends."""
    return {unescape(label): secret for secret, label in BUTTON.findall(browser.get(path).text)}


def press(browser: TestClient, path: str, secret: str) -> Any:
    answer = browser.post(f"{path}/keuze", data={"press": press_in(browser.get(path).text), "choice": secret})
    assert answer.status_code == 303
    return answer


def test_a_press_is_a_message_and_decides(story: Story, browser: TestClient, pressed: list[Pressed]) -> None:
    path, case = asked(story)
    shown = buttons(browser, path)
    assert list(shown) == ["Ja, dit klopt", "Nee"]
    press(browser, path, shown["Ja, dit klopt"])
    assert buttons(browser, path) == {}, "while it is read nothing else can be pressed"
    story.go_on()
    (one,) = pressed
    assert (one.action, one.value, one.holder) == ("test", "right", case.initiator)
    assert one.case is not None
    assert one.case.id == case.id
    assert messages.newest(story.db).outcome == "tested"
    assert "Ja, dit klopt" in words_of(browser, path), "the page shows what was chosen"
    assert buttons(browser, path) == {}


def test_one_choice_of_two_counts(story: Story, browser: TestClient, pressed: list[Pressed]) -> None:
    path, _ = asked(story)
    shown = buttons(browser, path)
    token = press_in(browser.get(path).text)
    for secret in (shown["Nee"], shown["Nee"], shown["Ja, dit klopt"]):
        browser.post(f"{path}/keuze", data={"press": token, "choice": secret})
    story.go_on()
    assert [one.value for one in pressed] == ["wrong"]
    assert words_of(browser, path).count("al een antwoord op gekomen") == 1, "the same press twice is one press"


def test_only_the_newest_letter_has_buttons(story: Story, browser: TestClient, pressed: list[Pressed]) -> None:
    del pressed
    path, case = asked(story)
    with transaction(story.db):
        turn_of(story, "twee", "web").to_initiator(case, "withdrawn", choices=[Choice("test", "Later")])
    assert list(buttons(browser, path)) == ["Later"]
    with transaction(story.db):
        turn_of(story, "drie", "web").to_initiator(case, "status", cases=[])
    assert list(buttons(browser, path)) == ["Later"], "a letter without a question takes none away"


@pytest.mark.parametrize("secret", ["", "x", "0" * 32, "é", "0" * 5000])
def test_a_button_that_was_never_there(story: Story, browser: TestClient, pressed: list[Pressed], secret: str) -> None:
    path, _ = asked(story)
    press(browser, path, secret)
    story.go_on()
    assert pressed == []
    assert ("Deze knop werkt hier niet" in words_of(browser, path)) is bool(secret)
    assert len(buttons(browser, path)) == 2


def test_the_button_of_somebody_else(story: Story, browser: TestClient, pressed: list[Pressed]) -> None:
    path, case = asked(story)
    secret = buttons(browser, path)["Nee"]
    other, _ = page(story, "Buur")
    press(browser, other, secret)
    story.go_on()
    assert pressed == []
    shown = words_of(browser, other)
    assert "Deze knop werkt hier niet" in shown
    assert case.reference not in shown
    assert [one.used_at for one in choices.open_to(story.db, case.initiator, story.now)] == [None, None]


def test_a_form_from_elsewhere_presses_nothing(story: Story, browser: TestClient, pressed: list[Pressed]) -> None:
    path, _ = asked(story)
    fields = {"press": "x" * 24, "choice": buttons(browser, path)["Nee"]}
    answer = browser.post(f"{path}/keuze", data=fields, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code in (400, 403)
    assert browser.get(f"{path}/keuze").status_code == 405
    story.go_on()
    assert pressed == []


def test_a_label_is_escaped(story: Story, browser: TestClient, pressed: list[Pressed]) -> None:
    del pressed
    path, case = asked(story)
    offer(story, case, "hoeken", Choice("test", "<b>&amp;"))
    assert "<b>&amp;" in buttons(browser, path)


def test_consent_keeps_its_own_form(story: Story, browser: TestClient, pressed: list[Pressed]) -> None:
    del pressed
    path, case = asked(story)
    choices.close_of_case(story.db, case.id, ["test"], story.now)
    offer(story, case, "ja", Choice("consent", "Ja", "yes"))
    assert buttons(browser, path) == {}


@pytest.mark.parametrize("ended_before", [True, False])
def test_a_case_that_ended_since_is_decided(
    story: Story, browser: TestClient, pressed: list[Pressed], ended_before: bool
) -> None:
    path, case = asked(story)
    with transaction(story.db):
        case = brokering.keep_state(turn_of(story, "eind"), case, "withdrawn")
    if ended_before:
        offer(story, case, "daarna")
    press(browser, path, buttons(browser, path)["Nee"])
    story.go_on()
    assert len(pressed) == int(ended_before)
    assert ("intussen al besloten" in words_of(browser, path)) is not ended_before
