"""Rows of the outbox: each letter is written once, leased to one sender, and its secret goes when it has left."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.letter_samples import TOKEN, write_sample
from bot.links import Links
from bot.store import choices, letters, proposals, tokens
from bot.store.choices import KeptChoice
from bot.store.database import open_database, transaction
from bot.store.letters import LEASE, KeptLetter
from tests import store_builders
from tests.store_builders import INITIATOR, KEY, MINUTE, NOW, SECOND, a_case, a_letter, people, put, the_letter

store_file, db, other = store_builders.store_file, store_builders.db, store_builders.other


def claimed(db: Database, after: timedelta = timedelta()) -> KeptLetter:
    found = letters.claim_due(db, NOW + after)
    assert found is not None
    return found


# Written once


def test_a_letter_is_written_once_by_its_key(db: Database) -> None:
    assert put(db, a_letter(subject="De eerste"))
    assert not put(db, a_letter(subject="De tweede"))
    assert [letter.subject for letter in letters.with_state(db, "waiting")] == ["De eerste"]
    assert letters.is_known(db, "message:1/confirmation")
    assert not letters.is_known(db, "message:2/confirmation")


def test_a_letter_comes_back_as_it_was_written(db: Database) -> None:
    case, letter = a_case(db), a_letter(language="nl, en", reply_token=TOKEN)
    thread = ("<1@example.org>", "<2@example.org>")
    put(db, letter, case_id=case.id, in_reply_to="<2@example.org>", references=thread)
    (kept,) = letters.of_case(db, case.id)
    for name in ("key", "template", "recipient", "language", "subject", "text", "html", "reply_token"):
        assert getattr(kept, name) == getattr(letter, name), name
    assert (kept.in_reply_to, kept.refs, kept.created_at, kept.due_at) == ("<2@example.org>", thread, NOW, NOW)
    assert (kept.state, kept.attempts, kept.sent_at) == ("waiting", 0, None)


def test_a_letter_of_a_decision_that_was_undone_does_not_exist(db: Database) -> None:
    def decide_in_vain() -> None:
        with transaction(db):
            letters.keep(db, {**row, "key": "proposal:1/introduction", "message_id": "<x@example.org>"})
            raise RuntimeError

    put(db)
    row = dict(next(iter(db.query("SELECT * FROM letters"))), id=None)
    with pytest.raises(RuntimeError):
        decide_in_vain()
    assert not letters.is_known(db, "proposal:1/introduction")


def test_a_reply_finds_the_case_of_the_letter_it_answers(db: Database) -> None:
    case = a_case(db)
    put(db, a_letter("a"), case_id=case.id)
    put(db, a_letter("b"))
    of_case, of_none = the_letter(db, "a").message_id, the_letter(db, "b").message_id
    assert letters.case_of_message_id(db, ["<onbekend@example.org>", of_none, of_case]) == case.id
    assert letters.case_of_message_id(db, [of_none]) is None


@pytest.mark.parametrize("deleted", ["letters", "proposals", "cases"])
def test_what_was_offered_goes_with_its_letter_its_proposal_and_its_case(db: Database, deleted: str) -> None:
    case = a_case(db)
    people(db, "e001", "e002")
    proposal = proposals.keep_new(db, case.id, "e001", "e002", NOW) if deleted == "proposals" else None
    put(db, a_letter("een"))
    about = proposal.id if proposal else None
    offered = KeptChoice("een", 0, case.id, "new", about, INITIATOR, "accept", "", "Ja", False, NOW + LEASE)
    choices.keep(db, offered, "geheim", NOW)
    db.execute(f"DELETE FROM {deleted}")
    assert choices.find(db, "geheim") is None


def test_letters_to_an_address_are_counted_but_not_parked_or_old_ones(db: Database) -> None:
    put(db, a_letter("old"), now=NOW - timedelta(days=2))
    for key in ("new", "parked", "sent"):
        put(db, a_letter(key))
    put(db, a_letter("else", recipient="ander@example.org"))
    letters.mark(db, the_letter(db, "parked").id, "parked", "smtp_refused", NOW)
    letters.mark_sent(db, the_letter(db, "sent"), NOW)
    assert letters.count_to(db, INITIATOR, NOW - timedelta(days=1)) == 2
    assert letters.count_to(db, INITIATOR, NOW + SECOND) == 0


# Leased to one sender


def test_a_claimed_letter_is_nobody_elses(db: Database, other: Database) -> None:
    put(db)
    mine = claimed(db)
    assert (mine.state, mine.attempts) == ("sending", 1)
    for after in (timedelta(), LEASE - SECOND, LEASE, timedelta(days=9)):
        assert letters.claim_due(other, NOW + after) is None


def test_letters_leave_in_the_order_in_which_they_are_due(db: Database) -> None:
    for key, minutes in (("third", 2), ("first", 0), ("second", 1), ("later", 4)):
        put(db, a_letter(key), now=NOW + minutes * MINUTE)
    assert letters.claim_due(db, NOW - SECOND) is None
    assert [claimed(db, 2 * MINUTE).key for _ in range(3)] == ["first", "second", "third"]
    assert letters.claim_due(db, NOW + 3 * MINUTE) is None


def test_senders_at_once_never_get_the_same_letter(db: Database, store_file: Path) -> None:
    for number in range(40):
        put(db, a_letter(str(number), recipient=f"{number}@example.org"))
    got, start = list[str](), threading.Barrier(4)

    def send_on() -> None:
        with closing(open_database(store_file)) as mine:
            start.wait()
            for _ in range(50):  # not for ever, should a letter be given twice
                letter = letters.claim_due(mine, NOW)
                got.extend([letter.key] if letter else [])

    senders = [threading.Thread(target=send_on) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(got, key=int) == [str(number) for number in range(40)]


def test_each_channel_has_its_own_letters(db: Database) -> None:
    put(db, a_letter("chat"), channel="chat")
    assert letters.claim_due(db, NOW) is None
    found = letters.claim_due(db, NOW, channel="chat", recipient=INITIATOR)
    assert found is not None
    assert found.key == "chat"


@pytest.mark.parametrize("asker", ["%", "%@example.org", "b_urt@example.org", "BUURT@EXAMPLE.ORG", ""])
def test_only_the_address_itself_gets_its_letters(db: Database, asker: str) -> None:
    """In SQL some characters stand for any other; an address may hold them."""
    put(db, a_letter(recipient="buurt@example.org"), channel="chat")
    assert letters.claim_due(db, NOW, channel="chat", recipient=asker) is None


def test_a_letter_whose_sender_vanished_is_of_unknown_fate_and_never_sent_again(db: Database, other: Database) -> None:
    put(db)
    claimed(db)
    assert letters.mark_lost_leases(other, NOW + LEASE - SECOND) == 0
    assert the_letter(db).state == "sending"
    assert letters.mark_lost_leases(other, NOW + LEASE) == 1
    lost = the_letter(db)
    assert (lost.state, lost.problem) == ("unknown", "sender_vanished")
    assert letters.claim_due(db, NOW + timedelta(days=30)) is None
    assert letters.mark_lost_leases(other, NOW + timedelta(days=30)) == 0


def test_letters_that_nobody_is_sending_lose_no_lease(db: Database) -> None:
    for key in ("waits", "went", "again"):
        put(db, a_letter(key))
    for key, state in (("went", "sent"), ("again", "waiting")):
        letter = letters.claim_due(db, NOW)
        while letter is not None and letter.key != key:
            letters.mark(db, letter.id, "waiting", "", NOW + MINUTE)
            letter = letters.claim_due(db, NOW + MINUTE)
        assert letter is not None
        if state == "sent":
            letters.mark_sent(db, letter, NOW)
        else:
            letters.mark(db, letter.id, "waiting", "smtp_later", NOW + MINUTE)
    assert letters.mark_lost_leases(db, NOW + timedelta(days=30)) == 0
    assert len(letters.with_state(db, "unknown")) == 0


def test_a_slow_sender_may_still_tell_that_the_letter_left(db: Database) -> None:
    put(db)
    slow = claimed(db)
    letters.mark_lost_leases(db, NOW + LEASE)
    letters.mark_sent(db, slow, NOW + LEASE + SECOND)
    assert (the_letter(db).state, the_letter(db).problem) == ("sent", "")


# The secret


def test_once_sent_no_secret_is_left_in_the_row(db: Database) -> None:
    link = Links("https://example.org", KEY, timedelta(days=30)).decision(TOKEN)
    letter, payload, bare = write_sample("proposal", page_link=link), link.rpartition("/")[2], TOKEN[3:]
    for part in (letter.text, letter.html):
        assert payload in part
        assert bare in part
    put(db, letter, case_id=a_case(db).id)
    tokens.keep(db, TOKEN, "proposal", 1, "a1", NOW, NOW + MINUTE)
    message_id = the_letter(db, letter.key).message_id
    letters.mark_sent(db, claimed(db), NOW)
    row = str(next(iter(db.query("SELECT * FROM letters"))))
    for secret in (bare, bare.lower(), payload, payload.partition(".")[0]):
        assert secret not in row
    sent = the_letter(db, letter.key)
    assert (sent.state, sent.sent_at, sent.reply_token, sent.message_id) == ("sent", NOW, None, message_id)
    assert len(sent.text) > 400
    assert sent.html.startswith("<!DOCTYPE html>")
    assert "/besluit/…" in sent.text
    assert "/besluit/…" in sent.html
    assert tokens.find(db, TOKEN) is not None


def test_a_letter_without_a_secret_stays_readable_as_it_was(db: Database) -> None:
    letter = a_letter(text="Kijk op https://example.org/besluit/uitleg.\n", html="<p>Kijk.</p>")
    put(db, letter)
    letters.mark_sent(db, claimed(db), NOW)
    assert (the_letter(db).text, the_letter(db).html) == (letter.text, letter.html)


def test_a_letter_that_did_not_leave_keeps_its_secret_to_be_sent_again(db: Database) -> None:
    put(db, a_letter(text=f"Kenmerk: {TOKEN}\n", reply_token=TOKEN))
    letters.mark(db, claimed(db).id, "parked", "smtp_refused", NOW)
    assert the_letter(db).reply_token == TOKEN
    assert TOKEN in the_letter(db).text


# A person sends it once more


@pytest.mark.parametrize("state", ["parked", "unknown"])
def test_a_person_may_send_a_stuck_letter_once_more(db: Database, state: letters.State) -> None:
    put(db)
    stuck = claimed(db)
    letters.mark(db, stuck.id, state, "smtp_refused", NOW + timedelta(hours=4))
    later = timedelta(days=2)
    assert letters.claim_due(db, NOW + later) is None
    assert letters.release_now(db, stuck.id, NOW + later)
    assert not letters.release_now(db, stuck.id, NOW + later)
    again = claimed(db, later)
    assert (again.key, again.attempts, again.message_id) == (stuck.key, 1, stuck.message_id)


def test_nothing_else_can_be_sent_once_more(db: Database) -> None:
    put(db)
    letter = the_letter(db)
    assert not letters.release_now(db, letter.id, NOW)
    claimed(db)
    assert not letters.release_now(db, letter.id, NOW)
    letters.mark_sent(db, letter, NOW)
    assert not letters.release_now(db, letter.id, NOW)
    assert not letters.release_now(db, 999, NOW)
    assert letters.claim_due(db, NOW + timedelta(days=1)) is None
