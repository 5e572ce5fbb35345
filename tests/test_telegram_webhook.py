"""Telegram calls us: 200 only after the commit, 403 without the secret, and polling takes over what was left."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager

import uvicorn
from starlette.applications import Starlette

from bot.channels import telegram_in
from bot.channels.telegram_bot import make_bot
from bot.channels.telegram_in import Intake
from tests.bot_api import BotApi
from tests.shelf import Shelf, wait_until
from tests.test_story_service import free_port
from tests.test_telegram_in import reading, settings_of, texts, wait_for

SECRET = "geheim-geheim-geheim"


@contextmanager
def web_server(app: Starlette, port: int) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started, 30)
        yield
    finally:
        server.should_exit = True
        thread.join(10)


def status_of(url: str, body: bytes, secret: str) -> int:
    request = urllib.request.Request(url, body, {telegram_in.PROOF_HEADER: secret, "Content-Type": "application/json"})
    try:
        with closing(urllib.request.urlopen(request, timeout=10)) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code


def test_a_webhook_answers_200_only_after_the_commit(telegram: BotApi) -> None:
    full = threading.Event()
    full.set()

    def fail(_raw: bytes) -> None:
        if full.is_set():
            raise sqlite3.OperationalError("database or disk is full")

    shelf, sam, port = Shelf(fail=fail), telegram.person("Sam"), free_port()
    url = f"http://127.0.0.1:{port}{telegram_in.WEBHOOK_PATH}"
    with (
        reading(telegram, shelf, mode="webhook", webhook_url=url, webhook_secret=SECRET) as intake,
        web_server(Starlette(routes=[telegram_in.webhook_route(intake)]), port),
    ):
        telegram.sends_document(sam, b"inhoud", caption="een")
        telegram.writes(sam, "twee")
        wait_until(lambda: len(shelf.handed) >= 2, 30)
        assert shelf.kept == {}
        full.clear()
        wait_for(shelf, 2)
        telegram.wait_until(lambda: telegram.unconfirmed() == [])
        assert texts(shelf) == ["een", "twee"]
        kept = json.dumps({"update_id": telegram.update_ids()[0], "message": {}}).encode()
        assert status_of(url, kept, SECRET) == 200, "it was here before"
        assert status_of(url, kept, "geraden") == status_of(url, kept, "") == 403
        assert status_of(url, b"{", SECRET) == status_of(url, b"[]", SECRET) == 400
    assert len(shelf.kept) == 2


def test_a_webhook_before_the_bot_is_ready_says_come_again(telegram: BotApi) -> None:
    intake = Intake(settings_of(telegram, mode="webhook", webhook_secret=SECRET), Shelf().keep, Shelf().report)
    port = free_port()
    with web_server(Starlette(routes=[telegram_in.webhook_route(intake)]), port):
        url = f"http://127.0.0.1:{port}{telegram_in.WEBHOOK_PATH}"
        assert status_of(url, b'{"update_id": 1}', SECRET) == 503


def test_polling_takes_over_from_a_webhook_that_was_left(telegram: BotApi) -> None:
    shelf, sam = Shelf(), telegram.person("Sam")

    async def leave_webhook() -> None:
        async with make_bot(settings_of(telegram)) as bot:
            await bot.set_webhook(f"http://127.0.0.1:{free_port()}/x")

    asyncio.run(leave_webhook())
    telegram.writes(sam, "een")
    with reading(telegram, shelf):
        wait_for(shelf, 1)
    assert shelf.codes == []
