"""Takes updates from Telegram by long polling or a webhook: what is taken and when to try again; reads no message.

Telegram forgets an update as soon as a higher offset is asked for. So every update, with its files, is committed
before the next getUpdates, and an offset is never kept here: after a restart Telegram itself knows what is left.
What shows in the chat at once, that a press arrived or that we are writing, is shown after that and may fail.
"""

import asyncio
import base64
import hmac
import json
import threading
from collections.abc import Coroutine, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import BotCommand
from telegram.constants import ChatAction
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.shape import IncomingMeta, Keep, Report
from bot.channels.telegram_bot import PREFIX, TelegramSettings, UpdatesBot, make_bot, retry_seconds
from bot.fault_points import reached
from inbox.telegram import LARGEST_FILE, FileMention, chat_of, files_of, press_id, private_writer

Update = dict[str, Any]
Menu = tuple[str, Sequence[tuple[str, str]]]
"""A language ("" for every other one) and its commands, each with what it does."""

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
FILE_TRIES = 3
MOST_SIGNS = 8  # of "we are writing" on their way: in a rush the answers themselves go first
SIGN_SECONDS = 2.0
FILES_AT_ONCE = 2  # two files of twenty megabytes, as bytes and as base64, are enough to hold in memory
PROOF_HEADER = "x-telegram-bot-api-secret-token"
WEBHOOK_PATH = "/telegram"


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait for what, in seconds. `poll`: how long Telegram may keep us waiting for news."""

    poll: int = 30
    first_wait: float = 1.0
    longest_wait: float = 60.0
    refused_wait: float = 300.0  # a token that was refused stays so until a person acts
    file_wait: float = 1.0


@dataclass(slots=True)
class Intake:
    """One bot being read: where updates go, and what this process remembers of it."""

    settings: TelegramSettings = field(repr=False)
    keep: Keep
    report: Report
    pace: Pace = Pace()
    menus: Sequence[Menu] = ()
    bot: UpdatesBot | None = field(default=None, repr=False)
    loop: asyncio.AbstractEventLoop | None = None
    offset: int | None = None
    failures: int = 0
    told: str = ""
    downloads: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(FILES_AT_ONCE))
    signs: set[asyncio.Task[None]] = field(default_factory=set)


def watch(intake: Intake, stop: threading.Event) -> None:
    """Take updates until the stop sign. Raises nothing: every failure is reported once by code and tried again."""
    asyncio.run(_watch(intake, stop))


async def _watch(intake: Intake, stop: threading.Event) -> None:
    work = asyncio.create_task(_work(intake))
    await asyncio.to_thread(stop.wait)
    work.cancel()
    with suppress(asyncio.CancelledError):
        await work


async def _work(intake: Intake) -> None:
    while True:
        try:
            async with make_bot(intake.settings) as bot:
                try:
                    await _rounds(intake, bot)
                finally:
                    await _end_signs(intake)
        except Exception as problem:  # nothing may end the intake but the stop sign
            await asyncio.sleep(_noted(intake, problem))
        finally:
            intake.bot = None


async def _rounds(intake: Intake, bot: UpdatesBot) -> None:
    intake.bot, intake.loop = bot, asyncio.get_running_loop()
    await _begin(intake, bot)
    while True:
        await _round(intake, bot)
        intake.failures, intake.told = 0, ""


async def _begin(intake: Intake, bot: UpdatesBot) -> None:
    """Tell Telegram which way updates come; those that wait are kept in either case."""
    settings = intake.settings
    if settings.mode == "webhook":
        # One connection, so that the messages of a chat arrive in their order.
        await bot.set_webhook(
            settings.webhook_url, secret_token=settings.webhook_secret, allowed_updates=WANTED, max_connections=1
        )
    else:
        await bot.delete_webhook(drop_pending_updates=False)
    for language, commands in intake.menus:
        try:
            await bot.set_my_commands([BotCommand(*each) for each in commands], language_code=language or None)
        except RetryAfter:
            raise
        except TelegramError as problem:  # a bot without a menu works as well
            intake.report("telegram_menu_failed", type(problem).__name__)


async def _round(intake: Intake, bot: UpdatesBot) -> None:
    if intake.settings.mode == "webhook":
        await asyncio.sleep(intake.pace.longest_wait)
        return
    updates = await bot.fetch_updates(intake.offset, intake.pace.poll, WANTED)
    if updates:
        reached("updates_fetched")
    await take_updates(intake, updates)
    if updates:
        reached("updates_taken")


async def take_updates(intake: Intake, updates: Sequence[Update]) -> None:
    """Store updates, those of one chat in their order, and move the offset behind what is stored.

    Raises what the store raised, with the offset before the first update that was not stored.
    """
    chats: dict[int | None, list[Update]] = {}
    for update in updates:
        chats.setdefault(chat_of(update), []).append(update)
    results = await asyncio.gather(*(_take_in_order(intake, of_one) for of_one in chats.values()))
    missed = [failure for failure in results if failure is not None]
    if missed:
        first, problem = min(missed, key=lambda each: each[0])
        intake.offset = first
        raise problem
    if updates:
        intake.offset = max(int(update["update_id"]) for update in updates) + 1


async def _take_in_order(intake: Intake, updates: Iterable[Update]) -> tuple[int, Exception] | None:
    for update in updates:
        try:
            await take(intake, update)
        except Exception as problem:  # of the store, most of all; what was not stored is asked for again
            return int(update["update_id"]), problem
    return None


async def take(intake: Intake, update: Update) -> bool:
    """Fetch the files of one update, then store and commit both; True when it is new. Raises when not stored."""
    bot = intake.bot
    assert bot is not None
    mentions = files_of(update)
    if mentions:
        async with intake.downloads:
            new = _store(intake, bot, update, [await _fetch(intake, bot, mention) for mention in mentions])
    else:
        new = _store(intake, bot, update, [])
    reached("update_stored")
    if new:
        _show_at_once(intake, bot, update)
    return new


def _show_at_once(intake: Intake, bot: UpdatesBot, update: Update) -> None:
    """Let a pressed button stop waiting, and a chat show that we are writing; nothing waits for either."""
    pressed, writer = press_id(update), private_writer(update)
    if pressed:
        _begin_sign(intake, bot.answer_callback_query(pressed))
    elif writer is not None and len(intake.signs) < MOST_SIGNS:
        _begin_sign(intake, bot.send_chat_action(writer, ChatAction.TYPING))


async def _end_signs(intake: Intake) -> None:
    """Before the client closes, let what is on its way arrive, or end it."""
    if intake.signs:
        _, late = await asyncio.wait(intake.signs, timeout=SIGN_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


def _begin_sign(intake: Intake, sign: Coroutine[Any, Any, bool]) -> None:
    async def shown() -> None:
        with suppress(TelegramError):  # too old, blocked, or Telegram is busy: the answer itself comes as a letter
            await sign

    task = asyncio.create_task(shown())
    intake.signs.add(task)
    task.add_done_callback(intake.signs.discard)


def _store(intake: Intake, bot: UpdatesBot, update: Update, files: list[dict[str, str]]) -> bool:
    stored = {"update": update, "files": files, "bot": {"id": bot.id, "username": bot.username}}
    raw = json.dumps(stored, separators=(",", ":")).encode()
    account = f"{PREFIX}{bot.id}"
    meta = IncomingMeta(
        account=account,
        external_id=f"{account}:{int(update['update_id'])}",
        message_id="",
        envelope_sender=None,
        envelope_recipient=None,
        received_at=datetime.now(UTC),
        size=len(raw),
        channel="chat",
    )
    return intake.keep(raw, meta)


async def _fetch(intake: Intake, bot: UpdatesBot, mention: FileMention) -> dict[str, str]:
    """A file as it is stored: its content, or the code of why there is none."""
    known = {"file_id": mention.file_id, "name": mention.name, "media_type": mention.media_type}
    if mention.size > LARGEST_FILE:
        return {**known, "problem": "too_big"}
    for attempt in range(FILE_TRIES):
        try:
            content = await bot.download(mention.file_id)
        except BadRequest as problem:
            return {**known, "problem": "too_big" if "too big" in problem.message.lower() else "unavailable"}
        except TelegramError as problem:
            intake.report("telegram_file_failed", type(problem).__name__)
            wait = retry_seconds(problem) if isinstance(problem, RetryAfter) else 0.0
            await asyncio.sleep(min(max(wait, intake.pace.file_wait * 2**attempt), intake.pace.longest_wait))
        else:
            return {**known, "content": base64.b64encode(content).decode()}
    return {**known, "problem": "unavailable"}


def _noted(intake: Intake, problem: Exception) -> float:
    """Report a failure the first time it shows, and return how many seconds to wait."""
    code = next((code for kind, code in CODES if isinstance(problem, kind)), "telegram_failed")
    if intake.told != code:
        intake.told = code
        intake.report(code, type(problem).__name__)
    intake.failures += 1
    if isinstance(problem, RetryAfter):
        return retry_seconds(problem)
    if isinstance(problem, InvalidToken):
        return intake.pace.refused_wait
    return min(intake.pace.first_wait * 2.0 ** (intake.failures - 1), intake.pace.longest_wait)


# First line that fits.
CODES: tuple[tuple[type[Exception], str], ...] = (
    (InvalidToken, "telegram_token_refused"),
    (Conflict, "telegram_conflict"),  # another program reads the same bot, or it has a webhook
    (RetryAfter, "telegram_busy"),
    (TelegramError, "telegram_unreachable"),
)


def webhook_route(intake: Intake) -> Route:
    """The page that Telegram calls in webhook mode: 200 only once the update is committed."""

    async def receive(request: Request) -> Response:
        secret = request.headers.get(PROOF_HEADER, "")
        if not hmac.compare_digest(secret.encode(), intake.settings.webhook_secret.encode()):
            return Response(status_code=403)
        try:
            update = json.loads(await request.body())
            int(update["update_id"])
        except (ValueError, TypeError, KeyError, RecursionError):
            return Response(status_code=400)
        return Response(status_code=200 if await _handed_over(intake, update) else 503)

    return Route(WEBHOOK_PATH, receive, methods=["POST"])


async def _handed_over(intake: Intake, update: Update) -> bool:
    """Let the intake's own loop store an update; False when it could not, and Telegram will come again."""
    if intake.loop is None or intake.bot is None:
        return False
    try:
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(take(intake, update), intake.loop))
    except Exception as problem:  # of the store, most of all
        intake.report("telegram_not_stored", type(problem).__name__)
        return False
    return True
