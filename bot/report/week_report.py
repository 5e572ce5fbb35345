"""A week of facts as one record, beside the week before. How it is shown is layout.py's and plain_values.py's.

No initiator is in it by name, address or words: a case is named by its reference, a reason by the adviser's words
with the initiator's name and everything that looks like an address or number left out.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlite_utils import Database

from bot.foreign import LEFT_OUT, clean, without_contact
from bot.reasons import words, words_or_code
from bot.settings import GOAL
from bot.store import reports
from bot.store.attention import find_waiting
from bot.store.figures import UNKNOWN, Counts, Decline, count_initiatives, count_period, declines, one_moment
from bot.store.reports import WeekFacts
from bot.store.rows import moment
from bot.week import Week, year_start
from expertise.places import BRABANT, REGIONS, is_in_brabant, region_of
from expertise.topics import Topic

EARLIER_WEEKS = 8  # that a week is laid beside
OUTSIDE = "outside"  # key of a case from outside Noord-Brabant, beside the names of its regions
LONGEST_REASON = 160

_WORD = re.compile(r"[^\W\d_]{2,}")
_NO_NAMES = frozenset(
    {"de", "te", "ten", "ter", "van", "den", "der", "des", "het", "een", "in", "op", "en", "la", "le", "el"}
    | {"info", "mail", "post", "contact", "bestuur", "stichting", "vereniging", "gemeente"}
)


@dataclass(frozen=True, slots=True)
class Wait:
    """How long some cases waited, in days; None where there are none."""

    count: int
    median_days: float | None
    longest_days: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """A week beside those before. `as_of` is the end of the week, or now while the week still runs.

    `earlier` are the EARLIER_WEEKS before it, the last one last, without those before anything ever happened.
    `reasons` are the declines of the week, as Dutch words → how often;
    `labels` are the names of the needs, as they were when the week was told.
    """

    week: Week
    as_of: datetime
    facts: WeekFacts
    before: WeekFacts
    earlier: tuple[tuple[Week, WeekFacts], ...]
    reasons: Counts
    reasons_before: Counts
    labels: Mapping[str, str]

    @property
    def goal(self) -> int:
        """How many initiatives a year the programme aims at, as it did when the week was first told."""
        return self.facts.goal

    @property
    def weeks(self) -> tuple[tuple[Week, WeekFacts], ...]:
        """The earlier weeks and this one, in their order."""
        return (*self.earlier, (self.week, self.facts))

    @property
    def is_running(self) -> bool:
        """True while the week is not over."""
        return self.as_of < self.week.end

    @property
    def open_waits(self) -> tuple[Wait, Wait]:
        """How long the open proposals waited at the end of this week and of the week before."""
        return _open_wait(self.facts, self.as_of), _open_wait(self.before, self.week.start)

    @property
    def introduction_waits(self) -> tuple[Wait, Wait]:
        """From question to introduction, for the cases introduced in this week and in the week before."""
        now, before = self.facts.figures, self.before.figures
        return wait_of(now.days_to_introduction), wait_of(before.days_to_introduction)

    @property
    def initiatives_before(self) -> int:
        """Initiatives of the year up to the week; a new year starts from nothing."""
        return self.before.initiatives if self.week.previous().year == self.week.year else 0


def make_report(
    db: Database, week: Week, now: datetime, topics: Sequence[Topic], goal: int = GOAL, *, keep: bool = True
) -> Report:
    """Tell a week; call outside a transaction. Raises ValueError for a week that has not begun.

    The first time that a finished week is told its facts are kept, and from then on those are told, so that it
    comes out identical whatever changes later. A week that still runs is always counted afresh. With `keep` false
    nothing is written: for who only looks.
    """
    if week.start > now:
        raise ValueError(f"week {week} has not begun")
    labels = {topic.code: topic.label for topic in topics}
    with one_moment(db):
        told = {each: _facts(db, each, goal, labels) for each in (*_before(week), week)}
        reasons = {each: _reasons(declines(db, each.start, each.end)) for each in (week, week.previous())}
    if keep:
        kept = set(reports.weeks_kept(db))
        for each, facts in told.items():
            if each.end <= now and not facts.is_empty and str(each) not in kept:
                reports.keep(db, str(each), facts, now)
    return Report(
        week=week,
        as_of=min(now, week.end),
        facts=told[week],
        before=told[week.previous()],
        earlier=_since_the_first([(each, told[each]) for each in _before(week)]),
        reasons=reasons[week],
        reasons_before=reasons[week.previous()],
        labels={**labels, **told[week].labels},
    )


def _before(week: Week) -> list[Week]:
    """The weeks that a week is laid beside, in their order."""
    weeks: list[Week] = []
    for _ in range(EARLIER_WEEKS):
        week = week.previous()
        weeks.append(week)
    return weeks[::-1]


def _since_the_first(weeks: Sequence[tuple[Week, WeekFacts]]) -> tuple[tuple[Week, WeekFacts], ...]:
    """Without the empty weeks at the beginning: the programme did not run yet, and they would pull means down."""
    begun = next((place for place, (_, facts) in enumerate(weeks) if not facts.is_empty), len(weeks))
    return tuple(weeks[begun:])


def _facts(db: Database, week: Week, goal: int, labels: Mapping[str, str]) -> WeekFacts:
    return reports.find(
        db,
        str(week),
        lambda: WeekFacts(
            figures=count_period(db, week.start, week.end),
            attention=find_waiting(db, week.end),
            initiatives=count_initiatives(db, year_start(week.year), week.end),
            goal=goal,
            labels=labels,
        ),
    )


def by_region(municipalities: Counts) -> Counts:
    """Cases a region of Noord-Brabant, OUTSIDE it or UNKNOWN, from cases a municipality; all regions in their order."""
    regions = dict.fromkeys(REGIONS, 0)
    for municipality, count in municipalities.items():
        region = _region(municipality)
        regions[region] = regions.get(region, 0) + count
    return regions


def _region(municipality: str) -> str:
    if municipality == UNKNOWN:
        return UNKNOWN
    return (region_of(municipality) or BRABANT) if is_in_brabant(municipality) else OUTSIDE


def _reasons(declined: Iterable[Decline]) -> Counts:
    return Counter(reason_in_words(decline) for decline in declined)


def reason_in_words(decline: Decline) -> str:
    """A reason as it may be read by others: the words for a code, or the adviser's own without who asked."""
    own = decline.reason.strip()
    if not own:
        return words("decline_reason", "no_reason")
    known = words_or_code("decline_reason", own)
    if known != own:
        return known
    names = set(_WORD.findall(f"{decline.name} {decline.address.partition('@')[0]}".casefold())) - _NO_NAMES
    plain = without_contact(own)
    for name in names:
        plain = re.sub(rf"\b{re.escape(name)}\b", LEFT_OUT, plain, flags=re.IGNORECASE)
    return clean(plain, LONGEST_REASON)


def wait_of(days: Sequence[float]) -> Wait:
    """The median and the longest of some waits in days."""
    return Wait(len(days), median(days), max(days)) if days else Wait(0, None, None)


def days_between(since: str, as_of: datetime) -> float:
    """Days from a moment as the store writes it; never below 0."""
    return max((as_of - moment(since)).total_seconds() / 86400, 0.0)


def _open_wait(facts: WeekFacts, as_of: datetime) -> Wait:
    return wait_of([days_between(proposal.since, as_of) for proposal in facts.attention.proposals])
