"""The outbox of chats: claim, send, confirm, many chats beside each other and one chat in its order. Words nothing."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlite_utils import Database

from bot.channels.shape import Report, SendResult
from bot.channels.telegram_out import Ears
from bot.outbox import settle
from bot.store import chats, letters
from bot.store.letters import KeptLetter

ChatSend = Callable[[str, str, int, Ears], Awaitable[SendResult]]
"""(letter's page, address, messages of it that left before, ears) → result: a way out with its bot filled in."""

AT_ONCE = 8
GAP_SECONDS = 0.04  # Telegram takes about thirty messages a second of one bot
IDLE_SECONDS = 0.5
LAST_SECONDS = 8.0  # what is on its way when the service stops may end


async def send_letters(
    db: Database,
    send: ChatSend,
    prefix: str,
    now: Callable[[], datetime],
    stop: threading.Event,
    woken: threading.Event,
    report: Report,
) -> None:
    """Send chat letters to addresses that begin with `prefix` until the stop sign; `woken` says that one may wait."""
    running: set[asyncio.Task[None]] = set()
    while not stop.is_set():
        woken.clear()
        while len(running) < AT_ONCE and (letter := letters.claim_for_chat(db, now(), prefix)) is not None:
            task = asyncio.create_task(_deliver(db, send, letter, now, report))
            running.add(task)
            task.add_done_callback(running.discard)
            task.add_done_callback(lambda _: woken.set())
            await asyncio.sleep(GAP_SECONDS)
        await asyncio.to_thread(woken.wait, IDLE_SECONDS)
    if running:
        await asyncio.wait(running, timeout=LAST_SECONDS)


async def send_one_chat_letter(
    db: Database, send: ChatSend, prefix: str, now: Callable[[], datetime], report: Report
) -> bool:
    """Send the next chat letter that is due. False when there is none."""
    letter = letters.claim_for_chat(db, now(), prefix)
    if letter is None:
        return False
    await _deliver(db, send, letter, now, report)
    return True


async def _deliver(
    db: Database, send: ChatSend, letter: KeptLetter, now: Callable[[], datetime], report: Report
) -> None:
    ears = Ears(
        part_sent=lambda parts: letters.mark_part_sent(db, letter.id, parts),
        moved=lambda address: chats.keep_move(db, letter.recipient, address),
    )
    try:
        result = await send(letter.html, chats.address_now(db, letter.recipient), letter.parts_sent, ears)
        settle(db, letter, result, now())
    except Exception as problem:  # the disk may be full: the lease ends and the letter's fate counts as unknown
        report("chat_outbox_failed", type(problem).__name__)
