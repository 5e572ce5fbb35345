"""One person of the pool changed by a coordinator: checked with the rules of the whole pool, then kept.

Runs inside the transaction of its `Turn`. An import of a whole file is bot/pool_import.py's.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.adviser import absence
from bot.store import absences, pool
from bot.turn import Turn
from expertise.availability import Absence
from expertise.experts import POOL_HEADER, Expert, Problem, read_pool, row_of
from expertise.places import is_known_region

FIRST_ROW = 2
"""The number of the first person in a file, below the header."""


def change(turn: Turn, expert: Expert, cells: Mapping[str, str]) -> dict[str, Problem]:
    """Keep somebody with these cells of a pool file in place of the present ones; what is wrong, by column."""
    others = [one for one in pool.everyone(turn.db) if one.id != expert.id]
    rows = [{**row_of(expert), **cells, "id": expert.id}, *(row_of(one) for one in others)]
    known = {topic.code for topic in turn.wiring.topics}
    experts, errors = read_pool(rows, POOL_HEADER, known, is_known_region)
    if errors:
        return {error.column: error.problem for error in errors if error.row == FIRST_ROW or not error.row} or {
            error.column: error.problem for error in errors
        }
    changed = replace(experts[0], away_until=expert.away_until)
    if changed != expert:
        pool.keep_one(turn.db, changed)
        turn.note(None, "pool_changed", "coordinator", expert.id)
    return {}


def keep_absence(turn: Turn, told: Absence) -> None:
    """Somebody is away: an adviser hears so and is stood in for; an expert is left out of new proposals meanwhile."""
    person = turn.person(told.person_id)
    if person.role == "adviser":
        absence.keep(turn, told)
    else:
        absences.keep(turn.db, told, turn.now)
        absences.mark_away(turn.db, turn.today)
    turn.note(None, "absence_kept_by_desk", "coordinator", person.id)


def end_absence(turn: Turn, person: Expert, absence_id: int) -> None:
    """An absence is over or does not go on; one that is not this person's stays."""
    own = {each.id for each in absences.of_person(turn.db, person.id, turn.today)}
    if absence_id not in own:
        return
    if person.role == "adviser":
        absence.end(turn, person, absence_id)
    else:
        absences.end(turn.db, absence_id, turn.now)
        absences.mark_away(turn.db, turn.today)
    turn.note(None, "absence_ended_by_desk", "coordinator", person.id)
