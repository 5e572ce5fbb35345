"""The facts of a week as they were told, kept so that the same week is told the same for ever; and what was sent."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.store.attention import (
    Attention,
    DeclinedCase,
    FullExpert,
    OpenCase,
    OpenProposal,
    StuckLetter,
    StuckMessage,
)
from bot.store.figures import Figures
from bot.store.rows import as_json, as_text, first, from_json

_RECORDS: Mapping[str, type] = {
    "proposals": OpenProposal,
    "declined": DeclinedCase,
    "reviews": OpenCase,
    "unserved": OpenCase,
    "unanswered": OpenCase,
    "quarantined": StuckMessage,
    "letters": StuckLetter,
    "full_experts": FullExpert,
}


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """What happened in a week, what waited at its end, how many initiatives the year had by then, and the year's goal.

    `labels` are the names that the topics had when the week was told, by code.
    No name, address or word of an initiator is in it: what is kept here needs no erasing.
    """

    figures: Figures
    attention: Attention
    initiatives: int
    goal: int
    labels: Mapping[str, str]

    @property
    def is_empty(self) -> bool:
        """True when nothing happened and nothing waited: a week before the programme began, most likely."""
        figures = self.figures
        nothing = not (figures.messages or figures.cases or figures.proposals or figures.introduced)
        return nothing and not (figures.unserved or self.attention.total or self.initiatives)


def keep(db: Database, week: str, facts: WeekFacts, now: datetime) -> None:
    """Keep the facts of a week that is over; what was kept before stays."""
    db.execute(
        "INSERT INTO reports (week, made_at, figures) VALUES (?, ?, ?) ON CONFLICT (week) DO NOTHING",
        [week, as_text(now), as_json(asdict(facts))],
    )


def find(db: Database, week: str, afresh: Callable[[], WeekFacts]) -> WeekFacts:
    """The kept facts of a week. What was never kept, or not by the release that told it, is counted `afresh`."""
    row = first(db, "SELECT figures FROM reports WHERE week = ?", [week])
    cells = from_json(row["figures"]) if row is not None else {}
    waiting = {each.name for each in fields(Attention)}
    whole = {"goal", "labels"} <= cells.keys() and waiting <= cells["attention"].keys()
    return _facts(cells if whole else _filled_up(cells, from_json(as_json(asdict(afresh())))))


def weeks_kept(db: Database) -> tuple[str, ...]:
    """The weeks that were told, the last one first."""
    return tuple(row["week"] for row in db.query("SELECT week FROM reports ORDER BY week DESC"))


def mark_sent(db: Database, week: str, now: datetime) -> bool:
    """Remember that a week's report went to the outbox; False when it did before. Inside the letter's transaction."""
    cursor = db.execute(
        "INSERT INTO sent_reports (week, sent_at) VALUES (?, ?) ON CONFLICT (week) DO NOTHING", [week, as_text(now)]
    )
    return cursor.rowcount == 1


def is_sent(db: Database, week: str) -> bool:
    """Whether a week's report went to the outbox, also when that letter is no longer kept."""
    return first(db, "SELECT 1 AS sent FROM sent_reports WHERE week = ?", [week]) is not None


def _filled_up(kept: dict[str, Any], afresh: dict[str, Any]) -> dict[str, Any]:
    return {**afresh, **kept, "attention": {**afresh["attention"], **kept.get("attention", {})}}


def _facts(cells: dict[str, Any]) -> WeekFacts:
    figures = {**cells["figures"], "days_to_introduction": tuple(cells["figures"]["days_to_introduction"])}
    waiting = {
        field.name: tuple(_record(_RECORDS[field.name], row) for row in cells["attention"][field.name])
        for field in fields(Attention)
    }
    return WeekFacts(Figures(**figures), Attention(**waiting), cells["initiatives"], cells["goal"], cells["labels"])


def _record(kind: type, row: dict[str, Any]) -> Any:
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in row.items()})
