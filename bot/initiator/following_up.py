"""After an introduction: did it help, in which phase is the initiative now, what next; and what the answers lead to.

Runs inside the transaction of its `Turn`. When somebody is asked tells bot/clock/introduced.py. An answer counts as
long as the question waits, also when the case was closed meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot import case_question
from bot.brokering import keep_state
from bot.choices import Choice, Pressed, choice_in
from bot.initiator.asking import take_next_step
from bot.initiator.live import is_aside
from bot.pressing import Heard, OnPress
from bot.reading import Read
from bot.store import asked, cases, follow_ups, proposals
from bot.store.asked import Asked
from bot.store.follow_ups import FollowUp
from bot.turn import Turn
from inbox.confirmation import confirms
from inbox.follow_up import read_follow_up
from inbox.message import LIVE_CHANNELS
from matcher.belonging import belonging
from matcher.proposal import Case

QUESTIONS = ("helped", "phase", "next")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "helped": ("yes", "partly", "no"),
    "phase": ("1", "2", "3", "4", "5", "unknown"),
    "next": ("nothing",),
    "again": ("yes", "no"),
}
HEARD_IN = ("introduced", "closed")
"""The states in which an answer to these questions is one."""


def ask_how_it_went(turn: Turn, case: Case) -> None:
    """Ask the initiator of an introduced case how it went. Raises ValueError for a case in another state.

    The letter's key rests on the turn's `cause`: name the case in it, so that nobody is asked twice.
    """
    if case.state != "introduced":
        raise ValueError("only an introduction can be asked after")
    follow_ups.begin(turn.db, case.id, turn.now)
    turn.note(case, "follow_up_asked", "bot")
    _ask(turn, case, QUESTIONS[:1] if case.channel in LIVE_CHANNELS else QUESTIONS, first=True)


def ask_once_more(turn: Turn, case: Case) -> bool:
    """Ask what the initiator of an introduced case did not tell yet; False when nothing is left to ask.

    Raises ValueError for a case in another state. What was told before is kept.
    """
    if case.state != "introduced":
        raise ValueError("only an introduction can be asked after")
    left = _left(follow_ups.of_case(turn.db, case.id) or FollowUp(case.id))
    turn.note(case, "follow_up_asked", "bot", "again")
    if left:
        _ask(turn, case, left[:1] if case.channel in LIVE_CHANNELS else left, first=True)
    return bool(left)


def _left(told: FollowUp) -> tuple[str, ...]:
    """The questions without an answer; whoever was not helped is asked whether to look on."""
    known = {"helped": told.helped is not None, "phase": told.phase is not None, "next": bool(told.next)}
    left = tuple(each for each in QUESTIONS if not known[each])
    return left or (("again",) if told.helped in ("partly", "no") else ())


def hear(turn: Turn, read: Read, case: Case) -> Heard | None:
    """Take a message as an answer to these questions; None when it is none."""
    assert read.understood is not None
    known = asked.of_case(turn.db, case.id)
    questions = tuple(each for each in known.questions if each in CHOICES)
    if case.state not in HEARD_IN or not questions or is_aside(read, any_words=questions == ("next",)):
        return None
    if questions == ("again",):
        return _hear_again(turn, read, case)
    told = read_follow_up(read.message.text, questions)
    heard = told.helped is not None or told.phase is not None or bool(told.not_known) or questions == ("next",)
    if not heard and read.understood.kind == "request":
        return None
    before = follow_ups.of_case(turn.db, case.id) or FollowUp(case.id)
    now = FollowUp(
        case.id,
        told.helped or before.helped,
        told.phase or before.phase,
        told.next or before.next or _rest(read, heard),
    )
    heard_now = _take(turn, case, questions, now)
    return _new_question(turn, read, case) or heard_now


def _rest(read: Read, heard: bool) -> str:
    """Words that answer nothing we asked are kept as what comes next: a person may read them."""
    return "" if heard else read.message.text


def _take(turn: Turn, case: Case, questions: Sequence[str], told: FollowUp) -> Heard:
    """Keep what is told; in a live conversation ask the next question, at the end thank."""
    follow_ups.keep(turn.db, told, turn.now)
    turn.note(case, "follow_up", "initiator", told.helped or "")
    if told.phase is not None:
        case = case_question.keep_as_it_is(turn, replace(case, facts=replace(case.facts, phase=told.phase)))
    following = QUESTIONS[QUESTIONS.index(questions[-1]) + 1 :][:1]
    if following:
        _ask(turn, case, following)
        return "follow_up", case.id
    if told.helped in ("partly", "no"):
        _ask(turn, case, ("again",))
        return "follow_up", case.id
    return _finish(turn, case)


def _finish(turn: Turn, case: Case) -> Heard:
    asked.keep(turn.db, Asked(case.id), turn.now)
    if case.state == "introduced":
        case = keep_state(turn, case, "follow_up_done")
    _write(turn, case, (), first=False)
    return "follow_up_done", case.id


def _new_question(turn: Turn, read: Read, case: Case) -> Heard | None:
    """What comes next may be a question to us: another subject is a case of its own."""
    assert read.understood is not None
    understood = read.understood
    if understood.kind != "request" or belonging(case, understood.facts, understood.needs) == "same":
        return None
    opened = case_question.open_question(turn, read)
    return take_next_step(turn, opened, False, read.message.text), opened.id


def _hear_again(turn: Turn, read: Read, case: Case) -> Heard | None:
    said = confirms(read.message.text)
    if said is None:
        return _new_question(turn, read, case)
    return _again(turn, case) if said else _finish(turn, case)


def _again(turn: Turn, case: Case) -> Heard:
    """Look for another expert: the one who was introduced is left out, and consent is asked anew."""
    accepted = proposals.accepted_of_case(turn.db, case.id)
    if accepted is not None:
        proposals.replace_accepted(turn.db, accepted.id, turn.channel, turn.now)
    asked.keep(turn.db, Asked(case.id, checked="right"), turn.now)
    turn.note(case, "reopened", "initiator")
    case = keep_state(turn, case, "reopened", consent=None)
    return take_next_step(turn, case, False, cases.question_of(turn.db, case.id)), case.id


def _ask(turn: Turn, case: Case, questions: Sequence[str], *, first: bool = False) -> None:
    asked.keep(turn.db, Asked(case.id, tuple(questions)), turn.now)
    _write(turn, case, questions, first=first)


def _write(turn: Turn, case: Case, questions: Sequence[str], *, first: bool) -> None:
    accepted = proposals.accepted_of_case(turn.db, case.id)
    turn.to_initiator(
        case,
        "follow_up",
        turn.invite_initiator(case) if questions else None,
        choices=_choices(case, questions) if len(questions) == 1 else (),
        questions=list(questions),
        first_time=first,
        expert_name=turn.person(accepted.expert_id).name if accepted is not None else "",
        sharing_link=turn.wiring.links.sharing(case.reference),
    )


def _choices(case: Case, questions: Sequence[str]) -> list[Choice]:
    return [choice_in(case.language, name, value) for name in questions for value in CHOICES[name]]


def _on_told(turn: Turn, read: Read, pressed: Pressed) -> Heard | None:
    """A choice under one of these questions; None when the case no longer waits for it."""
    del read
    case, name, value = pressed.case, pressed.action, pressed.value
    if case is None or case.state not in HEARD_IN or name not in asked.of_case(turn.db, case.id).questions:
        return None
    if name == "again":
        return _again(turn, case) if value == "yes" else _finish(turn, case)
    told = follow_ups.of_case(turn.db, case.id) or FollowUp(case.id)
    if name == "helped":
        told = replace(told, helped=value)  # type: ignore[arg-type]
    elif name == "phase" and value != "unknown":
        told = replace(told, phase=int(value))
    return _take(turn, case, (name,), told)


PRESSED: Mapping[str, OnPress] = dict.fromkeys(CHOICES, _on_told)
