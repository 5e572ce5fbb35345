"""The story of the product on one page: a message comes in, an answer comes in, time passes.

Each is gather → decide → commit: reading and the language model first, then one transaction in which the rooms decide
and everything is written. Judgement lives in the inner rooms, wording in bot/texts, SQL in bot/store.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from bot import accounts, conversation, linking, logs, pool_answer, proving, speaking
from bot.adviser import absence, reminding
from bot.adviser.answering import find_pending, on_answer
from bot.adviser.taking_over import move_on
from bot.chatting import hear_chat
from bot.clock import introduced, late_reviews, silence, unanswered, undecided
from bot.fault_points import CLOCK as CLOCK_POINT
from bot.fault_points import reached
from bot.guarded_reader import NoReader
from bot.initiator import answer_to_adviser as initiator_answer
from bot.initiator import coming_back, live
from bot.pool_vectors import PoolShelf
from bot.privacy import erasing, retention
from bot.reading import Read, read
from bot.report.weekly_letter import send_due
from bot.store import adviser_links, choices, letters, messages, quarantine, scrubbing, sessions, tokens
from bot.store.database import is_trouble, transaction
from bot.store.messages import Handled, Received
from bot.store.rows import as_json
from bot.turn import AMSTERDAM, Turn
from bot.wiring import Wiring
from inbox.answer import read_answer
from inbox.asked import read_reply
from inbox.authentication import NOT_ALIGNED
from inbox.decision_token import find_tokens
from inbox.facts import Facts
from matcher.pool import PoolVectors
from matcher.proposal import Case

Step = Callable[[Database, Wiring, PoolShelf, datetime], object]
NO_SENDER = "no_sender"  # a question to which nobody can be answered: a person looks at it
KEEP_EXPIRED_TOKENS = timedelta(days=90)  # an old link still gets "too old" instead of "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a message led to, and in which case."""

    code: str
    case_id: int | None = None


def process_one_message(db: Database, wiring: Wiring, shelf: PoolShelf, now: datetime) -> bool:
    """Handle the oldest message that waits; False when there is none.

    A message that can't be handled is tried again later and goes to quarantine after three attempts; it never
    blocks the next one. Raises what the store raises while it can't be used, and `NoReader`: those count as no attempt.
    """
    for lost in messages.abandoned(db, now):
        _note_failure(db, wiring, shelf, lost, "process_ended", now)
    received = messages.claim_next(db, now)
    if received is None:
        return False
    reached("message_claimed")
    try:
        outcome = on_message(db, wiring, shelf, received, now)
        logs.tell("message_handled", message=received.id, case=outcome.case_id, outcome=outcome.code)
    except Exception as problem:  # whatever a message does to us, it may not stop the next one
        if is_trouble(problem) or isinstance(problem, NoReader):
            messages.give_back(db, received)
            raise
        _note_failure(db, wiring, shelf, received, type(problem).__name__, now)
    return True


def on_message(db: Database, wiring: Wiring, shelf: PoolShelf, received: Received, now: datetime) -> Outcome:
    """Read one stored message, decide what it means, and commit everything that follows from it at once."""
    message = read(received, wiring, db)
    reached("message_read")
    pool = shelf.current(db)
    with transaction(db):
        turn = _turn(db, wiring, pool, message, now)
        accounts.follow(turn, message.message)
        speaking.follow(turn, message)
        outcome = _route(turn, message)
        _keep(turn, received, message, outcome)
        reached("message_decided")
    reached("message_committed")
    return outcome


def _route(turn: Turn, read_: Read) -> Outcome:
    heard = hear_chat(turn, read_) or linking.hear_elsewhere(turn, read_)
    if heard is not None:
        return Outcome(*heard)
    if read_.understood is None:
        return Outcome("automatic")
    away = absence.hear_mail(turn, read_)
    if away is not None:
        return Outcome(*away)
    case = conversation.find_case(turn, read_.message)
    heard = proving.hear(turn, read_, case) or initiator_answer.hear(turn, read_, case)
    if heard is not None:
        return Outcome(*heard)
    for secret in find_tokens(read_.message):
        pending = find_pending(turn, secret)
        if pending is None:
            continue
        answer = read_answer(read_.message.text, read_.message.sender_name)
        if pending.token.purpose in tokens.OF_INITIATORS and pending.case.initiator == read_.message.sender:
            if _is_aside(turn, read_, pending.case):
                break
            if not pending.open:
                asks_consent = pending.token.purpose == "consent"
                return Outcome(conversation.go_on(turn, read_, pending.case, asks_consent), pending.case.id)
        aligned = NOT_ALIGNED not in read_.message.defects
        settled = on_answer(turn, secret, answer, read_.message.sender, read_.message.text, aligned=aligned)
        return Outcome(settled.outcome, settled.case_id)
    return Outcome(*(pool_answer.hear(turn, read_) or conversation.hear(turn, read_)))


def _is_aside(turn: Turn, read_: Read, case: Case) -> bool:
    """Whether a reply to our question is about something else: stopping, or another question under an old letter."""
    aside = live.stands_by_itself(read_) and _answers_nothing(read_)
    return aside or coming_back.asks_anew(turn, read_, case)


def _answers_nothing(read_: Read) -> bool:
    """Whether a reply tells nothing of what we asked: no consent, no fact, no begroting, no "I don't know"."""
    if read_.understood is not None and read_.understood.facts.sheet is not None:
        return False
    reply = read_reply(read_.message.text, ("consent",))
    return reply.consent is None and not reply.not_known and reply.facts == Facts()


def _turn(db: Database, wiring: Wiring, pool: PoolVectors, read_: Read, now: datetime) -> Turn:
    message = read_.message
    thread = (
        tuple(dict.fromkeys((*message.references, message.message_id))) if message.message_id else message.references
    )
    return Turn(
        db,
        wiring,
        pool,
        now,
        cause=f"message:{read_.id}",
        channel=message.channel,
        in_reply_to=message.message_id or None,
        references=thread,
    )


def _keep(turn: Turn, received: Received, read_: Read, outcome: Outcome) -> None:
    message, understood = read_.message, read_.understood
    handled = Handled(
        outcome=outcome.code,
        case_id=outcome.case_id,
        sender=message.sender,
        message_id=message.message_id,
        subject=message.subject,
        text=message.text,
        kind=understood.kind if understood else "automatic",
        kind_confidence=understood.kind_confidence if understood else 1.0,
        language=understood.language if understood else None,
        needs=as_json([need.code for need in understood.needs]) if understood else "[]",
    )
    messages.keep_handled(turn.db, received.id, handled, turn.now)
    messages.keep_attachments(turn.db, received.id, message.attachments)
    if outcome.code == NO_SENDER and quarantine.hold(turn.db, received.id, NO_SENDER):
        _tell_quarantined(turn, received, NO_SENDER)


def _note_failure(
    db: Database, wiring: Wiring, shelf: PoolShelf, received: Received, problem: str, now: datetime
) -> None:
    """Remember the failure; on quarantine tell the coordinator, in the same commit."""
    logs.tell("message_failed", message=received.id, problem=problem, attempt=received.attempts)
    pool = shelf.current(db)
    with transaction(db):
        if messages.note_failure(db, received, problem) == "quarantined":
            _tell_quarantined(Turn(db, wiring, pool, now, cause=f"message:{received.id}"), received, problem)


def _tell_quarantined(turn: Turn, received: Received, problem: str) -> None:
    turn.note(None, "quarantined", "bot", problem)
    turn.to_coordinator(
        None,
        "quarantined",
        received_at=received.received_at.astimezone(AMSTERDAM).date(),
        sender_email="",
        subject_line="",
        problem=problem,
    )


def on_clock(db: Database, wiring: Wiring, shelf: PoolShelf, now: datetime) -> None:
    """What time itself brings, step by step. Raises `StepsFailed` at the end: a step that fails stops no other one."""
    failed: list[tuple[str, Exception]] = []
    for name, step in CLOCK:
        reached(f"{CLOCK_POINT}{name}")
        try:
            step(db, wiring, shelf, now)
        except Exception as problem:  # told below, once the other steps had their turn
            failed.append((name, problem))
    if failed:
        raise StepsFailed(failed) from failed[0][1]


class StepsFailed(RuntimeError):
    """Some of what time brings could not be done, and comes again; `codes` are the steps, each with what went wrong."""

    def __init__(self, failed: Sequence[tuple[str, Exception]]) -> None:
        self.codes = tuple((f"clock_{name}_failed", type(problem).__name__) for name, problem in failed)
        super().__init__(" ".join(code for code, _ in self.codes))


CLOCK: tuple[tuple[str, Step], ...] = (
    ("tombstones", erasing.heed_tombstones),
    ("leases", lambda db, _wiring, _shelf, now: letters.mark_lost_leases(db, now)),
    ("tokens", lambda db, _wiring, _shelf, now: tokens.forget_expired(db, now - KEEP_EXPIRED_TOKENS)),
    ("choices", lambda db, _wiring, _shelf, now: choices.forget_expired(db, now - KEEP_EXPIRED_TOKENS)),
    ("codes", lambda db, _wiring, _shelf, now: accounts.forget_codes(db, now)),
    ("adviser_links", lambda db, _wiring, _shelf, now: adviser_links.forget_expired(db, now)),
    ("sessions", lambda db, _wiring, _shelf, now: sessions.forget_expired(db, now)),
    ("absences", absence.begin_due),
    ("left_alone", move_on),
    ("reminders", reminding.remind),
    ("undecided", undecided.go_on),
    ("silence", silence.go_on),
    ("unanswered", unanswered.go_on),
    ("introduced", introduced.go_on),
    ("late_reviews", late_reviews.remind),
    ("report", send_due),
    ("erasures", erasing.carry_out),
    ("last_words", erasing.forget_told),
    ("retention", retention.keep_no_longer),
    ("written_anew", lambda db, _wiring, _shelf, _now: scrubbing.wipe(db, anew=scrubbing.is_to_wipe(db))),
)
"""What time brings, in its order."""
