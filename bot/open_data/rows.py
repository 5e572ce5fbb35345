"""The rows of the open data: counted from the store, small numbers hidden, single questions made coarser until five.

The rule of five stands in bot/report/suppression.py. Only whole quarters count, so that two exports soon after each
other do not give away the one question in between. Decision 23 says what was weighed.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median

from sqlite_utils import Database

from bot.open_data.tables import ELIGIBILITY, SMALLEST, Row, region_of
from bot.report.cells import Hidden
from bot.report.suppression import SMALL, hide_parts
from bot.store import open_rows
from bot.store.figures import one_moment
from bot.store.open_rows import Decided, Question
from bot.week import DUTCH_TIME
from expertise.places import municipality_named
from expertise.topics import Topic

Rows = Mapping[str, Sequence[Row]]
Group = tuple[str, ...]
"""What a count is of, its period first."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is told of one question; "" is what is not told."""

    period: str
    area: str
    need: str
    outcome: str


def period_before(now: datetime) -> str:
    """The last quarter that is over, such as 2026-Q3."""
    start = quarter_start(now)
    year, number = (start.year, (start.month - 1) // 3) if start.month > 1 else (start.year - 1, 4)
    return f"{year}-Q{number}"


def quarter_start(now: datetime) -> datetime:
    """The moment at which the quarter of `now` began in the Netherlands."""
    local = now.astimezone(DUTCH_TIME)
    return datetime(local.year, 3 * ((local.month - 1) // 3) + 1, 1, tzinfo=DUTCH_TIME)


def count_rows(db: Database, topics: Sequence[Topic], key: bytes, now: datetime) -> Rows:
    """Every table of the set by name, as of the end of the last whole quarter. The same store gives the same rows."""
    before = quarter_start(now)
    with one_moment(db):
        questions = list(open_rows.questions(db, before))
        decided = list(open_rows.decided(db, before))
    codes = [topic.code for topic in topics]
    return {
        "needs": sorted((topic.code, topic.side, _plain(topic.label), _plain(topic.definition)) for topic in topics),
        "questions": _questions(questions, {topic.code: topic.side for topic in topics}, key),
        "needs_by_year": _by_need(questions, codes),
        "unserved_by_year": _by_need([each for each in questions if each.unserved], codes),
        "questions_by_municipality": _by_municipality(questions),
        "questions_by_quarter": _by_quarter(questions),
        "proposals_by_quarter": _proposals(decided),
        "introductions_by_quarter": _introductions(questions, before),
    }


def _plain(text: str) -> str:
    return " ".join(text.split()).lstrip("=+-@ ")


def public_id(key: bytes, reference: str) -> str:
    """The number of a question in the set: always the same, and without the key nobody can tell whose it is."""
    own = hmac.new(key, b"open data", hashlib.sha256).digest()
    return hmac.new(own, reference.encode(), hashlib.sha256).hexdigest()[:16]


def _questions(questions: Iterable[Question], sides: Mapping[str, str], key: bytes) -> list[Row]:
    shown = coarsen({public_id(key, each.reference): _shown(each, sides) for each in questions}, sides)
    return sorted((id_, each.period, each.area, each.need, each.outcome) for id_, each in shown.items())


def _shown(question: Question, sides: Mapping[str, str]) -> Shown:
    place = municipality_named(question.municipality)
    outcome = "introduced" if question.introduced_at else "open" if question.open else "ended"
    need = next((need for need in question.needs if need in sides), "")
    return Shown(quarter_of(question.opened_at), place.municipality if place else "", need, outcome)


def quarter_of(moment: datetime) -> str:
    """The quarter of a moment in the Netherlands."""
    local = moment.astimezone(DUTCH_TIME)
    return f"{local.year}-Q{(local.month - 1) // 3 + 1}"


def coarsen(rows: Mapping[str, Shown], sides: Mapping[str, str]) -> Mapping[str, Shown]:
    """Tell less and less of the questions that too few others look like; what is still rare then is left out.

    Afterwards every combination of what is told occurs at least five times.
    """
    steps: tuple[Callable[[Shown], Shown], ...] = (
        lambda row: replace(row, period=row.period[:4]),
        lambda row: replace(row, area=region_of(row.area) or row.area),
        lambda row: replace(row, need=sides.get(row.need, row.need)),
        lambda row: replace(row, outcome=""),
        lambda row: replace(row, area=""),
        lambda row: replace(row, need=""),
        lambda row: replace(row, period=""),
    )
    for step in steps:
        alike = Counter(rows.values())
        rows = {id_: row if alike[row] >= SMALLEST else step(row) for id_, row in rows.items()}
    alike = Counter(rows.values())
    return {id_: row for id_, row in rows.items() if alike[row] >= SMALLEST}


def _by_need(questions: Iterable[Question], codes: Sequence[str]) -> list[Row]:
    counted = Counter[Group]((_year(each), need) for each in questions for need in each.needs if need in codes)
    return _hidden(counted, lambda group, cell: (*group, *cell))


def _by_municipality(questions: Iterable[Question]) -> list[Row]:
    known = ((each, municipality_named(each.municipality)) for each in questions)
    counted = Counter[Group]((_year(each), place.municipality) for each, place in known if place is not None)
    return _hidden(counted, lambda group, cell: (*group, region_of(group[1]), *cell))


def _by_quarter(questions: Iterable[Question]) -> list[Row]:
    counted = Counter[Group](
        (quarter_of(each.opened_at), each.eligibility if each.eligibility in ELIGIBILITY else "unknown")
        for each in questions
    )
    return _hidden(counted, lambda group, cell: (*group, *cell))


def _proposals(decided: Iterable[Decided]) -> list[Row]:
    counted = Counter[Group]((quarter_of(each.at), "accepted" if each.accepted else "declined") for each in decided)
    return _hidden(counted, lambda group, cell: (*group, *cell))


def _introductions(questions: Iterable[Question], before: datetime) -> list[Row]:
    days: dict[str, list[float]] = {}
    for each in questions:
        if each.introduced_at is not None and each.introduced_at < before:
            took = (each.introduced_at - each.opened_at).total_seconds() / 86400
            days.setdefault(quarter_of(each.introduced_at), []).append(took)
    return [
        (quarter, len(took), round(median(took), 1)) for quarter, took in sorted(days.items()) if len(took) >= SMALLEST
    ]


def _year(question: Question) -> str:
    return quarter_of(question.opened_at)[:4]


def _hidden(counted: Mapping[Group, int], as_row: Callable[[Group, Row], Row]) -> list[Row]:
    """One row a group. A reader may know the total of a period, the first part of a group, so that gives none away."""
    periods: dict[str, list[Group]] = {}
    for group in sorted(counted):
        periods.setdefault(group[0], []).append(group)
    rows = []
    for groups in periods.values():
        parts = [counted[group] for group in groups]
        shown = hide_parts(parts, sum(parts)) or [SMALL] * len(parts)
        rows += [as_row(group, _cell(part)) for group, part in zip(groups, shown, strict=True)]
    return rows


def _cell(part: int | Hidden) -> Row:
    return (None, part.why) if isinstance(part, Hidden) else (part, "")
