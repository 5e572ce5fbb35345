"""What waited for a person at a moment: the SQL of the weekly report's first part. What happened is in figures.py.

Waiting proposals, reviews and questions follow from the times and the history, so they can be told of any moment.
Of messages in quarantine, stuck letters and the pool only today's state is kept; what began later is left out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlite_utils import Database

from bot.store.rows import as_text, from_json

Kept = TypeVar("Kept")

LONG_SILENCE = timedelta(days=14)  # a week longer than it takes until the initiator was reminded
DECLINED_OFTEN = 2

# A plus lets SQLite pass by an index: nearly all rows are older than that, and those that are looked for are few.
_OPEN_AT = "+{0}.created_at < :at AND ({0}.state = 'open' OR {0}.decided_at >= :at)"

_PROPOSALS = (
    "SELECT c.reference AS reference, e.name AS expert, e.organisation AS organisation, a.name AS adviser,"  # noqa: S608
    " p.created_at AS since FROM proposals p JOIN cases c ON c.id = p.case_id JOIN experts e ON e.id = p.expert_id"
    f" JOIN experts a ON a.id = p.adviser_id WHERE {_OPEN_AT.format('p')} ORDER BY +p.created_at, p.id"
)
_REVIEWS = (
    "SELECT c.reference AS reference, c.municipality AS municipality, c.needs AS needs, r.created_at AS since"  # noqa: S608
    f" FROM reviews r JOIN cases c ON c.id = r.case_id WHERE {_OPEN_AT.format('r')} ORDER BY r.created_at, r.id"
)
# Events that say where a case stands; between them it stays where it was ("answered", "declined" move nothing).
_MOVES = (
    "'opened', 'asked', 'review_opened', 'proposed', 'accepted', 'introduced', 'unserved', 'referred', 'withdrawn',"
    " 'closed', 'kept_no_longer'"
)
_LAST_MOVE = (
    "(SELECT l.{0} FROM events l WHERE l.case_id = c.id AND l.at < :at AND l.event IN ({1}, {2})"
    " ORDER BY l.at DESC, l.id DESC LIMIT 1)"
)
_REOPENED = "'reopened'"
# Such cases come first in a query (CROSS JOIN keeps SQLite to that order): of all there ever were, they are few.
_NOT_CLOSED = "(c.closed_at IS NULL OR c.closed_at >= :at)"
_CASE = "c.reference AS reference, c.municipality AS municipality, c.needs AS needs"
_UNSERVED = (
    f"SELECT {_CASE}, e.at AS since FROM cases c CROSS JOIN events e ON e.case_id = c.id"  # noqa: S608
    f" WHERE {_NOT_CLOSED} AND +e.event = 'unserved' AND e.at < :at AND e.id ="
    f" (SELECT l.id FROM events l WHERE l.case_id = e.case_id AND l.at < :at AND l.event IN ({_MOVES})"
    " ORDER BY l.at DESC, l.id DESC LIMIT 1) ORDER BY e.at, e.id"
)
# Advisers said no more than once, and since then nobody said yes and nothing ended it.
_DECLINED = (
    f"SELECT {_CASE}, max(p.decided_at) AS since, count(*) AS times FROM cases c CROSS JOIN proposals p"  # noqa: S608
    f" ON p.case_id = c.id WHERE +p.state = 'declined' AND p.decided_at < :at AND {_NOT_CLOSED}"
    f" AND {_LAST_MOVE.format('event', _MOVES, _REOPENED)} NOT IN"
    " ('accepted', 'introduced', 'referred', 'withdrawn', 'closed', 'kept_no_longer')"
    f" GROUP BY +c.id HAVING count(*) >= {DECLINED_OFTEN} ORDER BY since, c.id"
)
# The initiator owes an answer: to our own question, for consent, or to an adviser's question.
_ANSWERS = f"'answered', 'initiator_answered', 'consent', 'confirmed', {_REOPENED}"
_UNANSWERED = (
    f"SELECT {_CASE}, min(w.since) AS since FROM (SELECT e.case_id AS case_id, e.at AS since FROM cases c"  # noqa: S608
    f" CROSS JOIN events e ON e.case_id = c.id WHERE {_NOT_CLOSED} AND e.event IN ('asked', 'accepted')"
    f" AND e.at < :long_ago AND e.id = {_LAST_MOVE.format('id', _MOVES, _ANSWERS)}"
    " UNION ALL SELECT q.case_id, q.asked_at FROM adviser_questions q WHERE q.asked_at < :long_ago"
    " AND (q.answered_at IS NULL OR q.answered_at >= :at)) w JOIN cases c ON c.id = w.case_id"
    f" WHERE {_NOT_CLOSED} GROUP BY c.id ORDER BY since, c.id"
)
_QUARANTINED = (
    "SELECT channel, problem, received_at AS since FROM messages WHERE state = 'quarantined' AND received_at < :at"
    " ORDER BY received_at, id"
)
_LETTERS = (
    "SELECT l.template AS template, c.reference AS reference, l.state AS state, l.created_at AS since FROM letters l"
    " LEFT JOIN cases c ON c.id = l.case_id WHERE l.state IN ('parked', 'unknown') AND l.created_at < :at"
    " ORDER BY l.created_at, l.id"
)
# As the load in pool.py, told of a moment. Somebody with capacity 0 and no matches chose so and asks for no attention.
_FULL = (
    "SELECT e.name AS name, e.organisation AS organisation, count(*) AS load, e.capacity AS capacity"  # noqa: S608
    " FROM cases c CROSS JOIN proposals p ON p.case_id = c.id JOIN experts e ON e.id = p.expert_id"
    f" WHERE e.in_pool = 1 AND e.active = 1 AND {_NOT_CLOSED}"
    f" AND (({_OPEN_AT.format('p')}) OR (p.state = 'accepted' AND p.decided_at < :at))"
    " GROUP BY e.id HAVING count(*) >= e.capacity ORDER BY e.name, e.id"
)


@dataclass(frozen=True, slots=True)
class OpenProposal:
    """A proposal that no adviser decided on yet; `since` is a moment as the store writes it, here and below."""

    reference: str
    expert: str
    organisation: str
    adviser: str
    since: str


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that waits: for a review, for a fitting expert, or long for its initiator. No word of the initiator."""

    reference: str
    municipality: str | None
    needs: tuple[str, ...]
    since: str


@dataclass(frozen=True, slots=True)
class DeclinedCase:
    """A case for which advisers said no more than once; `since` is the last time."""

    reference: str
    municipality: str | None
    needs: tuple[str, ...]
    since: str
    times: int


@dataclass(frozen=True, slots=True)
class StuckMessage:
    """A message in quarantine."""

    channel: str
    problem: str
    since: str


@dataclass(frozen=True, slots=True)
class StuckLetter:
    """A letter that did not leave ("parked") or may not have left ("unknown"); without a case no reference."""

    template: str
    reference: str | None
    state: str
    since: str


@dataclass(frozen=True, slots=True)
class FullExpert:
    """Somebody in the pool who takes part but has as many matches in progress as he or she can carry."""

    name: str
    organisation: str
    load: int
    capacity: int


@dataclass(frozen=True, slots=True)
class Attention:
    """Everything that waited, the longest first."""

    proposals: tuple[OpenProposal, ...]
    declined: tuple[DeclinedCase, ...]
    reviews: tuple[OpenCase, ...]
    unserved: tuple[OpenCase, ...]
    unanswered: tuple[OpenCase, ...]
    quarantined: tuple[StuckMessage, ...]
    letters: tuple[StuckLetter, ...]
    full_experts: tuple[FullExpert, ...]

    @property
    def total(self) -> int:
        """How many things waited."""
        lists: tuple[Sequence[object], ...] = (
            self.proposals,
            self.declined,
            self.reviews,
            self.unserved,
            self.unanswered,
            self.quarantined,
            self.letters,
            self.full_experts,
        )
        return sum(len(each) for each in lists)


def find_waiting(db: Database, at: datetime) -> Attention:
    """What waited for a person just before a moment."""
    now = {"at": as_text(at)}
    long = {**now, "long_ago": as_text(at - LONG_SILENCE)}
    return Attention(
        proposals=tuple(OpenProposal(**row) for row in db.query(_PROPOSALS, now)),
        declined=tuple(DeclinedCase(**_with_codes(row)) for row in db.query(_DECLINED, now)),
        reviews=tuple(OpenCase(**_with_codes(row)) for row in db.query(_REVIEWS, now)),
        unserved=tuple(OpenCase(**_with_codes(row)) for row in db.query(_UNSERVED, now)),
        unanswered=tuple(OpenCase(**_with_codes(row)) for row in db.query(_UNANSWERED, long)),
        quarantined=tuple(StuckMessage(**row) for row in db.query(_QUARANTINED, now)),
        letters=tuple(StuckLetter(**row) for row in db.query(_LETTERS, now)),
        full_experts=tuple(FullExpert(**row) for row in db.query(_FULL, now)),
    )


@dataclass(frozen=True, slots=True)
class Longest(Generic[Kept]):
    """Those of a kind that waited longest, and how many of that kind waited in all."""

    first: tuple[Kept, ...]
    total: int


@dataclass(frozen=True, slots=True)
class LongestWaiting:
    """What waits for somebody at the desk, of each kind the longest; letters and messages have pages of their own."""

    proposals: Longest[OpenProposal]
    declined: Longest[DeclinedCase]
    reviews: Longest[OpenCase]
    unserved: Longest[OpenCase]
    unanswered: Longest[OpenCase]
    full_experts: Longest[FullExpert]


def find_longest_waiting(db: Database, at: datetime, most: int) -> LongestWaiting:
    """The same as `find_waiting`, counted, with no more than `most` of each kind read; experts by name."""
    moments = {"at": as_text(at), "long_ago": as_text(at - LONG_SILENCE)}

    def longest(sql: str, record: Callable[[dict[str, Any]], Kept]) -> Longest[Kept]:
        named = {name: value for name, value in moments.items() if f":{name}" in sql}
        total = db.execute(f"SELECT count(*) FROM ({sql})", named).fetchone()[0]  # noqa: S608 - our own words
        rows = db.query(f"{sql} LIMIT :most", {**named, "most": most})
        return Longest(tuple(record(row) for row in rows), int(total))

    def a_case(row: dict[str, Any]) -> OpenCase:
        return OpenCase(**_with_codes(row))

    return LongestWaiting(
        proposals=longest(_PROPOSALS, lambda row: OpenProposal(**row)),
        declined=longest(_DECLINED, lambda row: DeclinedCase(**_with_codes(row))),
        reviews=longest(_REVIEWS, a_case),
        unserved=longest(_UNSERVED, a_case),
        unanswered=longest(_UNANSWERED, a_case),
        full_experts=longest(_FULL, lambda row: FullExpert(**row)),
    )


def _with_codes(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "needs": _codes(row["needs"])}


def _codes(text: str) -> tuple[str, ...]:
    """Needs as the case keeps them: codes, or objects with a code; a damaged cell must not stop a report."""
    try:
        items = from_json(text)
    except ValueError:
        return ()
    if not isinstance(items, list):
        return ()
    return tuple(str(item.get("code", "")) if isinstance(item, dict) else str(item) for item in items)
