"""The outbox of chats: claim, send, confirm, many chats beside each other and one chat in its order. Words nothing."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlite_utils import Database

from bot.channels.shape import Report, SendResult
from bot.channels.telegram_form import Button
from bot.channels.telegram_out import Ears
from bot.outbox import settle
from bot.store import chats, choices, letters
from bot.store.letters import KeptLetter

AT_ONCE = 8
GAP_SECONDS = 0.04  # Telegram takes about thirty messages a second of one bot
IDLE_SECONDS = 0.5
LAST_SECONDS = 8.0  # what is on its way when the service stops may end


class ChatSend(Protocol):
    """A way out with its bot filled in: a letter's page to an address, behind the messages of it that left before."""

    async def __call__(
        self, html: str, address: str, parts_sent: int, ears: Ears, buttons: Sequence[Button]
    ) -> SendResult:
        """Send, and tell what became of it."""
        ...


@dataclass(frozen=True, slots=True)
class ChatWay:
    """How letters leave to addresses that begin with `prefix`.

    `take_buttons` takes those of a message in a chat away and gives "" or what failed; `secret_of` gives what the
    button of a letter's choice carries, by the letter's key and the choice's position.
    """

    send: ChatSend
    take_buttons: Callable[[str, int], Coroutine[Any, Any, str]]
    secret_of: Callable[[str, int], str]
    prefix: str


async def send_letters(
    db: Database,
    way: ChatWay,
    now: Callable[[], datetime],
    stop: threading.Event,
    woken: threading.Event,
    report: Report,
) -> None:
    """Send chat letters until the stop sign; `woken` says that one may wait."""
    running: set[asyncio.Task[None]] = set()

    async def begin(work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        running.add(task)
        task.add_done_callback(running.discard)
        task.add_done_callback(lambda _: woken.set())
        await asyncio.sleep(GAP_SECONDS)

    while not stop.is_set():
        woken.clear()
        while len(running) < AT_ONCE and not stop.is_set() and (work := _next_work(db, way, now, report)) is not None:
            await begin(work)
        await asyncio.to_thread(woken.wait, IDLE_SECONDS)
    if running:
        await asyncio.wait(running, timeout=LAST_SECONDS)


async def send_one_chat_letter(db: Database, way: ChatWay, now: Callable[[], datetime], report: Report) -> bool:
    """Send the next chat letter that is due, or else take buttons away that do nothing more. False for neither."""
    work = _next_work(db, way, now, report)
    if work is not None:
        await work
    return work is not None


def _next_work(
    db: Database, way: ChatWay, now: Callable[[], datetime], report: Report
) -> Coroutine[Any, Any, None] | None:
    """A letter that is due, or else buttons that do nothing more: somebody waits for the one, nobody for the other."""
    letter = letters.claim_for_chat(db, now(), way.prefix)
    if letter is not None:
        return _deliver(db, way, letter, now, report)
    stale = letters.take_stale_keyboard(db, now(), way.prefix)
    return _take_buttons(db, way, *stale, report) if stale is not None else None


async def _deliver(db: Database, way: ChatWay, letter: KeptLetter, now: Callable[[], datetime], report: Report) -> None:
    ears = Ears(
        part_sent=lambda parts: letters.mark_part_sent(db, letter.id, parts),
        moved=lambda address: chats.keep_move(db, letter.recipient, address),
        buttons_shown=lambda message: letters.mark_keyboard(db, letter.id, message),
    )
    try:
        address, buttons = chats.address_now(db, letter.recipient), _buttons(db, way, letter, now())
        result = await way.send(letter.html, address, letter.parts_sent, ears, buttons)
        settle(db, letter, result, now())
    except Exception as problem:  # the disk may be full: the lease ends and the letter's fate counts as unknown
        report("chat_outbox_failed", type(problem).__name__)


def _buttons(db: Database, way: ChatWay, letter: KeptLetter, now: datetime) -> list[Button]:
    return [
        Button(choice.label, way.secret_of(letter.key, choice.position))
        for choice in choices.open_of_letter(db, letter.key, now)
    ]


async def _take_buttons(db: Database, way: ChatWay, address: str, message: int, report: Report) -> None:
    failed = await way.take_buttons(chats.address_now(db, address), message)
    if failed:
        report("chat_buttons_left", failed)
