"""By whatever road others read of a question, what is private stays in the case: mail, chat, page, report, sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from bot.letter_facts import FOR_ADVISERS
from bot.letter_sample_facts import SAMPLE
from bot.letter_samples import write_sample
from bot.store import lessons
from bot.story import Story
from bot.week import week_of
from tests.advisers_at_work import adviser_of
from tests.at_the_desk import sign_in, words_of
from tests.channel_talk import all_letters, chat_of, put_before, says, to
from tests.linked_chats import ANNA, adviser_id, link
from tests.mails import SHOP, mail
from tests.sheet_builders import xlsx
from tests.test_masking import SECRETS, TOLD, secrets_in
from tests.test_other_peoples_links import own_page
from tests.test_story_budget import ENOUGH, with_file

PRIVATE = "Kerkstraat 7, 06-12345678, BSN 111222333, NL91ABNA0417164300, en mijn zoon heeft schizofrenie"
NAME = "Winkel van 06-12345678"
TYPED = frozenset({"initiative", "evidence", "own_words", "question", "answer", "reason"})
"""What somebody who asks typed; what else a letter tells is of colleagues or our own."""


def private(value: Any, name: str = "") -> Any:
    """A fact with something private in every part of it that the initiator typed."""
    if isinstance(value, Mapping):
        return {key: private(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [private(item, name) for item in value]
    return PRIVATE if name in TYPED and isinstance(value, str) else value


@pytest.mark.parametrize("template", [*FOR_ADVISERS, "introduction_expert"])
def test_no_letter_passes_on_what_stands_in_a_fact(template: str) -> None:
    letter = write_sample(template, **{name: private(value, name) for name, value in SAMPLE.items()})
    assert [secrets_in(part) for part in (letter.subject, letter.text, letter.html)] == [set()] * 3


def test_no_chat_with_an_adviser_tells_it(story: Story) -> None:
    link(story)
    case = put_before(story, adviser_id(story), TOLD)
    story.db.execute("UPDATE cases SET initiative = ? WHERE id = ?", [NAME, case.id])
    for words in ("Wat wacht er?", f"Vraag: hoe zit het met {PRIVATE}?"):
        says(story, ANNA, words)
    chat = to(all_letters(story.db), chat_of(ANNA))
    assert any("Voorstel" in letter.subject or "verdienmodel" in letter.text for letter in chat)
    assert [letter.template for letter in chat if secrets_in(letter.subject + letter.text + letter.html)] == []


def test_no_page_of_an_adviser_tells_it(story: Story, browser: TestClient) -> None:
    raw = with_file(mail(TOLD, now=story.now), xlsx(ENOUGH), "begroting 06-12345678.xlsx")
    story.mail_arrives(raw)
    story.db.execute("UPDATE cases SET initiative = ?", [NAME])
    lessons.add(story.db, NAME, "Oss", ("financing",), f"Bel eerst {PRIVATE}.", story.now)
    story.db.execute("UPDATE cases SET state = 'unserved'")  # so that its question stands among those without an expert
    adviser = adviser_of(story)
    page = own_page(story, adviser.id)
    sign_in(story, browser, adviser.email)
    desk = ("/bureau", "/bureau/lessen", "/bureau/inzicht/zonder-expert", "/bureau/initiatieven")
    shown = {path: words_of(browser, path) for path in (page, *desk)}
    assert {path for path, words in shown.items() if secrets_in(words)} == set()
    assert "Bel eerst" in shown["/bureau/lessen"]


def test_no_report_tells_it(story: Story, browser: TestClient) -> None:
    sent = story.mail_arrives(mail(TOLD, now=story.now))
    proposal = next(letter for letter in sent if letter.recipient != SHOP)
    story.answer(proposal, "Nee, te druk")
    story.db.execute(
        "UPDATE proposals SET reason = ? WHERE state = 'declined'", [f"Past niet, en het is bij {PRIVATE}."]
    )
    week = week_of(story.now)
    story.later(timedelta(days=7))
    sign_in(story, browser)
    page = words_of(browser, f"/bureau/weekverslag/{week}")
    assert "Past niet, en" in page, "the reason stands in the report"
    sheet = browser.get(f"/bureau/weekverslag/{week}/xlsx").content
    cells = " ".join(str(cell.value) for tab in load_workbook(BytesIO(sheet)) for row in tab for cell in row)
    assert "Past niet, en" in cells
    assert secrets_in(page) | secrets_in(cells) == set()


def test_what_the_tests_look_for_is_what_they_plant() -> None:
    assert secrets_in(PRIVATE) == SECRETS - {"lithium"}
    assert secrets_in(TOLD) == SECRETS
    assert re.search("06-12345678", NAME)
