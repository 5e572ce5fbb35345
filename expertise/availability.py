"""Whether one expert can be asked now; whether the expert fits a question does not belong here."""

from datetime import date

from expertise.experts import Expert


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
