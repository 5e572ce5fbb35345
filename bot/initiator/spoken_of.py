"""Which case somebody in a live conversation speaks of, where no thread and no number tells. Decides nothing."""

from bot.initiator.coming_back import is_asleep
from bot.store import adviser_questions, asked, cases
from bot.turn import Turn
from matcher.proposal import Case


def spoken_of(turn: Turn, address: str) -> Case | None:
    """Of the cases that wait for words, the one we wrote of last; else one that still runs.

    Where none runs, the newest one when it ended while a question of ours waited.
    """
    running = cases.running_of(turn.db, address)
    if not running:
        return _ended_waiting(turn, address)
    waiting = {
        case.id: case
        for case in running
        if case.state in ("asking", "accepted")
        or asked.of_case(turn.db, case.id).questions
        or adviser_questions.waiting_in(turn.db, case.id)
    }
    last = asked.last_written_of(turn.db, address, list(waiting))
    return waiting[last] if last is not None else next(iter([*waiting.values(), *running]), None)


def joined(turn: Turn, case: Case | None) -> Case | None:
    """The case that another one went up in: what is said in that one's thread belongs there."""
    known = asked.of_case(turn.db, case.id) if case is not None else None
    if known is None or known.about is None or "merged" not in known.questions:
        return case
    return cases.find(turn.db, known.about)


def _ended_waiting(turn: Turn, address: str) -> Case | None:
    newest = next(iter(cases.of_initiator(turn.db, address)), None)
    if newest is None or newest.state != "closed":
        return None
    waits = {*asked.of_case(turn.db, newest.id).questions} - {"merged"}
    return newest if waits or is_asleep(turn, newest) else None
