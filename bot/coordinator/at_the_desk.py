"""What a coordinator does with a case by hand: write, close, open again, hand to a colleague, note something down.

Runs inside the transaction of its `Turn`. Assigning is assigning.py's, correcting correcting.py's.
"""

import re
from collections.abc import Sequence

from bot import brokering
from bot.brokering import keep_state
from bot.coordinator import reviewing
from bot.foreign import LONGEST_QUOTE, clean
from bot.initiator.asking import take_next_step
from bot.store import asked, case_notes, cases, reviews
from bot.store.asked import Asked
from bot.store.case_notes import Note
from bot.turn import Turn
from matcher.proposal import CASE_CHANGES, Case

MOST_PARAGRAPHS = 20
LONGEST_NOTE = 2000  # characters


def note_down(turn: Turn, case: Case, text: str, event: str = "note") -> None:
    """Keep words about a case, for coordinators only."""
    case_notes.keep(turn.db, case.id, Note(turn.now, turn.by, event, text[:LONGEST_NOTE]))


def decide_review(turn: Turn, case: Case, choice: str, reason: str) -> bool:
    """The coordinator lets a case take part ("yes") or not ("no"); False when it waited for no decision any more."""
    review = reviews.open_of_case(turn.db, case.id)
    if review is None:
        return False
    decide = reviewing.approve if choice == "yes" else reviewing.refuse
    if decide(turn, case, review, reason) is None:
        return False
    note_down(turn, case, reason, f"review_{choice}")
    return True


def write_to_initiator(turn: Turn, case: Case, paragraphs: Sequence[str]) -> None:
    """A letter with a coordinator's own words, in the channel and language of the case; its answer comes back."""
    secret = turn.invite_initiator(case)
    turn.to_initiator(case, "from_coordinator", secret, paragraphs=list(paragraphs))
    turn.note(case, "coordinator_wrote", "coordinator")
    cases.touch(turn.db, case.id, turn.now)


def close(turn: Turn, case: Case, reason: str) -> Case:
    """End a case: what waits for others is taken back. The initiator hears nothing of it by itself."""
    brokering.stop_proposal(turn, case)
    reviews.withdraw_of_case(turn.db, case.id, turn.now)
    case = keep_state(turn, case, "closed")
    asked.keep(turn.db, Asked(case.id, checked=asked.of_case(turn.db, case.id).checked), turn.now)
    turn.note(case, "closed", "coordinator")
    note_down(turn, case, reason, "closed")
    return case


def reopen(turn: Turn, case: Case, reason: str) -> Case:
    """Let a case that ended go on: it takes its step again, as if it just came in."""
    turn.note(case, "reopened", "coordinator")
    note_down(turn, case, reason, "reopened")
    case = keep_state(turn, case, "reopened")
    take_next_step(turn, case, False, cases.question_of(turn.db, case.id))
    return case


def hand_to(turn: Turn, case: Case, colleague: str, words: str) -> None:
    """A colleague looks after the case from now on, and hears so by mail; "" for nobody in particular."""
    case_notes.keep_owner(turn.db, case.id, colleague, turn.now)
    turn.note(case, "case_handed", "coordinator", colleague)
    if words:
        note_down(turn, case, words, "case_handed")
    if colleague and colleague != turn.by:
        turn.to_mailbox(
            colleague,
            "nl",
            "case_handed",
            sender_name=turn.by,
            own_words=words,
            reference=case.reference,
            page_link=f"{turn.wiring.settings.web.base_url.rstrip('/')}/bureau/dossiers/{case.reference}",
        )


def may_close(case: Case) -> bool:
    """Whether the case has not ended yet."""
    return (case.state, "closed") in CASE_CHANGES


def may_reopen(case: Case) -> bool:
    """Whether the case ended, or led to an introduction, and may go on."""
    return (case.state, "reopened") in CASE_CHANGES


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a letter that somebody typed, without empty ones."""
    return [each.strip() for each in re.split(r"\n\s*\n", text) if each.strip()]


def too_long(paragraph: str) -> bool:
    """Whether a paragraph would be cut in a letter."""
    return len(clean(paragraph, LONGEST_QUOTE * 2)) > LONGEST_QUOTE
