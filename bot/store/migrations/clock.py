"""Reopened cases stayed marked as closed, so that their expert's work was not counted. And what the clock looks at."""

STATEMENTS: tuple[str, ...] = (
    "UPDATE cases SET closed_at = NULL WHERE state NOT IN ('referred', 'withdrawn', 'closed')",
    "CREATE INDEX proposals_open ON proposals (id) WHERE state = 'open'",
    "CREATE INDEX reviews_open ON reviews (id) WHERE state = 'open'",
)
