"""The facts of a week as they were told, kept so that the same week is told the same for ever."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.store.attention import Attention, FullExpert, OpenCase, OpenProposal, StuckLetter, StuckMessage
from bot.store.figures import Figures
from bot.store.rows import as_json, as_text, first, from_json

_RECORDS: Mapping[str, type] = {
    "proposals": OpenProposal,
    "reviews": OpenCase,
    "unserved": OpenCase,
    "quarantined": StuckMessage,
    "letters": StuckLetter,
    "full_experts": FullExpert,
}


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """What happened in a week, what waited at its end, and how many initiatives the year had by then.

    No name, address or word of an initiator is in it: what is kept here needs no erasing.
    """

    figures: Figures
    attention: Attention
    initiatives: int

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


def find(db: Database, week: str) -> WeekFacts | None:
    """The kept facts of a week, None when that week was never told."""
    row = first(db, "SELECT figures FROM reports WHERE week = ?", [week])
    return None if row is None else _facts(from_json(row["figures"]))


def _facts(cells: dict[str, Any]) -> WeekFacts:
    figures = {**cells["figures"], "days_to_introduction": tuple(cells["figures"]["days_to_introduction"])}
    waiting = {
        field.name: tuple(_record(_RECORDS[field.name], row) for row in cells["attention"][field.name])
        for field in fields(Attention)
    }
    return WeekFacts(Figures(**figures), Attention(**waiting), cells["initiatives"])


def _record(kind: type, row: dict[str, Any]) -> Any:
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in row.items()})
