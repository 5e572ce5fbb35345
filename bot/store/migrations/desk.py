"""The coordinators' desk: who signed in, who did what, what was corrected and noted by hand."""

STATEMENTS = (
    # A link from a mail opens the desk once; kept as a hash only, with the page that was asked for.
    """CREATE TABLE sign_in_links (
        hash TEXT PRIMARY KEY, address TEXT NOT NULL, wanted TEXT NOT NULL, created_at TEXT NOT NULL,
        expires_at TEXT NOT NULL, used_at TEXT
    ) STRICT""",
    # A session's secret is changed while it lasts; the earlier one still opens it for a moment.
    """CREATE TABLE sessions (
        id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, earlier_hash TEXT NOT NULL DEFAULT '', address TEXT NOT NULL,
        began_at TEXT NOT NULL, renewed_at TEXT NOT NULL, seen_at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX sessions_by_earlier_hash ON sessions (earlier_hash)",
    # Who of the staff did it: the id of an adviser, the address of a coordinator.
    "ALTER TABLE events ADD COLUMN person TEXT NOT NULL DEFAULT ''",
    # What was understood and what a coordinator made of it, with the words it is about: learned from later.
    """CREATE TABLE corrections (
        id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
        message_id INTEGER REFERENCES messages (id) ON DELETE SET NULL, at TEXT NOT NULL, person TEXT NOT NULL,
        channel TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX corrections_by_case ON corrections (case_id)",
    # What coordinators write down about a case for each other, and why they closed, opened or assigned it.
    """CREATE TABLE case_notes (
        id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL REFERENCES cases (id) ON DELETE CASCADE, at TEXT NOT NULL,
        person TEXT NOT NULL, event TEXT NOT NULL, text TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX case_notes_by_case ON case_notes (case_id)",
    # The coordinator who looks after a case.
    """CREATE TABLE case_owners (
        case_id INTEGER PRIMARY KEY REFERENCES cases (id) ON DELETE CASCADE, person TEXT NOT NULL, since TEXT NOT NULL
    ) STRICT""",
    # Sentences with which a coordinator explains a topic, beside the examples that ship.
    """CREATE TABLE topic_phrases (
        id INTEGER PRIMARY KEY, code TEXT NOT NULL, phrase TEXT NOT NULL, added_at TEXT NOT NULL,
        person TEXT NOT NULL, UNIQUE (code, phrase)
    ) STRICT""",
)
