"""What must never harm the product: damaged, empty and giant mail, a wrong password, a full disk, a newer database."""

import sqlite3
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

import tests.dovecot
from bot import cli
from bot.store import messages
from bot.store.database import open_database
from bot.store.migrations import MIGRATIONS
from bot.story import Story
from tests.dovecot import Dovecot
from tests.mails import COMPLETE, SHOP, mail

dovecot = tests.dovecot.dovecot
MEGABYTE = 1024 * 1024


def test_a_mail_of_40_mb_is_read_like_any_other(story: Story) -> None:
    letter = message_from_bytes(mail(COMPLETE, now=story.now), policy=default)
    assert isinstance(letter, EmailMessage)
    letter.add_attachment(bytes(30 * MEGABYTE), maintype="application", subtype="pdf", filename="plan.pdf")
    raw = letter.as_bytes()
    assert len(raw) > 40 * MEGABYTE
    assert story.mail_arrives(raw), "it is answered"
    (row,) = story.db.query("SELECT filename, length(content) AS size FROM attachments")
    assert row == {"filename": "plan.pdf", "size": 30 * MEGABYTE}


DAMAGED = [
    b"\x00\xff\xfe" * 1000,
    b"Content-Type: multipart/mixed; boundary=x\n\n--x\n--x\n--x",
    b"From: =?utf-8?b?//8=?= <a@b>\nSubject: =?x?q?=0D=0ABcc:_evil=?=\n\nhallo",
    b"From: a@example.org\nFrom: b@example.org\n\nWij zoeken hulp bij de statuten.",
    b"Content-Type: text/plain; charset=none-such\n\n\xe9\xe8 wij zoeken hulp",
    b"Received: x\n" * 5000 + b"\nleeg",
]


@pytest.mark.parametrize("raw", DAMAGED)
def test_damaged_mail_has_an_outcome_and_blocks_nothing(story: Story, raw: bytes) -> None:
    story.mail_arrives(raw)
    story.mail_arrives(mail(COMPLETE, now=story.now))
    for _ in range(3):
        story.later(timedelta(minutes=5))
        story.go_on()
    states = messages.counts_by_state(story.db)
    assert states.get("received", 0) == 0, "nothing waits for ever"
    assert len(list(story.db.query("SELECT 1 FROM cases WHERE initiator = ?", [SHOP]))) == 1


def test_a_full_disk_keeps_the_mail_out_and_no_longer_than_it_is_full(story: Story) -> None:
    (pages,) = story.db.execute("PRAGMA page_count").fetchone()
    story.db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        story.mail_arrives(mail("x" * 2 * MEGABYTE, now=story.now))
    story.db.execute(f"PRAGMA max_page_count = {pages + 100_000}")
    assert story.mail_arrives(mail(COMPLETE, now=story.now)), "it recovers by itself"


def test_a_newer_database_is_refused_and_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MIXMATCH_DATA_DIR", str(tmp_path))
    path = tmp_path / "mixmatch.db"
    db = open_database(path)
    db.table("_sqlite_migrations").insert(
        {"migration_set": "mixmatch", "name": "9999_from_the_future", "applied_at": "2030-01-01 00:00:00+00:00"}
    )
    db.close()
    assert cli.run(["experts", "list"]) == 1
    assert "nieuwere versie" in capsys.readouterr().err
    again = sqlite3.connect(path)
    assert again.execute("SELECT count(*) FROM _sqlite_migrations").fetchone() == (len(MIGRATIONS) + 1,)
    again.close()


@pytest.mark.needs_dovecot
def test_a_wrong_password_is_told_in_dutch_with_what_to_do(
    dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    address = dovecot.add_mailbox()
    for name, value in {
        "DATA_DIR": str(tmp_path), "IMAP_HOST": "127.0.0.1", "IMAP_PORT": str(dovecot.imap_port),
        "IMAP_SECURITY": "none", "IMAP_USER": address, "IMAP_PASSWORD": "fout", "WEB_PORT": "0", "LMTP_PORT": "0",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"MIXMATCH_{name}", value)
    assert cli.run(["doctor"]) == 1
    told = capsys.readouterr().out
    assert "imap.password" in told
    assert "fout" not in told.replace("[FOUT]", "")
