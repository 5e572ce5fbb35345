"""The conversation with an initiator, the same by mail, chat and web: which words are an answer, and which begin anew.

Runs inside the transaction of its `Turn`. What a message means is inbox's work, whether it may take part matcher's.
"""

import re
from collections.abc import Callable

from bot import aside, case_question, proving
from bot.initiator import (
    belonging,
    changing,
    coming_back,
    confirming,
    consenting,
    contact,
    following_up,
    live,
    own_data,
)
from bot.initiator.asking import take_next_step
from bot.initiator.spoken_of import joined, spoken_of
from bot.initiator.stopping import stop, stop_choices
from bot.pressing import Heard
from bot.reading import Read
from bot.store import asked, cases, letters, messages
from bot.turn import Turn
from inbox.asked import read_reply
from inbox.confirmation import objects
from inbox.facts import Facts
from inbox.message import LIVE_CHANNELS, Message
from matcher.proposal import CASE_ENDS, Case

REFERENCE = re.compile(r"\bSV-\d{4}-\d{4,}\b", re.IGNORECASE)
ANY_WORDS = frozenset({"need", "different", "belongs"})
"""Questions that whatever is said next answers, unless it is something aside."""
SMALL_TALK = ("automatic", "spam", "thanks")


def hear(turn: Turn, read: Read) -> Heard:
    """Answer one message of somebody who asks, and return what was done and in which case."""
    assert read.understood is not None
    case = find_case(turn, read.message)
    for rule in RULES:
        heard = rule(turn, read, case)
        if heard is not None:
            return heard
    return BY_KIND[read.understood.kind](turn, read, case)


def find_case(turn: Turn, message: Message) -> Case | None:
    """The case this message belongs to: by the letters it answers, then by a reference, never another's case."""
    answered = (message.in_reply_to, *reversed(message.references))
    case_id = letters.case_of_message_id(turn.db, answered) or messages.case_of_message_id(turn.db, answered)
    case = cases.find(turn.db, case_id) if case_id is not None else None
    if case is None and (named := _reference_in(message)):
        case = cases.find_by_reference(turn.db, named)
    if case is None and message.channel in LIVE_CHANNELS:
        case = spoken_of(turn, message.sender)
    case = joined(turn, case)
    return case if case is not None and case.initiator == message.sender else None


def go_on(turn: Turn, read: Read, case: Case, may_consent: bool) -> str:
    """Take in what was told of a case, whatever its state.

    Consent counts only with the letter's own secret (`may_consent`) or in a live conversation, which proves who writes.
    """
    refused = consenting.take_back(turn, read, case)
    if refused is not None:
        return refused
    heard = following_up.hear(turn, read, case)
    if heard is not None:
        return heard[0]
    woken = coming_back.wake(turn, read, case, proven=may_consent)
    if woken is not None and woken.state != "asking":
        return take_next_step(turn, woken, False, read.message.text)
    case = woken or case
    if case.state != "asking":
        return changing.add_to_case(turn, read, case)
    counts = (may_consent or case.channel in LIVE_CHANNELS) and live.in_own_words(read.message)
    return confirming.take_answer(turn, read, case, counts)


def _reference_in(message: Message) -> str:
    named = REFERENCE.search(f"{message.subject}\n{message.text}\n{live.answered_in_chat(message)}")
    return named[0] if named else ""


# What is an answer to something we asked


def _answers(turn: Turn, read: Read, case: Case | None) -> Heard | None:
    """A case that waits for answers gets one; in a live conversation a bare "Oss" or "nee" is one as well."""
    assert read.understood is not None
    kind, text = read.understood.kind, read.message.text
    if case is None or case.state != "asking":
        return None
    known = asked.of_case(turn.db, case.id)
    said = confirming.settles(known, text)
    if not said and live.is_aside(read, any_words=bool({"need", "different"} & set(known.questions))):
        return None
    reply = read_reply(text, confirming.questions_of(known, case))
    told = reply.consent is not None or bool(reply.not_known) or reply.facts != Facts()
    awaited = bool(ANY_WORDS & set(known.questions)) and kind not in SMALL_TALK
    if kind == "request" and not (said or awaited) and belonging.clearly_new(read, case):
        return None
    if not (told or said or awaited or objects(text)):
        return _adds(turn, read, case)
    return go_on(turn, read, case, may_consent=False), case.id


def _comes_back(turn: Turn, read: Read, case: Case | None) -> Heard | None:
    """An answer in a case that was closed for want of one."""
    woken = coming_back.wake(turn, read, case) if case is not None else None
    if woken is None:
        return None
    return _answers(turn, read, woken) or (take_next_step(turn, woken, False, read.message.text), woken.id)


def _adds(turn: Turn, read: Read, case: Case) -> Heard | None:
    """Words that answer nothing: facts go on with the case, another question may be one of its own."""
    assert read.understood is not None
    kind = read.understood.kind
    if kind == "request" and not belonging.clearly_same(read, case):
        return None
    if kind in ("request", "vague_request", "answer"):
        return go_on(turn, read, case, may_consent=False), case.id
    return None


def _consents(turn: Turn, read: Read, case: Case | None) -> Heard | None:
    if case is None or not live.settles_consent(read, case):
        return None
    return go_on(turn, read, case, may_consent=False), case.id


def _takes_back(turn: Turn, read: Read, case: Case | None) -> Heard | None:
    done = consenting.take_back(turn, read, case) if case is not None else None
    return (done, case.id) if done is not None and case is not None else None


def _follows_up(turn: Turn, read: Read, case: Case | None) -> Heard | None:
    return following_up.hear(turn, read, case) if case is not None else None


def _corrects(turn: Turn, read: Read, case: Case | None) -> Heard | None:
    """Something was understood wrong in a case that runs, or it was referred and lies here after all."""
    assert read.understood is not None
    kind = read.understood.kind
    if case is None or case.state in ("asking", "withdrawn", "closed") or kind in SMALL_TALK:
        return None
    awaited = "different" in asked.of_case(turn.db, case.id).questions
    if live.is_aside(read, any_words=awaited):
        return None
    here_after_all = case.state == "referred" and read.understood.facts.municipality is not None
    if awaited or objects(read.message.text) or here_after_all:
        return changing.add_to_case(turn, read, case), case.id
    return None


def _second_question(turn: Turn, read: Read, case: Case | None) -> Heard | None:
    """A question of somebody with a case that is still open: the same, a new one, or ask which."""
    other = belonging.find_other(turn, read, case)
    if other is None or not read.message.sender:
        return None
    if case is not None and belonging.clearly_same(read, case):
        return changing.add_to_case(turn, read, case), case.id
    return belonging.ask_which(turn, read, other)


RULES: tuple[Callable[[Turn, Read, Case | None], Heard | None], ...] = (
    own_data.hear_erasure,
    aside.person,
    contact.hear,
    _takes_back,
    _comes_back,
    _answers,
    _consents,
    _follows_up,
    _corrects,
    _second_question,
)
"""The first rule that knows what a message answers takes it; what answers nothing goes by its kind."""


# What stands by itself


def _new_question(turn: Turn, read: Read, case: Case | None) -> Heard:
    """A request, clear or vague: open a case, keep what was understood, and take the next step."""
    del case
    message = read.message
    if not message.sender:
        return "no_sender", None  # nobody to answer; the message stays for a person to look at
    first = aside.is_first(turn, message)
    opened = case_question.open_question(turn, read)
    return take_next_step(turn, opened, first, message.text), opened.id


def _status(turn: Turn, read: Read, case: Case | None) -> Heard:
    """Where every case of this writer stands; in the thread of one case, where that one does."""
    message = read.message
    only = case is not None and (message.channel not in LIVE_CHANNELS or bool(_reference_in(message)))
    own = [case] if case is not None and only else cases.of_initiator(turn.db, message.sender)
    own = [one for one in own if "merged" not in asked.of_case(turn.db, one.id).questions]
    told = [
        {
            "reference": one.reference,
            "asked_on": one.opened_at.date(),
            "state": one.state,
            "needs": [{"code": need.code, "label": turn.wiring.label(need.code)} for need in one.needs],
        }
        for one in own
    ]
    running = [one for one in own if one.state not in CASE_ENDS]
    aside.to_writer(turn, read, "status", case, choices=stop_choices(running), cases=told)
    return "status", case.id if case else None


def _withdraw(turn: Turn, read: Read, case: Case | None) -> Heard:
    """Stop the case that is meant; which one is only guessed when there is just one."""
    running = cases.running_of(turn.db, read.message.sender)
    guessed = read.message.channel in LIVE_CHANNELS and len(running) > 1 and not _reference_in(read.message)
    if case is None or case.state in CASE_ENDS or guessed:
        case = running[0] if len(running) == 1 else None
    if case is None:
        return _status(turn, read, None)
    if not proving.is_proven(turn, read.message):
        return proving.ask(turn, read, case)
    return "withdrawn", stop(turn, case).id


def _answer(turn: Turn, read: Read, case: Case | None) -> Heard:
    """Facts without a question of ours that waits for them: the only open case, or ask where it belongs."""
    if case is None:
        waiting = [one for one in cases.of_initiator(turn.db, read.message.sender) if one.state == "asking"]
        case = waiting[0] if len(waiting) == 1 else None
        if case is not None and proving.needs_proof(turn, read, case):
            return proving.ask(turn, read, case)
    if case is not None:
        return go_on(turn, read, case, may_consent=False), case.id
    aside.to_writer(
        turn,
        read,
        "answer_unknown",
        None,
        first_contact=aside.is_first(turn, read.message),
        own_words=read.message.text,
    )
    return "answer_unknown", None


BY_KIND: dict[str, Callable[[Turn, Read, Case | None], Heard]] = {
    "request": _new_question,
    "vague_request": _new_question,
    "status": _status,
    "withdraw": _withdraw,
    "privacy": own_data.hear,
    "offer": aside.offer,
    "answer": _answer,
    "thanks": aside.thanks,
    "out_of_scope": aside.pointer,
    "automatic": aside.silence,
    "spam": aside.silence,
}
