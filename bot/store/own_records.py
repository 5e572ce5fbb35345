"""Everything the store holds of one person, as rows that can be handed over (art. 15 and 20 AVG). Lays nothing out."""

from typing import Any

from sqlite_utils import Database

from bot.letter_facts import FOR_INITIATORS
from bot.store.rows import as_json, from_json
from bot.store.scrubbing import Scope, filled_in

_JSON = ("regions", "languages", "needs", "findings", "fact_evidence", "unsure_facts", "budget_sheet")

# A letter to staff is about the people whose case it is: of such a letter only is told that there was one.
_TO_INITIATORS = ", ".join(f"'{template}'" for template in sorted(FOR_INITIATORS))
_OWN = f"(case_id IN {{cases}} OR case_id IS NULL AND template IN ({_TO_INITIATORS}))"

RECORDS: tuple[tuple[str, str], ...] = (
    ("cases", """SELECT id, reference, initiator, initiator_name, contact, channel, language, state, municipality,
        province, budget, provincial_dependence, phase, initiative, needs, findings, fact_evidence,
        unsure_facts, budget_sheet, eligibility, consent, question, opened_at, touched_at, closed_at FROM
        cases WHERE id IN {cases} ORDER BY id"""),
    # What others wrote in a case, such as an adviser's reason, is theirs; it is not among it.
    ("messages", """SELECT id, channel, received_at, state, case_id, sender, subject, text, kind, language, outcome FROM
        messages WHERE id IN {messages} AND (state != 'handled' OR sender IN {addresses}) ORDER BY id"""),
    ("attachments", """SELECT a.id, a.message_id, a.filename, a.media_type, length(a.content) AS bytes FROM
        attachments a JOIN messages m ON m.id = a.message_id WHERE m.id IN {messages} AND m.sender IN
        {addresses} ORDER BY a.id"""),
    ("letters", """SELECT id, case_id, channel, template, recipient, language, iif({own}, subject, NULL) AS subject,
        iif({own}, text, NULL) AS text, state, created_at, sent_at FROM letters WHERE recipient IN {addresses}
        ORDER BY id"""),
    ("proposals", """SELECT p.case_id, e.name AS expert, e.organisation AS organisation, p.state, p.created_at,
        p.decided_at FROM proposals p JOIN experts e ON e.id = p.expert_id WHERE p.case_id IN {cases}
        ORDER BY p.id"""),
    ("history", "SELECT case_id, at, event, actor, channel FROM events WHERE case_id IN {cases} ORDER BY id"),
    ("follow_ups", """SELECT case_id, asked_at, helped, phase, next, answered_at FROM follow_ups WHERE case_id IN
        {cases}"""),
    ("lessons", """SELECT case_id, lesson, state, told_at FROM lessons WHERE told_by = 'initiator' AND case_id IN
        {cases} ORDER BY id"""),
    ("sharing", "SELECT case_id, agreed, told_by, told_at FROM sharing WHERE case_id IN {cases}"),
    ("accounts", "SELECT live, email, linked_at FROM accounts WHERE live IN {addresses} OR email IN {addresses}"),
    ("conversations", """SELECT name, started_at FROM conversations WHERE 'web:' || public_id IN {addresses} ORDER BY
        started_at"""),
    ("pool", """SELECT id, name, organisation, role, email, telegram, needs, profile, regions, languages, capacity,
        active, away_until FROM experts WHERE lower(email) IN {addresses}"""),
    ("absences", """SELECT first_day, last_day, announced_at, ended_at FROM absences WHERE person_id IN (SELECT id FROM
        experts WHERE lower(email) IN {addresses}) ORDER BY id"""),
    ("decisions", """SELECT case_id, state, decided_at, decided_via FROM proposals WHERE decided_at IS NOT NULL AND
        adviser_id IN (SELECT id FROM experts WHERE lower(email) IN {addresses}) ORDER BY id"""),
    ("erasures", "SELECT asked_at, state, decided_at FROM erasures WHERE address IN {addresses} ORDER BY id"),
)  # fmt: skip
"""What is handed over, by name, in this order."""


def records_of(db: Database, scope: Scope) -> dict[str, list[dict[str, Any]]]:
    """Everything of a scope, by the names of RECORDS; what was kept as JSON as values."""
    values = {"addresses": as_json(scope.addresses), "cases": as_json(scope.cases), "messages": as_json(scope.messages)}
    return {name: [_row(row) for row in _rows(db, sql, values)] for name, sql in RECORDS}


def files_of(db: Database, scope: Scope) -> dict[int, bytes]:
    """The content of the attachments of a scope, by id."""
    sql = (
        "SELECT a.id, a.content FROM attachments a JOIN messages m ON m.id = a.message_id WHERE m.id IN {messages}"
        " AND m.sender IN {addresses}"
    )
    values = {"addresses": as_json(scope.addresses), "messages": as_json(scope.messages)}
    return {row["id"]: row["content"] for row in _rows(db, sql, values)}


def _rows(db: Database, sql: str, values: dict[str, str]) -> list[dict[str, Any]]:
    cursor = db.conn.execute(filled_in(sql.replace("{own}", _OWN)), values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: from_json(value) if name in _JSON else value for name, value in row.items()}
