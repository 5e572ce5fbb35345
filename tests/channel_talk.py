"""Speaks to a running story in a private chat and by mail, as the people in the tests do; says what came back."""

from __future__ import annotations

import itertools
from typing import Any

from sqlite_utils import Database

from bot import flow
from bot.store import cases, letters, messages, proposals
from bot.store.database import transaction
from bot.store.letters import KeptLetter
from bot.story import Story
from matcher.proposal import Case
from tests.mails import COMPLETE, SHOP, mail
from tests.store_builders import STATES
from tests.telegram_updates import message, stored

numbers = itertools.count(100_000)


def chat_of(person: int) -> str:
    """The address of somebody's private chat."""
    return f"telegram:{person}"


def says(story: Story, person: int, text: str, kind: str = "message", **fields: Any) -> list[KeptLetter]:
    """Somebody types in the own chat with the bot; returns every letter that was written because of it."""
    who = {"id": person, "is_bot": False, "first_name": "Bewoner", "language_code": "nl"}
    body = message(text, **{"from": who, "chat": {"id": person, "type": "private"}, **fields})
    number = next(numbers)
    raw = stored(body, kind, update_id=number)
    return _handled(story, raw, channel="chat", account="telegram:4200", external_id=f"telegram:4200:{number}")


def arrives(story: Story, person: int) -> None:
    """Everything that waits for somebody's chat arrives there."""
    while (letter := letters.claim_for_chat(story.db, story.now, chat_of(person))) is not None:
        letters.mark_sent(story.db, letter, story.now)


def mails(story: Story, sender: str, text: str, **headers: str) -> list[KeptLetter]:
    """Somebody sends a mail; returns every letter that was written because of it."""
    raw = mail(text, sender=sender, now=story.now, **headers)
    number = next(numbers)
    return _handled(story, raw, channel="mail", account=sender, external_id=f"mail:{number}")


def writes_on_page(story: Story, sender: str, raw: bytes) -> list[KeptLetter]:
    """Somebody writes on the own page; returns every letter that was written because of it."""
    return _handled(story, raw, channel="web", account="web", external_id=f"{sender}:{next(numbers)}")


def all_letters(db: Database) -> list[KeptLetter]:
    """Every letter there is, oldest first."""
    return letters.with_state(db, *STATES)


def to(written: list[KeptLetter], recipient: str) -> list[KeptLetter]:
    """The letters of these that go to one address."""
    return [letter for letter in written if letter.recipient == recipient]


def put_before(story: Story, adviser_id: str, question: str = COMPLETE, sender: str = SHOP) -> Case:
    """A case whose proposal waits for this adviser: asked by mail, while all other advisers are away."""
    with transaction(story.db):
        story.db.execute("UPDATE experts SET active = (id = ?) WHERE role = 'adviser'", [adviser_id])
    mails(story, sender, question)
    (case,) = cases.running_of(story.db, sender)
    (proposal,) = proposals.of_case(story.db, case.id)
    assert (proposal.state, proposal.adviser_id) == ("open", adviser_id)
    return case


def _handled(story: Story, raw: bytes, **kept: Any) -> list[KeptLetter]:
    before = {letter.id for letter in all_letters(story.db)}
    messages.keep_raw(story.db, raw, envelope_sender=None, now=story.now, **kept)
    while flow.process_one_message(story.db, story.wiring, story.shelf, story.now):
        pass
    assert [row["problem"] for row in story.db.query("SELECT problem FROM messages WHERE state != 'handled'")] == []
    return [letter for letter in all_letters(story.db) if letter.id not in before]
