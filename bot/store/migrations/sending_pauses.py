"""That the server which sends takes letters and doesn't say that it did: how often in a row, and until when we wait."""

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE sending_pauses (
        server TEXT PRIMARY KEY, unanswered INTEGER NOT NULL, until TEXT NOT NULL
    ) STRICT""",
)
