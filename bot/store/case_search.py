"""Cases as a coordinator looks for them: by words and filters, newest first, a page at a time. Shows nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from bot.store.rows import as_text, from_json, moment

PAGE_SIZE = 25
MOST_WORDS = 8
Condition = tuple[str, list[Any]]

_SEARCHED = ("question", "reference", "initiative", "municipality", "initiator", "initiator_name")
"""What somebody wrote, and whom and what the case is about; where a word stands most often comes first."""
_HAS_WORD = f"({' OR '.join(f'c.{column} LIKE ? ESCAPE ?' for column in _SEARCHED)})"
_COLUMNS = (
    "c.id, c.reference, c.initiative, c.municipality, c.needs, c.state, c.opened_at, c.touched_at,"
    " coalesce(o.person, '') AS owner, coalesce(e.name, '') AS adviser"
)
_FROM = (
    "FROM cases c LEFT JOIN case_owners o ON o.case_id = c.id"
    " LEFT JOIN proposals p ON p.id = (SELECT max(id) FROM proposals WHERE case_id = c.id AND"
    " state IN ('open', 'accepted')) LEFT JOIN experts e ON e.id = p.adviser_id"
)


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; "" and () ask nothing. `idle_days` tells that nothing happened for at least so long."""

    words: str = ""
    state: str = ""
    need: str = ""
    municipalities: tuple[str, ...] = ()
    adviser: str = ""
    owner: str = ""
    idle_days: int = 0


@dataclass(frozen=True, slots=True)
class FoundCase:
    """One line of the list; `needs` are codes, `adviser` is who has the proposal that waits or was accepted."""

    reference: str
    initiative: str
    municipality: str
    needs: tuple[str, ...]
    state: str
    opened_at: datetime
    touched_at: datetime
    owner: str
    adviser: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the list, and how many cases there are in all."""

    cases: tuple[FoundCase, ...]
    total: int


def search(db: Database, wanted: Search, now: datetime, page: int = 1) -> Found:
    """The cases that answer to all that is asked, newest first; page 1 is the first."""
    conditions = _conditions(wanted, now)
    where = " AND ".join(sql for sql, _ in conditions) or "1"
    values = [value for _, own in conditions for value in own]
    # One look through all cases, and only at what the filters need; the page itself is read by its numbers.
    ids = [row[0] for row in db.execute(f"SELECT c.id FROM cases c WHERE {where} ORDER BY c.id DESC", values)]  # noqa: S608
    shown = ids[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    rows = db.query(
        f"SELECT {_COLUMNS} {_FROM} WHERE c.id IN ({_marks(shown)}) ORDER BY c.id DESC",
        shown,
    )
    return Found(tuple(_found(row) for row in rows), len(ids))


def _conditions(wanted: Search, now: datetime) -> list[Condition]:
    """One for each thing that is asked."""
    found: list[Condition] = [
        (_HAS_WORD, [f"%{_literal(word)}%", "\\"] * len(_SEARCHED)) for word in wanted.words.split()[:MOST_WORDS]
    ]
    if wanted.state:
        found.append(("c.state = ?", [wanted.state]))
    if wanted.need:
        found.append(("c.needs LIKE ? ESCAPE '\\'", [f'%"code":"{_literal(wanted.need)}"%']))
    if wanted.municipalities:
        found.append((f"c.municipality IN ({_marks(wanted.municipalities)})", list(wanted.municipalities)))
    if wanted.adviser:
        found.append(
            ("EXISTS (SELECT 1 FROM proposals a WHERE a.case_id = c.id AND a.adviser_id = ?)", [wanted.adviser])
        )
    if wanted.owner:
        found.append(("EXISTS (SELECT 1 FROM case_owners w WHERE w.case_id = c.id AND w.person = ?)", [wanted.owner]))
    if wanted.idle_days:
        found.append(("c.touched_at <= ?", [as_text(now - timedelta(days=wanted.idle_days))]))
    return found


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _found(row: dict[str, Any]) -> FoundCase:
    return FoundCase(
        reference=row["reference"],
        initiative=row["initiative"] or "",
        municipality=row["municipality"] or "",
        needs=tuple(need["code"] for need in from_json(row["needs"])),
        state=row["state"],
        opened_at=moment(row["opened_at"]),
        touched_at=moment(row["touched_at"]),
        owner=row["owner"],
        adviser=row["adviser"],
    )
