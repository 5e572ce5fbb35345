"""A service that starts settles at once what the one before had in hand when it was ended."""

from __future__ import annotations

import pytest
from sqlite_utils import Database

import tests.store_builders
from bot.channels.telegram_bot import PREFIX
from bot.recovering import settle_work_in_hand
from bot.store import letters, messages
from bot.store.letters import LEASE
from bot.store.messages import MAX_ATTEMPTS
from tests.store_builders import INITIATOR, NOW, SECOND, a_letter, put, receive

db = tests.store_builders.db
store_file = tests.store_builders.store_file
CHAT = f"{PREFIX}7"


def letter_states(db: Database) -> list[tuple[str, str]]:
    return [(row["state"], row["problem"]) for row in db.query("SELECT state, problem FROM letters ORDER BY id")]


def test_a_letter_that_was_leaving_has_an_unknown_fate_at_once_and_is_not_sent_again(db: Database) -> None:
    put(db)
    assert letters.claim_due(db, NOW) is not None
    settle_work_in_hand(db, NOW + SECOND)
    assert letter_states(db) == [("unknown", "sender_vanished")]
    assert letters.claim_due(db, NOW + LEASE) is None


def test_the_next_letters_of_a_chat_go_on(db: Database) -> None:
    for key in ("first", "second"):
        put(db, a_letter(key, recipient=CHAT), channel="chat")
    assert letters.claim_for_chat(db, NOW, PREFIX) is not None
    assert letters.claim_for_chat(db, NOW + SECOND, PREFIX) is None
    settle_work_in_hand(db, NOW + SECOND)
    following = letters.claim_for_chat(db, NOW + SECOND, PREFIX)
    assert following is not None
    assert following.key == "second"


def test_a_conversation_in_a_terminal_keeps_what_it_has_in_hand(db: Database) -> None:
    put(db, channel="chat")
    assert letters.claim_due(db, NOW, "chat", INITIATOR) is not None
    settle_work_in_hand(db, NOW + SECOND)
    assert letter_states(db) == [("sending", "")]


def test_a_message_that_was_being_read_has_its_next_try_at_once(db: Database) -> None:
    receive(db, "m1")
    assert messages.claim_next(db, NOW) is not None
    assert messages.claim_next(db, NOW + SECOND) is None
    settle_work_in_hand(db, NOW + SECOND)
    again = messages.claim_next(db, NOW + SECOND)
    assert again is not None
    assert again.attempts == 2


def test_a_message_that_ended_the_service_three_times_is_found_at_once(db: Database) -> None:
    receive(db, "m1")
    for _ in range(MAX_ATTEMPTS):
        assert messages.claim_next(db, NOW) is not None
        settle_work_in_hand(db, NOW)
    assert messages.claim_next(db, NOW) is None
    assert [lost.external_id for lost in messages.abandoned(db, NOW)] == ["m1"]


def test_what_waits_or_left_stays_as_it_is(db: Database, caplog: pytest.LogCaptureFixture) -> None:
    put(db)
    receive(db, "m1")
    settle_work_in_hand(db, NOW)
    assert letter_states(db) == [("waiting", "")]
    assert "recovered" not in caplog.text
