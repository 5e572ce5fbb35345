"""Takes in what an initiator says of what we understood: right, wrong, the missing facts, or other words in its place.

Runs inside the transaction of its `Turn`. What to ask is decided in bot/initiator/asking.py, what words mean in inbox.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot import case_question
from bot.choices import Pressed, choice_in
from bot.initiator import belonging, following_up, own_data, stopping
from bot.initiator.asking import SHORT_LISTS, ask_fact, ask_what_differs, take_next_step, what_we_understood
from bot.initiator.changing import case_with
from bot.pressing import Heard, OnPress, joined
from bot.reading import Read
from bot.store import asked, cases
from bot.store.asked import Asked, Checked
from bot.turn import Turn
from inbox.asked import DONT_KNOW, Reply, read_reply
from inbox.confirmation import confirms, objects
from inbox.consent import consent_in
from inbox.facts import Facts
from inbox.folding import bare
from inbox.found_need import Need
from inbox.same_or_new import same_or_new
from matcher.proposal import MOST_ROUNDS, Case
from matcher.rules import assess

FACTS = ("municipality", "budget", "provincial_dependence", "consent")
"""What a reply is read for; the other questions have readers of their own."""


def questions_of(known: Asked, case: Case) -> tuple[str, ...]:
    """The facts, and consent, that a reply in this case is read for."""
    if known.questions:
        return tuple(each for each in known.questions if each in FACTS)
    return (*assess(case.facts).missing, "consent")  # asked by an older release


def settles(known: Asked, words: str) -> bool:
    """Whether words answer "is this right?" or "the same or new?" by themselves, whatever kind they look like."""
    right = "right" in known.questions and confirms(words) is not None
    return right or ("belongs" in known.questions and same_or_new(words) is not None)


def take_answer(turn: Turn, read: Read, case: Case, consent_counts: bool) -> str:
    """Take in an answer in a case that waits for one, then take the next step.

    Consent counts only where the letter's own secret or the conversation itself proves who writes.
    """
    text, known = read.message.text, asked.of_case(turn.db, case.id)
    if "belongs" in known.questions:
        return belonging.take_answer(turn, read, case, known)
    turn.note(case, "answered", "initiator")
    questions = questions_of(known, case)
    reply = read_reply(text, questions)
    says = confirms(text) if {"right", "different"} & set(known.questions) else None
    wrong = not says and (says is False or "different" in known.questions or objects(text))
    if consent_counts:
        consent = reply.consent if "consent" in questions else consent_in(text)
        case = replace(case, consent=consent if consent is not None else case.consent)
    changed = case_with(_as_shown(case) if says else case, read, reply.facts, wrong=wrong)
    if wrong and "different" not in known.questions and changed == case:
        return ask_what_differs(turn, case_question.keep_as_it_is(turn, case))
    return _go_on(turn, read, case, _settled(changed, read, known), _after(known, reply, changed, says, wrong))


def _as_shown(case: Case) -> Case:
    """A case of which the initiator says that it is right: what we had read with doubt is now told."""
    return replace(case, facts=replace(case.facts, unsure=()))


def _settled(case: Case, read: Read, known: Asked) -> Case:
    """Words that say what is needed, or different, and that we can't read: a person will, after the last round."""
    unknown = "need" in known.questions and DONT_KNOW.search(bare(read.message.text))
    return replace(case, rounds_asked=MOST_ROUNDS) if unknown else case


def _go_on(turn: Turn, read: Read, before: Case, case: Case, known: Asked) -> str:
    """Keep what was told and take the next step; words of another kind only help when they were asked for."""
    anew = known.checked == "wrong" and case.needs != before.needs
    asked.keep(turn.db, known, turn.now)
    case = case_question.keep_question(turn, case, read, anew=anew)
    return take_next_step(turn, case, False, read.message.text)


def _after(known: Asked, reply: Reply, case: Case, says: bool | None, wrong: bool) -> Asked:
    """What is still to be asked, and whether we understood well."""
    missing = assess(case.facts).missing
    still = tuple(fact for fact in dict.fromkeys((*known.not_known, *reply.not_known)) if fact in missing)
    checked: Checked = "right" if says else "wrong" if wrong else known.checked
    return replace(known, not_known=still, checked=checked)


def may_go_on(known: Asked) -> bool:
    """Whether a case waits for an answer that it can do without."""
    return known.questions in (("right",), ("belongs",))


def needs_no_answer(case: Case, known: Asked) -> bool:
    """Whether a case that was asked something can go on as it is when no answer comes."""
    missing = known.questions == ("right",) and bool(assess(case.facts).missing)
    return case.state == "asking" and may_go_on(known) and not missing


def go_on_without_answer(turn: Turn, case: Case) -> str | None:
    """Nobody answered: a case that can do without the answer goes on; None for any other."""
    known = asked.of_case(turn.db, case.id)
    if not needs_no_answer(case, known):
        return None
    turn.note(case, "unanswered", "bot", known.questions[0])
    if known.questions == ("belongs",):
        return belonging.settle_new(turn, case)
    return take_next_step(turn, case, False, cases.question_of(turn.db, case.id))


def _on_right(turn: Turn, read: Read, pressed: Pressed) -> Heard | None:
    del read
    case = pressed.case
    if case is None:
        return None
    known = asked.of_case(turn.db, case.id)
    along = tuple(each for each in known.questions if each in FACTS)
    waits = case.state == "asking" and "right" in known.questions
    asked.keep(turn.db, replace(known, questions=along if waits else (), checked="right"), turn.now)
    turn.note(case, "confirmed", "initiator")
    case = case_question.keep_as_it_is(turn, _as_shown(case))
    if not waits:
        turn.to_initiator(case, "corrected", step="right", **what_we_understood(turn, case))
    elif along:
        ask_fact(turn, case, along[0])  # the question that came along with "is this right?", in the same round
    else:
        take_next_step(turn, case, False, cases.question_of(turn.db, case.id))
    return "confirmed", case.id


def _on_wrong(turn: Turn, read: Read, pressed: Pressed) -> Heard | None:
    del read
    if pressed.case is None:
        return None
    turn.note(pressed.case, "objected", "initiator")
    return ask_what_differs(turn, pressed.case), pressed.case.id


def _on_fact(turn: Turn, read: Read, pressed: Pressed) -> Heard | None:
    """A fact from its short list; None when the case no longer waits for it."""
    del read
    case, fact = pressed.case, pressed.action
    if case is None or case.state != "asking" or fact not in assess(case.facts).missing:
        return None
    known = asked.of_case(turn.db, case.id)
    turn.note(case, "answered", "initiator")
    if pressed.value == "unknown":
        asked.keep(turn.db, replace(known, not_known=(*known.not_known, fact)), turn.now)
    else:
        told = _told(case, fact, pressed.value)
        case = case_question.keep_as_it_is(turn, replace(case, facts=case.facts.updated(told)))
    return take_next_step(turn, case, False, cases.question_of(turn.db, case.id)), case.id


def _on_need(turn: Turn, read: Read, pressed: Pressed) -> Heard | None:
    """A topic, chosen by who could not find the words; None when the case no longer waits for one."""
    del read
    case = pressed.case
    topic = next((each for each in turn.wiring.topics if each.code == pressed.value), None)
    if case is None or topic is None or case.state != "asking" or case.needs:
        return None
    turn.note(case, "answered", "initiator")
    case = replace(case, needs=(Need(topic.code, 1.0, topic.label),))
    case = case_question.add_words(turn, case, topic.label)
    return take_next_step(turn, case, False, topic.label), case.id


def _told(case: Case, fact: str, value: str) -> Facts:
    """What a choice tells; the words on the button are its evidence, as a sentence would be."""
    chosen: Any = {"yes": True, "no": False}[value] if fact == "provincial_dependence" else value
    return replace(Facts(), **{fact: chosen}, evidence=((fact, choice_in(case.language, fact, value).label),))


PRESSED: Mapping[str, OnPress] = joined(
    {"right": _on_right, "wrong": _on_wrong, "need": _on_need, **dict.fromkeys(SHORT_LISTS, _on_fact)},
    belonging.PRESSED,
    following_up.PRESSED,
    own_data.PRESSED,
    stopping.PRESSED,
)
"""What the choices of an initiator do."""
