"""What Brabant asks for, counted over a period for the pages of insight: places, months, gaps. Draws nothing.

A question is a case; it counts in the month in which it was opened, with what is known of it now.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from sqlite_utils import Database

from bot.store.rows import as_json, as_text

UNKNOWN = ""
"""Stands in place of a municipality that is not known, and of a need that is not."""
_NEEDS_BY_MONTH = (
    "SELECT m.key AS month, coalesce(json_extract(n.value, '$.code'), '') AS code, count(DISTINCT c.id) AS n"
    " FROM json_each(:months) AS m JOIN cases AS c ON c.opened_at >= json_extract(m.value, '$[0]')"
    " AND c.opened_at < json_extract(m.value, '$[1]') LEFT JOIN json_each(c.needs) AS n GROUP BY 1, 2"
)
_ASKS = "EXISTS (SELECT 1 FROM json_each(needs) AS n WHERE json_extract(n.value, '$.code') = :need)"


def questions_by_municipality(db: Database, start: datetime, end: datetime, need: str = "") -> Mapping[str, int]:
    """How many questions were opened from `start` up to `end` in each municipality, of one need or of all."""
    sql = (
        "SELECT coalesce(municipality, '') AS place, count(*) AS n FROM cases"  # noqa: S608 - our own words
        f" WHERE opened_at >= :start AND opened_at < :end{f' AND {_ASKS}' if need else ''} GROUP BY 1"
    )
    values = {"start": as_text(start), "end": as_text(end), "need": need}
    return {row["place"]: row["n"] for row in db.query(sql, values)}


def needs_by_month(db: Database, bounds: Sequence[datetime]) -> Mapping[str, tuple[int, ...]]:
    """By need: how many questions ask for it, month by month. One question may ask for several, or for none yet."""
    counts: dict[str, list[int]] = {}
    for row in db.query(_NEEDS_BY_MONTH, {"months": as_json(list(pairwise(_texts(bounds))))}):
        counts.setdefault(row["code"], [0] * (len(bounds) - 1))[row["month"]] = row["n"]
    return {code: tuple(months) for code, months in counts.items()}


def unserved(db: Database, start: datetime, end: datetime, limit: int) -> list[int]:
    """The cases for which nobody was found in the period, the latest first, and whatever became of them since."""
    sql = (
        "SELECT case_id FROM events WHERE event = 'unserved' AND case_id IS NOT NULL AND at >= ? AND at < ?"
        " GROUP BY case_id ORDER BY max(at) DESC, case_id DESC LIMIT ?"
    )
    return [row["case_id"] for row in db.query(sql, [as_text(start), as_text(end), limit])]


def _texts(bounds: Sequence[datetime]) -> list[str]:
    return [as_text(each) for each in bounds]
