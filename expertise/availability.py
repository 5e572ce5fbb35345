"""Whether one person of the pool can be asked now, and who stands in; who fits a question does not belong here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from expertise.experts import Expert


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away from the first up to and including the last day; `substitute_id` takes over, "" for nobody.

    Raises ValueError for one that ends before it begins, or with oneself as substitute.
    """

    person_id: str
    first_day: date
    last_day: date
    substitute_id: str = ""

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise ValueError("an absence ends before it begins")
        if self.substitute_id == self.person_id:
            raise ValueError("nobody stands in for themselves")

    def holds_on(self, day: date) -> bool:
        """Whether it is one of its days."""
        return self.first_day <= day <= self.last_day

    def overlaps(self, other: "Absence") -> bool:
        """Whether both hold on some day, for the same person."""
        same = self.person_id == other.person_id
        return same and self.first_day <= other.last_day and other.first_day <= self.last_day


def stand_in(person_id: str, absences: Iterable[Absence], today: date) -> str | None:
    """Who does the work of this person today: the same, a substitute or one further on; None for nobody."""
    deputies = {each.person_id: each.substitute_id for each in absences if each.holds_on(today)}
    asked: set[str] = set()
    while person_id in deputies:
        if person_id in asked:
            return None  # two who are away stand in for each other
        asked.add(person_id)
        person_id = deputies[person_id]
    return person_id or None


def is_away(expert: Expert, today: date) -> bool:
    """Whether the expert is away today; away_until is the last day of the absence."""
    return expert.away_until is not None and today <= expert.away_until


def has_room(expert: Expert, load: int) -> bool:
    """Whether one more initiative fits beside the load (number of initiatives now in the expert's hands)."""
    return load < expert.capacity


def unavailable_because(expert: Expert, load: int, today: date) -> str | None:
    """Why this expert cannot be asked: "inactive", "away" or "full", in that order; None when available."""
    if not expert.active:
        return "inactive"
    if is_away(expert, today):
        return "away"
    return None if has_room(expert, load) else "full"
