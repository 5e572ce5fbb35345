"""Fills a real database with the rows a week leaves behind, and counts them another way; no tests live here."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from bot.store.rows import as_json, as_text

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def at(text: str) -> datetime:
    """A moment on a Dutch clock: at("2026-11-16 00:00")."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


@dataclass(slots=True)
class Rows:
    """Writes single rows with sensible other cells. Moments are on a Dutch clock: "2026-11-16 00:00"."""

    db: Database
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def _insert(self, table: str, **cells: Any) -> int:
        number = next(self.numbers)
        ready = {name: as_text(cell) if isinstance(cell, datetime) else cell for name, cell in cells.items()}
        if table != "experts":
            ready["id"] = number
        self.db.table(table).insert(ready)
        return number

    def message(self, when: datetime, kind: str | None = "request", needs: Any = (), **cells: Any) -> int:
        """A message, handled unless told otherwise; `needs` are codes or what else the column may hold."""
        return self._insert(
            "messages",
            **{
                "channel": "mail",
                "account": "test",
                "external_id": f"message {next(self.numbers)}",
                "raw": b"",
                "received_at": when,
                "state": "handled",
                "kind": kind,
                "needs": needs if isinstance(needs, str) else as_json(needs),
                **cells,
            },
        )

    def case(self, when: datetime, **cells: Any) -> int:
        """A case, with the line in the history that opens it."""
        case = self._insert(
            "cases",
            **{
                "reference": f"SV-2026-{next(self.numbers):04}",
                "initiator": f"initiator{next(self.numbers)}@example.org",
                "channel": "mail",
                "language": "nl",
                "state": "new",
                "needs": "[]",
                "opened_at": when,
                "touched_at": when,
                **cells,
            },
        )
        self.event(case, "opened", when)
        return case

    def event(self, case: int, event: str, when: datetime) -> int:
        """A line in the history of a case."""
        return self._insert("events", case_id=case, at=when, event=event, actor="bot")

    def expert(self, identity: str, organisation: str = "KNHM", **cells: Any) -> str:
        """Somebody in the pool."""
        self._insert(
            "experts",
            **{
                "id": identity,
                "name": f"Expert {identity}",
                "organisation": organisation,
                "role": "expert",
                "email": f"{identity}@example.org",
                "telegram": "",
                "needs": "[]",
                "profile": "",
                "regions": "[]",
                "languages": "[]",
                "capacity": 3,
                "active": 1,
                **cells,
            },
        )
        return identity

    def proposal(self, case: int, expert: str, when: datetime, state: str = "open", **cells: Any) -> int:
        """A proposal to the adviser "a1"; give `decided_at` for any state but open."""
        return self._insert(
            "proposals",
            **{
                "case_id": case,
                "expert_id": expert,
                "adviser_id": "a1",
                "state": state,
                "created_at": when,
                **cells,
            },
        )

    def review(self, case: int, when: datetime, state: str = "open", **cells: Any) -> int:
        """A review by the coordinator."""
        return self._insert("reviews", case_id=case, state=state, created_at=when, **cells)

    def letter(self, when: datetime, state: str, case: int | None = None) -> int:
        """A letter in the outbox."""
        name = f"letter {next(self.numbers)}"
        return self._insert(
            "letters",
            key=name,
            case_id=case,
            channel="mail",
            template="proposal",
            recipient="a1@example.org",
            language="nl",
            subject="",
            text="",
            html="",
            message_id=f"<{name}@example.org>",
            state=state,
            due_at=when,
            created_at=when,
        )


def in_week(cell: str | None, week: tuple[int, int]) -> bool:
    """Whether a stored moment falls in an ISO week (year, number) on a Dutch calendar, told by the calendar alone."""
    return cell is not None and datetime.fromisoformat(cell).astimezone(AMSTERDAM).isocalendar()[:2] == week


def _codes(cell: str) -> set[str]:
    return {each["code"] if isinstance(each, dict) else each for each in json.loads(cell)}


def counted_by_hand(db: Database, week: tuple[int, int]) -> dict[str, Any]:
    """The totals of a week, counted in Python row by row: the yardstick for what SQL counted."""
    messages = [row for row in db.table("messages").rows if in_week(row["received_at"], week)]
    requests = [row for row in messages if row["state"] == "handled" and row["kind"] == "request"]
    needs = [_codes(row["needs"]) for row in requests]
    opened = [row for row in db.table("cases").rows if in_week(row["opened_at"], week)]
    proposals = list(db.table("proposals").rows)
    organisations = {row["id"]: row["organisation"] for row in db.table("experts").rows}
    decided = [row for row in proposals if row["state"] != "open" and in_week(row["decided_at"], week)]
    made = [row for row in proposals if in_week(row["created_at"], week)]
    events = [row for row in db.table("events").rows if in_week(row["at"], week)]
    return {
        "messages": len(messages),
        "channels": Counter(row["channel"] for row in messages),
        "requests": len(requests),
        "needs": Counter(code for codes in needs for code in codes),
        "without_need": needs.count(set()),
        "cases": len(opened),
        "eligibility": Counter(row["eligibility"] or "" for row in opened),
        "municipalities": Counter(row["municipality"] or "" for row in opened),
        "made": len(made),
        "decided": Counter(row["state"] for row in decided),
        "made_by": Counter(organisations[row["expert_id"]] for row in made),
        "introduced": len({row["case_id"] for row in events if row["event"] == "introduced"}),
        "unserved": len({row["case_id"] for row in events if row["event"] == "unserved"}),
    }
