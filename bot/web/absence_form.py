"""The form in which an adviser tells of being away: filled in, checked, and as an absence. Keeps nothing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.store.absences import KeptAbsence
from expertise.availability import Absence
from expertise.experts import Expert
from inbox.absence import MOST_DAYS

_DUTCH = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
NO_DAY = "Vul een dag in, zoals 3-8-2026."
Problems = dict[str, str]


@dataclass(frozen=True, slots=True)
class AbsenceForm:
    """What was filled in, as it was typed; `substitute` is an id, "" for nobody."""

    first: str = ""
    last: str = ""
    substitute: str = ""


def filled_in(fields: Mapping[str, str]) -> AbsenceForm:
    """The form of a request's fields; "van", "tot" and "collega" are those of a link that fills it in."""
    return AbsenceForm(
        first=_field(fields, "first", "van"),
        last=_field(fields, "last", "tot"),
        substitute=_field(fields, "substitute", "collega"),
    )


def as_absence(
    form: AbsenceForm, adviser: Expert, colleagues: Sequence[Expert], away: Sequence[KeptAbsence], today: date
) -> tuple[Absence | None, Problems]:
    """The absence that was filled in, or what is wrong with it, a sentence a field.

    `colleagues` are those who may stand in, `away` their own absences.
    """
    first, last = day_in(form.first), day_in(form.last)
    problems: Problems = {}
    if first is None:
        problems["first"] = NO_DAY
    if last is None:
        problems["last"] = NO_DAY
    elif last < today:
        problems["last"] = "Deze dag is al voorbij. Vul een dag in die nog komt."
    elif first is not None and last < first:
        problems["last"] = "Je laatste dag ligt voor je eerste dag."
    elif first is not None and last - first > timedelta(days=MOST_DAYS):
        problems["last"] = "Dit is langer dan een jaar. Overleg met de coördinator."
    if form.substitute and form.substitute not in {one.id for one in colleagues}:
        problems["substitute"] = "Deze collega kan niet waarnemen. Kies iemand anders."
    if problems or first is None or last is None:
        return None, problems
    absence = Absence(adviser.id, first, last, form.substitute)
    if any(_is_away(each.absence, absence) for each in away):
        return None, {"substitute": "Deze collega is dan zelf afwezig. Kies iemand anders."}
    return absence, {}


def day_in(typed: str) -> date | None:
    """A day as a browser sends it (2026-08-03) or as people type it (3-8-2026); None for anything else."""
    dutch = _DUTCH.fullmatch(typed)
    try:
        return date(int(dutch[3]), int(dutch[2]), int(dutch[1])) if dutch else date.fromisoformat(typed)
    except ValueError:
        return None


def _field(fields: Mapping[str, str], *names: str) -> str:
    return next((value for name in names if (value := fields.get(name, "").strip()[:50])), "")


def _is_away(theirs: Absence, absence: Absence) -> bool:
    """Whether who should stand in is away the whole time, or when it begins."""
    return theirs.person_id == absence.substitute_id and theirs.holds_on(absence.first_day)
