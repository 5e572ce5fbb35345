"""Chats that are linked to a mailbox by a code, as their owners do it, for tests. No tests live here."""

from __future__ import annotations

import re

from bot import accounts
from bot.store.letters import KeptLetter
from bot.story import Story
from tests.channel_talk import chat_of, says, to

ADVISER = "exploitatie@example.org"
ANNA, STRANGER = 501, 666
CODE = re.compile(r"^\d{8}$", re.MULTILINE)


def code_in(written: list[KeptLetter], email: str) -> str:
    (letter,) = [each for each in to(written, email) if each.template == "link_mail"]
    found = CODE.search(letter.text)
    assert found is not None
    return found[0]


def said(written: list[KeptLetter], person: int = ANNA) -> str:
    (letter,) = to(written, chat_of(person))
    return letter.text


def link(story: Story, person: int = ANNA, email: str = ADVISER) -> list[KeptLetter]:
    return says(story, person, code_in(says(story, person, f"/koppel {email}"), email))


def outcomes(story: Story) -> list[str]:
    return [row["outcome"] for row in story.db.query("SELECT outcome FROM messages ORDER BY id")]


def adviser_id(story: Story) -> str:
    return next(one.id for one in story.shelf.current(story.db).experts if one.email == ADVISER)


def linked(story: Story, email: str = ADVISER) -> str | None:
    return accounts.telegram_of(story.db, email)
