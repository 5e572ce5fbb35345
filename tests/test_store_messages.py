"""What comes in is kept as it came before anybody looks inside, is handled once, and never blocks the next."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from bot.store import events, messages
from bot.store.database import open_database, transaction
from bot.store.messages import MAX_ATTEMPTS, RETRY_AFTER, AlreadyHandled, Handled, Received
from inbox.message import Attachment
from tests import store_builders
from tests.store_builders import INITIATOR, NOW, SECOND, a_case, one, receive

store_file, db, other = store_builders.store_file, store_builders.db, store_builders.other
ROOT = Path(__file__).parent.parent
ODD_BYTES = b"\x00\xff\xfe\r\n.\r\n" + bytes(range(256))


def claimed(db: Database, after: timedelta = timedelta()) -> Received:
    found = messages.claim_next(db, NOW + after)
    assert found is not None
    return found


# Kept first


def test_the_bytes_are_kept_as_they_came_and_seen_by_everybody_at_once(db: Database, other: Database) -> None:
    assert receive(db, "m1", ODD_BYTES, envelope_sender=None)
    found = claimed(other)
    assert found.raw == ODD_BYTES
    assert (found.channel, found.external_id, found.envelope_sender, found.received_at) == ("mail", "m1", None, NOW)


def test_the_null_sender_is_not_an_unknown_sender(db: Database) -> None:
    receive(db, "bounce", envelope_sender="")
    assert claimed(db).envelope_sender == ""


def test_the_same_message_is_kept_once_whatever_road_it_takes(db: Database, other: Database) -> None:
    assert receive(db, "m1", b"een")
    assert not receive(other, "m1", b"twee", account="imap.example.org", now=NOW + SECOND)
    assert receive(db, "m1", b"chat", channel="chat")
    assert [row["raw"] for row in db.query("SELECT raw FROM messages ORDER BY id")] == [b"een", b"chat"]


@pytest.mark.parametrize("wrong", [{"raw": None}, {"raw": "tekst"}, {"external_id": None}, {"account": None}])
def test_what_cannot_be_kept_is_never_called_known(db: Database, wrong: dict[str, Any]) -> None:
    """False means that the sender may be told we have it, so a fault in our own code must not look like that."""
    cells = {"external_id": "m1", "raw": b"een", **wrong}
    with pytest.raises(sqlite3.IntegrityError):
        receive(db, **cells)
    assert messages.counts_by_state(db) == {}


KEEP_AND_DIE = """
import os, signal, sys
from datetime import UTC, datetime
from bot.store import messages
from bot.store.database import open_database, transaction
db = open_database(sys.argv[1])
keep = dict(channel="mail", account="a", envelope_sender=None, now=datetime.now(UTC))
assert messages.keep_raw(db, b"bewaard", external_id="kept", **keep)
with transaction(db):
    messages.keep_raw(db, b"half", external_id="half", **keep)
    print("now", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_process_loses_nothing_it_kept_and_leaves_nothing_half(store_file: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", KEEP_AND_DIE, store_file], cwd=ROOT, capture_output=True, check=False)
    assert (ended.returncode, ended.stdout) == (-signal.SIGKILL, b"now\n")
    with closing(open_database(store_file)) as db:
        assert [row["raw"] for row in db.query("SELECT raw FROM messages")] == [b"bewaard"]


# Three attempts


def test_an_attempt_counts_before_anybody_reads(db: Database, other: Database) -> None:
    receive(db, "m1")
    assert claimed(db).attempts == 1
    assert one(other, "SELECT attempts FROM messages") == 1


def test_a_claimed_message_is_left_alone_until_its_retry(db: Database, other: Database) -> None:
    receive(db, "m1")
    claimed(db)
    assert messages.claim_next(other, NOW) is None
    assert messages.claim_next(other, NOW + RETRY_AFTER - SECOND) is None
    assert claimed(other, RETRY_AFTER).attempts == 2


def test_after_three_failures_a_message_is_quarantined(db: Database) -> None:
    receive(db, "m1")
    states = [
        messages.note_failure(db, claimed(db, turn * RETRY_AFTER), f"problem {turn}") for turn in range(MAX_ATTEMPTS)
    ]
    assert states == ["received", "received", "quarantined"]
    assert one(db, "SELECT problem FROM messages") == "problem 2"
    assert messages.claim_next(db, NOW + timedelta(days=9)) is None
    assert messages.abandoned(db, NOW + timedelta(days=9)) == []
    assert messages.counts_by_state(db) == {"quarantined": 1}


def test_a_message_on_which_the_process_dies_is_found_after_the_third_time(db: Database) -> None:
    receive(db, "m1")
    for turn in range(MAX_ATTEMPTS):
        assert messages.abandoned(db, NOW + turn * RETRY_AFTER) == []
        last = claimed(db, turn * RETRY_AFTER)  # and then nothing is heard of it again
    end = NOW + MAX_ATTEMPTS * RETRY_AFTER
    assert messages.claim_next(db, end) is None
    assert messages.abandoned(db, end - SECOND) == []
    assert messages.abandoned(db, end) == [last]
    assert messages.note_failure(db, last, "process_ended") == "quarantined"
    assert messages.abandoned(db, end) == []


def test_a_failing_message_never_blocks_the_next(db: Database) -> None:
    for name in ("fails", "second", "third"):
        receive(db, name)
    seen = []
    for turn in range(6):
        found = messages.claim_next(db, NOW + turn * RETRY_AFTER / 2)
        if found is None:
            continue
        seen.append(found.external_id)
        if found.external_id == "fails":
            messages.note_failure(db, found, "UnreadableMail")
        else:
            messages.keep_handled(db, found.id, Handled("asked_facts"), NOW)
    assert seen == ["fails", "second", "fails", "third", "fails"]
    assert messages.counts_by_state(db) == {"handled": 2, "quarantined": 1}


def test_the_oldest_message_comes_first(db: Database) -> None:
    for name in ("b", "a", "c"):
        receive(db, name)
    assert [claimed(db).external_id for _ in range(3)] == ["b", "a", "c"]


def test_readers_at_once_never_get_the_same_message(db: Database, store_file: Path) -> None:
    for number in range(40):
        receive(db, str(number))
    got, start = list[str](), threading.Barrier(4)

    def read_on() -> None:
        with closing(open_database(store_file)) as mine:
            start.wait()
            for _ in range(50):  # not for ever, should a message be given twice
                found = messages.claim_next(mine, NOW)
                got.extend([found.external_id] if found else [])

    readers = [threading.Thread(target=read_on) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert sorted(got, key=int) == [str(number) for number in range(40)]


# Handled once


def test_a_handled_message_waits_no_longer_and_keeps_what_it_led_to(db: Database) -> None:
    case = a_case(db)
    receive(db, "m1")
    assert messages.oldest_waiting(db) == NOW
    handled = Handled("asked_facts", case.id, INITIATOR, "<1@example.org>", "Vraag", "Wij zoeken geld.", "request", 0.9)
    messages.keep_handled(db, claimed(db).id, handled, NOW)
    assert messages.oldest_waiting(db) is None
    assert messages.claim_next(db, NOW + timedelta(days=1)) is None
    newest = messages.newest(db)
    assert (newest.kind, newest.outcome, newest.case_id) == ("request", "asked_facts", case.id)
    assert messages.texts_of_case(db, case.id) == ["Wij zoeken geld."]


def test_what_a_slow_second_reader_decides_does_not_count(db: Database, other: Database) -> None:
    receive(db, "m1")
    slow, quick = claimed(db), claimed(other, RETRY_AFTER)

    def decide(reader: Database, message: Received, outcome: str) -> None:
        with transaction(reader):
            events.keep(reader, None, "opened", "bot", NOW)
            messages.keep_handled(reader, message.id, Handled(outcome), NOW)

    decide(other, quick, "asked_facts")
    with pytest.raises(AlreadyHandled):
        decide(db, slow, "unserved")
    assert one(db, "SELECT count(*) FROM events") == 1
    assert messages.newest(db).outcome == "asked_facts"


def test_a_late_failure_does_not_undo_what_was_handled(db: Database) -> None:
    receive(db, "m1")
    slow = claimed(db)
    messages.keep_handled(db, slow.id, Handled("thanks"), NOW)
    for attempts in (1, MAX_ATTEMPTS):
        assert messages.note_failure(db, replace(slow, attempts=attempts), "TimeoutError") == "handled"
    assert messages.counts_by_state(db) == {"handled": 1}
    assert one(db, "SELECT problem FROM messages") == ""


def test_a_message_in_quarantine_can_still_be_handled(db: Database) -> None:
    receive(db, "m1")
    slow = replace(claimed(db), attempts=MAX_ATTEMPTS)
    messages.note_failure(db, slow, "process_ended")
    messages.keep_handled(db, slow.id, Handled("asked_facts"), NOW)
    assert messages.counts_by_state(db) == {"handled": 1}


def test_attachments_come_and_go_with_their_message(db: Database) -> None:
    receive(db, "m1")
    message = claimed(db).id
    files = (
        Attachment("begroting.csv", "text/csv", ODD_BYTES),
        Attachment("leeg.txt", "text/plain", b""),
    )

    def stop_halfway() -> None:
        with transaction(db):
            messages.keep_attachments(db, message, files)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        stop_halfway()
    assert one(db, "SELECT count(*) FROM attachments") == 0
    with transaction(db):
        messages.keep_attachments(db, message, files)
    assert [tuple(row.values()) for row in db.query("SELECT filename, content FROM attachments ORDER BY id")] == [
        ("begroting.csv", ODD_BYTES),
        ("leeg.txt", b""),
    ]
    db.execute("DELETE FROM messages WHERE id = ?", [message])
    assert one(db, "SELECT count(*) FROM attachments") == 0


def test_a_reply_finds_its_case_and_the_thread_to_answer_in(db: Database) -> None:
    case = a_case(db)
    for number, sender in enumerate((INITIATOR, INITIATOR, "adviseur@example.org")):
        receive(db, str(number))
        handled = Handled("asked_facts", case.id, sender, f"<{number}@example.org>", kind="request")
        messages.keep_handled(db, claimed(db).id, handled, NOW)
    assert messages.case_of_message_id(db, ["<onbekend@example.org>", "<1@example.org>"]) == case.id
    assert messages.case_of_message_id(db, ["<onbekend@example.org>"]) is None
    assert messages.last_message_id(db, case.id) == "<1@example.org>"


def test_before_any_message_there_is_no_newest(db: Database) -> None:
    receive(db, "m1")
    with pytest.raises(LookupError):
        messages.newest(db)
