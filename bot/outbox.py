"""The outbox: a letter goes in with its decision; out by claim, send, confirm, retry or park. Words no letter."""

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlite_utils import Database

from bot import logs
from bot.channels.shape import SendResult
from bot.fault_points import reached
from bot.letters import Letter
from bot.mime import BadAddress, letter_to_mime
from bot.settings import Programme
from bot.store import letter_files, letters, sending_pauses
from bot.store.database import is_trouble
from bot.store.letter_files import LetterFile
from bot.store.letters import LEASE, LONGEST_WAIT, KeptLetter
from bot.store.rows import as_text
from bot.store.sending_pauses import LONGEST_PAUSE, Pause

Send = Callable[[EmailMessage, str, str], Awaitable[SendResult]]

FIRST_WAIT = timedelta(minutes=1)
MAX_TRIES = 14  # with the waits above a letter is tried for about a day before a person has to look
PAUSE_SECONDS = 1.0
MOST_UNANSWERED = 2  # in a row: each of them has an unknown fate, and a person has to find out
FIRST_PAUSE = timedelta(minutes=5)
STAFF_FACTOR = 20  # advisers and coordinators get their work by mail: their cap only stops a runaway


@dataclass(frozen=True, slots=True)
class Postmark:
    """What a letter is put in the outbox with, beside its words."""

    case_id: int | None
    channel: str
    in_reply_to: str | None
    references: tuple[str, ...]
    now: datetime


def put_letter(
    db: Database, letter: Letter, mark: Postmark, programme: Programme, key: bytes, staff: Collection[str]
) -> bool:
    """Write a letter into the outbox, in the transaction of the decision that causes it. False when it was there.

    A mail above the day's cap for its address is parked: kept, visible, not sent. A chat answers every line.
    """
    cap = programme.letters_a_day * (STAFF_FACTOR if letter.recipient in staff else 1)
    since = mark.now - timedelta(days=1)
    capped = mark.channel == "mail" and letters.count_to(db, letter.recipient, since) >= cap
    return letters.keep(
        db,
        {
            "key": letter.key,
            "case_id": mark.case_id,
            "channel": mark.channel,
            "template": letter.template,
            "recipient": letter.recipient,
            "language": letter.language,
            "subject": letter.subject,
            "text": letter.text,
            "html": letter.html,
            "reply_token": letter.reply_token,
            "message_id": message_id_of(letter.key, key, programme.address),
            "in_reply_to": mark.in_reply_to,
            "refs": " ".join(mark.references),
            "state": "parked" if capped else "waiting",
            "problem": "daily_cap" if capped else "",
            "due_at": as_text(mark.now),
            "created_at": as_text(mark.now),
        },
    )


def message_id_of(letter_key: str, key: bytes, address: str) -> str:
    """The stable Message-ID of a letter: the same letter always has the same one, and nobody else can guess it."""
    name = hmac.new(key, letter_key.encode(), hashlib.sha256).hexdigest()[:40]
    return f"<mm.{name}@{address.rpartition('@')[2]}>"


async def send_one_letter(
    db: Database, send: Send, programme: Programme, now: Callable[[], datetime], server: str = ""
) -> bool:
    """Send the next letter that is due. False when there is none, or while `server` gets a pause.

    `server` names what `send` speaks to; the local mailbox has no name and needs no pause. The claim is committed
    before the server is spoken to: a crash in between leaves a letter of unknown fate, which is shown to a person and
    never resent by itself.
    """
    letters.mark_lost_leases(db, now())
    if sending_pauses.find(db, server, now()) is not None:
        return False
    letter = letters.claim_due(db, now())
    if letter is None:
        return False
    reached("letter_claimed")
    try:
        mail = as_mime(letter, programme, letter_files.of_letter(db, letter.key))
    except BadAddress:
        letters.mark(db, letter.id, "parked", "bad_address", now())
        return True
    result = await send(mail, programme.address, letter.recipient)
    reached("letter_sent")
    await write_down(lambda: settle(db, letter, result, now()))
    reached("letter_settled")
    if server:
        await write_down(lambda: heed_silence(db, server, result, now()))
    return True


async def write_down(write: Callable[[], object]) -> None:
    """Write what is known of a letter on its way, again and again while the store can't be used: it is known only here.

    Raises what the store raised once the lease on the letter must be over: its fate is unknown then.
    """
    clock = asyncio.get_running_loop().time
    until = clock() + LEASE.total_seconds()
    while True:
        try:
            write()
        except Exception as problem:
            if not is_trouble(problem) or clock() > until:
                raise
        else:
            return
        await asyncio.sleep(PAUSE_SECONDS)


def heed_silence(db: Database, server: str, result: SendResult, now: datetime) -> None:
    """Let a server be for a while that takes letters and doesn't say so, or each next one gets an unknown fate too.

    After a pause one letter shows how it is; one that was on its way when the pause began shows nothing new. Only a
    letter that was taken ends the row: a server that refuses before it has the text has not shown that it answers to
    a text.
    """
    if result.outcome == "sent":
        sending_pauses.forget(db, server)
    if result.outcome != "unknown" or sending_pauses.find(db, server, now) is not None:
        return
    times = sending_pauses.unanswered(db, server) + 1
    wait = pause_after(times)
    sending_pauses.keep(db, server, Pause(times, now + wait))
    if wait:
        logs.tell("sending_paused", unanswered=times, seconds=int(wait.total_seconds()))


def pause_after(unanswered: int) -> timedelta:
    """How long to wait after so many letters in a row without an answer: doubling from five minutes to four hours."""
    if unanswered < MOST_UNANSWERED:
        return timedelta()
    return min(FIRST_PAUSE * 2.0 ** min(unanswered - MOST_UNANSWERED, 16), LONGEST_PAUSE)


def settle(db: Database, letter: KeptLetter, result: SendResult, now: datetime) -> None:
    """Write down how a try ended."""
    if result.outcome == "sent":
        letters.mark_sent(db, letter, now)
    elif result.outcome == "unknown":
        letters.mark(db, letter.id, "unknown", result.code, now)
    elif result.wait is not None:
        letters.mark(db, letter.id, "waiting", result.code, now + min(result.wait, LONGEST_WAIT))
    elif result.outcome == "refused" or letter.attempts >= MAX_TRIES:
        letters.mark(db, letter.id, "parked", result.code, now)
    else:
        letters.mark(db, letter.id, "waiting", result.code, now + wait_after(letter.attempts))
    logs.tell(f"letter_{result.outcome}", letter=letter.id, case=letter.case_id, template=letter.template)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many tries: doubling from a minute to four hours."""
    return min(FIRST_WAIT * 2.0 ** max(attempts - 1, 0), LONGEST_WAIT)


def as_mime(letter: KeptLetter, programme: Programme, files: Sequence[LetterFile] = ()) -> EmailMessage:
    """The outbox row and its files as the mail that leaves; the same row gives the same bytes."""
    return letter_to_mime(
        letter,
        sender_name=programme.name,
        sender_address=programme.address,
        message_id=letter.message_id,
        in_reply_to=letter.in_reply_to,
        references=letter.refs,
        date=letter.created_at,
        files=files,
    )
