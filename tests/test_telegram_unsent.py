"""A letter that Telegram does not take: it waits, is parked or of unknown fate, and never goes blindly again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlite_utils import Database
from telegram.error import BadRequest, NetworkError, TelegramError

from bot.channels import telegram_out
from bot.channels.telegram_bot import PREFIX, TelegramSettings
from bot.store import chats, letters
from bot.store.letters import LEASE
from tests import chat_outboxes, store_builders
from tests.bot_api import BotApi
from tests.bot_api.chats import Person
from tests.chat_outboxes import Outbox, fate, got, write
from tests.store_builders import MINUTE, NOW, SECOND, the_letter

store_file, db, other = store_builders.store_file, store_builders.db, store_builders.other
sam, outbox = chat_outboxes.sam, chat_outboxes.outbox


def test_429_lets_that_chat_wait_and_the_others_go_on(
    db: Database, outbox: Outbox, telegram: BotApi, sam: Person
) -> None:
    kim = telegram.person("Kim")
    telegram.writes(kim, "/start")
    telegram.flood(retry_after=7, chat=sam)
    for person, key in ((sam, "een"), (sam, "twee"), (kim, "drie")):
        write(db, person.id, key)
    assert outbox.all() == 2
    assert (got(telegram, sam), got(telegram, kim)) == ([], ["drie"])
    assert fate(db) == ("waiting", "telegram_busy")
    assert the_letter(db, "een").due_at == NOW + timedelta(seconds=7)
    assert outbox.all(timedelta(seconds=6)) == 0, "the second letter may not overtake the first"
    assert outbox.all(SECOND) == 2
    assert got(telegram, sam) == ["een", "twee"]


def test_waiting_for_telegram_never_parks_a_letter(db: Database, outbox: Outbox, telegram: BotApi, sam: Person) -> None:
    telegram.flood(times=20, retry_after=1)
    write(db, sam.id)
    for _ in range(21):
        outbox.all(2 * SECOND)
    assert fate(db) == ("sent", "")


def test_who_blocked_the_bot_or_left_gets_nothing_more(
    db: Database, outbox: Outbox, telegram: BotApi, sam: Person
) -> None:
    kim = telegram.person("Kim")
    telegram.writes(kim, "/start")
    telegram.blocks(sam)
    telegram.deletes_account(kim)
    write(db, sam.id, "een")
    write(db, kim.id, "twee")
    write(db, telegram.person("Vreemd").id, "drie")
    write(db, "telegram:geen getal", "vier")
    outbox.all()
    fates = [fate(db, key) for key in ("een", "twee", "drie", "vier")]
    assert [state for state, _ in fates] == ["parked"] * 4
    assert [problem for _, problem in fates] == [
        "telegram_blocked", "telegram_deactivated", "telegram_no_chat", "telegram_bad_address",
    ]  # fmt: skip


def test_a_group_that_moved_is_followed_and_remembered(
    db: Database, outbox: Outbox, telegram: BotApi, sam: Person
) -> None:
    group = telegram.group("Buurt", sam)
    grown = telegram.migrates(group)
    write(db, group.id, "een")
    write(db, group.id, "twee")
    outbox.all()
    assert [sent.text for sent in telegram.sent(grown)] == ["een", "twee"]
    assert chats.address_now(db, f"telegram:{group.id}") == f"telegram:{grown.id}"
    assert fate(db, "twee") == ("sent", "")


@pytest.mark.parametrize("fault", ["hang", "cut"])
def test_accepted_without_an_answer_is_unknown_and_not_sent_again(
    fault: str, db: Database, outbox: Outbox, telegram: BotApi, sam: Person
) -> None:
    telegram.goes_wrong(fault)  # type: ignore[arg-type]
    write(db, sam.id, "een")
    write(db, sam.id, "twee")
    outbox.all()
    assert fate(db) == ("unknown", "telegram_fate_unknown")
    outbox.all(timedelta(days=2))
    assert got(telegram, sam) == ["een", "twee"]


def test_a_server_that_is_down_is_tried_again(db: Database, outbox: Outbox, telegram: BotApi, sam: Person) -> None:
    telegram.down()
    write(db, sam.id)
    assert outbox.all() == 1
    assert fate(db) == ("waiting", "telegram_unreachable")
    telegram.up()
    outbox.all(MINUTE)
    assert got(telegram, sam) == ["een"]


def test_a_gateway_that_answers_for_telegram_is_tried_again(
    db: Database, outbox: Outbox, telegram: BotApi, sam: Person
) -> None:
    telegram.goes_wrong("gateway")
    write(db, sam.id)
    outbox.all()
    assert fate(db) == ("waiting", "telegram_later")
    outbox.all(MINUTE)
    assert got(telegram, sam) == ["een"]


def test_a_refused_token_is_not_the_fault_of_the_letter(db: Database, outbox: Outbox, telegram: BotApi) -> None:
    outbox.settings = TelegramSettings("4200:verkeerd", telegram.base_url, telegram.base_file_url)
    write(db, 77)
    outbox.all()
    assert fate(db) == ("waiting", "telegram_token_refused")


def test_a_sender_that_vanished_leaves_the_letter_unknown(db: Database, outbox: Outbox, sam: Person) -> None:
    write(db, sam.id)
    assert letters.claim_for_chat(db, NOW, PREFIX) is not None
    assert outbox.all(MINUTE) == 0
    letters.mark_lost_leases(db, NOW + LEASE)
    assert outbox.all(LEASE) == 0
    assert fate(db) == ("unknown", "sender_vanished")


@pytest.mark.parametrize(
    ("problem", "outcome", "code"),
    [
        (NetworkError("Gateway Timeout (504)"), "unknown", "telegram_fate_unknown"),
        (NetworkError("Internal Server Error (500)"), "try_again", "telegram_later"),
        (BadRequest("Message is too long"), "refused", "telegram_too_long"),
        (BadRequest("Iets nieuws"), "refused", "telegram_refused"),
    ],
)
def test_what_a_failure_means(problem: TelegramError, outcome: str, code: str) -> None:
    judged = telegram_out.judged(problem)
    assert (judged.outcome, judged.code) == (outcome, code)


def test_an_answer_that_is_no_answer_counts_as_unknown() -> None:
    strange = TelegramError("Invalid server response")
    strange.__cause__ = ValueError("kapot antwoord")
    assert telegram_out.judged(strange).outcome == "unknown"
