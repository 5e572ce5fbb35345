"""The first twelve changes of the schema, released; later ones have a file each."""

FIRST_SCHEMA = (
    """CREATE TABLE cases (
        id INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE, initiator TEXT NOT NULL,
        initiator_name TEXT NOT NULL DEFAULT '', channel TEXT NOT NULL, language TEXT NOT NULL, state TEXT NOT NULL,
        municipality TEXT, province TEXT, budget TEXT, provincial_dependence INTEGER, phase INTEGER, initiative TEXT,
        fact_evidence TEXT NOT NULL DEFAULT '[]', needs TEXT NOT NULL DEFAULT '[]', eligibility TEXT,
        findings TEXT NOT NULL DEFAULT '[]', rounds_asked INTEGER NOT NULL DEFAULT 0, consent INTEGER,
        question TEXT NOT NULL DEFAULT '', opened_at TEXT NOT NULL, touched_at TEXT NOT NULL, closed_at TEXT
    ) STRICT""",
    """CREATE TABLE case_vectors (
        case_id INTEGER PRIMARY KEY REFERENCES cases (id) ON DELETE CASCADE, model TEXT NOT NULL,
        rows INTEGER NOT NULL, vector BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX cases_by_initiator ON cases (initiator)",
    "CREATE INDEX cases_by_state ON cases (state)",
    """CREATE TABLE messages (
        id INTEGER PRIMARY KEY, channel TEXT NOT NULL, account TEXT NOT NULL, external_id TEXT NOT NULL,
        raw BLOB NOT NULL, envelope_sender TEXT, received_at TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'handled', 'quarantined')),
        attempts INTEGER NOT NULL DEFAULT 0, retry_at TEXT, problem TEXT NOT NULL DEFAULT '',
        case_id INTEGER REFERENCES cases (id), sender TEXT, message_id TEXT, subject TEXT, text TEXT,
        kind TEXT, kind_confidence REAL, language TEXT, needs TEXT, outcome TEXT, handled_at TEXT,
        UNIQUE (channel, external_id)
    ) STRICT""",
    "CREATE INDEX messages_waiting ON messages (id) WHERE state = 'received'",
    "CREATE INDEX messages_quarantined ON messages (received_at) WHERE state = 'quarantined'",
    "CREATE INDEX messages_by_time ON messages (received_at)",
    "CREATE INDEX messages_by_message_id ON messages (message_id)",
    "CREATE INDEX messages_by_case ON messages (case_id)",
    """CREATE TABLE attachments (
        id INTEGER PRIMARY KEY, message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
        filename TEXT NOT NULL, media_type TEXT NOT NULL, content BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE experts (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, organisation TEXT NOT NULL, role TEXT NOT NULL, email TEXT NOT NULL,
        telegram TEXT NOT NULL, needs TEXT NOT NULL, profile TEXT NOT NULL, regions TEXT NOT NULL,
        languages TEXT NOT NULL, capacity INTEGER NOT NULL, active INTEGER NOT NULL, away_until TEXT,
        in_pool INTEGER NOT NULL DEFAULT 1
    ) STRICT""",
    """CREATE TABLE vectors (
        model TEXT NOT NULL, text_hash TEXT NOT NULL, rows INTEGER NOT NULL, vector BLOB NOT NULL,
        PRIMARY KEY (model, text_hash)
    ) STRICT""",
    """CREATE TABLE ranked (
        case_id INTEGER NOT NULL REFERENCES cases (id) ON DELETE CASCADE, expert_id TEXT NOT NULL,
        position INTEGER, score REAL, needs TEXT NOT NULL DEFAULT '[]', why TEXT NOT NULL DEFAULT '[]',
        region TEXT, because TEXT NOT NULL DEFAULT '[]', PRIMARY KEY (case_id, expert_id)
    ) STRICT""",
    """CREATE TABLE proposals (
        id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL REFERENCES cases (id),
        expert_id TEXT NOT NULL REFERENCES experts (id), adviser_id TEXT NOT NULL REFERENCES experts (id),
        state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', created_at TEXT NOT NULL, decided_at TEXT,
        decided_via TEXT
    ) STRICT""",
    # A decision is taken once: the database itself refuses a second open or accepted proposal for a case.
    "CREATE UNIQUE INDEX one_open_proposal ON proposals (case_id) WHERE state = 'open'",
    "CREATE UNIQUE INDEX one_accepted_proposal ON proposals (case_id) WHERE state = 'accepted'",
    """CREATE TABLE reviews (
        id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL REFERENCES cases (id), state TEXT NOT NULL
            CHECK (state IN ('open', 'approved', 'declined', 'withdrawn')), reason TEXT NOT NULL DEFAULT '',
        created_at TEXT NOT NULL, decided_at TEXT, decided_via TEXT
    ) STRICT""",
    "CREATE UNIQUE INDEX one_open_review ON reviews (case_id) WHERE state = 'open'",
    """CREATE TABLE tokens (
        hash TEXT PRIMARY KEY,
        purpose TEXT NOT NULL CHECK (purpose IN ('proposal', 'review', 'consent')),
        subject_id INTEGER NOT NULL, holder TEXT NOT NULL, created_at TEXT NOT NULL, expires_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE letters (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, case_id INTEGER REFERENCES cases (id),
        channel TEXT NOT NULL, template TEXT NOT NULL, recipient TEXT NOT NULL, language TEXT NOT NULL,
        subject TEXT NOT NULL,
        text TEXT NOT NULL, html TEXT NOT NULL, reply_token TEXT, message_id TEXT NOT NULL UNIQUE,
        in_reply_to TEXT, refs TEXT NOT NULL DEFAULT '',
        state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'unknown', 'parked')),
        leased_until TEXT, attempts INTEGER NOT NULL DEFAULT 0, due_at TEXT NOT NULL,
        problem TEXT NOT NULL DEFAULT '', created_at TEXT NOT NULL, sent_at TEXT
    ) STRICT""",
    "CREATE INDEX letters_due ON letters (due_at) WHERE state IN ('waiting', 'sending')",
    "CREATE INDEX letters_by_recipient ON letters (recipient, created_at)",
    "CREATE INDEX letters_by_case ON letters (case_id)",
    """CREATE TABLE events (
        id INTEGER PRIMARY KEY, case_id INTEGER REFERENCES cases (id), at TEXT NOT NULL, event TEXT NOT NULL,
        actor TEXT NOT NULL, channel TEXT NOT NULL DEFAULT '', detail TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    "CREATE INDEX events_by_case ON events (case_id)",
    "CREATE INDEX events_by_time ON events (at)",
    """CREATE TABLE mailboxes (
        account TEXT NOT NULL, folder TEXT NOT NULL, uidvalidity INTEGER NOT NULL, uid INTEGER NOT NULL,
        PRIMARY KEY (account, folder)
    ) STRICT""",
    """CREATE TABLE reports (
        week TEXT PRIMARY KEY, made_at TEXT NOT NULL, figures TEXT NOT NULL
    ) STRICT""",
)

# What was read in an attached begroting, and what it says against the words of the message.
BUDGET_SHEETS = ("ALTER TABLE cases ADD COLUMN budget_sheet TEXT NOT NULL DEFAULT '{}'",)

# Weights of the ranking that were learned here: they count only once a coordinator has approved them.
WEIGHTS = (
    """CREATE TABLE weights (
        id INTEGER PRIMARY KEY,
        state TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'rejected', 'replaced')),
        weights TEXT NOT NULL, figures TEXT NOT NULL DEFAULT '{}', made_at TEXT NOT NULL,
        decided_at TEXT, decided_by TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    "CREATE UNIQUE INDEX one_approved_weights ON weights (state) WHERE state = 'approved'",
)

# Conversations on the web page: the secret of the page is kept as a hash only. And where a case's initiator without
# a mail address can be reached.
CONVERSATIONS = (
    """CREATE TABLE conversations (
        public_id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL DEFAULT '', started_at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX messages_on_the_web ON messages (envelope_sender) WHERE channel = 'web'",
    "ALTER TABLE cases ADD COLUMN contact TEXT NOT NULL DEFAULT ''",
)

# Groups that got another address, and how much of a letter in several messages has left.
TELEGRAM = (
    """CREATE TABLE moved_chats (
        address TEXT PRIMARY KEY, moved_to TEXT NOT NULL
    ) STRICT""",
    "ALTER TABLE letters ADD COLUMN parts_sent INTEGER NOT NULL DEFAULT 0",
)

# Buttons under letters: a hash of the secret that a button carries, who may press it, and until when. A letter keeps
# the number of the message that shows its buttons, so that they can be taken away.
CHOICES = (
    """CREATE TABLE choices (
        hash TEXT PRIMARY KEY, letter_key TEXT NOT NULL REFERENCES letters (key) ON DELETE CASCADE,
        position INTEGER NOT NULL, case_id INTEGER REFERENCES cases (id) ON DELETE CASCADE,
        case_state TEXT NOT NULL DEFAULT '', proposal_id INTEGER REFERENCES proposals (id) ON DELETE CASCADE,
        holder TEXT NOT NULL, action TEXT NOT NULL,
        value TEXT NOT NULL DEFAULT '', label TEXT NOT NULL, stays INTEGER NOT NULL DEFAULT 0,
        created_at TEXT NOT NULL, expires_at TEXT NOT NULL, used_at TEXT, UNIQUE (letter_key, position)
    ) STRICT""",
    "CREATE INDEX choices_open ON choices (case_id) WHERE used_at IS NULL",
    "CREATE INDEX choices_by_holder ON choices (holder) WHERE used_at IS NULL",
    "ALTER TABLE letters ADD COLUMN keyboard_at INTEGER",
    "CREATE INDEX letters_with_keyboard ON letters (id) WHERE keyboard_at IS NOT NULL",
)

# What an adviser can do beside deciding: experts get a number that stays theirs in every letter of a proposal; an
# adviser's question to the initiator; a day to be reminded; words that a press of a button waits for. And of a secret
# that a colleague decides now, or that its letter names several people, so that a bare yes says too little.
ADVISER_ACTIONS = (
    """CREATE TABLE offered (
        proposal_id INTEGER NOT NULL REFERENCES proposals (id) ON DELETE CASCADE, number INTEGER NOT NULL,
        expert_id TEXT NOT NULL REFERENCES experts (id), PRIMARY KEY (proposal_id, number),
        UNIQUE (proposal_id, expert_id)
    ) STRICT""",
    """CREATE TABLE adviser_questions (
        id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
        proposal_id INTEGER NOT NULL REFERENCES proposals (id) ON DELETE CASCADE, question TEXT NOT NULL,
        asked_at TEXT NOT NULL, answered_at TEXT
    ) STRICT""",
    "CREATE INDEX adviser_questions_open ON adviser_questions (case_id) WHERE answered_at IS NULL",
    """CREATE TABLE reminders (
        proposal_id INTEGER PRIMARY KEY REFERENCES proposals (id) ON DELETE CASCADE, day TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX reminders_by_day ON reminders (day)",
    """CREATE TABLE expected_words (
        holder TEXT PRIMARY KEY, action TEXT NOT NULL,
        proposal_id INTEGER NOT NULL REFERENCES proposals (id) ON DELETE CASCADE, expires_at TEXT NOT NULL
    ) STRICT""",
    "ALTER TABLE proposals ADD COLUMN what_if TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE tokens ADD COLUMN passed_on_at TEXT",
    "ALTER TABLE tokens ADD COLUMN asks_which INTEGER NOT NULL DEFAULT 0",
)

# One person, several addresses: a conversation (`live`) and a mail address, linked by a code that went from one to
# the other. A mail address has one chat at most; a web page, which has no owner but its secret, one mail address.
ACCOUNTS = (
    """CREATE TABLE accounts (
        live TEXT NOT NULL, email TEXT NOT NULL, linked_at TEXT NOT NULL, PRIMARY KEY (live, email)
    ) STRICT""",
    "CREATE UNIQUE INDEX one_chat_an_email ON accounts (email) WHERE substr(live, 1, 9) = 'telegram:'",
    "CREATE UNIQUE INDEX one_email_a_page ON accounts (live) WHERE substr(live, 1, 9) != 'telegram:'",
    "CREATE INDEX accounts_by_email ON accounts (email)",
    """CREATE TABLE account_codes (
        id INTEGER PRIMARY KEY, live TEXT NOT NULL, email TEXT NOT NULL, hash TEXT NOT NULL,
        created_at TEXT NOT NULL, expires_at TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0, ended_at TEXT
    ) STRICT""",
    "CREATE INDEX account_codes_by_time ON account_codes (created_at)",
    # The chat in which a secret was shown, so that it can be taken back when the chat is parted from its person.
    "ALTER TABLE tokens ADD COLUMN shown_in TEXT NOT NULL DEFAULT ''",
)

# Who is away and who stands in; secrets of advisers' own pages, as hashes; and why a proposal went to its adviser.
ABSENCES = (
    """CREATE TABLE absences (
        id INTEGER PRIMARY KEY, person_id TEXT NOT NULL REFERENCES experts (id),
        first_day TEXT NOT NULL, last_day TEXT NOT NULL CHECK (last_day >= first_day),
        substitute_id TEXT REFERENCES experts (id) CHECK (substitute_id IS NOT person_id),
        announced_at TEXT NOT NULL, began_at TEXT, ended_at TEXT
    ) STRICT""",
    "CREATE INDEX absences_that_count ON absences (person_id) WHERE ended_at IS NULL",
    """CREATE TABLE adviser_links (
        hash TEXT PRIMARY KEY, adviser_id TEXT NOT NULL REFERENCES experts (id), address TEXT NOT NULL,
        created_at TEXT NOT NULL, expires_at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX adviser_links_by_expiry ON adviser_links (expires_at)",
    "ALTER TABLE proposals ADD COLUMN routed TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX proposals_waiting ON proposals (adviser_id) WHERE state = 'open'",
)

# What the initiator of a case was asked last, what an introduction brought, and who asked to have all data erased.
CONFIRMED = (
    """CREATE TABLE asked (
        case_id INTEGER PRIMARY KEY REFERENCES cases (id) ON DELETE CASCADE, questions TEXT NOT NULL DEFAULT '[]',
        not_known TEXT NOT NULL DEFAULT '[]',
        checked TEXT NOT NULL DEFAULT '' CHECK (checked IN ('', 'asked', 'right', 'wrong')),
        about INTEGER REFERENCES cases (id) ON DELETE SET NULL, asked_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE follow_ups (
        case_id INTEGER PRIMARY KEY REFERENCES cases (id) ON DELETE CASCADE, asked_at TEXT NOT NULL,
        helped TEXT CHECK (helped IN ('yes', 'partly', 'no')), phase INTEGER CHECK (phase BETWEEN 1 AND 5),
        next TEXT NOT NULL DEFAULT '', answered_at TEXT
    ) STRICT""",
    """CREATE TABLE erasures (
        id INTEGER PRIMARY KEY, address TEXT NOT NULL, asked_at TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('asked', 'confirmed', 'kept')), decided_at TEXT
    ) STRICT""",
    "CREATE UNIQUE INDEX one_asked_erasure ON erasures (address) WHERE state = 'asked'",
)

# Facts that were read, but not surely enough to let an initiative take part without asking.
UNSURE_FACTS = ("ALTER TABLE cases ADD COLUMN unsure_facts TEXT NOT NULL DEFAULT '[]'",)

# A letter that asks nobody for consent gets a secret that only proves who answers. Of those given out before, the ones
# that were written together with a question for consent keep what they could do.
REPLIES = (
    """CREATE TABLE tokens_anew (
        hash TEXT PRIMARY KEY,
        purpose TEXT NOT NULL CHECK (purpose IN ('proposal', 'review', 'consent', 'reply')),
        subject_id INTEGER NOT NULL, holder TEXT NOT NULL, created_at TEXT NOT NULL, expires_at TEXT NOT NULL,
        passed_on_at TEXT, asks_which INTEGER NOT NULL DEFAULT 0, shown_in TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    """INSERT INTO tokens_anew SELECT hash, CASE WHEN purpose = 'consent' AND NOT EXISTS (
            SELECT 1 FROM letters l WHERE l.case_id = tokens.subject_id AND l.created_at = tokens.created_at
            AND l.template IN ('consent_request', 'consent_unclear')
        ) THEN 'reply' ELSE purpose END, subject_id, holder, created_at, expires_at, passed_on_at, asks_which, shown_in
        FROM tokens""",
    "DROP TABLE tokens",
    "ALTER TABLE tokens_anew RENAME TO tokens",
)
