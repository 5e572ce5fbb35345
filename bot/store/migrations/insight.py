"""Sharing: who may be shown to others, who wants to meet whom, what was learned, what was recommended and helped."""

STATEMENTS: tuple[str, ...] = (
    # `code` is that of a shipped initiative or the reference of a case; a case that goes takes its yes along.
    """CREATE TABLE sharing (
        code TEXT PRIMARY KEY, case_id INTEGER UNIQUE REFERENCES cases (id) ON DELETE CASCADE,
        agreed INTEGER NOT NULL CHECK (agreed IN (0, 1)),
        told_by TEXT NOT NULL CHECK (told_by IN ('initiator', 'coordinator')), told_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE contact_wishes (
        case_id INTEGER NOT NULL REFERENCES cases (id) ON DELETE CASCADE, code TEXT NOT NULL,
        wished_at TEXT NOT NULL, PRIMARY KEY (case_id, code)
    ) STRICT""",
    """CREATE TABLE lessons (
        id INTEGER PRIMARY KEY, case_id INTEGER REFERENCES cases (id) ON DELETE CASCADE,
        initiative TEXT NOT NULL, municipality TEXT NOT NULL, needs TEXT NOT NULL, lesson TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'shared', 'hidden')),
        told_by TEXT NOT NULL CHECK (told_by IN ('initiator', 'coordinator')), told_at TEXT NOT NULL
    ) STRICT""",
    "CREATE UNIQUE INDEX one_lesson_of_an_initiator ON lessons (case_id) WHERE told_by = 'initiator'",
    # What the coordinator changed of the list that ships, or added to it; a row goes before the shipped one.
    """CREATE TABLE instruments (
        code TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('instrument', 'funder')),
        offered_by TEXT NOT NULL, needs TEXT NOT NULL, description TEXT NOT NULL,
        active INTEGER NOT NULL CHECK (active IN (0, 1)), changed_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE recommended (
        case_id INTEGER NOT NULL REFERENCES cases (id) ON DELETE CASCADE, instrument TEXT NOT NULL,
        recommended_at TEXT NOT NULL, helped TEXT CHECK (helped IN ('yes', 'partly', 'no', 'unused')),
        told_by TEXT CHECK (told_by IN ('initiator', 'coordinator')), told_at TEXT, PRIMARY KEY (case_id, instrument)
    ) STRICT""",
    # What is counted for insight is asked for by period.
    "CREATE INDEX cases_by_opening ON cases (opened_at)",
    "CREATE INDEX events_unserved ON events (at) WHERE event = 'unserved'",
)
