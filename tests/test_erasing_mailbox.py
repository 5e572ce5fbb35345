"""Erasing reaches the mailbox that is read: a real Dovecot, all our folders, and nobody else's mail."""

from __future__ import annotations

from dataclasses import replace

import pytest
from imap_tools import ImapToolsError

import tests.dovecot
from bot.channels.imap_box import open_mailbox
from bot.channels.imap_erase import erase_mails
from bot.channels.imap_in import take_new_mail
from bot.privacy import erasing
from bot.settings import Imap
from bot.store import cases, messages
from bot.story import Story
from tests.dovecot import PASSWORD, Dovecot
from tests.mails import COMPLETE, INCOMPLETE, NOT_CLOSING, SHOP, mail
from tests.shelf import Shelf, intake_of
from tests.store_builders import NOW

dovecot = tests.dovecot.dovecot
pytestmark = pytest.mark.needs_dovecot
OTHER = "buurtkas@example.org"


def with_mailbox(story: Story, dovecot: Dovecot, box: str, **changes: object) -> Story:
    """The same story, reading a mailbox."""
    imap = Imap(host="127.0.0.1", port=dovecot.imap_port, security="none", user=box, password=PASSWORD)
    settings = replace(story.wiring.settings, imap=replace(imap, **changes))  # type: ignore[arg-type]
    return Story(story.db, replace(story.wiring, settings=settings), story.shelf, story.now)


def fetch(story: Story, dovecot: Dovecot, box: str) -> Shelf:
    """One round of taking mail from the mailbox into the store of the story."""
    shelf = Shelf()
    with open_mailbox(dovecot.settings(box)) as opened:
        take_new_mail(opened, intake_of(dovecot.settings(box), shelf))
    for raw, meta in shelf.kept.values():
        messages.keep_raw(
            story.db, raw, channel="mail", account=meta.account, external_id=meta.external_id,
            envelope_sender=meta.envelope_sender, now=story.now,
        )  # fmt: skip
    story.go_on()
    return shelf


def erase(story: Story, address: str = SHOP) -> erasing.Erased:
    return erasing.erase_person(story.db, story.wiring, story.shelf, address, story.now)


def test_the_persons_mails_go_and_those_of_others_stay(story: Story, dovecot: Dovecot) -> None:
    box = dovecot.add_mailbox()
    story = with_mailbox(story, dovecot, box)
    dovecot.deliver(box, mail(COMPLETE, now=story.now))
    dovecot.deliver(box, mail(NOT_CLOSING, sender=OTHER, now=story.now))
    dovecot.deliver(box, mail(NOT_CLOSING, sender=f"niet-{SHOP}", now=story.now))
    fetch(story, dovecot, box)
    dovecot.deliver(box, mail(INCOMPLETE, now=story.now), sender=SHOP)
    assert len(dovecot.raw_mails(box, "Verwerkt")) == 3
    assert erase(story).mails == 1
    assert [SHOP.encode() in each and b"niet-" not in each for each in dovecot.raw_mails(box, "Verwerkt")] == [
        False
    ] * 2
    assert len(dovecot.raw_mails(box)) == 1, "what nobody took yet is a new message"
    left = [
        path
        for path in dovecot.maildir(box).rglob("*")
        if path.is_file() and b"dorpswinkel openen" in path.read_bytes()
    ]
    assert left == []
    fetch(story, dovecot, box)
    assert len(cases.of_initiator(story.db, SHOP)) == 1


def test_a_mail_that_comes_back_is_not_kept_again(story: Story, dovecot: Dovecot) -> None:
    box = dovecot.add_mailbox()
    story = with_mailbox(story, dovecot, box)
    raw = mail(COMPLETE, now=story.now)
    dovecot.deliver(box, raw)
    fetch(story, dovecot, box)
    erase(story)
    dovecot.deliver(box, raw)  # as after a mailbox was put back
    fetch(story, dovecot, box)
    assert cases.of_initiator(story.db, SHOP) == []
    assert list(story.db.query("SELECT 1 FROM messages WHERE length(raw) > 0")) == []


def test_without_the_mailbox_nothing_is_erased(story: Story, dovecot: Dovecot) -> None:
    box = dovecot.add_mailbox()
    story.mail_arrives(mail(COMPLETE, now=story.now))
    wrong = with_mailbox(story, dovecot, box, password="ander")
    with pytest.raises((ImapToolsError, OSError)):
        erase(wrong)
    assert len(cases.of_initiator(story.db, SHOP)) == 1
    assert erase(with_mailbox(story, dovecot, box)).cases == 1


def test_asking_again_finds_nothing_more(dovecot: Dovecot) -> None:
    box, shelf = dovecot.add_mailbox(), Shelf()
    settings = dovecot.settings(box)
    dovecot.deliver(box, mail(COMPLETE, now=NOW))
    with open_mailbox(settings) as opened:
        take_new_mail(opened, intake_of(settings, shelf))
    (wanted,) = shelf.kept
    assert erase_mails(settings, {wanted}, (SHOP,), ()) == 1
    assert erase_mails(settings, {wanted}, (SHOP,), ()) == 0
    assert dovecot.raw_mails(box, "Verwerkt") == []
