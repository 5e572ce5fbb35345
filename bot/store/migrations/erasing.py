"""By which a person's letters and cases are found without reading all, and that the file has to be written anew."""

STATEMENTS: tuple[str, ...] = (
    "CREATE INDEX letters_by_time ON letters (created_at)",
    "CREATE INDEX letters_of_weeks ON letters (id) WHERE template = 'weekly_report'",
    "CREATE INDEX cases_by_contact ON cases (contact) WHERE contact != ''",
    "CREATE INDEX adviser_questions_by_case ON adviser_questions (case_id)",
    # Words were taken out, and pages of the file may hold pieces of them until it is written anew.
    "CREATE TABLE taken_out (mark TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT",
)
