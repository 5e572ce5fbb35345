"""What to say to an initiator next, the same for mail and chat: open a case, go on with it, status, stopping, data.

Runs inside the transaction of its `Turn`. What a message means is inbox's work, whether it may take part matcher's.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot import brokering, live, reviewing
from bot.answering import settle_consent
from bot.brokering import keep_state, need_facts
from bot.reading import Read
from bot.store import cases, letters, messages, reviews, vectors
from bot.turn import Turn
from inbox.asked import Reply, read_reply
from inbox.message import LIVE_CHANNELS, Message
from inbox.privacy_right import requested_right
from matcher.proposal import CASE_ENDS, MOST_ROUNDS, Case, next_step
from matcher.ranking import Ranking
from matcher.rules import Verdict, assess

MAX_NEEDS = 4
REFERENCE = re.compile(r"\bSV-\d{4}-\d{4,}\b", re.IGNORECASE)
Heard = tuple[str, int | None]


def hear(turn: Turn, read: Read) -> Heard:
    """Answer one message of somebody who asks, and return what was done and in which case."""
    assert read.understood is not None
    case = find_case(turn, read.message)
    if case is not None and (live.goes_on(read, case) or live.settles_consent(read, case)):
        return go_on(turn, read, case, may_consent=False), case.id
    return BY_KIND[read.understood.kind](turn, read, case)


def find_case(turn: Turn, message: Message) -> Case | None:
    """The case this message belongs to: by the letters it answers, then by a reference, never another's case."""
    answered = (message.in_reply_to, *reversed(message.references))
    case_id = letters.case_of_message_id(turn.db, answered) or messages.case_of_message_id(turn.db, answered)
    case = cases.find(turn.db, case_id) if case_id is not None else None
    if case is None and (
        named := REFERENCE.search(f"{message.subject}\n{message.text}\n{live.answered_in_chat(message)}")
    ):
        case = cases.find_by_reference(turn.db, named[0])
    if case is None and message.channel in LIVE_CHANNELS:
        case = next(iter(cases.running_of(turn.db, message.sender)), None)
    return case if case is not None and case.initiator == message.sender else None


def _new_question(turn: Turn, read: Read, case: Case | None) -> Heard:
    """A request, clear or vague: open a case, keep what was understood, and take the next step."""
    del case  # a question in another case's thread that is no longer open for answers is a new question
    assert read.understood is not None
    understood, message = read.understood, read.message
    if not message.sender:
        return "no_sender", None  # nobody to answer; the message stays for a person to look at
    first = not cases.of_initiator(turn.db, message.sender)
    case = cases.open_case(
        turn.db,
        initiator=message.sender,
        name=message.sender_name,
        channel=message.channel,
        language=understood.language,
        now=turn.now,
    )
    turn.note(case, "opened", "initiator")
    case = replace(case, facts=understood.facts, needs=understood.needs, consent=live.consent_beforehand(message))
    case = replace(case, contact=case.contact or live.username_of(message))
    case = _keep_question(turn, case, read)
    turn.note(case, "understood", "bot", " ".join(need.code for need in case.needs))
    return _take_next_step(turn, case, first, message.text), case.id


def go_on(turn: Turn, read: Read, case: Case, may_consent: bool) -> str:
    """Go on with a case that waits for answers: take in what was told, then take the next step.

    Consent counts only with the letter's own secret (`may_consent`) or in a live conversation, which proves who writes.
    """
    assert read.understood is not None
    if case.state != "asking":
        return _add_to_case(turn, read, case)
    asked = (*assess(case.facts).missing, "consent")
    reply = read_reply(read.message.text, asked)
    turn.note(case, "answered", "initiator")
    may_consent = (may_consent or case.channel in LIVE_CHANNELS) and live.in_own_words(read.message)
    case = _with_answers(case, read, reply, may_consent)
    case = _keep_question(turn, case, read)
    missing = assess(case.facts).missing
    if missing and set(missing) <= set(reply.not_known):
        case = replace(case, rounds_asked=MOST_ROUNDS)  # "I don't know" is an answer: don't ask again
    return _take_next_step(turn, case, False, read.message.text)


def _with_answers(case: Case, read: Read, reply: Reply, consent_counts: bool) -> Case:
    assert read.understood is not None
    known = {need.code for need in case.needs}
    added = tuple(need for need in read.understood.needs if need.code not in known)
    return replace(
        case,
        facts=case.facts.updated(read.understood.facts).updated(reply.facts),
        needs=(*case.needs, *added)[:MAX_NEEDS],
        consent=reply.consent if consent_counts and reply.consent is not None else case.consent,
    )


def _keep_question(turn: Turn, case: Case, read: Read) -> Case:
    case = replace(case, eligibility=assess(case.facts).eligibility)
    cases.keep(turn.db, case, read.question or cases.question_of(turn.db, case.id), turn.now)
    cases.keep_findings(turn.db, case.id, assess(case.facts).findings)
    if read.question_vectors is not None:
        vectors.keep_for_case(turn.db, turn.wiring.encoder.name, case.id, read.question_vectors)
    return case


def _take_next_step(turn: Turn, case: Case, first_contact: bool, words: str) -> str:
    verdict = assess(case.facts)
    event = next_step(verdict, case.needs, Ranking(), case.rounds_asked)
    if event == "facts_missing":
        return _ask(turn, case, verdict, first_contact, words)
    if event == "outside_area":
        case = keep_state(turn, case, "outside_area")
        turn.note(case, "referred", "bot")
        place = case.facts
        turn.to_initiator(
            case,
            "referral",
            first_contact=first_contact,
            municipality=place.municipality or "",
            province=place.province or "",
        )
        return "referred"
    if event == "needs_review":
        return reviewing.ask_coordinator(turn, case, first_contact).state
    turn.to_initiator(
        case,
        "confirmation",
        first_contact=first_contact,
        needs=need_facts(turn, case),
        municipality=case.facts.municipality or "",
        eligibility=verdict.eligibility,
    )
    return brokering.propose_next(turn, case).state


def _ask(turn: Turn, case: Case, verdict: Verdict, first_contact: bool, words: str) -> str:
    case = keep_state(turn, case, "facts_missing", rounds_asked=case.rounds_asked + 1)
    turn.note(case, "asked", "bot", " ".join(verdict.missing))
    secret = turn.invite_initiator(case)
    if not case.needs:
        turn.to_initiator(case, "clarify", secret, first_contact=first_contact, own_words=words)
        return "asked_what"
    turn.to_initiator(
        case,
        "question",
        secret,
        first_contact=first_contact,
        needs=need_facts(turn, case),
        missing=verdict.missing,
        ask_consent=case.consent is None,
        round=case.rounds_asked,
    )
    return "asked_facts"


def _add_to_case(turn: Turn, read: Read, case: Case) -> str:
    """Something more about a case that doesn't wait for it: keep it; a clear yes or no to a waiting consent counts."""
    if case.state == "accepted" and case.channel in LIVE_CHANNELS:
        consent = live.consent_of(read.message)
        if consent is not None:
            settle_consent(turn, case, consent)
            return "consented" if consent else "consent_refused"
    cases.touch(turn.db, case.id, turn.now)
    turn.note(case, "answered", "initiator")
    return "added"


def _status(turn: Turn, read: Read, case: Case | None) -> Heard:
    """Where every case of this writer stands."""
    message = read.message
    own = [case] if case is not None else cases.of_initiator(turn.db, message.sender)
    told = [
        {
            "reference": one.reference,
            "asked_on": one.opened_at.date(),
            "state": one.state,
            "needs": [{"code": need.code, "label": turn.wiring.label(need.code)} for need in one.needs],
        }
        for one in own
    ]
    _to_writer(turn, read, "status", case, cases=told)
    return "status", case.id if case else None


def _withdraw(turn: Turn, read: Read, case: Case | None) -> Heard:
    """Stop the case that is meant; which one is only guessed when there is just one."""
    running = cases.running_of(turn.db, read.message.sender)
    if case is None or case.state in CASE_ENDS:
        case = running[0] if len(running) == 1 else None
    if case is None:
        return _status(turn, read, None)
    brokering.stop_proposal(turn, case)
    reviews.withdraw_of_case(turn.db, case.id, turn.now)
    case = keep_state(turn, case, "withdrawn")
    turn.note(case, "withdrawn", "initiator")
    turn.to_initiator(case, "withdrawn")
    return "withdrawn", case.id


def _privacy(turn: Turn, read: Read, case: Case | None) -> Heard:
    """See, correct or erase: tell what happens, and put it before a person."""
    right = requested_right(read.message.text)
    _to_writer(turn, read, "privacy", case, request=right)
    message = read.message
    turn.to_coordinator(
        case,
        "privacy_request",
        request=right,
        sender_name=message.sender_name,
        sender_email=message.sender,
        own_words=message.text,
    )
    return "privacy", case.id if case else None


def _offer(turn: Turn, read: Read, case: Case | None) -> Heard:
    """Somebody offers knowledge or money: thank, and hand over to the coordinator."""
    message = read.message
    _to_writer(turn, read, "offer_thanks", case, first_contact=_is_first(turn, message))
    turn.to_coordinator(
        None, "offer", sender_name=message.sender_name, sender_email=message.sender, own_words=message.text
    )
    return "offer", None


def _answer(turn: Turn, read: Read, case: Case | None) -> Heard:
    """Facts without a question of ours that waits for them: the only open case, or ask where it belongs."""
    if case is None:
        waiting = [one for one in cases.of_initiator(turn.db, read.message.sender) if one.state == "asking"]
        case = waiting[0] if len(waiting) == 1 else None
    if case is not None:
        return go_on(turn, read, case, may_consent=False), case.id
    _to_writer(
        turn, read, "answer_unknown", None, first_contact=_is_first(turn, read.message), own_words=read.message.text
    )
    return "answer_unknown", None


def _pointer(turn: Turn, read: Read, case: Case | None) -> Heard:
    """Not for this programme: say kindly who can help."""
    _to_writer(turn, read, "pointer", case, first_contact=_is_first(turn, read.message))
    return "pointer", case.id if case else None


def _thanks(turn: Turn, read: Read, case: Case | None) -> Heard:
    """Thanks need no answer: one more mail would only be a nuisance."""
    del read
    if case is not None:
        cases.touch(turn.db, case.id, turn.now)
    return "thanks", case.id if case else None


def _silence(turn: Turn, read: Read, case: Case | None) -> Heard:
    """A machine or an advertiser: kept, never answered."""
    del turn, case
    assert read.understood is not None
    return read.understood.kind, None


BY_KIND: dict[str, Callable[[Turn, Read, Case | None], Heard]] = {
    "request": _new_question,
    "vague_request": _new_question,
    "status": _status,
    "withdraw": _withdraw,
    "privacy": _privacy,
    "offer": _offer,
    "answer": _answer,
    "thanks": _thanks,
    "out_of_scope": _pointer,
    "automatic": _silence,
    "spam": _silence,
}


def _is_first(turn: Turn, message: Message) -> bool:
    return not cases.of_initiator(turn.db, message.sender)


def _to_writer(turn: Turn, read: Read, template: str, case: Case | None, **facts: Any) -> None:
    assert read.understood is not None
    message = read.message
    if not message.sender:
        return
    if case is not None:
        turn.to_initiator(case, template, **facts)
    else:
        turn.to_writer(message.sender, message.sender_name, read.understood.language, template, **facts)
