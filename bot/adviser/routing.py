"""Who gets the proposal of a case now: what is known of case, advisers and absences, laid before matcher/routing.py."""

from collections.abc import Collection, Iterable

from bot.store import absences, cases, pool
from bot.turn import Turn
from expertise.experts import Expert
from matcher.proposal import Case
from matcher.routing import Question, Routed, route, wait_with


def adviser_for(turn: Turn, case: Case, avoid: Collection[str] = (), expert_id: str = "") -> Routed | None:
    """The adviser to put a proposal of this case before, and why; None when nobody is there.

    An adviser may be an expert too: whoever is the one proposed (`expert_id`) decides on that only where no other
    adviser is there.
    """
    own = _same_person(turn, expert_id)
    by_another = _route(turn, case, turn.pool.experts, {*avoid, *own}) if own else None
    return by_another or _route(turn, case, turn.pool.experts, avoid)


def adviser_to_wait_with(turn: Turn, case: Case) -> Routed | None:
    """The adviser with whom a proposal waits while nobody is there; None when nobody at all covers the place."""
    return wait_with(turn.pool.experts, question_of(turn, case), pool.adviser_loads(turn.db))


def adviser_among(turn: Turn, case: Case, people: Iterable[Expert]) -> Expert | None:
    """Who of these people would get a proposal of this case, wherever the others work; None when nobody is there."""
    routed = _route(turn, case, people, ())
    return None if routed is None else routed.adviser


def question_of(turn: Turn, case: Case) -> Question:
    """What a case asks, as far as it decides whose it is."""
    return Question(
        needs=tuple(need.code for need in case.needs),
        municipality=case.facts.municipality,
        asked="\n".join([*(need.evidence for need in case.needs), case.facts.initiative or ""]),
        text=cases.question_of(turn.db, case.id),
    )


def _same_person(turn: Turn, expert_id: str) -> set[str]:
    """The ids under which a person stands in the pool: as an expert, and with the same mailbox as an adviser."""
    mailboxes = {one.email.casefold() for one in turn.pool.experts if one.id == expert_id} - {""}
    return {one.id for one in turn.pool.experts if one.id == expert_id or one.email.casefold() in mailboxes}


def _route(turn: Turn, case: Case, people: Iterable[Expert], avoid: Collection[str]) -> Routed | None:
    return route(
        [person for person in people if person.role == "adviser"],
        question_of(turn, case),
        pool.adviser_loads(turn.db),
        turn.today,
        absences.on(turn.db, turn.today),
        avoid,
    )
