"""The weekly report: files that go along with a letter, and which weeks were sent, also when the letter is gone."""

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE letter_files (
        letter_key TEXT NOT NULL REFERENCES letters (key) ON DELETE CASCADE, position INTEGER NOT NULL,
        filename TEXT NOT NULL, media_type TEXT NOT NULL, content_id TEXT NOT NULL DEFAULT '', content BLOB NOT NULL,
        PRIMARY KEY (letter_key, position)
    ) STRICT""",
    """CREATE TABLE sent_reports (
        week TEXT PRIMARY KEY, sent_at TEXT NOT NULL
    ) STRICT""",
    """INSERT INTO sent_reports (week, sent_at) SELECT substr(key, length('weekly_report:') + 1), created_at
        FROM letters
        WHERE template = 'weekly_report' AND substr(key, 1, length('weekly_report:')) = 'weekly_report:'""",
    "CREATE INDEX proposals_by_case ON proposals (case_id)",
)
