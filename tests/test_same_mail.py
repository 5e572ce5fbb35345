"""One mail is one question by whatever road and name it comes again; two mails are two, also under one name."""

from __future__ import annotations

from bot.store import cases
from bot.story import Story
from tests.mails import COMPLETE, INCOMPLETE, SHOP, mail

OTHER = "buurttuin@example.org"


def named(raw: bytes, message_id: bytes) -> bytes:
    """The same mail under another Message-ID, or under none."""
    lines = [line for line in raw.split(b"\n") if not line.startswith(b"Message-ID:")]
    return b"\n".join([b"Message-ID: " + message_id, *lines] if message_id else lines)


def test_the_same_mail_under_another_name_or_none_is_one_question(story: Story) -> None:
    raw = mail(COMPLETE, now=story.now)
    assert story.mail_arrives(raw)
    again = [named(raw, b"<rewritten@lists.example.org>"), named(raw, b""), b"Received: from a by b; c\r\n" + raw]
    assert [story.mail_arrives(each) for each in again] == [[], [], []]
    assert len(cases.of_initiator(story.db, SHOP)) == 1


def test_two_mails_under_one_name_are_two_questions(story: Story) -> None:
    first, second = mail(COMPLETE, now=story.now), mail(INCOMPLETE, sender=OTHER, now=story.now)
    for raw in (first, second):
        story.mail_arrives(named(raw, b"<the-same@example.org>"))
    assert [len(cases.of_initiator(story.db, each)) for each in (SHOP, OTHER)] == [1, 1]
