"""An initiator stops a question, says which one of several, or goes on with it after all; or nobody ever does.

Runs inside the transaction of its `Turn`.
"""

from collections.abc import Mapping

from bot import brokering
from bot.brokering import keep_state
from bot.choices import Choice, Pressed, choice_in
from bot.initiator.asking import take_next_step
from bot.initiator.coming_back import is_asleep
from bot.pressing import Heard, OnPress
from bot.reading import Read
from bot.store import asked, cases, reviews
from bot.store.asked import Asked
from bot.store.events import Actor
from bot.turn import Turn
from matcher.proposal import Case, CaseEvent


def stop(turn: Turn, case: Case) -> Case:
    """Stop a case that has not ended: what waits for others is taken back, and its initiator told."""
    case = stop_silently(turn, case)
    turn.to_initiator(case, "withdrawn", choices=(choice_in(case.language, "carry_on"),))
    return case


def stop_silently(turn: Turn, case: Case) -> Case:
    """As `stop`, for whoever hears of it in another letter."""
    brokering.stop_proposal(turn, case)
    return _end(turn, case, "withdrawn", "initiator")


def keep_no_longer(turn: Turn, case: Case) -> Case:
    """End a case that nobody stopped, when its words go because they were kept long enough."""
    brokering.stop_proposal(turn, case, "expired")
    return _end(turn, case, "kept_no_longer", "bot")


def _end(turn: Turn, case: Case, event: CaseEvent, actor: Actor) -> Case:
    reviews.withdraw_of_case(turn.db, case.id, turn.now)
    case = keep_state(turn, case, event)
    asked.keep(turn.db, Asked(case.id, checked=asked.of_case(turn.db, case.id).checked), turn.now)
    turn.note(case, event, actor)
    return case


def stop_choices(running: list[Case]) -> tuple[Choice, ...]:
    """One choice for each case that can be stopped, when there is more than one."""
    if len(running) < 2:
        return ()
    return tuple(
        Choice("stop", f"{choice_in(case.language, 'stop').label} {case.reference}", str(case.id)) for case in running
    )


def _on_stop(turn: Turn, read: Read, pressed: Pressed) -> Heard | None:
    del read
    own = {str(case.id): case for case in cases.running_of(turn.db, pressed.holder)}
    case = own.get(pressed.value)
    return None if case is None else ("withdrawn", stop(turn, case).id)


def _on_carry_on(turn: Turn, read: Read, pressed: Pressed) -> Heard | None:
    """Stopping was not meant, or nobody answered in time: the case takes its step again."""
    del read
    case = pressed.case
    if case is None or not (case.state == "withdrawn" or is_asleep(turn, case)):
        return None
    turn.note(case, "reopened", "initiator")
    case = keep_state(turn, case, "reopened")
    return take_next_step(turn, case, False, cases.question_of(turn.db, case.id)), case.id


PRESSED: Mapping[str, OnPress] = {"stop": _on_stop, "carry_on": _on_carry_on}
