"""The schema, as an ordered list of changes; a released change is never edited, only followed by another."""

from collections.abc import Callable

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

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


def _run(statements: tuple[str, ...]) -> Callable[[Database], None]:
    def migration(db: Database) -> None:
        for statement in statements:
            db.execute(statement)

    return migration


MIGRATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("0001_first_schema", FIRST_SCHEMA),
    ("0002_budget_sheets", BUDGET_SHEETS),
    ("0003_weights", WEIGHTS),
    ("0004_conversations", CONVERSATIONS),
    ("0005_telegram", TELEGRAM),
)

MIGRATION_SET = Migrations("mixmatch")
for _name, _statements in MIGRATIONS:
    MIGRATION_SET(name=_name)(_run(_statements))
