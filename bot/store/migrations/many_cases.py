"""Indexes by which no message, letter or minute of the clock costs more with a million cases than with none."""

STATEMENTS: tuple[str, ...] = (
    # The outbox looks at what waits and what is on its way; an index of both serves neither of these questions.
    "CREATE INDEX letters_to_send ON letters (channel, due_at) WHERE state = 'waiting'",
    "CREATE INDEX letters_on_their_way ON letters (leased_until) WHERE state = 'sending'",
    "CREATE INDEX letters_of_erasing ON letters (id) WHERE template = 'erasure'",
    # A row of a message holds its bytes: whoever looks for what was given up may not have to pass them.
    "CREATE INDEX messages_given_up ON messages (retry_at) WHERE state = 'received' AND attempts >= 3",
    "CREATE INDEX messages_with_words ON messages (case_id, received_at) WHERE account != '' AND state = 'handled'",
    "CREATE INDEX attachments_by_message ON attachments (message_id)",
    # The next number of a year: the year with its dashes, and the number behind it.
    "CREATE INDEX cases_by_number ON cases (substr(reference, 1, 8), CAST(substr(reference, 9) AS INTEGER))",
    # Work in hand is found by the cases that are not closed, and their match.
    "CREATE INDEX cases_by_closing ON cases (closed_at)",
    "CREATE INDEX proposals_in_hand ON proposals (case_id, state, expert_id) WHERE state IN ('open', 'accepted')",
    # What a week brought, for its report.
    "CREATE INDEX proposals_by_making ON proposals (created_at)",
    "CREATE INDEX proposals_by_decision ON proposals (decided_at)",
    "CREATE INDEX events_introduced ON events (at) WHERE event = 'introduced'",
    "CREATE INDEX reviews_by_case ON reviews (case_id)",
    "CREATE INDEX adviser_questions_by_proposal ON adviser_questions (proposal_id)",
    "CREATE INDEX tokens_by_subject ON tokens (subject_id, purpose)",
    "CREATE INDEX tokens_by_expiry ON tokens (expires_at)",
    "CREATE INDEX choices_by_expiry ON choices (expires_at)",
    "CREATE INDEX recommended_told ON recommended (instrument, told_at, helped) WHERE helped IS NOT NULL",
    "CREATE INDEX sharing_agreed ON sharing (told_at) WHERE agreed = 1",
    "CREATE INDEX tombstones_by_kind ON tombstones (kind)",
    "CREATE INDEX events_of_retention ON events (at) WHERE event = 'retention'",
)
