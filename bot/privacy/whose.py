"""What we hold of one person: every address, case and message, also in what was never read. Changes nothing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sqlite_utils import Database

from bot.store import accounts, pool, scrubbing
from bot.store.rows import as_json
from bot.store.scrubbing import Scope
from inbox.addresses import normal_address
from inbox.chat import read_chat, read_web
from inbox.mail import subject_of, writer_of

_BY_ADDRESS = (
    "SELECT id FROM messages WHERE sender IN (SELECT value FROM json_each(?1)) OR case_id IN"
    " (SELECT value FROM json_each(?2)) OR (channel = 'web' AND envelope_sender IN (SELECT value FROM json_each(?1)))"
)
# Other mail: what was not read, and what staff wrote about the person's case without its secret, since there is one.
_OTHER = "SELECT id, channel, raw, state, envelope_sender, sender FROM messages WHERE length(raw) > 0"
_OTHERS = (
    f"{_OTHER} AND id NOT IN (SELECT value FROM json_each(?1)) AND state IN ('received', 'quarantined') UNION ALL"  # noqa: S608
    f" {_OTHER} AND id NOT IN (SELECT value FROM json_each(?1)) AND state = 'handled' AND channel = 'mail'"
    " AND received_at >= ?2"
)


def plain_address(text: str) -> str:
    """An address as the store writes it: a mail address in its normal form, anything else as it is."""
    return normal_address(text) or text.strip()


def is_staff(db: Database, address: str, coordinators: Iterable[str]) -> bool:
    """Whether an address is of somebody in the pool or of a coordinator, also by a linked chat."""
    staff = {normal_address(each) for each in (*(person.email for person in pool.everyone(db)), *coordinators)}
    return bool(staff & {plain_address(each) for each in accounts.addresses_of(db, address)})


def scope_of(db: Database, address: str) -> Scope:
    """Everything of the person with this address; reads all mail that might be about it, so it takes a while."""
    return _with_others(db, known_of(db, address))


def known_of(db: Database, address: str, also: Sequence[int] = ()) -> Scope:
    """What stands under this address, over all linked addresses and moved chats; `also` are messages found before."""
    own = _addresses(db, address)
    sql = "SELECT id FROM cases WHERE initiator IN (SELECT value FROM json_each(?))"
    return _known(db, own, scrubbing.ids(db, sql, [as_json(own)]), also)


def scope_of_cases(db: Database, cases: Sequence[int], messages: Sequence[int] = ()) -> Scope:
    """These cases and messages, and all that was written in them; nothing else of the same people."""
    return _with_others(db, _known(db, (), cases, messages)) if cases else _known(db, (), (), messages)


def _addresses(db: Database, address: str) -> tuple[str, ...]:
    own = list(accounts.addresses_of(db, address))
    for each in own:  # grows while it is walked: a chat that moved has two addresses
        sql = "SELECT address, moved_to FROM moved_chats WHERE address = ? OR moved_to = ?"
        for row in db.query(sql, [each, each]):
            own += [name for name in (row["address"], row["moved_to"]) if name not in own]
    return tuple(own)


def _known(db: Database, own: tuple[str, ...], cases: Sequence[int], also: Sequence[int]) -> Scope:
    found = scrubbing.ids(db, _BY_ADDRESS, [as_json(own), as_json(cases)])
    marks = "SELECT reference FROM cases WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
    references = tuple(str(row[0]) for row in db.execute(marks, [as_json(cases)]).fetchall())
    return Scope(own, tuple(cases), tuple(sorted({*found, *also})), references)


def _with_others(db: Database, scope: Scope) -> Scope:
    return replace(scope, messages=tuple(sorted({*scope.messages, *_other_messages(db, scope)})))


def _other_messages(db: Database, scope: Scope) -> Iterator[int]:
    """Messages that were never read but come from the person, and mail in the thread of a letter about the person."""
    ours = [each.encode() for each in scrubbing.letters_of(db, scope)]
    staff = {normal_address(person.email) for person in pool.everyone(db)} if scope.references else set()
    marks = [each.encode() for each in scope.references]
    for row in db.query(_OTHERS, [as_json(scope.messages), scrubbing.since(db, scope)]):
        raw = row["raw"]
        if row["state"] != "handled":
            of_person = _sender(row["channel"], raw, row["envelope_sender"]) in scope.addresses
        else:
            of_person = row["sender"] in staff and any(mark in _headers(raw) for mark in marks)
        if of_person or (row["channel"] == "mail" and any(each in raw for each in ours)):
            yield int(row["id"])


def _sender(channel: str, raw: bytes, envelope_sender: str | None) -> str:
    """Who wrote a message that was not handled yet; "" for one that nobody can read."""
    try:
        if channel == "mail":
            return writer_of(raw)
        return (read_web if channel == "web" else read_chat)(raw).sender
    except Exception:  # whatever broke reading it before breaks it here too
        return normal_address(envelope_sender or "")


def _headers(raw: bytes) -> bytes:
    """The subject in plain words."""
    try:
        return subject_of(raw).encode(errors="replace")
    except Exception:  # damage can raise anything
        return b""
