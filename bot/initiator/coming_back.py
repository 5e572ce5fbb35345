"""Somebody answers after all, in a case that was closed because no answer came: it goes on where it was.

Runs inside the transaction of its `Turn`. The closing is bot/clock/unanswered.py's, what an answer means inbox's.
"""

from bot import proving
from bot.brokering import keep_state
from bot.initiator import live
from bot.initiator.belonging import ASKS, clearly_same
from bot.reading import Read
from bot.store import asked, waits
from bot.turn import Turn
from inbox.going_on import goes_on
from inbox.putting_off import puts_off
from matcher.proposal import Case

SLEEPS_ON = (*live.ASIDE, "thanks", "offer", "automatic", "spam")
"""Kinds of message that do not show that somebody wants to go on; a yes to sharing contact details always does."""

MISTAKEN = ("status", "withdraw", "thanks")
"""Kinds that words about going on are easily taken for: "nee, we zijn niet gestopt", "kunnen we weer verder?"."""


def is_asleep(turn: Turn, case: Case) -> bool:
    """Whether a case was closed because its initiator did not answer, and nothing happened in it since."""
    if case.state != "closed":
        return False
    ends = [each for each in waits.history(turn.db, case.id) if each.event in ("closed", "reopened")]
    return bool(ends) and (ends[-1].event, ends[-1].detail) == ("closed", "unanswered")


def asks_anew(turn: Turn, read: Read, case: Case) -> bool:
    """Whether a message in the thread of a case that ended asks something of its own: no ended case takes that in."""
    assert read.understood is not None
    if case.state not in ("closed", "withdrawn") or read.understood.kind not in ASKS:
        return False
    return not is_asleep(turn, case) or (read.understood.kind == "request" and not clearly_same(read, case))


def wake(turn: Turn, read: Read, case: Case, *, proven: bool = False) -> Case | None:
    """The case as it is once its initiator is back; None when it sleeps on, or was no sleeping one.

    Consent to what was asked counts where the message is proven to be the initiator's. With the questions that
    waited it asks on; a match that waited for consent is put before an adviser once more, for people move on.
    """
    if read.understood is None or not is_asleep(turn, case) or not _wants_on(turn, read, case):
        return None
    known = asked.of_case(turn.db, case.id)
    agreed = live.consent_of(read.message) if proven or proving.is_proven(turn, read.message) else None
    turn.note(case, "reopened", "initiator")
    case = keep_state(turn, case, "reopened", consent=case.consent if agreed is None else agreed)
    return keep_state(turn, case, "facts_missing") if known.questions else case


def _wants_on(turn: Turn, read: Read, case: Case) -> bool:
    """Whether a message is about going on; a question that may be another one is a case of its own."""
    assert read.understood is not None
    kind = read.understood.kind
    if puts_off(read.message.text) or asks_anew(turn, read, case):
        return False
    said = goes_on(read.message.text) if live.in_own_words(read.message) else None
    if said is False or (said and kind in MISTAKEN):
        return said
    return kind not in SLEEPS_ON or (kind == "thanks" and _consents(turn, read, case))


def _consents(turn: Turn, read: Read, case: Case) -> bool:
    """Whether it says yes or no to what a match waited for: "ja, dank je"."""
    return not asked.of_case(turn.db, case.id).questions and live.consent_of(read.message) is not None
