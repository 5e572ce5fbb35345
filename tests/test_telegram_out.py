"""A letter leaves for a Telegram chat once, at a local Bot API server: in order, in pieces, never blindly again."""

from __future__ import annotations

import asyncio
import re
import threading
from datetime import timedelta
from functools import partial

import pytest
from sqlite_utils import Database
from telegram.error import BadRequest, NetworkError, TelegramError

from bot import chat_outbox
from bot.channels import telegram_out
from bot.channels.telegram_bot import PREFIX, TelegramSettings, UpdatesBot, connected
from bot.channels.telegram_form import LONGEST_MESSAGE, Part, units
from bot.chat_outbox import ChatWay
from bot.letter_samples import write_sample
from bot.letters import LANGUAGES
from bot.serving import adviser_menu
from bot.store import chats, letters
from bot.store.letters import LEASE
from tests import store_builders
from tests.bot_api import BotApi
from tests.bot_api.chats import Person
from tests.store_builders import INITIATOR, MINUTE, NOW, SECOND, a_letter, put, the_letter

store_file, db, other = store_builders.store_file, store_builders.db, store_builders.other


@pytest.fixture
def sam(telegram: BotApi) -> Person:
    """Somebody the bot may write to."""
    person = telegram.person("Sam")
    telegram.writes(person, "/start")
    return person


def way_of(bot: UpdatesBot) -> ChatWay:
    return ChatWay(
        partial(telegram_out.send, bot),
        partial(telegram_out.take_buttons, bot),
        lambda key, position: f"{key}-{position}",
        PREFIX,
        partial(telegram_out.show_commands, bot),
        adviser_menu(),
    )


class Outbox:
    """The outbox of chats with a clock that a test turns."""

    def __init__(self, db: Database, telegram: BotApi) -> None:
        self.db, self.now, self.reported = db, NOW, list[str]()
        self.settings = TelegramSettings(telegram.token, telegram.base_url, telegram.base_file_url, answer_seconds=2.5)

    def all(self, after: timedelta = timedelta()) -> int:
        """Send all that is due after a while; returns how many tries that took."""
        self.now += after
        return asyncio.run(self._all())

    async def _all(self) -> int:
        tries = 0
        async with connected(self.settings) as bot:
            way = way_of(bot)
            while await chat_outbox.send_one_chat_letter(self.db, way, lambda: self.now, self._report):
                tries += 1
                assert tries < 100
        return tries

    def _report(self, code: str, _detail: str) -> None:
        self.reported.append(code)


@pytest.fixture
def outbox(db: Database, telegram: BotApi) -> Outbox:
    return Outbox(db, telegram)


def write(db: Database, recipient: int | str, key: str = "een", words: str = "", html: str = "") -> None:
    page = html or f"<html><head><title>Onderwerp</title></head><body><p>{words or key}</p></body></html>"
    address = recipient if isinstance(recipient, str) else f"telegram:{recipient}"
    put(db, a_letter(key, recipient=address, html=page), channel="chat")


def fate(db: Database, key: str = "een") -> tuple[str, str]:
    letter = the_letter(db, key)
    return letter.state, letter.problem


def got(telegram: BotApi, person: Person) -> list[str]:
    return [sent.text for sent in telegram.sent(person)]


# Sent


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


# Not sent


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


def test_a_sender_that_vanished_leaves_the_letter_unknown(db: Database, outbox: Outbox, sam: Person) -> None:
    write(db, sam.id)
    assert letters.claim_for_chat(db, NOW, PREFIX) is not None
    assert outbox.all(MINUTE) == 0
    letters.mark_lost_leases(db, NOW + LEASE)
    assert outbox.all(LEASE) == 0
    assert fate(db) == ("unknown", "sender_vanished")


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


# How failures are judged


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
