"""The outbox of chats: claim, send, confirm, many chats beside each other and one chat in its order. Words nothing.

When no letter is due, it keeps what chats show beside letters as it should be: buttons and an adviser's commands.
"""

import asyncio
import threading
from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from sqlite_utils import Database

from bot.channels.shape import Report, SendResult
from bot.channels.telegram_form import Button
from bot.channels.telegram_out import Ears
from bot.fault_points import reached
from bot.outbox import MOST_UNANSWERED, heed_silence, settle, wait_after, write_down
from bot.store import chat_menus, chats, choices, keyboards, letters, sending_pauses
from bot.store.chat_menus import MenuChange
from bot.store.database import is_trouble
from bot.store.keyboards import StaleKeyboard
from bot.store.letters import KeptLetter

AT_ONCE = 8
GAP_SECONDS = 0.04  # Telegram takes about thirty messages a second of one bot
IDLE_SECONDS = 0.5
BUSY_MILLISECONDS = 1000  # while this waits for the store, no answer of Telegram to another letter is heard
LAST_SECONDS = 8.0  # what is on its way when the service stops may end
MOST_TRIES = 8
"""After so many tries old buttons stay where they are: a press on them is answered politely and changes nothing."""
NEXT_DAY = timedelta(days=1)

Commands = Sequence[tuple[str, str]]
"""Commands of a chat, each with what it does."""


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

    `take_buttons` takes those of a message in a chat away; `secret_of` gives what the button of a letter's choice
    carries, by the letter's key and the choice's position. `show_commands` lets a chat show commands of its own, or
    none but everybody's; `for_advisers` are those of a chat that is linked with an adviser. `server` names what all of
    these speak to: it gets a pause when it takes letters and doesn't say so.
    """

    send: ChatSend
    take_buttons: Callable[[str, int], Coroutine[Any, Any, SendResult]]
    secret_of: Callable[[str, int], str]
    prefix: str
    show_commands: Callable[[str, Commands], Coroutine[Any, Any, SendResult]]
    for_advisers: Commands
    server: str


async def send_letters(
    db: Database,
    way: ChatWay,
    now: Callable[[], datetime],
    stop: threading.Event,
    woken: threading.Event,
    report: Report,
) -> None:
    """Send chat letters until the stop sign; `woken` says that one may wait.

    A store that can't be used for a while does not end what is on its way: those letters may have left.
    """
    db.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    running: set[asyncio.Task[None]] = set()
    told = set[str]()
    next_work = partial(_next_work, db, way, now, report, set[int]())

    async def begin(work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_carry_out(work, report))
        running.add(task)
        task.add_done_callback(running.discard)
        task.add_done_callback(lambda _: woken.set())
        await asyncio.sleep(GAP_SECONDS)

    while not stop.is_set():
        woken.clear()
        while len(running) < AT_ONCE and not stop.is_set() and (work := _unless_trouble(next_work, report, told)):
            await begin(work)
        await asyncio.to_thread(woken.wait, IDLE_SECONDS)
    if running:
        await asyncio.wait(running, timeout=LAST_SECONDS)


async def _carry_out(work: Coroutine[Any, Any, None], report: Report) -> None:
    try:
        await work
    except Exception as problem:  # what is left undone is tried again later
        report("chat_outbox_failed", type(problem).__name__)


async def send_one_chat_letter(db: Database, way: ChatWay, now: Callable[[], datetime], report: Report) -> bool:
    """Send the next chat letter that is due, or else put right what a chat shows beside them. False for neither."""
    work = _next_work(db, way, now, report, set())
    if work is not None:
        await work
    return work is not None


def _unless_trouble(
    next_work: Callable[[], Coroutine[Any, Any, None] | None], report: Report, told: set[str]
) -> Coroutine[Any, Any, None] | None:
    """The next work; None while the store can't be used, which is reported once when that begins."""
    try:
        work = next_work()
    except Exception as problem:
        if not is_trouble(problem):
            raise
        if not told:
            report("store_unavailable", "chats")
        told.add("store_unavailable")
        return None
    told.clear()
    return work


def _next_work(
    db: Database, way: ChatWay, now: Callable[[], datetime], report: Report, under_way: set[int]
) -> Coroutine[Any, Any, None] | None:
    """A letter that is due, or else what a chat shows beside them: somebody waits for the one, nobody for the other.

    Only a letter can get an unknown fate: so a pause holds up nothing else.
    """
    may_leave = _may_leave(db, way.server, now(), under_way)
    letter = letters.claim_for_chat(db, now(), way.prefix) if may_leave else None
    if letter is not None:
        under_way.add(letter.id)
        return _deliver(db, way, letter, now, report, under_way)
    stale = keyboards.claim_stale(db, now(), way.prefix)
    if stale is not None:
        return _take_buttons(db, way, stale, now, report)
    change = chat_menus.claim_change(db, " ".join(name for name, _ in way.for_advisers), now())
    return _show_commands(db, way, change, now, report) if change is not None else None


def _may_leave(db: Database, server: str, now: datetime, under_way: Collection[int]) -> bool:
    """Not while the server gets a pause; after one only a single letter, until the server has shown that it answers."""
    if sending_pauses.find(db, server, now) is not None:
        return False
    return not under_way or sending_pauses.unanswered(db, server) < MOST_UNANSWERED


async def _deliver(
    db: Database,
    way: ChatWay,
    letter: KeptLetter,
    now: Callable[[], datetime],
    report: Report,
    under_way: set[int],
) -> None:
    ears = Ears(
        part_sent=lambda parts: write_down(lambda: letters.mark_part_sent(db, letter.id, parts)),
        moved=lambda address: write_down(lambda: chats.keep_move(db, letter.recipient, address)),
        buttons_shown=lambda message: write_down(lambda: keyboards.mark_shown(db, letter.id, message)),
    )
    try:
        address, buttons = chats.address_now(db, letter.recipient), _buttons(db, way, letter, now())
        reached("chat_letter_claimed")
        result = await way.send(letter.html, address, letter.parts_sent, ears, buttons)
        reached("chat_letter_sent")
        await write_down(lambda: settle(db, letter, result, now()))
        reached("chat_letter_settled")
        await write_down(lambda: heed_silence(db, way.server, result, now()))
    except Exception as problem:  # the lease ends and the letter's fate counts as unknown
        report("chat_outbox_failed", type(problem).__name__)
    finally:
        under_way.discard(letter.id)


def _buttons(db: Database, way: ChatWay, letter: KeptLetter, now: datetime) -> list[Button]:
    return [
        Button(choice.label, way.secret_of(letter.key, choice.position))
        for choice in choices.open_of_letter(db, letter.key, now)
    ]


async def _take_buttons(
    db: Database, way: ChatWay, stale: StaleKeyboard, now: Callable[[], datetime], report: Report
) -> None:
    """Take buttons away that do nothing more; what Telegram was too busy for is tried again, a plain no is not."""
    result = await way.take_buttons(chats.address_now(db, stale.recipient), stale.message)
    reached("chat_buttons_taken")
    if result.outcome != "sent":
        report("chat_buttons_left", result.detail)
    if result.outcome in ("sent", "refused") or stale.tries >= MOST_TRIES:
        keyboards.forget(db, stale.letter)
    else:
        keyboards.try_again(db, stale.letter, now() + (result.wait or wait_after(stale.tries)))


async def _show_commands(
    db: Database, way: ChatWay, change: MenuChange, now: Callable[[], datetime], report: Report
) -> None:
    """Let a chat show the commands of advisers, or only everybody's again; until that works it is tried again."""
    address = chats.address_now(db, change.address)
    result = await way.show_commands(address, way.for_advisers if change.commands else ())
    refused = result.outcome == "refused"
    if result.outcome == "sent" or (refused and not change.commands):
        chat_menus.mark_shown(db, change)
        return
    report("chat_menu_failed", result.detail)
    chat_menus.try_again(db, change, now() + (result.wait or (NEXT_DAY if refused else wait_after(change.tries))))
