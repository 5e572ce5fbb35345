"""A mail program keeps our subject line in a reply: those are our words, and not what the writer says."""

from __future__ import annotations

import pytest

from bot.channels.local_box import KeptLetter
from bot.store import cases
from bot.story import Story, letter_to, reply_to
from tests.channel_talk import all_letters
from tests.mails import COMPLETE, SHOP, mail


@pytest.fixture
def confirmation(story: Story) -> KeptLetter:
    return letter_to(story.mail_arrives(mail(COMPLETE, now=story.now)), SHOP)


def last_kind(story: Story) -> str:
    return [str(row["kind"]) for row in story.db.query("SELECT kind FROM messages ORDER BY id")][-1]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Laat mijn gegevens zien.", "privacy"),
        ("Stop maar.", "withdraw"),
        ("Hoe staat het met onze vraag?", "status"),
        ("Dank je wel!", "thanks"),
    ],
)
def test_a_reply_means_what_it_says_itself(story: Story, confirmation: KeptLetter, words: str, kind: str) -> None:
    story.answer(confirmation, words)
    assert last_kind(story) == kind


def test_who_asks_for_own_data_in_a_reply_gets_them(story: Story, confirmation: KeptLetter) -> None:
    (letter,) = story.answer(confirmation, "Laat mijn gegevens zien.")
    assert letter.recipient == SHOP
    assert [each.template for each in all_letters(story.db)][-1] == "own_data"


def test_a_subject_of_ones_own_is_read(story: Story, confirmation: KeptLetter) -> None:
    raw = reply_to(confirmation, "Zie het onderwerp.", story.now)
    subject = f"Re: {confirmation.subject}".encode()
    assert subject in raw
    story.mail_arrives(raw.replace(subject, b"Re: wij trekken onze vraag in"))
    assert cases.of_initiator(story.db, SHOP)[0].state == "withdrawn"
