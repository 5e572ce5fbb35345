"""What an initiator tells of a case that runs already: kept, and where it matters the case takes its step again.

Runs inside the transaction of its `Turn`. An answer to a question of ours is taken in by bot/initiator/confirming.py.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot import brokering, case_question
from bot.brokering import keep_state
from bot.initiator import consenting
from bot.initiator.asking import ask_what_differs, take_next_step, what_we_understood
from bot.reading import ASKING, Read
from bot.store import asked, cases, proposals, reviews
from bot.turn import Turn
from inbox.confirmation import confirms, objects, said_instead
from inbox.facts import Facts, read_facts
from inbox.message import LIVE_CHANNELS
from matcher.proposal import Case, CaseState
from matcher.rules import assess


def add_to_case(turn: Turn, read: Read, case: Case) -> str:
    """Something more about a case that doesn't wait for it; a clear yes or no to a waiting consent counts."""
    consented = consenting.hear(turn, read, case)
    if consented is not None:
        return consented
    turn.note(case, "answered", "initiator")
    known = asked.of_case(turn.db, case.id)
    awaited = "different" in known.questions
    if awaited and confirms(read.message.text):
        asked.keep(turn.db, replace(known, questions=(), checked="right"), turn.now)
        return _told_back(turn, case, "right")
    wrong = awaited or objects(read.message.text)
    changed = case_with(case, read, wrong=wrong)
    if _same(case, changed):
        return _nothing_new(turn, read, case, wrong=wrong, awaited=awaited)
    kept = case_question.keep_question(turn, changed, read, anew=wrong and changed.needs != case.needs)
    asked.keep(turn.db, replace(known, questions=(), checked="wrong" if wrong else known.checked), turn.now)
    return put_change(turn, case, kept)


def case_with(case: Case, read: Read, facts: Facts | None = None, *, wrong: bool) -> Case:
    """A case with what a message tells; needs take the place of the earlier ones when those were `wrong`.

    What is told in passing, by a message of another kind, adds no need.
    """
    assert read.understood is not None
    understood = read.understood
    heard = wrong or understood.kind in ASKING
    told = understood.facts.updated(facts or Facts()) if heard else facts or Facts()
    if wrong:
        told = told.updated(read_facts(said_instead(read.message.text)))
    needs = case.needs
    if heard and understood.needs:
        needs = understood.needs if wrong else case_question.with_needs(case, understood.needs)
    return replace(case, facts=case.facts.updated(_no_less_sure(told, case.facts)), needs=needs)


def _no_less_sure(told: Facts, known: Facts) -> Facts:
    """What a message tells, without what was read in it with doubt and is known for sure already."""
    doubted = [name for name in told.unsure if getattr(known, name) is not None and name not in known.unsure]
    left_out: dict[str, Any] = dict.fromkeys(doubted)
    return replace(
        told,
        **left_out,
        unsure=tuple(name for name in told.unsure if name not in doubted),
        evidence=tuple(pair for pair in told.evidence if pair[0] not in doubted),
    )


def put_change(turn: Turn, before: Case, case: Case) -> str:
    """Let a case that was changed go on from the state it is in; `before` is what it was."""
    if not matters(before, case) and case.state != "asking":
        return _told_back(turn, case, "changed")
    return WHAT_FOLLOWS[case.state](turn, case)


def _nothing_new(turn: Turn, read: Read, case: Case, *, wrong: bool, awaited: bool) -> str:
    """No fact and no need in it: ask what is different, or keep the words for who looks at the case."""
    if wrong and not awaited:
        return ask_what_differs(turn, case)
    case_question.keep_question(turn, case, read)
    if awaited:
        known = asked.of_case(turn.db, case.id)
        asked.keep(turn.db, replace(known, questions=()), turn.now)
        return _hand_to_a_person(turn, case, read.message.text)
    cases.touch(turn.db, case.id, turn.now)
    assert read.understood is not None
    if "edited" in read.message.defects or read.understood.kind == "thanks":
        return "added"
    if case.state == "introduced":
        return _tell_adviser(turn, case, read.message.text)
    if read.message.channel in LIVE_CHANNELS:  # in a conversation silence looks like a fault
        _told_back(turn, case, "added")
    return "added"


def _tell_adviser(turn: Turn, case: Case, words: str) -> str:
    """Words behind an introduction, such as that the expert does not answer: the adviser reads them."""
    accepted = proposals.accepted_of_case(turn.db, case.id)
    if accepted is None or not words.strip():
        return "added"
    expert, adviser = turn.person(accepted.expert_id), turn.person(accepted.adviser_id)
    named: dict[str, Any] = {"expert_name": expert.name, "expert_organisation": expert.organisation}
    turn.to_person(adviser, case, "initiator_writes", own_words=words, **named)
    turn.to_initiator(case, "corrected", step="adviser", **what_we_understood(turn, case))
    return "told_adviser"


def _hand_to_a_person(turn: Turn, case: Case, words: str) -> str:
    """Words that we can't read as a change: a coordinator gets them, and the initiator hears so."""
    turn.to_coordinator(
        case,
        "privacy_request",
        request="correct",
        sender_name=case.initiator_name,
        sender_email=case.reachable_at,
        own_words=words,
    )
    return _told_back(turn, case, "person")


def _told_back(turn: Turn, case: Case, step: str) -> str:
    turn.to_initiator(case, "corrected", step=step, **what_we_understood(turn, case))
    return "corrected"


def _ask_on(turn: Turn, case: Case) -> str:
    return take_next_step(turn, case, False, cases.question_of(turn.db, case.id))


def _propose_again(turn: Turn, case: Case) -> str:
    """What the adviser has to decide on is no longer what was asked: take it back, and go on from here."""
    brokering.stop_proposal(turn, case)
    return _ask_on(turn, case)


def _review_again(turn: Turn, case: Case) -> str:
    """The coordinator gets the case as it is now, unless nothing stands in its way any more."""
    reviews.withdraw_of_case(turn.db, case.id, turn.now)
    return _ask_on(turn, keep_state(turn, case, "facts_missing"))


def _come_back(turn: Turn, case: Case) -> str:
    """A case that was referred, and lies in Noord-Brabant after all."""
    if assess(case.facts).eligibility == "outside_area":
        return _told_back(turn, case, "changed")
    return _ask_on(turn, keep_state(turn, case, "reopened"))


def _only_keep(turn: Turn, case: Case) -> str:
    """An expert was chosen already: who works on it hears the rest from the initiator."""
    return _told_back(turn, case, "changed")


WHAT_FOLLOWS: dict[CaseState, Callable[[Turn, Case], str]] = {
    "new": _ask_on,
    "asking": _ask_on,
    "review": _review_again,
    "proposed": _propose_again,
    "accepted": _only_keep,
    "introduced": _only_keep,
    "unserved": _ask_on,
    "referred": _come_back,
    "withdrawn": _only_keep,
    "closed": _only_keep,
}


def _same(before: Case, after: Case) -> bool:
    facts = (before.facts, after.facts)
    told = [(each.phase, each.initiative, each.sheet) for each in facts]
    return before.needs == after.needs and told[0] == told[1] and not matters(before, after)


def matters(before: Case, after: Case) -> bool:
    """Whether something changed that the choice of an expert, or taking part, rests on."""
    needs = {need.code for need in before.needs} != {need.code for need in after.needs}
    return needs or _ground(before.facts) != _ground(after.facts)


def _ground(facts: Facts) -> tuple[object, ...]:
    place = (facts.municipality, facts.province)
    return *place, facts.budget, facts.provincial_dependence, frozenset(facts.unsure)
