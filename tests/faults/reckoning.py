"""What the store and the servers around it must agree on once everything has come to rest. No tests live here."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html import unescape

from sqlite_utils import Database

from bot.channels.telegram_form import messages_of
from bot.store import letters
from bot.store.letters import KeptLetter
from tests.faults.crowd import Taken
from tests.faults.installation import Installation
from tests.smtp_receiver import ReceivedMail

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.MULTILINE | re.IGNORECASE)
SECRETS = re.compile(r"MM-\S+|/(?:besluit|adviseur|bureau/aanmelden)/\S+")
"""What is wiped from our copy of a letter once it left."""
ONCE_A_CASE = ("accepted", "introduced", "consent")
DECISIONS = ("accepted", "declined")
ONE_LETTER = ("introduction_initiator", "introduction_expert", "decision_thanks", "consent_told")
PAGE_SAYS = {"yes": "Je hebt ja gezegd", "no": "Je hebt nee gezegd"}


@dataclass(frozen=True, slots=True)
class Figures:
    """What came in and went out.

    Letters of `unknown` fate at this moment; `resent` by a person so far, and `doubled`: of those, arrived twice.
    """

    messages: int
    cases: int
    decided: int
    introduced: int
    letters: int
    unknown: int
    resent: int
    doubled: int
    quarantined: int


def reckon(here: Installation, taken: Taken, again: Counter[int]) -> Figures:
    """Check everything; `again` counts by letter how often a person sent it again.

    Raises AssertionError for whatever was lost, or came or was decided twice.
    """
    with here.store() as db:
        messages = _nothing_taken_was_lost(here, db, taken)
        decided = _nothing_was_decided_twice(db, taken)
        doubled = _every_letter_arrived(here, db, again)
        introduced = _count(db, "cases", "state IN ('introduced', 'closed')")
        return Figures(
            messages=messages,
            cases=_count(db, "cases"),
            decided=decided,
            introduced=introduced,
            letters=_count(db, "letters"),
            unknown=_count(db, "letters", "state = 'unknown'"),
            resent=again.total(),
            doubled=doubled,
            quarantined=_count(db, "events", "event = 'quarantined'"),
        )


def send_again(here: Installation, again: Counter[int], now: str) -> int:
    """A person sends what has an unknown fate once more, and lets what is in quarantine be read again; how many."""
    with here.store() as db:
        for letter in letters.with_state(db, "unknown"):
            assert letter.problem == "sender_vanished"
            again[letter.id] += 1
        sql = "UPDATE letters SET state = 'waiting', problem = '', due_at = ?, attempts = 0 WHERE state = 'unknown'"
        sent = db.execute(sql, [now]).rowcount
        sql = "UPDATE messages SET state = 'received', attempts = 0, retry_at = NULL WHERE state = 'quarantined'"
        return sent + db.execute(sql).rowcount


def work_waiting(here: Installation) -> int:
    """How many messages wait to be read and letters to leave."""
    with here.store() as db:
        return _count(db, "messages", "state = 'received'") + _count(db, "letters", "state IN ('waiting', 'sending')")


def is_at_rest(here: Installation) -> bool:
    """Whether nothing waits, in the store, in the mailbox or at Telegram."""
    return not (work_waiting(here) or here.telegram.unconfirmed() or here.dovecot.raw_mails(here.address))


def dealt_with(here: Installation) -> tuple[int, int]:
    """How many messages were handled and letters sent so far."""
    with here.store() as db:
        return _count(db, "messages", "state = 'handled'"), _count(db, "letters", "state = 'sent'")


def _count(db: Database, table: str, where: str = "1") -> int:
    return int(db.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0])


def _nothing_taken_was_lost(here: Installation, db: Database, taken: Taken) -> int:
    """Every mail and update that was taken is one message, dealt with, and everybody who asked has one case."""
    rows = list(db.query("SELECT channel, external_id, message_id, state, problem, outcome FROM messages"))
    by_channel = Counter(row["channel"] for row in rows)
    assert by_channel == Counter(mail=len(taken.mails), chat=len(here.telegram.update_ids()))
    assert len(here.dovecot.raw_mails(here.address, "Verwerkt")) == taken.over_imap
    in_quarantine = {(row["state"], row["problem"]) for row in rows if row["state"] != "handled"}
    assert in_quarantine <= {("quarantined", "process_ended")}
    if in_quarantine:  # three times in hand when the process was killed: a person has to look before it goes on
        return len(rows)
    assert all(row["outcome"] for row in rows)
    assert Counter(row["message_id"] for row in rows if row["channel"] == "mail") == Counter(taken.mails)
    updates = Counter(row["external_id"].rpartition(":")[2] for row in rows if row["channel"] == "chat")
    assert updates == Counter(str(update) for update in here.telegram.update_ids())
    askers = Counter(row["initiator"] for row in db.query("SELECT initiator FROM cases"))
    assert askers == Counter(taken.askers)
    return len(rows)


def _nothing_was_decided_twice(db: Database, taken: Taken) -> int:
    """The history of each case tells of as many decisions as its proposals show; pages told the truth."""
    events = Counter((row["case_id"], row["event"]) for row in db.query("SELECT case_id, event FROM events"))
    assert [key for key, times in events.items() if key[1] in ONCE_A_CASE and times > 1] == []
    states = Counter((row["case_id"], row["state"]) for row in db.query("SELECT case_id, state FROM proposals"))
    cases = {case for case, _ in states}
    for event in DECISIONS:
        assert {case: events[case, event] for case in cases} == {case: states[case, event] for case in cases}
    letters_ = Counter((row["case_id"], row["template"]) for row in db.query("SELECT case_id, template FROM letters"))
    assert [key for key, times in letters_.items() if key[1] in ONE_LETTER and times > 1] == []
    by_page = Counter(row["state"] for row in db.query("SELECT state FROM proposals WHERE decided_via = 'web'"))
    told = Counter(posted.choice for posted in taken.posted if PAGE_SAYS[posted.choice] in unescape(posted.words))
    assert all(posted.status == 200 for posted in taken.posted)
    # Whose page was answered by nobody, because the process ended, pressed again and heard that it was decided.
    assert (told["yes"] <= by_page["accepted"], told["no"] <= by_page["declined"]) == (True, True)
    decided = sum(times for (_, event), times in events.items() if event in DECISIONS)
    heard = _count(db, "messages", "outcome IN ('accepted', 'declined')")
    assert decided == heard + by_page["accepted"] + by_page["declined"]
    return decided


def _every_letter_arrived(here: Installation, db: Database, again: Counter[int]) -> int:
    """Every letter that counts as sent is there, and only those that a person sent again may be there more often."""
    kept = letters.with_state(db, "waiting", "sending", "sent", "unknown", "parked")
    assert {letter.state for letter in kept} <= {"sent", "unknown"}, Counter(
        (each.state, each.problem) for each in kept
    )
    assert all(letter.problem for letter in kept if letter.state == "unknown")
    doubled = _arrived([letter for letter in kept if letter.channel == "mail"], here.receiver.mails, again)
    chats = [letter for letter in kept if letter.channel == "chat"]
    for chat in {letter.recipient for letter in chats}:
        doubled += _arrived_in(here, chat, [letter for letter in chats if letter.recipient == chat], again)
    return doubled


def _arrived(kept: list[KeptLetter], mails: list[ReceivedMail], again: Counter[int]) -> int:
    arrived = Counter(_message_id(mail.raw) for mail in mails)
    assert set(arrived) <= {letter.message_id for letter in kept}
    lost = [letter.key for letter in kept if letter.state == "sent" and not arrived[letter.message_id]]
    assert lost == []
    blindly = [letter.key for letter in kept if arrived[letter.message_id] > 1 + again[letter.id]]
    assert blindly == []
    return sum(arrived[letter.message_id] > 1 for letter in kept)


def _arrived_in(here: Installation, chat: str, kept: list[KeptLetter], again: Counter[int]) -> int:
    """The same for one chat, where letters are known by their words alone."""
    number = int(chat.removeprefix("telegram:"))
    arrived = Counter(_bare(sent.text) for sent in here.telegram.sent() if sent.chat_id == number)
    sent, once, more = Counter[str](), Counter[str](), Counter[str]()
    for letter in kept:
        for part in messages_of(letter.html):
            once[_bare(part.text)] += 1
            sent[_bare(part.text)] += letter.state == "sent"
            more[_bare(part.text)] += again[letter.id]
    assert sent - arrived == Counter(), "lost"
    assert arrived - once - more == Counter(), "twice"
    return (arrived - once).total()


def _message_id(raw: bytes) -> str:
    found = MESSAGE_ID.search(raw)
    assert found is not None
    return found[1].decode()


def _bare(text: str) -> str:
    return " ".join(SECRETS.sub("…", text).split())
