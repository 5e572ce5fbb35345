"""What a chat shows beside our letters: buttons that are still to be taken away, and an adviser's own menu."""

STATEMENTS: tuple[str, ...] = (
    # When to try next to take a letter's buttons away, and how often that was tried.
    "ALTER TABLE letters ADD COLUMN keyboard_due_at TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE letters ADD COLUMN keyboard_tries INTEGER NOT NULL DEFAULT 0",
    # The commands that a chat shows of its own; '' for none. What it should show follows from accounts and experts.
    """CREATE TABLE chat_menus (
        address TEXT PRIMARY KEY, commands TEXT NOT NULL, tries INTEGER NOT NULL, due_at TEXT NOT NULL
    ) STRICT""",
)
