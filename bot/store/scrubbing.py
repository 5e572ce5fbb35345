"""Takes a person out of every table: what goes, and what stays of it so that the counts of reports stay right.

A case stays as a row without a word of or about a person. Who asks for this, and why, is bot/privacy/erasing.py's.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from bot.store import tombstones
from bot.store.rows import as_json, as_text, moment
from bot.store.tombstones import Tombstone, hash_of
from inbox.decline_reason import without_words
from matcher.proposal import CASE_ENDS

CLOCK_SET_BACK = timedelta(days=7)
STAND_IN = "erased:"
"""With which begins what stands in place of an erased person's address: the same for all cases of one person."""


def is_stand_in(address: str) -> bool:
    """Whether this is no address: that of a person who was erased stood here."""
    return address.startswith(STAND_IN)


@dataclass(frozen=True, slots=True)
class Scope:
    """All that is taken out: the addresses of a person, and cases and messages by id.

    Without addresses only these cases and messages lose their words; `references` are those of the cases.
    """

    addresses: tuple[str, ...] = ()
    cases: tuple[int, ...] = ()
    messages: tuple[int, ...] = ()
    references: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to take out but, perhaps, an address in a list."""
        return not (self.cases or self.messages)


_ADDRESSES = "(SELECT value FROM json_each(:addresses))"
_CASES = "(SELECT value FROM json_each(:cases))"
_MESSAGES = "(SELECT value FROM json_each(:messages))"
# A letter that is caused by a message has a key that begins with "message:1/"; behind "/" comes "0". What tells an
# adviser that a proposal stopped has no word of the person, and has still to leave; the letter of a week is known by
# its key for ever, and emptied.
_LETTERS = """id IN (SELECT id FROM letters WHERE case_id IN {cases} UNION SELECT id FROM letters WHERE recipient IN
    {addresses} UNION SELECT l.id FROM json_each(:messages) m CROSS JOIN letters l ON l.key >= 'message:' || m.value ||
    '/' AND l.key < 'message:' || m.value || '0')
    AND NOT (template = 'proposal_withdrawn' AND state IN ('waiting', 'sending')) AND template != 'weekly_report'"""
_QUOTING = """template = 'weekly_report' AND EXISTS (SELECT 1 FROM proposals p WHERE p.case_id IN {cases}
    AND p.reason != '' AND p.decided_at <= letters.created_at)"""
_BARE = "(SELECT coalesce(json_group_array(json_set(value, '$.evidence', '')), '[]') FROM json_each(COLUMN))"
_PARTS: tuple[tuple[str, str], ...] = (
    ("{letters}", _LETTERS),
    ("{quoting}", _QUOTING),
    ("{addresses}", _ADDRESSES),
    ("{pages}", "(SELECT substr(value, 5) FROM json_each(:addresses) WHERE substr(value, 1, 4) = 'web:')"),
    ("{cases}", _CASES),
    ("{messages}", _MESSAGES),
    ("{ends}", ", ".join(f"'{state}'" for state in sorted(CASE_ENDS))),
    ("{needs_bare}", _BARE.replace("COLUMN", "needs")),
    ("{findings_bare}", _BARE.replace("COLUMN", "findings")),
)
"""What stands between braces in the statements below, in the order in which it is filled in."""
_SINCE = (
    "SELECT address, min(since) AS since FROM (SELECT initiator AS address, opened_at AS since FROM cases"
    " UNION ALL SELECT sender, received_at FROM messages UNION ALL SELECT envelope_sender, received_at FROM messages"
    " WHERE channel = 'web' UNION ALL SELECT recipient, created_at FROM letters"
    " WHERE substr(key, 1, 7) != 'erased:'"
    " UNION ALL SELECT email, linked_at FROM accounts UNION ALL SELECT live, linked_at FROM accounts)"
    " WHERE address != '' GROUP BY address"
)

RULES: tuple[tuple[str, str], ...] = (
    # A coordinator may have copied a sentence of the person as an example of a topic.
    ("topic_phrases", """DELETE FROM topic_phrases WHERE EXISTS (SELECT 1 FROM cases WHERE id IN {cases} AND
        instr(question, phrase)) OR EXISTS (SELECT 1 FROM messages WHERE id IN {messages} AND instr(text, phrase))"""),
    ("choices", """DELETE FROM choices WHERE holder IN {addresses} OR case_id IN {cases} OR letter_key IN (SELECT
        key FROM letters WHERE {letters})"""),
    ("letters", "DELETE FROM letters WHERE {letters}"),
    # A report that quotes why an adviser said no and still waits: the clock writes that week's anew, without it.
    ("sent_reports", """DELETE FROM sent_reports WHERE week IN (SELECT substr(key, 15) FROM letters WHERE {quoting} AND
        state = 'waiting')"""),
    ("letter_files", """DELETE FROM letter_files WHERE letter_key IN (SELECT key FROM letters WHERE {quoting} AND
        state = 'waiting')"""),
    ("letters", "DELETE FROM letters WHERE {quoting} AND state = 'waiting'"),
    # Lists of several cases for an adviser, and reports that quote why an adviser said no: sent, so no longer needed.
    ("letters", """UPDATE letters SET text = '', html = '', in_reply_to = NULL, refs = '' WHERE created_at >= :since AND
        state NOT IN ('waiting', 'sending') AND EXISTS (SELECT 1 FROM json_each(:references) WHERE instr(letters.text,
        value))"""),
    ("letters", "UPDATE letters SET text = '', html = '' WHERE {quoting}"),
    ("letter_files", """DELETE FROM letter_files WHERE EXISTS (SELECT 1 FROM letters WHERE key = letter_key AND text =
        '')"""),
    ("attachments", "DELETE FROM attachments WHERE message_id IN {messages}"),
    ("messages", """UPDATE messages SET outcome = CASE state WHEN 'handled' THEN outcome ELSE 'erased' END, state =
        'handled', handled_at = coalesce(handled_at, :now), raw = x'', envelope_sender = NULL,
        external_id = 'erased:' || id, account = '', sender = '', message_id = '', subject = '', text =
        '', problem = '' WHERE id IN {messages}"""),
    ("case_vectors", "DELETE FROM case_vectors WHERE case_id IN {cases}"),
    ("ranked", "UPDATE ranked SET why = '[]' WHERE case_id IN {cases}"),
    # Of a reason stays its code, of one in own words whether it was about the subject: the ranking learns from it.
    ("proposals", """UPDATE proposals SET reason = without_words(reason) WHERE
        case_id IN {cases} AND reason != ''"""),
    ("proposals", """UPDATE proposals SET state = 'withdrawn', decided_at = :now WHERE state = 'open' AND case_id IN
        {cases}"""),
    ("adviser_questions", "UPDATE adviser_questions SET question = '' WHERE case_id IN {cases}"),
    ("reviews", "UPDATE reviews SET reason = '' WHERE case_id IN {cases}"),
    ("reviews", """UPDATE reviews SET state = 'withdrawn', decided_at = :now WHERE case_id IN {cases} AND state =
        'open'"""),
    ("reminders", "DELETE FROM reminders WHERE proposal_id IN (SELECT id FROM proposals WHERE case_id IN {cases})"),
    ("expected_words", """DELETE FROM expected_words WHERE holder IN {addresses} OR proposal_id IN (SELECT id FROM
        proposals WHERE case_id IN {cases})"""),
    ("tokens", """DELETE FROM tokens WHERE holder IN {addresses} OR shown_in IN {addresses} OR (purpose IN ('consent',
        'reply') AND subject_id IN {cases})"""),
    ("asked", "DELETE FROM asked WHERE case_id IN {cases}"),
    ("follow_ups", "UPDATE follow_ups SET next = '' WHERE case_id IN {cases}"),
    ("lessons", "DELETE FROM lessons WHERE case_id IN {cases}"),
    # What a colleague wrote down stays without the name of the initiative.
    ("lessons", """UPDATE lessons SET initiative = '' WHERE initiative COLLATE NOCASE IN (SELECT initiative FROM cases
        WHERE id IN {cases} AND initiative != '' UNION SELECT name FROM earlier_names WHERE case_id IN {cases})"""),
    ("earlier_names", "DELETE FROM earlier_names WHERE case_id IN {cases}"),
    ("sharing", "DELETE FROM sharing WHERE case_id IN {cases}"),
    ("contact_wishes", """DELETE FROM contact_wishes WHERE case_id IN {cases} OR code IN (SELECT value FROM
        json_each(:references))"""),
    ("corrections", "DELETE FROM corrections WHERE case_id IN {cases} OR message_id IN {messages}"),
    ("case_notes", "UPDATE case_notes SET text = '' WHERE case_id IN {cases}"),
    ("accounts", "DELETE FROM accounts WHERE live IN {addresses} OR email IN {addresses}"),
    ("account_codes", "DELETE FROM account_codes WHERE live IN {addresses} OR email IN {addresses}"),
    ("conversations", "DELETE FROM conversations WHERE public_id IN {pages}"),
    ("moved_chats", "DELETE FROM moved_chats WHERE address IN {addresses} OR moved_to IN {addresses}"),
    ("chat_menus", "DELETE FROM chat_menus WHERE address IN {addresses}"),
    ("cases", "UPDATE cases SET contact = '' WHERE contact != '' AND contact IN {addresses}"),
    ("cases", """UPDATE cases SET initiator = :stand_in, initiator_name = '', contact = '', initiative = NULL,
        question = '', fact_evidence = '[]', unsure_facts = '[]', budget_sheet = '{}', needs =
        {needs_bare}, findings = {findings_bare}, state = CASE WHEN state IN ({ends}) THEN state ELSE
        'withdrawn' END, closed_at = coalesce(closed_at, :now) WHERE id IN {cases}"""),
)  # fmt: skip
"""What happens to each table that can hold words or an address of a person, in this order."""

NOTHING_OF_A_PERSON: frozenset[str] = frozenset(
    {
        "experts", "vectors", "offered", "absences", "adviser_links", "mailboxes", "weights", "reports", "events",
        "erasures", "tombstones", "tombstone_salt", "instruments", "recommended", "case_owners", "sessions",
        "sign_in_links", "sent_reports", "shared_sets", "shared_rows", "sending_pauses", "taken_out",
    }
)  # fmt: skip
"""Tables about the pool and the service itself, or with codes and numbers only; `erasures` lets go of its address."""


def scrub(db: Database, scope: Scope, stand_in: str, now: datetime) -> None:
    """Take everything of a scope out, inside the transaction of the caller; `stand_in` takes the address's place."""
    db.conn.create_function("without_words", 1, without_words, deterministic=True)
    values = {
        "addresses": as_json(scope.addresses),
        "cases": as_json(scope.cases),
        "messages": as_json(scope.messages),
        "references": as_json(scope.references),
        "stand_in": stand_in,
        "since": since(db, scope),
        "now": as_text(now),
    }
    for _, statement in RULES:
        db.conn.execute(filled_in(statement), values)
    note_taken_out(db, now)


def note_taken_out(db: Database, now: datetime) -> None:
    """Remember, in the transaction that takes words out, that the file has to be written anew."""
    db.execute("INSERT INTO taken_out (mark, at) VALUES (hex(randomblob(8)), ?)", [as_text(now)])


def since(db: Database, scope: Scope) -> str:
    """The moment, as the store writes it, before which nobody wrote of this person; later than any for nobody.

    Some days earlier than the first case or message: the clock may have been set back meanwhile.
    """
    sql = (
        "SELECT min(at) FROM (SELECT min(opened_at) AS at FROM cases WHERE id IN (SELECT value FROM json_each(?))"
        " UNION ALL SELECT min(received_at) FROM messages WHERE id IN (SELECT value FROM json_each(?)))"
    )
    (found,) = db.execute(sql, [as_json(scope.cases), as_json(scope.messages)]).fetchone()
    return as_text(moment(found) - CLOCK_SET_BACK) if found else "9999"


def filled_in(statement: str) -> str:
    """A statement with its parts between braces filled in; these are our own words, never a person's."""
    for mark, part in _PARTS:
        statement = statement.replace(mark, part)
    return statement


def letters_of(db: Database, scope: Scope) -> list[str]:
    """The Message-IDs of the letters that `scrub` takes out."""
    values = {"addresses": as_json(scope.addresses), "cases": as_json(scope.cases), "messages": as_json(scope.messages)}
    rows = db.conn.execute(filled_in("SELECT message_id FROM letters WHERE {letters}"), values)
    return [str(row[0]) for row in rows]


def external_ids(db: Database, scope: Scope) -> list[tuple[str, str]]:
    """Channel and external id of the messages of a scope that still hold something."""
    sql = "SELECT channel, external_id FROM messages WHERE length(raw) > 0 AND id IN (SELECT value FROM json_each(?))"
    return [(str(row[0]), str(row[1])) for row in db.execute(sql, [as_json(scope.messages)]).fetchall()]


def message_ids(db: Database, scope: Scope) -> list[str]:
    """The Message-IDs of the mails of a scope, as far as they were read."""
    sql = "SELECT message_id FROM messages WHERE message_id != '' AND id IN (SELECT value FROM json_each(?))"
    return [str(row[0]) for row in db.execute(sql, [as_json(scope.messages)]).fetchall()]


def buried_messages(db: Database, hashes: Collection[str]) -> tuple[int, ...]:
    """Messages with words of which one of these is the tombstone."""
    salt = tombstones.salt_of(db)
    rows = db.query("SELECT id, channel, external_id FROM messages WHERE length(raw) > 0")
    return tuple(row["id"] for row in rows if hash_of(salt, "message", row["channel"], row["external_id"]) in hashes)


def buried_people(db: Database, stones: Mapping[str, Tombstone]) -> list[str]:
    """Addresses of which one of these, by hash, is the tombstone, and of which something is older than that."""
    salt = tombstones.salt_of(db)
    found = []
    for row in db.query(_SINCE):
        stone = stones.get(hash_of(salt, "person", row["address"]))
        if stone is not None and row["since"] <= as_text(stone.erased_at):
            found.append(str(row["address"]))
    return found


def places_with(db: Database, addresses: Collection[str], besides: Collection[str] = ()) -> tuple[str, ...]:
    """Every "table.column" in which one of these addresses stands, in any table whatever; tables in `besides` aside.

    Each table is read once, to its end.
    """
    wanted = [each.encode() for each in addresses]
    found = []
    for table in db.tables:
        columns = [column.name for column in table.columns if column.type in ("TEXT", "BLOB")]
        if table.name in besides or not columns or not wanted:
            continue
        found_in = " OR ".join(f"instr(CAST([%s] AS BLOB), ?{n})" for n in range(1, len(wanted) + 1))
        asked = ", ".join(f"max({found_in.replace('%s', name)})" for name in columns)
        sql = f"SELECT {asked} FROM [{table.name}]"  # noqa: S608 - our own names
        row = db.execute(sql, wanted).fetchone()
        found += [f"{table.name}.{name}" for name, stands in zip(columns, row, strict=True) if stands]
    return tuple(found)


def ids(db: Database, sql: str, values: Sequence[object]) -> tuple[int, ...]:
    """The first column of a query, as numbers."""
    return tuple(int(row[0]) for row in db.execute(sql, list(values)).fetchall())


def is_to_wipe(db: Database) -> bool:
    """Whether words were taken out since the file was written anew."""
    return db.execute("SELECT 1 FROM taken_out LIMIT 1").fetchone() is not None


def wipe(db: Database, *, anew: bool = True) -> bool:
    """Let no page of the file hold what was taken out; False when somebody still read, so that it has to come again.

    Call outside a transaction. The file is written anew (VACUUM) unless told not to, and the write-ahead log emptied.
    What is overwritten is zeroes already (secure_delete), but not the copies of it that SQLite left in a page when it
    moved rows to another. Who breaks off in between leaves the mark of `scrub`: then it comes again.
    """
    if anew:
        seen = [row[0] for row in db.execute("SELECT mark FROM taken_out").fetchall()]
        db.conn.execute("VACUUM")
        db.execute("DELETE FROM taken_out WHERE mark IN (SELECT value FROM json_each(?))", [as_json(seen)])
    busy, _, _ = db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
