"""One decision, whatever arrives: checks the secret, who holds it and whether it is still open, then decides once.

Nothing here trusts a From line: a mail decides only with the letter's own secret from the address it was sent to,
a page only with a signed link. The first valid answer wins; everyone else gets a polite one.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

from bot import accounts, brokering
from bot.adviser import actions as adviser_actions
from bot.adviser.buttons import proposal_choices
from bot.adviser.proposal_facts import shown_experts
from bot.choices import consent_choices
from bot.coordinator import reviewing
from bot.store import cases, letters, pool, proposals, reviews, tokens
from bot.store.tokens import OF_INITIATORS, Purpose, Token
from bot.turn import Turn
from inbox.answer import Answer
from inbox.asked import read_reply
from inbox.message import LIVE_CHANNELS
from matcher.proposal import Case, Proposal

Outcome = (
    adviser_actions.Outcome
    | Literal[
        "approved", "refused", "consented", "consent_refused",
        "unclear", "already_decided", "passed_on", "expired", "unknown", "not_authorised",
    ]
)  # fmt: skip
OTHER_ADDRESS = "other_address"
"""The letter that tells of a secret that came from an address we don't know."""
A_DAY = timedelta(days=1)
Refusal = Literal["expired", "passed_on", "already_decided"]


@dataclass(frozen=True, slots=True)
class Settled:
    """What an answer led to, and in which case."""

    outcome: Outcome
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """A decision that a secret gives access to: whether it is open, and the case it is about."""

    token: Token
    case: Case
    open: bool
    outcome: str


def find_pending(turn: Turn, secret: str) -> Pending | None:
    """What a secret allows to decide; None when it was never given out or its case is gone."""
    token = tokens.find(turn.db, secret)
    if token is None:
        return None
    case_id, state = _subject(turn, token)
    case = cases.find(turn.db, case_id) if case_id is not None else None
    if case is None:
        return None
    is_open = case.state == "accepted" if token.purpose == "consent" else state == "open"
    return Pending(token, case, is_open, state)


def refusal(turn: Turn, pending: Pending) -> Refusal | None:
    """Why a secret decides nothing now; None when it does. Of who has left, a colleague takes the proposals over."""
    return "expired" if pending.token.expires_at <= turn.now else settled_by(turn, pending)


def settled_by(turn: Turn, pending: Pending) -> Literal["passed_on", "already_decided"] | None:
    """Why there is nothing left to decide for a secret's holder, however old the secret is; None when there is."""
    if pending.token.passed_on:
        return "passed_on"
    if not pending.open:
        return "already_decided"
    proposal = proposals.find(turn.db, pending.token.subject_id) if pending.token.purpose == "proposal" else None
    has_left = proposal is not None and accounts.adviser_with(turn, proposal.adviser_id) is None
    return "passed_on" if has_left else None


def on_answer(
    turn: Turn, secret: str, answer: Answer, sender: str | None, words: str = "", *, aligned: bool = True
) -> Settled:
    """Take one answer. `sender` is the mail's address, None for a page (its signed link is the proof).

    `words` is what the person wrote, to quote it back when it was not clear. `aligned` is False for a mail whose sender
    our own server could not vouch for: nobody decides for others by it.
    """
    pending = find_pending(turn, secret)
    if pending is None:
        return Settled("unknown")
    if sender is not None and not accounts.same_person(turn.db, sender, pending.token.holder):
        return _not_authorised(turn, pending, sender)
    if not aligned and pending.token.purpose not in OF_INITIATORS:
        turn.note(pending.case, "not_authorised", "bot", pending.token.purpose)
        _write_holder(turn, pending, "not_authorised", None)
        return Settled("not_authorised", pending.case.id)
    refused = refusal(turn, pending)
    if refused is not None:
        return _politely(turn, pending, refused)
    return ANSWERS[pending.token.purpose](turn, pending, answer, words)


def _answer_proposal(turn: Turn, pending: Pending, answer: Answer, words: str) -> Settled:
    proposal = proposals.find(turn.db, pending.token.subject_id)
    assert proposal is not None
    if answer.choice == "yes" and pending.token.asks_which and turn.channel != "web":
        return _unclear(turn, pending, words)  # yes to whom? the letter named several
    outcome = adviser_actions.act(turn, pending.case, proposal, answer)
    return Settled(outcome, pending.case.id) if outcome is not None else _unclear(turn, pending, words)


def _answer_review(turn: Turn, pending: Pending, answer: Answer, words: str) -> Settled:
    review = reviews.find(turn.db, pending.token.subject_id)
    assert review is not None
    if answer.choice == "yes":
        reviewing.approve(turn, pending.case, review, answer.reason)
        return Settled("approved", pending.case.id)
    if answer.choice == "no":
        reviewing.refuse(turn, pending.case, review, answer.reason)
        return Settled("refused", pending.case.id)
    return _unclear(turn, pending, words)


def _answer_consent(turn: Turn, pending: Pending, answer: Answer, words: str) -> Settled:
    agreed = {"yes": True, "no": False}.get(answer.choice, read_reply(words, ("consent",)).consent)
    if agreed is None:
        return _unclear(turn, pending, words)
    settle_consent(turn, pending.case, agreed)
    return Settled("consented" if agreed else "consent_refused", pending.case.id)


def settle_consent(turn: Turn, case: Case, agreed: bool) -> Case:
    """The initiator told whether contact details may be shared; an accepted match goes on to the introduction."""
    turn.note(case, "consent", "initiator", "yes" if agreed else "no")
    proposal = proposals.accepted_of_case(turn.db, case.id)
    assert proposal is not None
    turn.to_initiator(case, "decision_thanks", choice="yes" if agreed else "no")
    case = brokering.introduce(turn, replace(case, consent=agreed), proposal)
    _tell_adviser(turn, case, proposal, agreed)
    return case


def _tell_adviser(turn: Turn, case: Case, proposal: Proposal, agreed: bool) -> None:
    """What came of the question that the adviser was told of; in the place of an expert, the adviser knows already."""
    adviser, expert = turn.person(proposal.adviser_id), turn.person(proposal.expert_id)
    if expert.email:
        choice = "yes" if agreed else "no"
        named: dict[str, Any] = {"expert_name": expert.name, "expert_organisation": expert.organisation}
        turn.to_person(adviser, case, "consent_told", choice=choice, **named)


def ask_consent_again(turn: Turn, case: Case, words: str) -> None:
    """It is not clear whether these words allow to share contact details: ask, with the first question still open."""
    secret = None if case.channel in LIVE_CHANNELS else turn.invite("consent", case.id, case.initiator)
    accepted = proposals.accepted_of_case(turn.db, case.id)
    organisation = turn.person(accepted.expert_id).organisation if accepted else ""
    choices = consent_choices(case.language)
    turn.to_initiator(
        case, "consent_unclear", secret, choices=choices, own_words=words, expert_organisation=organisation
    )


ANSWERS: dict[Purpose, Callable[[Turn, Pending, Answer, str], Settled]] = {
    "proposal": _answer_proposal,
    "review": _answer_review,
    "consent": _answer_consent,
}


def _subject(turn: Turn, token: Token) -> tuple[int | None, str]:
    if token.purpose == "proposal":
        proposal = proposals.find(turn.db, token.subject_id)
        return (proposal.case_id, proposal.state) if proposal else (None, "")
    if token.purpose == "review":
        review = reviews.find(turn.db, token.subject_id)
        return (review.case_id, review.state) if review else (None, "")
    return token.subject_id, ""


def _unclear(turn: Turn, pending: Pending, words: str) -> Settled:
    """Nothing was decided; ask again, with the same decision open. A page asks by itself."""
    if turn.channel != "web":
        # The secret at hand can't be read back from its hash: the new letter carries a new one.
        token = pending.token
        if token.purpose == "consent":
            ask_consent_again(turn, pending.case, words)
        else:
            secret = turn.invite(token.purpose, token.subject_id, token.holder)
            _write_holder(turn, pending, "unclear_answer", secret, own_words=words, **_shown(turn, pending))
    return Settled("unclear", pending.case.id)


def _politely(turn: Turn, pending: Pending, refused: Refusal) -> Settled:
    if turn.channel != "web" and pending.token.purpose not in OF_INITIATORS:
        template = "not_authorised" if refused == "expired" else refused
        _write_holder(turn, pending, template, None, outcome=pending.outcome)
    return Settled(refused, pending.case.id)


def _not_authorised(turn: Turn, pending: Pending, sender: str) -> Settled:
    """Somebody else used the secret: nothing is decided, and only people we know hear so.

    From an unknown address it may be the holder's own second one, or somebody who should not have our mail: either way
    the holder has to know, once a day.
    """
    turn.note(pending.case, "not_authorised", "bot", pending.token.purpose)
    known = next((person for person in turn.pool.experts if person.email == sender and person.role == "adviser"), None)
    if known is not None:
        turn.to_person(known, replace(pending.case, reference=""), "not_authorised")
    elif _should_know(turn, pending):
        _write_holder(turn, pending, OTHER_ADDRESS, None)
    return Settled("not_authorised")


def _should_know(turn: Turn, pending: Pending) -> bool:
    """Whether the holder of a secret that still decides something is to hear that another address used it."""
    if pending.token.purpose in OF_INITIATORS or refusal(turn, pending) is not None:
        return False
    return not letters.count_of(turn.db, pending.token.holder, OTHER_ADDRESS, turn.now - A_DAY)


def _write_holder(turn: Turn, pending: Pending, template: str, secret: str | None, **facts: Any) -> None:
    facts = {"about": pending.token.purpose, **facts}
    if pending.token.purpose == "review":
        turn.to_coordinator(pending.case, template, secret, **facts)
        return
    proposal = proposals.find(turn.db, pending.token.subject_id)
    assert proposal is not None
    known = accounts.adviser_of(turn, pending.token.holder) or pool.with_address(turn.db, pending.token.holder)
    holder = known or turn.person(proposal.adviser_id)
    if not (pending.token.passed_on and holder.id == proposal.adviser_id):  # who has it now hears nothing of it
        turn.to_person(holder, pending.case, template, secret, **facts)


def _shown(turn: Turn, pending: Pending) -> dict[str, Any]:
    """Whom an adviser may choose from, with the buttons for it; nobody for a coordinator."""
    proposal = proposals.find(turn.db, pending.token.subject_id) if pending.token.purpose == "proposal" else None
    if proposal is None:
        return {"expert_name": "", "alternatives": []}
    shown = shown_experts(turn, pending.case, proposal)
    first = {"expert_name": shown[0]["name"], "alternatives": shown[1:]}
    return {**first, "choices": proposal_choices(shown), "proposal_id": proposal.id}
