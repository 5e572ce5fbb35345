"""Cases as rows: opened, found, changed only from the state they were read in. Which change is allowed is matcher's."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.store.accounts import addresses_of
from bot.store.budget_sheets import sheet_cell, sheet_of
from bot.store.rows import as_json, as_text, first, from_json, moment
from inbox.found_need import Need
from inbox.known_facts import Facts
from inbox.message import Channel
from matcher.proposal import CASE_ENDS, Case, CaseState
from matcher.rules import Finding


def _case(row: dict[str, Any]) -> Case:
    sheet, contradictions = sheet_of(row["budget_sheet"])
    return Case(
        id=row["id"],
        reference=row["reference"],
        initiator=row["initiator"],
        initiator_name=row["initiator_name"],
        channel=row["channel"],
        language=row["language"],
        state=row["state"],
        facts=Facts(
            municipality=row["municipality"],
            province=row["province"],
            budget=row["budget"],
            provincial_dependence=_truth(row["provincial_dependence"]),
            phase=row["phase"],
            initiative=row["initiative"],
            evidence=tuple((name, text) for name, text in from_json(row["fact_evidence"])),
            unsure=tuple(from_json(row["unsure_facts"])),
            sheet=sheet,
            contradictions=contradictions,
        ),
        needs=tuple(Need(**need) for need in from_json(row["needs"])),
        eligibility=row["eligibility"],
        rounds_asked=row["rounds_asked"],
        consent=_truth(row["consent"]),
        opened_at=moment(row["opened_at"]),
        contact=row["contact"],
    )


def _truth(cell: int | None) -> bool | None:
    return None if cell is None else bool(cell)


def _cells(case: Case) -> dict[str, Any]:
    facts = case.facts
    return {
        "initiator_name": case.initiator_name,
        "language": case.language,
        "state": case.state,
        "municipality": facts.municipality,
        "province": facts.province,
        "budget": facts.budget,
        "provincial_dependence": facts.provincial_dependence,
        "phase": facts.phase,
        "initiative": facts.initiative,
        "fact_evidence": as_json(facts.evidence),
        "unsure_facts": as_json(facts.unsure),
        "budget_sheet": sheet_cell(facts),
        "needs": as_json([asdict(need) for need in case.needs]),
        "eligibility": case.eligibility,
        "rounds_asked": case.rounds_asked,
        "consent": case.consent,
        "contact": case.contact,
    }


def open_case(db: Database, *, initiator: str, name: str, channel: str, language: str, now: datetime) -> Case:
    """Open an empty case with the next reference of its year (SV-2026-0001); call inside a transaction.

    How to reach somebody who told so in an earlier case, or by a linked mail address, is known in this one too.
    """
    row = first(
        db,
        "INSERT INTO cases (reference, initiator, initiator_name, channel, language, state, opened_at, touched_at,"
        " contact) VALUES (?, ?, ?, ?, ?, 'new', ?, ?, coalesce((SELECT contact FROM cases WHERE initiator = ?"
        " AND contact != '' ORDER BY id DESC LIMIT 1), (SELECT email FROM accounts WHERE live = ?"
        " ORDER BY linked_at DESC LIMIT 1), '')) RETURNING *",
        [
            _next_reference(db, now),
            initiator,
            name,
            channel,
            language,
            as_text(now),
            as_text(now),
            initiator,
            initiator,
        ],
    )
    assert row is not None
    return _case(row)


def _next_reference(db: Database, now: datetime) -> str:
    prefix = f"SV-{now.year}-"
    row = first(
        db,
        "SELECT CAST(substr(reference, 9) AS INTEGER) AS last FROM cases WHERE substr(reference, 1, 8) = ?"
        " ORDER BY CAST(substr(reference, 9) AS INTEGER) DESC LIMIT 1",  # as the index has it, also beyond 9999
        [prefix],
    )
    return f"{prefix}{((row or {}).get('last') or 0) + 1:04d}"


def keep(db: Database, case: Case, question: str, now: datetime) -> None:
    """Write a case as it now is; call inside the transaction in which it was read. A reopened one is closed no more."""
    cells = {**_cells(case), "question": question, "touched_at": as_text(now)}
    names = ", ".join(f"{name} = ?" for name in cells)
    closed = as_text(now) if case.state in CASE_ENDS else None
    db.execute(
        "INSERT OR IGNORE INTO earlier_names (case_id, name) SELECT id, initiative FROM cases WHERE id = ?"
        " AND initiative != '' AND initiative IS NOT ?",
        [case.id, case.facts.initiative],
    )
    db.execute(
        f"UPDATE cases SET {names}, closed_at = iif(? IS NULL, NULL, coalesce(closed_at, ?)) WHERE id = ?",  # noqa: S608
        [*cells.values(), closed, closed, case.id],
    )


def names_of(db: Database, case: Case) -> tuple[str, ...]:
    """Every name under which the initiative of a case was known, the present one first."""
    rows = db.query("SELECT name FROM earlier_names WHERE case_id = ? ORDER BY name", [case.id])
    return tuple(dict.fromkeys(filter(None, (case.facts.initiative, *(row["name"] for row in rows)))))


def keep_findings(db: Database, case_id: int, findings: tuple[Finding, ...]) -> None:
    """Keep what each rule found, for the adviser and the coordinator."""
    db.execute("UPDATE cases SET findings = ? WHERE id = ?", [as_json([asdict(f) for f in findings]), case_id])


def find(db: Database, case_id: int) -> Case | None:
    """One case."""
    row = first(db, "SELECT * FROM cases WHERE id = ?", [case_id])
    return None if row is None else _case(row)


def find_by_reference(db: Database, reference: str) -> Case | None:
    """The case with this reference."""
    row = first(db, "SELECT * FROM cases WHERE reference = ?", [reference.upper()])
    return None if row is None else _case(row)


def question_of(db: Database, case_id: int) -> str:
    """What the initiator asked, in his or her own words."""
    row = first(db, "SELECT question FROM cases WHERE id = ?", [case_id])
    return str(row["question"]) if row else ""


def with_questions(db: Database, case_ids: Sequence[int]) -> dict[int, tuple[Case, str]]:
    """By id these cases, as far as they exist, each with what the initiator asked; read in one go."""
    sql = "SELECT * FROM cases WHERE id IN (SELECT value FROM json_each(?))"
    rows = db.query(sql, [as_json(list(case_ids))])
    return {row["id"]: (_case(row), str(row["question"])) for row in rows}


def of_initiator(db: Database, address: str) -> list[Case]:
    """The cases of one person, whichever of the linked addresses they stand under, newest first."""
    own = addresses_of(db, address)
    rows = db.query(
        f"SELECT * FROM cases WHERE initiator IN ({_marks(own)}) ORDER BY id DESC",  # noqa: S608 - question marks
        list(own),
    )
    return [_case(row) for row in rows]


def running_of(db: Database, address: str) -> list[Case]:
    """The cases of one person that have not ended, newest first."""
    return [case for case in of_initiator(db, address) if case.state not in CASE_ENDS]


def move(db: Database, own: Sequence[str], address: str, channel: Channel) -> None:
    """Let all cases of a person go on at one of the `own` addresses.

    A mail address that a case leaves stays known as the contact, so that an expert can still be told it.
    """
    db.execute(
        "UPDATE cases SET contact = CASE WHEN contact = '' AND instr(initiator, '@') THEN initiator ELSE contact END,"  # noqa: S608
        f" initiator = ?, channel = ? WHERE initiator IN ({_marks(own)}) AND initiator != ?",
        [address, channel, *own, address],
    )


def return_home(db: Database, own: Sequence[str]) -> None:
    """Every case of these addresses goes back to the one that opened it, and forgets the others."""
    marks = _marks(own)
    began = f"FROM messages m WHERE m.case_id = cases.id AND m.sender IN ({marks}) ORDER BY m.id LIMIT 1"
    db.execute(
        f"UPDATE cases SET (initiator, channel) = (SELECT m.sender, m.channel {began}),"  # noqa: S608 - question marks
        f" contact = CASE WHEN contact IN ({marks}) THEN '' ELSE contact END"
        f" WHERE initiator IN ({marks}) AND EXISTS (SELECT 1 {began})",
        [*own, *own, *own, *own],
    )


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def with_state(db: Database, state: CaseState) -> list[Case]:
    """All cases in a state, oldest first."""
    return [_case(row) for row in db.query("SELECT * FROM cases WHERE state = ? ORDER BY id", [state])]


def newest(db: Database, count: int) -> list[Case]:
    """The cases opened last, newest first."""
    return [_case(row) for row in db.query("SELECT * FROM cases ORDER BY id DESC LIMIT ?", [count])]


def speak(db: Database, case_id: int, language: str) -> None:
    """From now on the letters of this case are in another language."""
    db.execute("UPDATE cases SET language = ? WHERE id = ?", [language, case_id])


def touch(db: Database, case_id: int, now: datetime) -> None:
    """Something happened in this case: the period for which it is kept begins anew."""
    db.execute("UPDATE cases SET touched_at = ? WHERE id = ?", [as_text(now), case_id])
