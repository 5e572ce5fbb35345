"""Erasing: of what was erased a salted hash stays, and a wish to be erased goes on to a person and to its end."""

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE tombstones (
        hash TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('person', 'message')), erased_at TEXT NOT NULL
    ) STRICT""",
    # And how many bytes of the file beside the store were heeded (-1: there is none), so that it is read when it grew.
    "CREATE TABLE tombstone_salt (salt TEXT NOT NULL, file_bytes INTEGER NOT NULL) STRICT",
    "INSERT INTO tombstone_salt (salt, file_bytes) VALUES (lower(hex(randomblob(16))), -1)",
    """CREATE TABLE erasures_anew (
        id INTEGER PRIMARY KEY, address TEXT NOT NULL, asked_at TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('asked', 'confirmed', 'approved', 'kept', 'done')), decided_at TEXT,
        approved_at TEXT, approved_by TEXT NOT NULL DEFAULT '', done_at TEXT
    ) STRICT""",
    """INSERT INTO erasures_anew (id, address, asked_at, state, decided_at)
        SELECT id, address, asked_at, state, decided_at FROM erasures""",
    "DROP TABLE erasures",
    "ALTER TABLE erasures_anew RENAME TO erasures",
    "CREATE UNIQUE INDEX one_asked_erasure ON erasures (address) WHERE state = 'asked'",
    # The clock asks every minute what may be erased, and which messages without a case have been kept long enough.
    "CREATE INDEX erasures_to_do ON erasures (id) WHERE state IN ('confirmed', 'approved')",
    "CREATE INDEX messages_by_sender ON messages (sender)",
    "CREATE INDEX cases_to_age ON cases (touched_at) WHERE substr(initiator, 1, 7) != 'erased:'",
    "CREATE INDEX messages_to_age ON messages (received_at) WHERE account != '' AND case_id IS NULL",
)
