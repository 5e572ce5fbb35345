"""Open data of other installations, and indexes by which monitoring counts without reading every row."""

STATEMENTS: tuple[str, ...] = (
    "CREATE INDEX letters_stuck ON letters (state) WHERE state IN ('parked', 'unknown')",
    "CREATE INDEX proposals_by_state ON proposals (state)",
    """CREATE TABLE shared_sets (
        id INTEGER PRIMARY KEY, publisher TEXT NOT NULL UNIQUE, period TEXT NOT NULL, licence TEXT NOT NULL,
        digest TEXT NOT NULL, imported_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE shared_rows (
        set_id INTEGER NOT NULL REFERENCES shared_sets (id) ON DELETE CASCADE, resource TEXT NOT NULL,
        position INTEGER NOT NULL, cells TEXT NOT NULL, PRIMARY KEY (set_id, resource, position)
    ) STRICT""",
)
