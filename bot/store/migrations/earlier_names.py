"""Under which other names an initiative was known: letters to others may have told them, and erasing takes them out."""

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE earlier_names (
        case_id INTEGER NOT NULL REFERENCES cases (id) ON DELETE CASCADE, name TEXT NOT NULL,
        PRIMARY KEY (case_id, name)
    ) STRICT""",
)
