"""The buttons of a letter stand under its last message, once, and are taken away once when they do nothing more."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlite_utils import Database

from bot.channels import telegram_out
from bot.channels.telegram_bot import connected
from bot.channels.telegram_form import Button, Part, keyboard_of
from bot.channels.telegram_out import Ears
from bot.chat_outbox import MOST_TRIES
from bot.store import choices, keyboards
from bot.store.choices import KeptChoice
from tests import store_builders, test_telegram_out
from tests.bot_api import BotApi
from tests.bot_api.chats import Person, Sent
from tests.chat_outboxes import Outbox, write
from tests.store_builders import MINUTE, NOW, the_letter

store_file, db, other = store_builders.store_file, store_builders.db, store_builders.other
sam = test_telegram_out.sam
DAY = timedelta(days=1)


@pytest.fixture
def outbox(db: Database, telegram: BotApi) -> Outbox:
    return Outbox(db, telegram)


def offer(db: Database, sam: Person, key: str = "een", count: int = 2) -> None:
    for position in range(count):
        label = f"Knop {position}"
        kept = KeptChoice(key, position, None, "", None, f"telegram:{sam.id}", "a", "", label, False, NOW + DAY)
        choices.keep(db, kept, f"{key} {position}", NOW)


def keyboard_at(db: Database) -> int | None:
    (row,) = db.query("SELECT keyboard_at FROM letters")
    found: int | None = row["keyboard_at"]
    return found


def letter(db: Database, sam: Person, html: str = "") -> None:
    write(db, sam.id, html=html)
    offer(db, sam)


def test_buttons_leave_with_the_letter(db: Database, outbox: Outbox, telegram: BotApi, sam: Person) -> None:
    letter(db, sam)
    assert outbox.all() == 1
    (sent,) = telegram.sent(sam)
    assert sent.data == ["een-0", "een-1"], "what the way out was given as secrets"
    assert keyboard_at(db) == sent.message_id


def test_under_the_last_of_several_messages(db: Database, outbox: Outbox, telegram: BotApi, sam: Person) -> None:
    letter(db, sam, "<body>" + "".join(f"<p>{'woord ' * 400}</p>" for _ in range(4)) + "</body>")
    outbox.all()
    *before, last = telegram.sent(sam)
    assert before
    assert [sent.buttons for sent in before] == [[]] * len(before)
    assert len(last.data) == 2
    assert keyboard_at(db) == last.message_id


def test_after_a_failure_halfway_the_last_one_still_has_them(
    db: Database, outbox: Outbox, telegram: BotApi, sam: Person
) -> None:
    letter(db, sam, "<body>" + "".join(f"<p>{'woord ' * 600}</p>" for _ in range(2)) + "</body>")
    telegram.flood(1, retry_after=5)
    outbox.all()
    outbox.all(timedelta(seconds=6))
    assert [len(sent.data) for sent in telegram.sent(sam)] == [0, 2]


def test_words_without_tags_keep_the_buttons(telegram: BotApi, sam: Person, outbox: Outbox) -> None:
    async def send() -> None:
        async with connected(outbox.settings) as bot:
            keyboard = keyboard_of([Button("Ja", "x")])
            part = Part("<b>kapot", "kapot")
            await telegram_out._send_message(bot, part, sam.id, keyboard)

    asyncio.run(send())
    assert [(sent.text, sent.data) for sent in telegram.sent(sam)] == [("kapot", ["x"])]


def test_choices_that_were_made_or_are_too_old_get_no_button(
    db: Database, outbox: Outbox, telegram: BotApi, sam: Person
) -> None:
    letter(db, sam)
    choices.use_up(db, "een", NOW)
    outbox.all()
    assert [sent.buttons for sent in telegram.sent(sam)] == [[]]
    write(db, sam.id, "twee")
    offer(db, sam, "twee")
    outbox.all(2 * DAY)
    assert telegram.sent(sam)[-1].buttons == []


def taken(db: Database, outbox: Outbox, telegram: BotApi, sam: Person) -> Sent:
    letter(db, sam)
    outbox.all()
    choices.use_up(db, "een", NOW)
    return telegram.sent(sam)[0]


def test_buttons_are_taken_away_once(db: Database, outbox: Outbox, telegram: BotApi, sam: Person) -> None:
    sent = taken(db, outbox, telegram, sam)
    assert outbox.all() == 1
    assert (sent.buttons, sent.text) == ([], "een"), "the words stay"
    assert keyboard_at(db) is None
    assert outbox.all() == 0
    assert the_letter(db, "een").state == "sent"
    assert outbox.reported == []


def test_what_can_not_be_taken_away_is_not_tried_for_ever(
    db: Database, outbox: Outbox, telegram: BotApi, sam: Person
) -> None:
    taken(db, outbox, telegram, sam)
    telegram.blocks(sam)
    assert outbox.all() == 1
    assert outbox.all(DAY) == 0
    assert outbox.reported == ["chat_buttons_left"]


def test_buttons_stay_while_one_can_be_pressed(db: Database, outbox: Outbox, telegram: BotApi, sam: Person) -> None:
    letter(db, sam)
    outbox.all()
    assert outbox.all() == 0
    assert outbox.all(DAY * 2) == 1, "until they are too old"
    assert telegram.sent(sam)[0].buttons == []


def test_a_bad_address_is_only_told(outbox: Outbox) -> None:
    async def take() -> str:
        async with connected(outbox.settings) as bot:
            return (await telegram_out.take_buttons(bot, "iemand@example.org", 1)).detail

    assert asyncio.run(take()) == "ValueError"


@pytest.mark.parametrize("fault", ["flood", "gateway", "cut"])
def test_buttons_that_stay_because_telegram_was_busy_are_taken_away_later(
    db: Database, outbox: Outbox, telegram: BotApi, sam: Person, fault: str
) -> None:
    sent = taken(db, outbox, telegram, sam)
    telegram.goes_wrong(fault, methods=frozenset({"editmessagereplymarkup"}))  # type: ignore[arg-type]
    assert outbox.all() == 1
    assert outbox.all() == 0, "not at once again"
    assert outbox.all(6 * MINUTE) == 1
    assert (sent.buttons, keyboard_at(db)) == ([], None)
    assert outbox.reported == ["chat_buttons_left"]


def test_a_service_that_stopped_halfway_takes_them_away_after_its_start(
    db: Database, outbox: Outbox, telegram: BotApi, sam: Person
) -> None:
    sent = taken(db, outbox, telegram, sam)
    assert keyboards.claim_stale(db, NOW, "telegram:") is not None
    assert outbox.all() == 0
    assert outbox.all(keyboards.LEASE + MINUTE) == 1
    assert sent.buttons == []


def test_buttons_that_never_go_are_given_up(db: Database, outbox: Outbox, telegram: BotApi, sam: Person) -> None:
    taken(db, outbox, telegram, sam)
    telegram.goes_wrong("gateway", MOST_TRIES + 1, methods=frozenset({"editmessagereplymarkup"}))
    tries = sum(outbox.all(timedelta(hours=5)) for _ in range(MOST_TRIES + 2))
    assert (tries, keyboard_at(db)) == (MOST_TRIES, None)


def test_ears_hear_the_number_of_the_message(telegram: BotApi, sam: Person, outbox: Outbox) -> None:
    shown: list[int] = []

    async def hear(message: int) -> None:
        shown.append(message)

    async def ignore(_told: object) -> None: ...

    ears = Ears(part_sent=ignore, moved=ignore, buttons_shown=hear)

    async def send() -> None:
        async with connected(outbox.settings) as bot:
            await telegram_out.send(bot, "<body><p>x</p></body>", f"telegram:{sam.id}", 0, ears, [Button("Ja", "x")])
            await telegram_out.send(bot, "<body><p>y</p></body>", f"telegram:{sam.id}", 0, ears)

    asyncio.run(send())
    assert shown == [telegram.sent(sam)[0].message_id]
