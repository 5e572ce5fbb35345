"""Instruments and funders as the coordinator keeps them, what was recommended in which case, and whether it helped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from bot.store.rows import as_json, as_text, from_json
from bot.store.sharing import ToldBy
from expertise.instruments import Instrument

InstrumentHelp = Literal["yes", "partly", "no", "unused"]
HELP: tuple[InstrumentHelp, ...] = ("yes", "partly", "no", "unused")
MOST_TOLD = 200  # of an instrument, what was told last
LEAST_TOLD = 3  # one or two answers say more about an initiative than about an instrument
WEIGHTS = {"yes": 1.0, "partly": 0.5, "no": 0.0}


@dataclass(frozen=True, slots=True)
class KeptInstrument:
    """One line of the list: the instrument, whether it may be recommended, and whether it differs from what ships."""

    instrument: Instrument
    active: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class Recommended:
    """What was recommended to an initiator; `helped` is None as long as nobody told."""

    instrument: str
    helped: InstrumentHelp | None


def _instrument(row: dict[str, Any]) -> Instrument:
    return Instrument(
        code=row["code"],
        name=row["name"],
        offered_by=tuple(from_json(row["offered_by"])),
        needs=tuple(from_json(row["needs"])),
        description=row["description"],
        kind=row["kind"],
    )


def all_of(db: Database, shipped: Sequence[Instrument]) -> tuple[KeptInstrument, ...]:
    """The whole list: what ships in its order, changed where the coordinator did, and then what was added."""
    own = {row["code"]: row for row in db.query("SELECT * FROM instruments ORDER BY name, code")}
    lines = [
        KeptInstrument(_instrument(own[each.code]), bool(own[each.code]["active"]), True)
        if each.code in own
        else KeptInstrument(each, True, False)
        for each in shipped
    ]
    known = {each.code for each in shipped}
    added = (KeptInstrument(_instrument(row), bool(row["active"]), True) for row in own.values())
    return (*lines, *(each for each in added if each.instrument.code not in known))


def in_use(db: Database, shipped: Sequence[Instrument]) -> tuple[Instrument, ...]:
    """What may be recommended now."""
    return tuple(each.instrument for each in all_of(db, shipped) if each.active)


def keep(db: Database, instrument: Instrument, active: bool, now: datetime) -> None:
    """Keep a line as the coordinator wants it."""
    db.execute(
        "INSERT OR REPLACE INTO instruments (code, name, kind, offered_by, needs, description, active, changed_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            instrument.code,
            instrument.name,
            instrument.kind,
            as_json(list(instrument.offered_by)),
            as_json(list(instrument.needs)),
            instrument.description,
            int(active),
            as_text(now),
        ],
    )


def note_recommended(db: Database, case_id: int, codes: Iterable[str], now: datetime) -> None:
    """Remember what an initiator was recommended; what is known stays as it is."""
    sql = "INSERT OR IGNORE INTO recommended (case_id, instrument, recommended_at) VALUES (?, ?, ?)"
    for code in codes:
        db.execute(sql, [case_id, code, as_text(now)])


def recommended_in(db: Database, case_id: int) -> tuple[Recommended, ...]:
    """What was recommended in a case."""
    sql = "SELECT instrument, helped FROM recommended WHERE case_id = ? ORDER BY rowid"
    return tuple(Recommended(**row) for row in db.query(sql, [case_id]))


def tell_help(db: Database, case_id: int, code: str, helped: InstrumentHelp, told_by: ToldBy, now: datetime) -> None:
    """Keep whether a recommended instrument helped."""
    db.execute(
        "UPDATE recommended SET helped = ?, told_by = ?, told_at = ? WHERE case_id = ? AND instrument = ?",
        [helped, told_by, as_text(now), case_id, code],
    )


def help_counts(db: Database) -> dict[str, dict[str, int]]:
    """By code of the instrument: how often it was recommended ("recommended") and what was told of it."""
    counts: dict[str, dict[str, int]] = {}
    sql = "SELECT instrument, coalesce(helped, '') AS helped, count(*) AS n FROM recommended GROUP BY 1, 2"
    for row in db.query(sql):
        of_code = counts.setdefault(row["instrument"], {})
        of_code["recommended"] = of_code.get("recommended", 0) + row["n"]
        if row["helped"]:
            of_code[row["helped"]] = row["n"]
    return counts


def helped_most(db: Database, codes: Iterable[str]) -> dict[str, float]:
    """By code of these instruments: from 0 (never) to 1 (always) how much it helped, by what was told last.

    Who did not use it says nothing about it; what was hardly told of is left out.
    """
    sql = (
        "SELECT helped, count(*) AS n FROM (SELECT helped FROM recommended WHERE instrument = ? AND helped != 'unused'"
        " ORDER BY told_at DESC LIMIT ?) GROUP BY helped"
    )
    found: dict[str, float] = {}
    for code in codes:
        counts = {row["helped"]: row["n"] for row in db.query(sql, [code, MOST_TOLD])}
        told = sum(counts.get(each, 0) for each in WEIGHTS)
        if told >= LEAST_TOLD:
            found[code] = sum(weight * counts.get(each, 0) for each, weight in WEIGHTS.items()) / told
    return found
