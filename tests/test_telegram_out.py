"""A letter leaves for a Telegram chat once, at a local Bot API server: in order, in pieces, never blindly again."""

from __future__ import annotations

import asyncio
import re
import threading

import pytest
from sqlite_utils import Database

from bot import chat_outbox
from bot.channels import telegram_out
from bot.channels.telegram_bot import TelegramSettings, connected
from bot.channels.telegram_form import LONGEST_MESSAGE, Part, units
from bot.letter_samples import write_sample
from bot.letters import LANGUAGES
from bot.store import letters
from tests import chat_outboxes, store_builders
from tests.bot_api import BotApi
from tests.bot_api.chats import Person
from tests.chat_outboxes import Outbox, fate, got, way_of, write
from tests.store_builders import INITIATOR, MINUTE, NOW, a_letter, put, the_letter

store_file, db, other = store_builders.store_file, store_builders.db, store_builders.other
sam, outbox = chat_outboxes.sam, chat_outboxes.outbox


def test_a_letter_is_sent_once(db: Database, outbox: Outbox, telegram: BotApi, sam: Person) -> None:
    write(db, sam.id, words="Dank je wel. <strong>Dit lazen we</strong> &amp; meer.")
    assert outbox.all() == 1
    assert outbox.all(MINUTE) == 0
    assert fate(db) == ("sent", "")
    (sent,) = telegram.sent(sam)
    assert sent.text == "Dank je wel. Dit lazen we & meer."
    assert [entity["type"] for entity in sent.message["entities"]] == ["bold"]


def test_letters_for_others_are_left_alone(db: Database, outbox: Outbox, sam: Person) -> None:
    write(db, INITIATOR, "terminal")
    put(db, a_letter("mail", recipient=f"telegram:{sam.id}"))
    assert outbox.all() == 0
    assert fate(db, "terminal")[0] == fate(db, "mail")[0] == "waiting"


def test_a_long_letter_leaves_in_pieces_between_paragraphs(
    db: Database, outbox: Outbox, telegram: BotApi, sam: Person
) -> None:
    blocks = [f"{number} " + "woord 🌻 " * 150 for number in range(8)]
    write(db, sam.id, html="<body>" + "".join(f"<p>{block}</p>" for block in blocks) + "</body>")
    outbox.all()
    pieces = got(telegram, sam)
    assert len(pieces) > 1
    assert all(units(piece) <= LONGEST_MESSAGE for piece in pieces)
    assert "\n\n".join(pieces) == "\n\n".join(block.strip() for block in blocks)


def test_html_that_telegram_refuses_goes_as_plain_words(telegram: BotApi, sam: Person) -> None:
    async def send_bad() -> None:
        settings = TelegramSettings(telegram.token, telegram.base_url, telegram.base_file_url)
        async with connected(settings) as bot:
            await telegram_out._send_message(bot, Part("<b>kapot", "kapot"), sam.id)

    asyncio.run(send_bad())
    assert got(telegram, sam) == ["kapot"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "template", ["confirmation", "question", "introduction_initiator", "chat_welcome", "chat_group"]
)
def test_our_own_letters_arrive_whole(
    template: str, language: str, db: Database, outbox: Outbox, telegram: BotApi, sam: Person
) -> None:
    letter = write_sample(template, language)
    write(db, sam.id, html=letter.html)
    outbox.all()
    assert fate(db) == ("sent", "")
    (sent,) = telegram.sent(sam)
    words = re.sub(r"(?m)^• ", "- ", re.sub("[\u2068\u2069]", "", sent.text))
    assert "<" not in sent.text
    plain = re.sub(r"(?<=\S): https://\S+", "", letter.text)
    assert words.split() == plain.split()


def test_a_letter_that_stopped_halfway_goes_on_where_it_was(
    db: Database, outbox: Outbox, telegram: BotApi, sam: Person
) -> None:
    pieces = ["a" * 4000, "b" * 4000, "c" * 4000]
    write(db, sam.id, html="<body>" + "".join(f"<p>{piece}</p>" for piece in pieces) + "</body>")

    def stop_after_first() -> None:
        telegram.wait_sent(sam, 1)
        telegram.flood(retry_after=1)

    helper = threading.Thread(target=stop_after_first)
    helper.start()
    outbox.all()
    helper.join()
    assert the_letter(db, "een").parts_sent in (1, 2, 3)
    outbox.all(MINUTE)
    assert got(telegram, sam) == pieces
    assert fate(db) == ("sent", "")


def test_the_running_outbox_sends_to_many_chats_beside_each_other(
    db: Database, outbox: Outbox, telegram: BotApi, sam: Person
) -> None:
    people = [telegram.person(f"Bewoner {number}") for number in range(12)]
    for person in people:
        telegram.writes(person, "/start")
        for key in ("een", "twee"):
            write(db, person.id, f"{key} {person.id}", words=key)
    telegram.hang(chat=people[0])
    stop, woken = threading.Event(), threading.Event()

    async def run() -> None:
        async with connected(outbox.settings) as bot:
            way = way_of(bot)
            clock = lambda: NOW  # noqa: E731
            sending = chat_outbox.send_letters(db, way, clock, stop, woken, outbox._report)
            task = asyncio.create_task(sending)
            await asyncio.to_thread(telegram.wait_sent, None, 24)
            while letters.with_state(db, "sending", "waiting"):
                await asyncio.sleep(0.02)
            stop.set()
            woken.set()
            await task

    asyncio.run(run())
    assert {tuple(got(telegram, person)) for person in people} == {("een", "twee")}
    assert [letter.key for letter in letters.with_state(db, "unknown")] == [f"een {people[0].id}"]
