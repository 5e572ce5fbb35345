"""A Bot API server that takes letters and doesn't say so gets a pause, as a mail server does."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlite_utils import Database
from starlette.testclient import TestClient

from bot import chat_outbox, logs
from bot.channels.telegram_bot import connected
from bot.chat_outbox import AT_ONCE
from bot.health.here import database
from bot.outbox import FIRST_PAUSE, MOST_UNANSWERED, pause_after
from bot.serving import utc_now
from bot.settings import Telegram
from bot.store import letters, sending_pauses
from bot.store.sending_pauses import Pause
from bot.story import Story
from bot.web.app import make_app
from tests import chat_outboxes, store_builders
from tests.bot_api import BotApi
from tests.chat_outboxes import SERVER, Outbox, way_of, write
from tests.store_builders import MINUTE, SECOND

store_file, db = store_builders.store_file, store_builders.db
outbox = chat_outboxes.outbox
PATIENCE = 0.5  # seconds for an answer of a server that hangs
MANY = 99


@pytest.fixture
def hanging(db: Database, outbox: Outbox, telegram: BotApi) -> Outbox:
    """An outbox with a letter to each of twenty chats, by a server that takes everything and says nothing."""
    for number in range(20):
        person = telegram.person(f"Bewoner {number}")
        telegram.writes(person, "/start")
        write(db, person.id, f"{number}")
    telegram.hang(times=MANY)
    outbox.settings = replace(outbox.settings, answer_seconds=PATIENCE)
    return outbox


def answers_again(outbox: Outbox, telegram: BotApi) -> None:
    telegram.behave()
    outbox.settings = replace(outbox.settings, answer_seconds=10.0)


def fates(db: Database) -> Counter[str]:
    return Counter(letter.state for letter in letters.with_state(db, "waiting", "sending", "sent", "unknown"))


def test_after_two_letters_without_an_answer_the_other_chats_wait(
    db: Database, hanging: Outbox, telegram: BotApi
) -> None:
    paused = logs.told().get("sending_paused", 0)
    assert hanging.all() == MOST_UNANSWERED
    assert fates(db) == {"unknown": MOST_UNANSWERED, "waiting": 20 - MOST_UNANSWERED}
    assert logs.told()["sending_paused"] == paused + 1
    assert hanging.all(FIRST_PAUSE - SECOND) == 0
    answers_again(hanging, telegram)
    assert hanging.all(SECOND) == 20 - MOST_UNANSWERED
    assert fates(db) == {"unknown": MOST_UNANSWERED, "sent": 20 - MOST_UNANSWERED}
    assert set(Counter(sent.text for sent in telegram.sent()).values()) == {1}
    assert sending_pauses.unanswered(db, SERVER) == 0


def test_each_pause_costs_one_letter_and_is_longer_than_the_last(db: Database, hanging: Outbox) -> None:
    hanging.all()
    for minutes in (5, 10, 20):
        assert hanging.all(minutes * MINUTE - SECOND) == 0
        assert hanging.all(SECOND) == 1
    assert fates(db)["unknown"] == MOST_UNANSWERED + 3


def test_a_pause_of_the_mail_server_holds_up_no_chat(db: Database, hanging: Outbox, telegram: BotApi) -> None:
    answers_again(hanging, telegram)
    sending_pauses.keep(db, "smtp.example.org:587", Pause(2, hanging.now + FIRST_PAUSE))
    assert hanging.all() == 20


def test_what_was_on_its_way_makes_no_pause_longer_and_after_it_one_letter_goes_alone(
    db: Database, hanging: Outbox, telegram: BotApi
) -> None:
    stop, woken = threading.Event(), threading.Event()

    async def until(reached: Callable[[], bool]) -> None:
        while not reached():
            await asyncio.sleep(0.02)

    async def run() -> int:
        async with connected(hanging.settings) as bot:
            sending = chat_outbox.send_letters(db, way_of(bot), lambda: hanging.now, stop, woken, hanging._report)
            task = asyncio.create_task(sending)
            await until(lambda: fates(db)["unknown"] >= AT_ONCE and not fates(db)["sending"])
            first = fates(db)["unknown"]
            assert sending_pauses.find(db, SERVER, hanging.now) == Pause(2, hanging.now + FIRST_PAUSE)
            hanging.now += FIRST_PAUSE
            await until(lambda: sending_pauses.find(db, SERVER, hanging.now) is not None)
            await asyncio.sleep(2 * PATIENCE)
            stop.set()
            woken.set()
            await task
            assert fates(db) == {"unknown": first + 1, "waiting": 20 - first - 1}
            assert first in (AT_ONCE, AT_ONCE + 1), "one more may have begun between the first and the second"
            return first

    first = asyncio.run(asyncio.wait_for(run(), 60))
    assert sending_pauses.find(db, SERVER, hanging.now) == Pause(3, hanging.now + pause_after(3))
    answers_again(hanging, telegram)
    assert hanging.all(pause_after(3)) == 20 - first - 1


@pytest.mark.parametrize(("token", "shown"), [("4200:geheim", True), ("", False)])
def test_the_pause_is_shown_by_health_and_doctor(story: Story, token: str, shown: bool) -> None:
    settings = replace(story.wiring.settings, telegram=Telegram(token=token))
    assert settings.servers_out == ((SERVER,) if shown else ())
    sending_pauses.keep(story.db, SERVER, Pause(2, story.now + timedelta(minutes=30)))
    app = make_app(replace(story.wiring, settings=settings), story.shelf, lambda: story.now)
    told = TestClient(app).get("/health").json()
    assert (told["status"], told["sending_paused_until"] is not None) == (("behind", True) if shown else ("ok", False))
    sending_pauses.keep(story.db, SERVER, Pause(2, utc_now() + timedelta(minutes=30)))
    found = [each.what for each in database(settings) if each.code == "sending_paused"]
    assert [f"{SERVER} nam 2 brieven" in each for each in found] == ([True] if shown else [])
