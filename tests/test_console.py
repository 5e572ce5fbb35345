"""A chat in the terminal: a line is stored before it is read, and only this person's letters are shown, each once."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from bot.channels import console
from bot.store import letters, messages
from bot.store.letters import LEASE
from inbox.chat import UnreadableChat, chat_line, read_chat
from tests import store_builders
from tests.store_builders import INITIATOR, NOW, SECOND, a_letter, put, the_letter

store_file, db, other = store_builders.store_file, store_builders.db, store_builders.other


def say(db: Database, text: str, after: timedelta = timedelta(), sender: str = INITIATOR) -> None:
    console.keep_line(db, sender, "Bewoner", text, NOW + after)


def shown(db: Database, recipient: str = INITIATOR) -> list[str]:
    return [letter.key for letter in console.take_letters(db, recipient, NOW)]


# A line comes in


def test_a_line_is_stored_before_anybody_reads_it(db: Database, other: Database) -> None:
    say(db, "  Wij zoeken geld voor onze buurttuin.\n")
    received = messages.claim_next(other, NOW)
    assert received is not None
    assert (received.channel, received.account, received.envelope_sender) == ("chat", "console", None)
    message = read_chat(received.raw)
    assert (message.channel, message.sender, message.sender_name) == ("chat", INITIATOR, "Bewoner")
    assert message.text == "Wij zoeken geld voor onze buurttuin."
    assert message.own_raw_text == "  Wij zoeken geld voor onze buurttuin.\n"
    assert (message.sent_at, message.automatic, message.attachments) == (NOW, None, ())
    assert message.external_id == received.external_id


def test_the_same_words_twice_are_two_lines(db: Database) -> None:
    say(db, "ja")
    say(db, "ja", SECOND)
    say(db, "ja", sender="ander@example.org")
    assert messages.counts_by_state(db) == {"received": 3}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_line_comes_back_as_it_was_typed(text: str) -> None:
    message = read_chat(chat_line("a@example.org", "", text, NOW))
    assert (message.own_raw_text, message.text) == (text, text.strip())


def test_half_a_character_is_no_reason_to_stop(db: Database) -> None:
    say(db, "caf\udce9 en \ud83d")
    received = messages.claim_next(db, NOW)
    assert received is not None
    assert read_chat(received.raw).text == "caf? en ?"


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"hallo", b"[]", b"null", b"3", b'"tekst"', b"{}", b'{"sender": "a"}', b"\xff\xfe", b"{" * 100,
        json.dumps({"sender": "a", "name": "", "text": "x", "sent_at": "gisteren"}).encode(),
        json.dumps({"sender": "a", "name": "", "text": "x", "sent_at": 5}).encode(),
        json.dumps({"sender": "a", "name": "", "sent_at": NOW.isoformat()}).encode(),
    ],
)  # fmt: skip
def test_what_is_no_chat_line_is_refused_as_such(raw: bytes) -> None:
    with pytest.raises(UnreadableChat):
        read_chat(raw)


@given(st.binary())
def test_no_bytes_at_all_give_another_error(raw: bytes) -> None:
    with pytest.raises(UnreadableChat):
        read_chat(raw)


# The letters go out


def test_letters_are_shown_in_order_and_once(db: Database) -> None:
    for number, key in enumerate(("first", "second")):
        put(db, a_letter(key), channel="chat", now=NOW - (2 - number) * SECOND)
    assert shown(db) == ["first", "second"]
    assert shown(db) == []
    assert {letter.state for letter in letters.with_state(db, "sent", "waiting")} == {"sent"}


def test_nobody_elses_letters_are_shown_and_no_mail(db: Database) -> None:
    put(db, a_letter("mine", recipient="b_urt@example.org"), channel="chat")
    put(db, a_letter("theirs", recipient="buurt@example.org"), channel="chat")
    put(db, a_letter("mail", recipient="b_urt@example.org"))
    assert shown(db, "%") == []
    assert shown(db, "%@example.org") == []
    assert shown(db, "b_urt@example.org") == ["mine"]
    assert {letter.key for letter in letters.with_state(db, "waiting")} == {"theirs", "mail"}


def test_a_letter_counts_as_sent_only_after_it_was_shown(db: Database) -> None:
    for key in ("first", "second"):
        put(db, a_letter(key), channel="chat")
    showing = console.take_letters(db, INITIATOR, NOW)
    assert next(showing).key == "first"
    assert the_letter(db, "first").state == "sending"
    assert the_letter(db, "second").state == "waiting"
    assert next(showing).key == "second"
    assert the_letter(db, "first").state == "sent"
    del showing  # the terminal was closed while the second letter was on its way to the screen
    letters.mark_lost_leases(db, NOW + LEASE)
    assert the_letter(db, "second").state == "unknown"
    assert shown(db) == []
