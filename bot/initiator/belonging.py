"""A second question of one person: it goes on with the first, is a case of its own, or we ask which of the two.

Runs inside the transaction of its `Turn`. What speaks for either is matcher's judgement.
"""

from collections.abc import Mapping

from bot import case_question
from bot.brokering import keep_state
from bot.choices import Pressed, choice_in
from bot.initiator.asking import take_next_step
from bot.initiator.changing import put_change
from bot.pressing import Heard, OnPress
from bot.reading import Read
from bot.store import asked, cases
from bot.store.asked import Asked
from bot.turn import Turn
from inbox.message import LIVE_CHANNELS
from inbox.same_or_new import same_or_new
from matcher.belonging import belonging
from matcher.proposal import MOST_ROUNDS, Case

ASKS = ("request", "vague_request")
STILL_OPEN = ("asking", "review", "proposed", "accepted", "unserved")
"""The states in which a case can still take in a further question."""


def find_other(turn: Turn, read: Read, case: Case | None) -> Case | None:
    """The case that a question may belong to; None when it can only be a new one.

    `case` is the one that the threading ladder found. A mail outside any thread may still go on with a question
    that its sender asked before, but its From line alone adds nothing there.
    """
    assert read.understood is not None
    if read.understood.kind not in ASKS:
        return None
    own = [case] if case is not None else _of_a_mail(turn, read)
    for each in own:
        if each.state in STILL_OPEN and _belonging(read, each) != "new":
            return each
    return None


def clearly_same(read: Read, case: Case) -> bool:
    """Whether a question goes on with the case in whose thread or conversation it stands."""
    return _belonging(read, case) == "same"


def clearly_new(read: Read, case: Case) -> bool:
    """Whether a question is about something else than this case, although it came in its conversation."""
    return _belonging(read, case) == "new"


def ask_which(turn: Turn, read: Read, other: Case) -> Heard:
    """Keep the question as a case of its own, and ask whether it belongs to the other one."""
    case = case_question.open_question(turn, read)
    return _ask_again(turn, case, other), case.id


def take_answer(turn: Turn, read: Read, case: Case, known: Asked) -> str:
    """Same or new; what is neither adds to the question, and is asked once more."""
    said = same_or_new(read.message.text)
    other = cases.find(turn.db, known.about) if known.about is not None else None
    turn.note(case, "answered", "initiator")
    if said == "same" and other is not None:
        return settle_same(turn, case, other)
    if said is None:
        case = case_question.keep_question(turn, case, read)
        if other is not None and case.rounds_asked < MOST_ROUNDS - 1:
            return _ask_again(turn, case, other)
    return settle_new(turn, case)


def settle_new(turn: Turn, case: Case) -> str:
    """A question of its own: take its next step."""
    asked.keep(turn.db, Asked(case.id), turn.now)
    return take_next_step(turn, case, False, cases.question_of(turn.db, case.id))


def settle_same(turn: Turn, case: Case, other: Case) -> str:
    """It belongs to the other case: join the two, and let that one go on with all that is known now."""
    joined = case_question.join(turn, other, case)
    return put_change(turn, other, joined)


def _of_a_mail(turn: Turn, read: Read) -> list[Case]:
    message = read.message
    return [] if message.channel in LIVE_CHANNELS else cases.running_of(turn.db, message.sender)


def _belonging(read: Read, case: Case) -> str:
    assert read.understood is not None
    return belonging(case, read.understood.facts, read.understood.needs)


def _ask_again(turn: Turn, case: Case, other: Case) -> str:
    case = keep_state(turn, case, "facts_missing", rounds_asked=case.rounds_asked + 1)
    asked.keep(turn.db, Asked(case.id, ("belongs",), about=other.id), turn.now)
    turn.note(case, "asked", "bot", "belongs")
    choices = (choice_in(case.language, "same"), choice_in(case.language, "new"))
    turn.to_initiator(
        case,
        "same_or_new",
        turn.invite_initiator(case),
        choices=choices,
        earlier=other.reference,
        earlier_needs=[{"code": need.code, "label": turn.wiring.label(need.code)} for need in other.needs],
    )
    return "asked_which"


def _on_which(turn: Turn, read: Read, pressed: Pressed) -> Heard | None:
    del read
    case = pressed.case
    known = asked.of_case(turn.db, case.id) if case is not None else None
    if case is None or known is None or "belongs" not in known.questions:
        return None
    other = cases.find(turn.db, known.about) if known.about is not None else None
    if pressed.action == "same" and other is not None:
        return settle_same(turn, case, other), other.id
    return settle_new(turn, case), case.id


PRESSED: Mapping[str, OnPress] = {"same": _on_which, "new": _on_which}
