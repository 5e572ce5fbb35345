"""What happened between two moments, counted: the SQL of the weekly report. The state it ended in: attention.py.

Everything is counted by the moment at which it happened (received, opened, decided, introduced), so that the same
week gives the same counts later on; what is known of a message or case (its kind, its eligibility) is as known now.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.store.rows import as_text, first, moment

Counts = Mapping[str, int]
UNKNOWN = ""  # key for what is not known: no municipality, not assessed yet
NO_KINDS = ("unread", "quarantined", "no_kind")  # what stands in place of the kind of a message
PROPOSAL_COUNTS = ("made", "accepted", "declined", "replaced", "expired", "withdrawn")

_KIND = (
    "CASE state WHEN 'received' THEN 'unread' WHEN 'quarantined' THEN 'quarantined' ELSE coalesce(kind, 'no_kind') END"
)
# Needs are kept as codes or as objects with a code; a damaged cell must not stop a report.
_NEEDS = "json_each(CASE json_valid(needs) WHEN 1 THEN CASE json_type(needs) WHEN 'array' THEN needs END END)"
_NEEDS_OF_REQUESTS = (
    "SELECT CAST(CASE n.type WHEN 'object' THEN json_extract(n.value, '$.code') ELSE n.value END AS TEXT) AS code,"  # noqa: S608
    f" count(DISTINCT m.id) AS n FROM messages m, {_NEEDS} AS n"
    " WHERE m.kind = 'request' AND m.state = 'handled' AND m.received_at >= ? AND m.received_at < ?"
    " GROUP BY 1 HAVING code IS NOT NULL"
)
_REQUESTS = (
    "SELECT count(*) AS n FROM messages WHERE kind = 'request' AND state = 'handled'"
    " AND received_at >= ? AND received_at < ?"
)
_REQUESTS_WITHOUT_NEED = f"{_REQUESTS} AND NOT EXISTS (SELECT 1 FROM {_NEEDS})"  # noqa: S608
_PROPOSALS = (
    "SELECT e.organisation AS organisation, CASE p.step WHEN 'made' THEN 'made' ELSE p.state END AS what,"
    " count(*) AS n FROM (SELECT 'made' AS step, created_at AS at, state, expert_id FROM proposals"
    " UNION ALL SELECT 'decided', decided_at, state, expert_id FROM proposals WHERE state != 'open') p"
    " JOIN experts e ON e.id = p.expert_id WHERE p.at >= ? AND p.at < ? GROUP BY 1, 2"
)
# A case is introduced once; should the history say it twice, the first time counts.
_INTRODUCTIONS = (
    "SELECT c.id AS case_id, c.opened_at AS opened_at, min(e.at) AS at FROM events e JOIN cases c ON c.id = e.case_id"
    " WHERE e.event = 'introduced' AND e.at >= ?1 AND e.at < ?2 AND NOT EXISTS (SELECT 1 FROM events b"
    " WHERE b.case_id = c.id AND b.event = 'introduced' AND b.at < ?1) GROUP BY c.id ORDER BY at, c.id"
)
_UNSERVED = "SELECT count(DISTINCT case_id) AS n FROM events WHERE event = 'unserved' AND at >= ? AND at < ?"
_INITIATIVES = (
    "SELECT count(DISTINCT c.initiator) AS n FROM events e JOIN cases c ON c.id = e.case_id"
    " WHERE e.event = 'introduced' AND e.at >= ? AND e.at < ?"
)
_DECLINES = (
    "SELECT p.reason AS reason, c.initiator_name AS name, c.initiator AS address"
    " FROM proposals p JOIN cases c ON c.id = p.case_id"
    " WHERE +p.state = 'declined' AND p.decided_at >= ? AND p.decided_at < ? ORDER BY p.decided_at, p.id"
)


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts of a period.

    `needs` counts requests a need: one request may have several needs, `requests_without_need` have none.
    `proposals` is organisation of the expert → PROPOSAL_COUNTS → count. `days_to_introduction` holds a number of
    days for each case introduced in the period, since it was opened. Codes of `kinds` are the kinds of message and
    NO_KINDS; codes of `eligibility` and `municipalities` may be UNKNOWN.
    """

    channels: Counts
    kinds: Counts
    requests: int
    requests_without_need: int
    needs: Counts
    eligibility: Counts
    municipalities: Counts
    proposals: Mapping[str, Counts]
    days_to_introduction: tuple[float, ...]
    unserved: int

    @property
    def messages(self) -> int:
        """All messages received."""
        return sum(self.channels.values())

    @property
    def cases(self) -> int:
        """All cases opened."""
        return sum(self.eligibility.values())

    @property
    def introduced(self) -> int:
        """All cases introduced."""
        return len(self.days_to_introduction)

    def proposals_in_all(self, what: str) -> int:
        """One of PROPOSAL_COUNTS over all organisations."""
        return sum(counts.get(what, 0) for counts in self.proposals.values())


@dataclass(frozen=True, slots=True)
class Decline:
    """Why an adviser declined, in own words or as a code; and who asked, so that it can be left out of the words."""

    reason: str
    name: str
    address: str


@contextmanager
def one_moment(db: Database) -> Iterator[None]:
    """Everything read inside is read of the same moment, while others go on writing; not inside a transaction."""
    db.conn.execute("BEGIN")
    try:
        yield
    finally:
        db.conn.execute("ROLLBACK")


def count_period(db: Database, start: datetime, end: datetime) -> Figures:
    """Count what happened from `start` up to but not including `end`."""
    span = [as_text(start), as_text(end)]
    return Figures(
        channels=_counts(db, "messages", "channel", "received_at", span),
        kinds=_counts(db, "messages", _KIND, "received_at", span),
        requests=_number(db, _REQUESTS, span),
        requests_without_need=_number(db, _REQUESTS_WITHOUT_NEED, span),
        needs={row["code"]: row["n"] for row in db.query(_NEEDS_OF_REQUESTS, span)},
        eligibility=_counts(db, "cases", "coalesce(eligibility, '')", "opened_at", span),
        municipalities=_counts(db, "cases", "coalesce(municipality, '')", "opened_at", span),
        proposals=_proposals(db, span),
        days_to_introduction=tuple(
            (moment(row["at"]) - moment(row["opened_at"])).total_seconds() / 86400
            for row in db.query(_INTRODUCTIONS, span)
        ),
        unserved=_number(db, _UNSERVED, span),
    )


def count_initiatives(db: Database, start: datetime, end: datetime) -> int:
    """How many different initiators were introduced to an expert in the period."""
    return _number(db, _INITIATIVES, [as_text(start), as_text(end)])


def declines(db: Database, start: datetime, end: datetime) -> tuple[Decline, ...]:
    """Every decline of the period, oldest first."""
    return tuple(Decline(**row) for row in db.query(_DECLINES, [as_text(start), as_text(end)]))


def _counts(db: Database, table: str, what: str, at: str, span: list[str]) -> Counts:
    sql = f"SELECT {what} AS code, count(*) AS n FROM {table} WHERE {at} >= ? AND {at} < ? GROUP BY 1"  # noqa: S608
    return {row["code"]: row["n"] for row in db.query(sql, span)}


def _number(db: Database, sql: str, span: list[str]) -> int:
    row = first(db, sql, span)
    return int(row["n"]) if row else 0


def _proposals(db: Database, span: list[str]) -> Mapping[str, Counts]:
    organisations: dict[str, dict[str, int]] = {}
    for row in db.query(_PROPOSALS, span):
        organisations.setdefault(row["organisation"], {})[row["what"]] = row["n"]
    return organisations
