"""Updates come in from a local Bot API server: stored before they are confirmed, each once, whatever goes wrong."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.channels import telegram_in
from bot.channels.telegram_bot import TelegramSettings, make_bot
from bot.channels.telegram_in import Intake, Pace
from inbox.chat import read_chat
from tests.bot_api import BotApi
from tests.shelf import Shelf, wait_until
from tests.telegram_updates import SAM, message

QUICK = Pace(poll=2, first_wait=0.02, longest_wait=0.2, refused_wait=0.1, file_wait=0.01)
POLLS = frozenset({"getupdates"})


def settings_of(telegram: BotApi, token: str = "", **changes: str) -> TelegramSettings:
    return TelegramSettings(
        token or telegram.token,
        base_url=telegram.base_url,
        base_file_url=telegram.base_file_url,
        answer_seconds=1.0,
        **changes,  # type: ignore[arg-type]
    )


@contextmanager
def reading(telegram: BotApi, shelf: Shelf, **changes: str) -> Iterator[Intake]:
    """An intake in its own thread for as long as the block lasts."""
    intake = Intake(
        settings_of(telegram, **changes), shelf.keep, shelf.report, QUICK, menus=[("", [("help", "uitleg")])]
    )
    stop = threading.Event()
    thread = threading.Thread(target=telegram_in.watch, args=(intake, stop))
    thread.start()
    try:
        yield intake
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def texts(shelf: Shelf) -> list[str]:
    return [read_chat(raw).text for raw, _ in shelf.kept.values()]


def wait_for(shelf: Shelf, count: int) -> None:
    wait_until(lambda: len(shelf.kept) >= count, 30)


def test_an_update_is_stored_as_it_came_and_then_confirmed(telegram: BotApi) -> None:
    shelf, sam = Shelf(), telegram.person("Sam", username="sam_oss")
    with reading(telegram, shelf):
        telegram.writes(sam, "Wij zoeken geld voor onze buurttuin.")
        wait_for(shelf, 1)
        telegram.wait_until(lambda: telegram.unconfirmed() == [])
    ((raw, meta),) = shelf.kept.values()
    bot = int(telegram.token.partition(":")[0])
    assert (meta.channel, meta.account) == ("chat", f"telegram:{bot}")
    assert meta.external_id == f"telegram:{bot}:{telegram.update_ids()[0]}"
    assert json.loads(raw)["update"]["message"]["from"]["username"] == "sam_oss"
    assert read_chat(raw).sender == f"telegram:{sam.id}"
    assert read_chat(raw).external_id == meta.external_id
    assert shelf.codes == []


def test_nothing_is_confirmed_that_the_store_refused(telegram: BotApi) -> None:
    refused = threading.Event()

    def full(raw: bytes) -> None:
        if b"twee" in raw and not refused.is_set():
            raise sqlite3.OperationalError("database or disk is full")

    shelf, sam, kim = Shelf(fail=full), telegram.person("Sam"), telegram.person("Kim")
    for person, text in ((sam, "een"), (sam, "twee"), (sam, "drie"), (kim, "vier")):
        telegram.writes(person, text)
    with reading(telegram, shelf):
        wait_until(lambda: len(shelf.handed) >= 6, 30)
        assert sorted(texts(shelf)) == ["een", "vier"], "what comes later in the same chat waits"
        assert set(telegram.update_ids()[1:]) <= set(telegram.unconfirmed())
        refused.set()
        wait_for(shelf, 4)
        telegram.wait_until(lambda: telegram.unconfirmed() == [])
    assert [text for text in texts(shelf) if text != "vier"] == ["een", "twee", "drie"]
    assert shelf.codes == ["telegram_failed"]


def test_after_a_restart_nothing_is_lost_and_nothing_is_there_twice(telegram: BotApi) -> None:
    shelf, sam = Shelf(), telegram.person("Sam")
    telegram.writes(sam, "een")
    with reading(telegram, shelf):
        wait_for(shelf, 1)
    telegram.writes(sam, "twee")
    telegram.deliver_again(telegram.update_ids()[0])
    with reading(telegram, shelf):
        wait_for(shelf, 2)
        telegram.wait_until(lambda: telegram.unconfirmed() == [])
    assert texts(shelf) == ["een", "twee"]
    assert shelf.handed.count(shelf.handed[0]) >= 2, "the first one came twice"


def test_stored_but_killed_before_the_confirmation(telegram: BotApi) -> None:
    """What was committed when the process died comes again from Telegram and is recognised."""
    shelf, sam = Shelf(), telegram.person("Sam")
    telegram.writes(sam, "een")

    async def fetched_only() -> None:
        intake = Intake(settings_of(telegram), shelf.keep, shelf.report, QUICK)
        async with make_bot(intake.settings) as bot:
            intake.bot = bot
            await telegram_in.take_updates(intake, await bot.fetch_updates(None, 0, telegram_in.WANTED))

    asyncio.run(fetched_only())
    assert len(telegram.unconfirmed()) == 1
    with reading(telegram, shelf):
        telegram.wait_until(lambda: telegram.unconfirmed() == [])
    assert texts(shelf) == ["een"]


def test_a_press_is_stored_between_the_words_around_it(telegram: BotApi) -> None:
    shelf = Shelf()
    bodies = (
        ("message", message("een")),
        ("callback_query", {"id": "1", "from": SAM, "data": "x", "message": message("Klopt dit?")}),
        ("message", message("twee")),
        ("callback_query", {"id": "2", "from": SAM, "data": "y"}),
        ("message", message("drie")),
    )
    updates = [{"update_id": number, kind: body} for number, (kind, body) in enumerate(bodies, start=1)]

    async def taken() -> None:
        intake = Intake(settings_of(telegram), shelf.keep, shelf.report, QUICK)
        async with make_bot(intake.settings) as bot:
            intake.bot = bot
            await telegram_in.take_updates(intake, updates)
            await asyncio.gather(*intake.signs)

    asyncio.run(taken())
    assert [json.loads(raw)["update"]["update_id"] for raw in shelf.handed] == [1, 2, 3, 4, 5]


def test_a_server_that_is_down_is_reported_once_and_tried_again(telegram: BotApi) -> None:
    shelf, sam = Shelf(), telegram.person("Sam")
    with reading(telegram, shelf):
        telegram.down()
        wait_until(lambda: "telegram_unreachable" in shelf.codes, 30)
        telegram.writes(sam, "een")
        telegram.up()
        wait_for(shelf, 1)
    assert shelf.codes.count("telegram_unreachable") == 1
    assert telegram.token not in str(shelf.reported)


@pytest.mark.parametrize(("fault", "code"), [("gateway", "telegram_unreachable"), ("flood", "telegram_busy")])
def test_a_server_that_says_later(telegram: BotApi, fault: str, code: str) -> None:
    shelf, sam = Shelf(), telegram.person("Sam")
    telegram.goes_wrong(fault, 2, methods=POLLS, retry_after=1)  # type: ignore[arg-type]
    telegram.writes(sam, "een")
    with reading(telegram, shelf):
        wait_for(shelf, 1)
    assert shelf.codes == [code]


def test_another_program_that_reads_the_same_bot_is_told(telegram: BotApi) -> None:
    shelf, sam = Shelf(), telegram.person("Sam")

    async def disturb() -> None:
        async with make_bot(settings_of(telegram)) as bot:
            await bot.fetch_updates(None, 0, telegram_in.WANTED)

    with reading(telegram, shelf):
        wait_until(lambda: "getupdates" in str(telegram.world.calls).lower(), 30)
        asyncio.run(disturb())
        wait_until(lambda: "telegram_conflict" in shelf.codes, 30)
        telegram.writes(sam, "een")
        wait_for(shelf, 1)


def test_a_refused_token_is_reported_once_and_tried_again(telegram: BotApi) -> None:
    shelf = Shelf()
    with reading(telegram, shelf, token="4200:verkeerd") as intake:
        wait_until(lambda: intake.failures >= 3, 30)
    assert shelf.codes == ["telegram_token_refused"]
    assert "verkeerd" not in str(shelf.reported) + repr(intake) + repr(intake.settings)


# Files


def files_in(shelf: Shelf) -> list[dict[str, str]]:
    return [file for raw, _ in shelf.kept.values() for file in json.loads(raw)["files"]]


def test_files_are_fetched_before_the_update_is_stored(telegram: BotApi) -> None:
    shelf, sam = Shelf(), telegram.person("Sam")
    telegram.sends_document(sam, b"inkomsten;1000\n", "begroting.csv", "text/csv", caption="Onze begroting")
    telegram.sends_photo(sam, b"p" * 200)
    telegram.sends_voice(sam, b"stem")
    with reading(telegram, shelf):
        wait_for(shelf, 3)
    read = [read_chat(raw) for raw, _ in shelf.kept.values()]
    assert [(each.text, each.defects) for each in read] == [("Onze begroting", ()), ("", ("photo",)), ("", ("voice",))]
    assert [[file.content for file in each.attachments] for each in read] == [[b"inkomsten;1000\n"], [b"p" * 200], []]


def test_a_file_that_is_too_big_is_a_problem_and_no_obstacle(telegram: BotApi) -> None:
    shelf, sam = Shelf(), telegram.person("Sam")
    telegram.sends_document(sam, b"x", size=21 * 2**20)
    telegram.writes(sam, "lukt het?")
    with reading(telegram, shelf):
        wait_for(shelf, 2)
    assert [file["problem"] for file in files_in(shelf)] == ["too_big"]
    assert texts(shelf) == ["", "lukt het?"]


@pytest.mark.parametrize(("times", "problem"), [(2, None), (9, "unavailable")])
def test_a_file_is_tried_a_few_times(telegram: BotApi, times: int, problem: str | None) -> None:
    shelf, sam = Shelf(), telegram.person("Sam")
    telegram.goes_wrong("gateway", times, methods=frozenset({"download"}))
    telegram.sends_document(sam, b"inhoud")
    with reading(telegram, shelf):
        wait_for(shelf, 1)
    (file,) = files_in(shelf)
    assert (file.get("problem"), "content" in file) == (problem, problem is None)


def test_a_file_that_hangs_does_not_hold_up_another_chat(telegram: BotApi) -> None:
    shelf, sam, kim = Shelf(), telegram.person("Sam"), telegram.person("Kim")
    telegram.goes_wrong("hang", 9, methods=frozenset({"download"}))
    telegram.sends_document(sam, b"inhoud")
    telegram.writes(kim, "hallo")
    with reading(telegram, shelf):
        wait_for(shelf, 2)
    assert texts(shelf) == ["hallo", ""]
