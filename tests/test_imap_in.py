"""A round of taking mail from a real Dovecot: everything is kept once, whole, and moved away."""

import os
import smtplib
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

import tests.dovecot
from bot.channels.fingerprint import external_id
from bot.channels.imap_box import open_mailbox
from bot.channels.imap_in import StoreTrouble, take_new_mail
from bot.channels.lmtp_in import ListenSettings, start_listener
from tests.dovecot import Dovecot, start_dovecot, stop_dovecot
from tests.shelf import Shelf, intake_of, numbered_mail, one_round

dovecot = tests.dovecot.dovecot
pytestmark = pytest.mark.needs_dovecot


def make_folder(dovecot: Dovecot, address: str, folder: str, numbers: Sequence[int]) -> None:
    """Make a folder with numbered mails in it, as its keeper would; made again, it counts anew (UIDVALIDITY)."""
    with dovecot.mailbox(address) as box:
        box.folder.create(folder)
        for number in numbers:
            box.append(numbered_mail(number), folder)


def test_new_mail_is_kept_and_moved_unread(dovecot: Dovecot) -> None:
    address, shelf = dovecot.add_mailbox(), Shelf()
    dovecot.deliver(address.replace("@", "+MM-abc@"), numbered_mail(1))
    dovecot.deliver(address, numbered_mail(2), sender="")
    assert one_round(dovecot.settings(address), shelf) == 2
    first, second = shelf.metas
    assert (first.channel, first.account, first.message_id) == ("mail", "postvak", "<1@example.org>")
    assert (first.envelope_sender, first.envelope_recipient) == (
        "burger@example.org",
        address.replace("@", "+MM-abc@"),
    )
    assert (second.envelope_sender, second.fullness) == ("", "whole")
    assert abs(first.received_at.timestamp() - time.time()) < 60
    assert [raw.endswith(numbered_mail(number)) for number, raw in zip((1, 2), shelf.handed, strict=True)] == [
        True,
        True,
    ]
    assert dovecot.raw_mails(address) == []
    assert dovecot.raw_mails(address, "Verwerkt") == shelf.handed
    with dovecot.mailbox(address, "Verwerkt") as box:
        assert len(box.uids("UNSEEN")) == 2
        assert "Verwerkt" in [folder.name for folder in box.folder.list(subscribed_only=True)]
    assert shelf.position is not None
    assert shelf.position[1] == 2
    assert one_round(dovecot.settings(address), shelf) == 0


def test_the_same_mail_by_lmtp_and_by_imap_is_one(dovecot: Dovecot) -> None:
    address, shelf = dovecot.add_mailbox(), Shelf()
    settings = ListenSettings(account="postvak", own_addresses=frozenset({address}), port=0)
    listener = start_listener(settings, shelf.keep, shelf.report)
    with smtplib.LMTP("127.0.0.1", listener.port) as client:
        client.sendmail("burger@example.org", [address], numbered_mail(1))
    listener.stop()
    dovecot.deliver(address, numbered_mail(1))
    dovecot.deliver(address, numbered_mail(1))
    assert one_round(dovecot.settings(address), shelf) == 0
    assert len(shelf.kept) == 1
    assert len(dovecot.raw_mails(address, "Verwerkt")) == 2


def test_a_store_in_trouble_leaves_the_mail_in_the_inbox(dovecot: Dovecot) -> None:
    def locked(raw: bytes) -> None:
        raise sqlite3.OperationalError("database is locked")

    address, shelf = dovecot.add_mailbox(), Shelf(fail=locked)
    for number in (1, 2):
        dovecot.deliver(address, numbered_mail(number))
    with pytest.raises(StoreTrouble):
        one_round(dovecot.settings(address), shelf)
    assert len(dovecot.raw_mails(address)) == 2
    shelf.fail = None
    assert one_round(dovecot.settings(address), shelf) == 2


def test_one_mail_that_cannot_be_kept_holds_up_no_other(dovecot: Dovecot) -> None:
    def refuse(raw: bytes) -> None:
        if b"vraag 1" in raw:
            raise ValueError("stuk")

    address, shelf = dovecot.add_mailbox(), Shelf(fail=refuse)
    for number in (1, 2, 3):
        dovecot.deliver(address, numbered_mail(number))
    assert one_round(dovecot.settings(address), shelf) == 2
    assert shelf.reported == [("keep_failed", "uid 1 ValueError")]
    assert shelf.position is not None
    assert shelf.position[1] == 0, "the position never passes a mail that was not kept"
    shelf.fail = None
    assert one_round(dovecot.settings(address), shelf) == 1
    assert shelf.numbers == [1, 2, 3]
    assert dovecot.raw_mails(address) == []


def test_damaged_and_empty_mail_is_kept_as_it_is(dovecot: Dovecot) -> None:
    address, shelf = dovecot.add_mailbox(), Shelf()
    dovecot.deliver(address, numbered_mail(0))
    box = dovecot.maildir(address) / "new"
    owner = next(box.iterdir()).stat()
    for name, raw in (("leeg", b""), ("stuk", b"\xff\xfe\x00geen kop\n\x00\n"), ("kop", b"Subject: =?x?\n")):
        path = box / f"{name}.1"
        path.write_bytes(raw)
        os.chown(path, owner.st_uid, owner.st_gid)
    assert one_round(dovecot.settings(address), shelf) == 4
    assert dovecot.raw_mails(address) == []
    assert any(b"geen kop" in raw for raw in shelf.handed)


def test_a_renumbered_mailbox_is_read_again_and_nothing_is_kept_twice(dovecot: Dovecot) -> None:
    address, shelf = dovecot.add_mailbox(), Shelf()
    settings = dovecot.settings(address, folder="Vragen", done_folder="")
    make_folder(dovecot, address, "Vragen", (1, 2))
    assert one_round(settings, shelf) == 2
    before = shelf.position
    with dovecot.mailbox(address) as box:
        box.folder.delete("Vragen")
    make_folder(dovecot, address, "Vragen", (1, 2, 3))
    assert one_round(settings, shelf) == 1
    assert shelf.codes == ["imap_renumbered"]
    assert len(shelf.handed) == 5
    assert len(shelf.kept) == 3
    assert before is not None
    assert shelf.position is not None
    assert shelf.position[0] != before[0]
    assert one_round(settings, shelf) == 0
    assert shelf.codes == ["imap_renumbered"]


def test_mail_left_in_place_is_fetched_once(dovecot: Dovecot) -> None:
    address, shelf = dovecot.add_mailbox(), Shelf()
    settings = dovecot.settings(address, done_folder="")
    dovecot.deliver(address, numbered_mail(1))
    assert [one_round(settings, shelf), one_round(settings, shelf)] == [1, 0]
    dovecot.deliver(address, numbered_mail(2))
    assert one_round(settings, shelf) == 1
    assert len(shelf.handed) == 2
    assert len(dovecot.raw_mails(address)) == 2


def test_mail_moved_back_by_a_person_is_not_new(dovecot: Dovecot) -> None:
    address, shelf = dovecot.add_mailbox(), Shelf()
    dovecot.deliver(address, numbered_mail(1))
    assert one_round(dovecot.settings(address), shelf) == 1
    with dovecot.mailbox(address, "Verwerkt") as box:
        box.move(box.uids(), "INBOX")
    assert one_round(dovecot.settings(address), shelf) == 0
    assert len(dovecot.raw_mails(address, "Verwerkt")) == 1


def test_without_move_only_our_mail_is_expunged(dovecot: Dovecot) -> None:
    address, shelf = dovecot.add_mailbox(), Shelf()
    settings = dovecot.settings(address)
    for number in (1, 2):
        dovecot.deliver(address, numbered_mail(number))
    with dovecot.mailbox(address) as person:
        person.client.uid("STORE", "1", "+FLAGS", r"(\Deleted)")
        with open_mailbox(settings) as box:
            box.client.capabilities = ("IMAP4REV1", "UIDPLUS")
            assert take_new_mail(box, intake_of(settings, shelf)) == 1
        person.client.noop()
        assert person.uids() == ["1"]
    assert len(dovecot.raw_mails(address, "Verwerkt")) == 1


def test_without_move_or_uidplus_a_mail_is_taken_once(dovecot: Dovecot) -> None:
    address, shelf = dovecot.add_mailbox(), Shelf()
    settings = dovecot.settings(address)
    dovecot.deliver(address, numbered_mail(1))
    for new in (1, 0):
        with open_mailbox(settings) as box:
            box.client.capabilities = ("IMAP4REV1",)
            assert take_new_mail(box, intake_of(settings, shelf)) == new
    assert len(shelf.handed) == 1
    assert len(dovecot.raw_mails(address, "Verwerkt")) == 1


def test_a_move_that_is_refused_costs_no_mail_and_no_second_fetch(dovecot: Dovecot) -> None:
    address, shelf = dovecot.add_mailbox(), Shelf()
    settings = dovecot.settings(address, done_folder="mag//niet")
    dovecot.deliver(address, numbered_mail(1))
    intake = intake_of(settings, shelf)
    with open_mailbox(settings) as box:
        assert [take_new_mail(box, intake), take_new_mail(box, intake)] == [1, 0]
    assert shelf.codes == ["imap_move_failed", "imap_move_failed"]
    assert len(shelf.handed) == 1
    assert len(dovecot.raw_mails(address)) == 1
    assert one_round(dovecot.settings(address), shelf) == 0
    assert dovecot.raw_mails(address) == []


def test_large_mail_is_kept_whole_and_too_large_mail_in_part(dovecot: Dovecot) -> None:
    address, shelf = dovecot.add_mailbox(), Shelf()
    for number, size in ((1, 0), (2, 400_000), (3, 2_000_000)):
        dovecot.deliver(address, numbered_mail(number, size))
    settings = dovecot.settings(address, large_bytes=300_000, kept_whole_bytes=1_500_000)
    assert one_round(settings, shelf) == 3
    whole, large, cut = shelf.kept.values()
    assert [one[1].fullness for one in (whole, large, cut)] == ["whole", "large", "cut"]
    assert large[0].endswith(numbered_mail(2, 400_000))
    assert len(cut[0]) == 1024 * 1024
    assert b"Wij zoeken hulp" in cut[0]
    assert cut[1].size > 1_990_000
    (left,) = dovecot.raw_mails(address, "Te groot")
    assert left.endswith(numbered_mail(3, 2_000_000))
    assert len(dovecot.raw_mails(address, "Verwerkt")) == 2


def test_a_server_that_keeps_folders_below_inbox() -> None:
    shelf = Shelf()
    with tempfile.TemporaryDirectory(prefix="mixmatch-dovecot-", ignore_cleanup_errors=True) as name:
        server, process = start_dovecot(Path(name), separator=".", prefix="INBOX.")
        try:
            address = server.add_mailbox()
            server.deliver(address, numbered_mail(1))
            assert one_round(server.settings(address), shelf) == 1
            assert len(server.raw_mails(address, "INBOX.Verwerkt")) == 1
            server.deliver(address, numbered_mail(2))
            assert one_round(server.settings(address), shelf) == 1
        finally:
            stop_dovecot(process)
    assert shelf.reported == []


def test_settings_that_would_run_in_circles_are_refused(dovecot: Dovecot) -> None:
    for changes in ({"done_folder": "inbox"}, {"too_large_folder": "INBOX"}, {"idle_seconds": 600}):
        with pytest.raises(ValueError, match="must"):
            dovecot.settings("postvak@example.org", **changes)


def test_the_fingerprint_is_that_of_the_mail_as_sent(dovecot: Dovecot) -> None:
    address, shelf = dovecot.add_mailbox(), Shelf()
    dovecot.deliver(address, numbered_mail(1))
    one_round(dovecot.settings(address), shelf)
    assert list(shelf.kept) == [external_id(numbered_mail(1))]
