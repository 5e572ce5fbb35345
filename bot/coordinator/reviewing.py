"""Cases that a coordinator decides on: put before her, decided once. Which case needs it is matcher's judgement."""

from typing import Any

from bot.brokering import keep_state, need_facts, propose_next
from bot.store import reviews
from bot.store.reviews import Review
from bot.turn import Turn
from matcher.proposal import Case
from matcher.rules import assess


def ask_coordinator(turn: Turn, case: Case, first_contact: bool) -> Case:
    """Put a case before the coordinator and tell the initiator, kindly and without a refusal."""
    case = keep_state(turn, case, "needs_review")
    review = reviews.open_review(turn.db, case.id, turn.now)
    turn.note(case, "review_opened", "bot")
    findings = assess(case.facts).findings
    turn.to_initiator(
        case, "review_notice", first_contact=first_contact, needs=need_facts(turn, case), findings=findings
    )
    secret = turn.invite("review", review, turn.wiring.settings.programme.coordinator)
    turn.to_coordinator(case, "review", secret, **review_facts(turn, case))
    return case


def review_facts(turn: Turn, case: Case) -> dict[str, Any]:
    """What a coordinator has to know of a case to decide on it."""
    return {
        "initiative": case.facts.initiative or "",
        "municipality": case.facts.municipality or "",
        "needs": need_facts(turn, case),
        "findings": assess(case.facts).findings,
        "initiator_name": case.initiator_name,
        "initiator_email": case.reachable_at,
    }


def approve(turn: Turn, case: Case, review: Review, reason: str) -> Case | None:
    """The coordinator lets the case take part: on to the experts. None when somebody was first."""
    if not reviews.decide(turn.db, review.id, "approved", reason, turn.channel, turn.now):
        return None
    turn.note(case, "review_decided", "coordinator", "approved")
    turn.to_coordinator(case, "review_confirmed", choice="yes", reason=reason)
    return propose_next(turn, keep_state(turn, case, "reviewed_yes"))


def refuse(turn: Turn, case: Case, review: Review, reason: str) -> Case | None:
    """The coordinator says no: a person calls or mails the initiator, the program doesn't. None when too late."""
    if not reviews.decide(turn.db, review.id, "declined", reason, turn.channel, turn.now):
        return None
    turn.note(case, "review_decided", "coordinator", "declined")
    turn.to_coordinator(case, "review_confirmed", choice="no", reason=reason)
    return keep_state(turn, case, "reviewed_no")
