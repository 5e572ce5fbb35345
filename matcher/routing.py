"""Which adviser gets a proposal and why: by organisation, topic, region and load, with who stands in for whom.

Telling it and moving a proposal do not belong here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from expertise.availability import Absence, stand_in, unavailable_because
from expertise.experts import Expert
from expertise.organisations import Organisation, shipped_organisations
from expertise.places import BRABANT, NETHERLANDS, covers, fold

RouteReason = Literal[
    "has_room", "organisation", "topics", "region", "least_busy", "only_one", "equal", "stands_in", "nobody_there"
]

SAID_IN_PASSING = 2
"""So many different words in a whole message make it a question for an organisation; one in what is asked is enough."""


@dataclass(frozen=True, slots=True)
class Question:
    """What decides who gets a proposal: `needs` are codes, `asked` the sentences that hold them with the initiative's
    name, `text` the whole question."""

    needs: tuple[str, ...] = ()
    municipality: str | None = None
    asked: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Routed:
    """The adviser who gets the proposal, what speaks for that one, and whose place it is when somebody stands in."""

    adviser: Expert
    because: tuple[RouteReason, ...]
    instead_of: Expert | None = None


@dataclass(frozen=True, slots=True)
class _Seat:
    """An adviser whom a proposal suits, who does that work today, and how many proposals wait with the latter."""

    suits: Expert
    acts: Expert
    load: int


Preference = Callable[[_Seat, Question], int]


def route(
    advisers: Sequence[Expert],
    question: Question,
    loads: Mapping[str, int],
    today: date,
    absences: Collection[Absence] = (),
    avoid: Collection[str] = (),
) -> Routed | None:
    """The adviser to put a proposal before; None when nobody covers the place and is at work.

    The preferences of PREFERENCES count in their order, then the lowest id. `loads` counts the proposals that wait,
    by adviser id; `avoid` holds the ids of who is not to be asked. Who has no room is still asked when nobody else
    is there: a proposal waits better with a person than with none.
    """
    seats = _seats(advisers, question, loads, today, absences, avoid)
    if not seats:
        return None
    best, because = _best_of(seats, question)
    if not because:
        because.append("only_one" if len({seat.acts.id for seat in seats}) == 1 else "equal")
    if best.acts is best.suits:
        return Routed(best.acts, tuple(because))
    return Routed(best.acts, (*because, "stands_in"), best.suits)


def wait_with(advisers: Sequence[Expert], question: Question, loads: Mapping[str, int]) -> Routed | None:
    """The adviser with whom a proposal waits while nobody who may take it is there: the best one, away or not.

    None when nobody at all covers the place.
    """
    seats = [_Seat(each, each, loads.get(each.id, 0)) for each in _covering(advisers, question)]
    return Routed(_best_of(seats, question)[0].acts, ("nobody_there",)) if seats else None


def organisation_first(question: Question) -> Organisation | None:
    """Whose advisers are asked first: the organisation with a topic or words of the question, or the one for others."""
    organisations = shipped_organisations()
    special = next((one for one in organisations if _comes_first(one, question)), None)
    return special or next((one for one in organisations if one.first_for_others), None)


def _has_room(seat: _Seat, question: Question) -> int:
    del question
    return int(seat.load < seat.acts.capacity)


def _is_of_the_organisation(seat: _Seat, question: Question) -> int:
    first = organisation_first(question)
    return int(first is not None and fold(first.name) == fold(seat.suits.organisation))


def _knows_the_topics(seat: _Seat, question: Question) -> int:
    return len(set(question.needs) & set(seat.suits.needs))


def _works_nearby(seat: _Seat, question: Question) -> int:
    """Whether the working area names the region or the municipality itself, not just the province."""
    wide = {fold(BRABANT), fold(NETHERLANDS)}
    return int(bool(covers([word for word in seat.suits.regions if fold(word) not in wide], question.municipality)))


def _is_least_busy(seat: _Seat, question: Question) -> int:
    del question
    return -seat.load


PREFERENCES: tuple[tuple[RouteReason, Preference], ...] = (
    ("has_room", _has_room),
    ("organisation", _is_of_the_organisation),
    ("topics", _knows_the_topics),
    ("region", _works_nearby),
    ("least_busy", _is_least_busy),
)


def _seats(
    advisers: Sequence[Expert],
    question: Question,
    loads: Mapping[str, int],
    today: date,
    absences: Collection[Absence],
    avoid: Collection[str],
) -> list[_Seat]:
    """Everyone whose place and work allow the proposal, with who acts for them today."""
    known = {person.id: person for person in _working(advisers)}
    seats = []
    for suits in _covering(advisers, question):
        acts = known.get(stand_in(suits.id, absences, today) or "")
        if acts is None or acts.id in avoid:
            continue
        load = loads.get(acts.id, 0)
        if unavailable_because(acts, load, today) in (None, "full"):
            seats.append(_Seat(suits, acts, load))
    return seats


def _working(advisers: Iterable[Expert]) -> list[Expert]:
    return [person for person in advisers if person.role == "adviser" and person.active]


def _covering(advisers: Iterable[Expert], question: Question) -> list[Expert]:
    """Everyone at work for whom the place is no reason against it."""
    return [each for each in _working(advisers) if covers(each.regions, question.municipality) is not False]


def _best_of(seats: Sequence[_Seat], question: Question) -> tuple[_Seat, list[RouteReason]]:
    """The seat that the preferences put first, and which of them tell it from the others."""
    values = {seat: tuple(prefers(seat, question) for _, prefers in PREFERENCES) for seat in seats}
    best = min(seats, key=lambda seat: (*(-value for value in values[seat]), seat.acts.id, seat.suits.id))
    return best, [name for place, (name, _) in enumerate(PREFERENCES) if _stands_out(place, best, values)]


def _stands_out(place: int, best: _Seat, values: Mapping[_Seat, tuple[int, ...]]) -> bool:
    """Whether this preference tells the best from somebody else."""
    return any(theirs[place] < values[best][place] for theirs in values.values())


def _comes_first(organisation: Organisation, question: Question) -> bool:
    if set(organisation.first_for) & set(question.needs):
        return True
    if not organisation.first_for_words:
        return False
    pattern = _beginnings(organisation.first_for_words)
    if pattern.search(fold(question.asked)):
        return True
    return len(set(pattern.findall(fold(question.text)))) >= SAID_IN_PASSING


@cache
def _beginnings(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})")
