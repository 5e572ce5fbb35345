"""What Brabant asks for, for the pages of insight: a year by place and by month, and the questions nobody could serve.

Gathers and puts together; draws nothing (bot/coordinator/map_picture.py) and words nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlite_utils import Database

from bot.store import cases, insight, vectors
from bot.store.insight import UNKNOWN
from bot.turn import AMSTERDAM
from bot.wiring import Wiring
from expertise.places import FOCUS_MUNICIPALITIES, is_in_brabant, region_of
from inbox.sentences import split_sentences
from matcher.gaps import gap_vectors, group_alike
from matcher.pool import shipped_means
from matcher.proposal import Case
from matcher.request import RequestVectors, request_vectors

MONTHS = 12
MOST_GAPS = 400  # of the latest: so many are put together by meaning within a tenth of a second


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """How many questions came from a municipality of Noord-Brabant; `region` as in expertise/places.py."""

    name: str
    region: str
    focus: bool
    count: int


@dataclass(frozen=True, slots=True)
class Places:
    """The questions of a period by place: those in Noord-Brabant, most first, and the rest; they add up to `total`."""

    lines: tuple[PlaceLine, ...]
    elsewhere: int
    unknown: int

    @property
    def total(self) -> int:
        """All questions of the period."""
        return sum(line.count for line in self.lines) + self.elsewhere + self.unknown


@dataclass(frozen=True, slots=True)
class Trend:
    """One need through the months, oldest first; `code` is UNKNOWN for questions whose need is not known yet."""

    code: str
    months: tuple[int, ...]

    @property
    def total(self) -> int:
        """All questions of the period with this need."""
        return sum(self.months)


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that are alike and that nobody could serve: the most typical first, most frequent needs first."""

    cases: tuple[Case, ...]
    waiting: int
    needs: tuple[str, ...]
    example: str


def month_bounds(today: date, months: int = MONTHS) -> tuple[datetime, ...]:
    """The beginnings of the last `months` calendar months in the Netherlands, this one the last; and its end."""
    last = today.year * 12 + today.month - 1
    firsts = [date(*_year_and_month(each)) for each in range(last - months + 1, last + 2)]
    return tuple(datetime.combine(first, time(), AMSTERDAM) for first in firsts)


def _year_and_month(months: int) -> tuple[int, int, int]:
    return months // 12, months % 12 + 1, 1


def places_asking(db: Database, bounds: tuple[datetime, ...], need: str = "") -> Places:
    """Where the questions of a period come from, those of one need or all."""
    counts = insight.questions_by_municipality(db, bounds[0], bounds[-1], need)
    own = {name: count for name, count in counts.items() if name and is_in_brabant(name)}
    lines = [PlaceLine(name, region_of(name) or "", name in FOCUS_MUNICIPALITIES, own[name]) for name in own]
    unknown = counts.get(UNKNOWN, 0)
    return Places(
        tuple(sorted(lines, key=lambda line: (-line.count, line.name))),
        sum(counts.values()) - sum(own.values()) - unknown,
        unknown,
    )


def trends(db: Database, bounds: tuple[datetime, ...], wiring: Wiring) -> tuple[Trend, ...]:
    """Every topic through the months, most asked first; also one that nobody asked for, which is worth knowing."""
    found = insight.needs_by_month(db, bounds)
    none = (0,) * (len(bounds) - 1)
    codes = [*(topic.code for topic in wiring.topics), *sorted(found.keys() - {topic.code for topic in wiring.topics})]
    lines = [Trend(code, found.get(code, none)) for code in codes if code != UNKNOWN]
    ordered = sorted(lines, key=lambda trend: -trend.total)
    return (*ordered, Trend(UNKNOWN, found[UNKNOWN])) if UNKNOWN in found else tuple(ordered)


def gaps(db: Database, wiring: Wiring, bounds: tuple[datetime, ...]) -> tuple[Gap, ...]:
    """The questions of a period that no available expert fitted, put together by meaning, the largest group first.

    The example is the sentence of the most typical question that its need rests on, in the writer's own words: it
    still has to be made harmless. A question that was erased has no words and stands in no group.
    """
    case_ids = insight.unserved(db, bounds[0], bounds[-1], MOST_GAPS)
    found = cases.with_questions(db, case_ids)
    asked = [found[each] for each in case_ids if each in found and found[each][1].strip()]
    if not asked:
        return ()
    evidence = [[need.evidence for need in case.needs] for case, _ in asked]
    groups = group_alike(gap_vectors(_requests(db, wiring, asked), evidence, shipped_means(wiring.encoder.name)))
    return tuple(_gap([asked[row] for row in group.members]) for group in groups)


Asked = tuple[Case, str]
"""A case, and its question in the words of the initiator."""


def _requests(db: Database, wiring: Wiring, asked: Sequence[Asked]) -> list[RequestVectors]:
    """The questions as vectors; one that another model read is read again, and not kept: looking changes nothing."""
    spans = {case.id: split_sentences(question) for case, question in asked}
    kept = vectors.find_for_cases(db, wiring.encoder.name, list(spans))
    found = {case_id: own for case_id, own in kept.items() if len(own.parts) == len(spans[case_id])}
    unread = [(case.id, question) for case, question in asked if case.id not in found]
    if unread:
        read = wiring.encoder.read([question for _, question in unread], [spans[case_id] for case_id, _ in unread])
        found |= {case_id: own for (case_id, _), own in zip(unread, read, strict=True)}
    return [request_vectors(question, spans[case.id], found[case.id]) for case, question in asked]


def _gap(members: Sequence[Asked]) -> Gap:
    counts: dict[str, int] = {}
    for case, _ in members:
        for need in case.needs:
            counts[need.code] = counts.get(need.code, 0) + 1
    typical, question = members[0]
    return Gap(
        cases=tuple(case for case, _ in members),
        waiting=sum(case.state == "unserved" for case, _ in members),
        needs=tuple(sorted(counts, key=lambda code: (-counts[code], code))),
        example=next((need.evidence for need in typical.needs if need.evidence), question),
    )


def gap_facts(wiring: Wiring, gap: Gap) -> dict[str, Any]:
    """A gap for a page or an export: labels, numbers, places, and the references of its cases."""
    return {
        "labels": [wiring.label(code) for code in gap.needs],
        "count": len(gap.cases),
        "waiting": gap.waiting,
        "places": sorted({case.facts.municipality for case in gap.cases if case.facts.municipality}),
        "references": [case.reference for case in gap.cases],
        "example": gap.example,
        "language": gap.cases[0].language,
    }
