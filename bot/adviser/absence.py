"""An adviser is away: announced by mail, chat or page, kept, begun on its day. Who stands in then gets the work.

A From line alone never counts: a mail needs a secret of the adviser's own, or is confirmed on the adviser's own page.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from sqlite_utils import Database

from bot import accounts
from bot.adviser import open_proposals, taking_over
from bot.adviser.page_links import own_page, too_many
from bot.clock.one_by_one import one_by_one
from bot.pool_vectors import PoolShelf
from bot.reading import Read
from bot.store import absences, adviser_links, letters, proposals, tokens
from bot.store.absences import KeptAbsence
from bot.store.database import transaction
from bot.turn import AMSTERDAM, Turn
from bot.wiring import Wiring
from expertise.availability import Absence
from expertise.experts import Expert
from expertise.named_people import people_named, the_one_named
from inbox.absence import AbsenceTold, read_absence, says_absence
from inbox.answer import decides_in_part, read_answer
from inbox.authentication import NOT_ALIGNED
from inbox.decision_token import find_tokens
from inbox.message import Message

Heard = tuple[str, int | None]
ASKS_WHEN, TELLS_WHEN = "absence_unclear", "absence_kept"
"""Behind the first of these letters any words are about being away, behind the second only those that name days."""


def announce(turn: Turn, adviser: Expert, words: str) -> str:
    """Take in what an adviser tells of being away, who has proven to be that adviser; returns what was done.

    "absence_kept", "absence_ended", or "absence_unclear" when something has to be asked; a letter tells it each time.
    """
    told = read_absence(words, turn.today)
    if told.ends:
        end(turn, adviser)
        return "absence_ended"
    substitute = colleague_named(turn, adviser, told.substitute)
    problem = _problem(told, substitute)
    if problem or told.first_day is None or told.last_day is None:
        return _ask_when(turn, adviser, words, problem)
    keep(turn, Absence(adviser.id, told.first_day, told.last_day, substitute.id if substitute else ""))
    return "absence_kept"


def hear_mail(turn: Turn, read: Read) -> Heard | None:
    """What a mail of an adviser tells of being away; None for all other mail."""
    message = read.message
    adviser = accounts.adviser_of(turn, message.sender) if message.channel == "mail" else None
    if adviser is None or message.automatic is not None:
        return None
    if _answers_own_page(turn, read, adviser):
        return _answer_to_own_page(turn, read, adviser), None
    if read_answer(message.text, message.sender_name).choice != "unclear":
        return None
    told = read_absence(message.text, turn.today)
    if _holds_own_secret(turn, read, adviser):
        done = _hear_unasked(turn, adviser, message, lambda: _ask_to_confirm(turn, adviser, told))
        return (done, None) if done is not None else None
    if says_absence(message.text, turn.today) == "no":
        return None
    return _ask_to_confirm(turn, adviser, told), None


def hear_chat(turn: Turn, read: Read, adviser: Expert) -> Heard | None:
    """What an adviser says in the own chat about being away; None for all other words.

    What answers a proposal, or another letter, is none of it.
    """
    message = read.message
    if message.quoted or read_answer(message.text, message.sender_name).choice != "unclear":
        return None
    last = letters.last_to(turn.db, message.sender)
    template = last.template if last is not None else ""
    puts_right = template == TELLS_WHEN and read_absence(message.text, turn.today).is_clear
    if template == ASKS_WHEN or puts_right:
        return announce(turn, adviser, message.text), None
    done = _hear_unasked(turn, adviser, message, lambda: _ask_when(turn, adviser, message.text, "days"))
    return (done, None) if done is not None else None


def keep(turn: Turn, absence: Absence) -> KeptAbsence:
    """Keep an absence, tell the adviser and who stands in, and begin at once when its first day is here."""
    adviser = turn.person(absence.person_id)
    told_before = next((one for one in _own(turn, adviser) if one.absence == absence), None)
    if told_before is not None:
        return told_before  # the same button once more, or the same mail
    released = _substitutes(turn, adviser) - {absence.substitute_id}
    kept = absences.keep(turn.db, absence, turn.now)
    released -= _substitutes(turn, adviser)
    turn.note(None, "absence_announced", "adviser", adviser.id)
    page = own_page(turn, adviser)
    turn.to_person(
        adviser,
        None,
        TELLS_WHEN,
        page.secret,
        first_day=absence.first_day,
        last_day=absence.last_day,
        substitute=turn.person(absence.substitute_id).name if absence.substitute_id else "",
        waiting=len(proposals.waiting_for(turn.db, adviser.id)),
        page_link=page.link,
    )
    _tell_substitutes(turn, adviser, kept, released)
    absences.mark_away(turn.db, turn.today)
    if absence.first_day <= turn.today:
        begin(turn, kept)
    return kept


def end(turn: Turn, adviser: Expert, absence_id: int | None = None) -> int:
    """The adviser is back or stays: one absence, or all of them, count no more; returns how many did."""
    before = _substitutes(turn, adviser)
    ended = 0
    for kept in _own(turn, adviser):
        if absence_id in (None, kept.id):
            ended += absences.end(turn.db, kept.id, turn.now)
    absences.mark_away(turn.db, turn.today)
    turn.note(None, "absence_ended", "adviser", adviser.id)
    page = own_page(turn, adviser)
    turn.to_person(adviser, None, "absence_ended", page.secret, page_link=page.link)
    for substitute_id in sorted(before - _substitutes(turn, adviser)):
        _release(turn, adviser, substitute_id)
    return ended


def begin(turn: Turn, kept: KeptAbsence) -> int:
    """The first day has come: what waits for the adviser goes to whoever is there; returns how much went.

    What nobody can take stays where it is, and the coordinator hears of it.
    """
    if not absences.mark_begun(turn.db, kept.id, turn.now):
        return 0
    absent = turn.person(kept.absence.person_id)
    aside = replace(turn, cause=f"absence:{kept.id}", in_reply_to=None, references=())
    return taking_over.move_all(aside, absent, kept.absence.last_day)


def begin_due(db: Database, wiring: Wiring, shelf: PoolShelf, now: datetime) -> int:
    """What the clock calls: every absence whose first day has come begins, each in a transaction of its own."""
    today = now.astimezone(AMSTERDAM).date()
    due = absences.to_begin(db, today)
    if absences.needs_marking(db, today):
        with transaction(db):
            absences.mark_away(db, today)
    if not due:
        return 0
    turn = Turn(db, wiring, shelf.current(db), now, "absence")
    return one_by_one(
        db, due, lambda kept: kept, lambda kept, _: begin(replace(turn, cause=f"absence:{kept.id}"), kept)
    )


def colleague_named(turn: Turn, adviser: Expert, words: str) -> Expert | None:
    """The other active adviser whom the words name; None for nobody, or when it may be several."""
    others = [one for one in turn.pool.experts if one.role == "adviser" and one.active and one.id != adviser.id]
    exact = the_one_named(words, others)
    alike = people_named(words, others)
    return exact or (alike[0] if len(alike) == 1 else None)


def _problem(told: AbsenceTold, substitute: Expert | None) -> str:
    """What has to be asked: "days", "colleague", or nothing."""
    if not told.is_clear:
        return "days"
    return "colleague" if told.substitute and substitute is None else ""


def _hear_unasked(turn: Turn, adviser: Expert, message: Message, ask: Callable[[], str]) -> str | None:
    """Keep what is told of being away although nobody asked; None when the message has to be heard by others too.

    In doubt, and when the same message decides something, nothing is kept and `ask` asks.
    """
    said = says_absence(message.text, turn.today)
    if said == "no":
        return None
    decides = decides_in_part(message.text, message.sender_name)
    if said == "clearly" and not decides:
        return announce(turn, adviser, message.text)
    asked = ask()
    return None if decides else asked


def _ask_when(turn: Turn, adviser: Expert, words: str, problem: str) -> str:
    """Ask which days or which colleague were meant, and keep nothing."""
    page = own_page(turn, adviser)
    turn.to_person(adviser, None, ASKS_WHEN, page.secret, unclear=problem, own_words=words, page_link=page.link)
    return "absence_unclear"


def _answer_to_own_page(turn: Turn, read: Read, adviser: Expert) -> str:
    """Words behind a letter that brought the own page: about absence, or else there is only what waits to tell of."""
    message = read.message
    letter = letters.answered(turn.db, (message.in_reply_to, *message.references), (adviser.email,))
    template = letter.template if letter is not None else ""
    names_days = read_absence(message.text, turn.today) != AbsenceTold()
    if read.understood is not None and read.understood.kind == "thanks" and not names_days:
        return "thanks"
    if template == ASKS_WHEN or (template == TELLS_WHEN and names_days):
        return announce(turn, adviser, message.text)
    if template == TELLS_WHEN and read_answer(message.text, message.sender_name).choice == "yes":
        return "thanks"  # "prima"
    done = _hear_unasked(turn, adviser, message, lambda: _ask_when(turn, adviser, message.text, "days"))
    if done is not None:
        return done
    open_proposals.tell(turn, adviser)
    return "open_proposals"


def _answers_own_page(turn: Turn, read: Read, adviser: Expert) -> bool:
    """Whether a mail carries the secret of the adviser's own page, as replies to our letters about absence do."""
    secrets = () if NOT_ALIGNED in read.message.defects else find_tokens(read.message)
    return any(adviser_links.adviser_of(turn.db, secret, turn.now) == adviser.id for secret in secrets[:1])


def _holds_own_secret(turn: Turn, read: Read, adviser: Expert) -> bool:
    """Whether a mail carries a secret that was sent to this adviser alone and still works."""
    if NOT_ALIGNED in read.message.defects:
        return False
    found = (tokens.find(turn.db, secret) for secret in find_tokens(read.message))
    return any(
        token is not None
        and token.purpose == "proposal"
        and token.expires_at > turn.now
        and accounts.same_person(turn.db, token.holder, adviser.email)
        for token in found
    )


def _ask_to_confirm(turn: Turn, adviser: Expert, told: AbsenceTold) -> str:
    """Anybody can write an adviser's address in From: so the adviser's mailbox gets a link, and nothing is kept."""
    if too_many(turn, adviser, "absence_confirm"):
        return "absence_not_proven"
    substitute = colleague_named(turn, adviser, told.substitute)
    page = own_page(turn, adviser)
    filled = {
        "van": told.first_day.isoformat() if told.first_day else "",
        "tot": told.last_day.isoformat() if told.last_day else "",
        "collega": substitute.id if substitute else "",
    }
    turn.to_person(
        adviser,
        None,
        "absence_confirm",
        page.secret,
        ends=told.ends,
        first_day=told.first_day,
        last_day=told.last_day,
        substitute=substitute.name if substitute else "",
        page_link=page.link if told.ends else f"{page.link}?{urlencode(filled)}",
    )
    return "absence_not_proven"


def _own(turn: Turn, adviser: Expert) -> list[KeptAbsence]:
    return absences.of_person(turn.db, adviser.id, turn.today)


def _substitutes(turn: Turn, adviser: Expert) -> set[str]:
    return {each.absence.substitute_id for each in _own(turn, adviser) if each.absence.substitute_id}


def _tell_substitutes(turn: Turn, adviser: Expert, kept: KeptAbsence, released: set[str]) -> None:
    absence = kept.absence
    for substitute_id in sorted(released):
        _release(turn, adviser, substitute_id)
    if absence.substitute_id:
        aside = replace(turn, cause=f"absence:{kept.id}", in_reply_to=None, references=())
        aside.to_person(
            turn.person(absence.substitute_id),
            None,
            "substitute_asked",
            adviser_name=adviser.name,
            first_day=absence.first_day,
            last_day=absence.last_day,
        )


def _release(turn: Turn, adviser: Expert, substitute_id: str) -> None:
    aside = replace(turn, cause=f"{turn.cause}/release:{substitute_id}", in_reply_to=None, references=())
    aside.to_person(turn.person(substitute_id), None, "substitute_released", adviser_name=adviser.name)
