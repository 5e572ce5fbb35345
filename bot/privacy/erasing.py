"""Erases everything of one person, wherever it is kept, and tells who has to know; a hash stays of what was erased.

The order matters: the mailbox first, as long as we know what to look for; then one transaction; then files and bytes.
What is taken out of which table stands in bot/store/scrubbing.py. Whether erasing may be done was decided before.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from sqlite_utils import Database

from bot.channels import imap_erase, local_box
from bot.fault_points import reached
from bot.foreign import clean, shorten, without_contact
from bot.initiator.stopping import keep_no_longer, stop_silently
from bot.mailbox import LOCAL_BOX, imap_settings
from bot.pool_vectors import PoolShelf
from bot.privacy import tombstone_file, whose
from bot.settings import Settings
from bot.store import cases, erasures, last_letters, proposals, scrubbing, sharing, tombstones
from bot.store.database import transaction
from bot.store.scrubbing import STAND_IN, Scope
from bot.turn import Turn
from bot.wiring import Wiring
from expertise.experts import Expert
from matcher.proposal import CASE_ENDS, Case

TOLD_KEPT = timedelta(days=1)
"""So long the letter that tells a person "it is done" stays after it left: it is the last thing with the address."""
NEVER_LEFT = timedelta(days=14)
CUT_TO = (60, 50)
"""To how many signs lists and subjects cut the name of an initiative (bot/texts)."""
Why = Literal["asked", "retention", "restored"]


class IsStaff(ValueError):
    """The address is of somebody in the pool, or of the coordinator: taking that out is a change of the pool."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was taken out. `left` names tables and columns in which an address still stands; it should be empty."""

    cases: int
    messages: int
    mails: int
    files: int
    left: tuple[str, ...] = ()


def erase_person(
    db: Database, wiring: Wiring, shelf: PoolShelf, address: str, now: datetime, why: Why = "asked"
) -> Erased:
    """Erase everything of the person with this address, over all addresses that are linked with it.

    Then the file is written anew and looked through, which takes as long as the file is large: for several people
    `take_out_person` comes first. Raises `IsStaff`, and what the mailbox raises (OSError, imaplib.IMAP4.error,
    ImapToolsError) before anything was erased here: it can simply be done again.
    """
    addresses = whose.known_of(db, whose.plain_address(address)).addresses
    erased = take_out_person(db, wiring, shelf, address, now, why)
    scrubbing.wipe(db)
    left = scrubbing.places_with(db, addresses, besides={"letters"} if why == "asked" else set())
    return replace(erased, left=left)


def take_out_person(
    db: Database, wiring: Wiring, shelf: PoolShelf, address: str, now: datetime, why: Why = "asked"
) -> Erased:
    """The same, but for the file: call `scrubbing.wipe` after the last. Whoever forgets it, the clock doesn't."""
    address = whose.plain_address(address)
    if whose.is_staff(db, address, wiring.settings.programme.all_coordinators):
        raise IsStaff
    found, pool = whose.scope_of(db, address), shelf.current(db)
    mails = _erase_mails(db, wiring.settings, found)
    with transaction(db):
        mark = tombstones.hash_here(db, "person", address)[:12]  # two people may be erased at the same moment
        turn = Turn(db, wiring, pool, now, cause=f"erased:{now.isoformat()}:{mark}")
        _stop_running(turn, cases.running_of(db, address), why)
        scope = whose.known_of(db, address, found.messages)
        known = _cases_of(db, scope)
        readers = {case.id: _who_read(turn, case) for case in known}
        marks = _take_out(db, wiring.settings, scope, known, now, why)
        erasures.finish(db, scope.addresses, now)
        for case in known:
            turn.note(case, "erased", "bot", why)
            _tell_readers(turn, case, readers[case.id])
        if why == "asked" and not scope.is_empty:
            _tell_person(turn, address, known)
        # While we know what to look for; and once more for a letter that was on its way to the box.
        files = _erase_files(wiring.settings, marks, scope.addresses)
    reached("erased")
    files += _erase_files(wiring.settings, marks, scope.addresses)
    return Erased(len(scope.cases), len(scope.messages), mails, files)


def _stop_running(turn: Turn, running: Iterable[Case], why: Why) -> None:
    """What waits for others is taken back; each in its own turn, so that every adviser hears of it."""
    stop = keep_no_longer if why == "retention" else stop_silently
    for case in running:
        stop(replace(turn, cause=f"{turn.cause}:{case.id}"), case)


def erase_words(
    db: Database,
    wiring: Wiring,
    shelf: PoolShelf,
    now: datetime,
    cases_: tuple[int, ...],
    messages_: tuple[int, ...],
) -> Erased:
    """Take the words out of these cases and messages, for people of whom other cases go on. Raises as `erase_person`.

    The file is not written anew for it: call `scrubbing.wipe` after the last.
    """
    found, pool, settings = whose.scope_of_cases(db, cases_, messages_), shelf.current(db), wiring.settings
    mails = _erase_mails(db, settings, found)
    with transaction(db):
        turn = Turn(db, wiring, pool, now, cause=f"kept_no_longer:{now.isoformat()}")
        _stop_running(turn, (case for case in _cases_of(db, found) if case.state not in CASE_ENDS), "retention")
        scope = whose.scope_of_cases(db, cases_, messages_)
        known = _cases_of(db, scope)
        marks = _take_out(db, settings, scope, known, now, "retention")
        files = _erase_files(settings, marks, ())
    files += _erase_files(settings, marks, ())
    return Erased(len(scope.cases), len(scope.messages), mails, files)


def _cases_of(db: Database, scope: Scope) -> list[Case]:
    found = (cases.find(db, each) for each in scope.cases)
    return [case for case in found if case is not None]


def _take_out(db: Database, settings: Settings, scope: Scope, known: list[Case], now: datetime, why: Why) -> list[str]:
    """Remember and scrub, in the caller's transaction; returns the Message-IDs of all letters that went."""
    _bury(db, settings, scope, now, why == "retention")
    marks = scrubbing.letters_of(db, scope)
    _redact_lists(db, scope, known)
    marks += _redact_told(db, known, scrubbing.since(db, scope))
    whose_ = known[0].initiator if known else (scope.addresses or ("",))[0]
    stand_in = f"{STAND_IN}{tombstones.hash_here(db, 'person', whose_)[:24]}"
    scrubbing.scrub(db, scope, whose_ if whose_.startswith(STAND_IN) else stand_in, now)
    return marks


def _bury(db: Database, settings: Settings, scope: Scope, now: datetime, by_retention: bool) -> None:
    """A tombstone for every address and message: in the store, and in the file that outlives the store."""
    salt = tombstones.salt_of(db)
    stones = [tombstones.stone(salt, now, by_retention, "person", each) for each in scope.addresses]
    stones += [tombstones.stone(salt, now, by_retention, "message", *own) for own in scrubbing.external_ids(db, scope)]
    for stone in stones:
        tombstones.put(db, stone)
    if stones:
        path = tombstone_file.tombstone_file(settings.folder)
        heeded = tombstone_file.size_of(path) == tombstones.file_bytes(db)
        tombstone_file.add(path, salt, stones)
        if heeded:
            tombstones.keep_file_bytes(db, tombstone_file.size_of(path))
        reached("tombstones_written")


def _redact_lists(db: Database, scope: Scope, known: Iterable[Case]) -> None:
    """Lists of several cases that still wait to leave lose the names of these cases only."""
    names = {each for case in known for name in _names_of(db, case) for each in _as_told(name)}
    for reference in scope.references:
        last_letters.redact_waiting(db, reference, sorted(names, key=len, reverse=True))


def _names_of(db: Database, case: Case) -> list[str]:
    return [name for name in (*cases.names_of(db, case), case.initiator_name) if name]


def _as_told(name: str) -> set[str]:
    """A name in the forms in which letters tell it: in full, without what is private or works as a link, and cut."""
    told = clean(without_contact(name))
    return {name, told, *(shorten(told, longest).removesuffix("…") for longest in CUT_TO)} - {""}


def _redact_told(db: Database, known: Iterable[Case], since: str) -> list[str]:
    """Other initiatives and their advisers may have read of one that agreed to be named; returns which letters."""
    told = [case for case in known if sharing.find(db, case.reference) is not None]
    names = {each for case in told for name in cases.names_of(db, case) for each in _as_told(name)}
    longest_first = sorted(names, key=len, reverse=True)
    return [mark for name in longest_first for mark in last_letters.redact_told(db, name, since)]


def _who_read(turn: Turn, case: Case) -> list[Expert]:
    """Who got something of this person in a letter: the advisers who were asked, and the expert introduced."""
    found: dict[str, Expert] = {}
    for proposal in proposals.of_case(turn.db, case.id):
        ids = [proposal.adviser_id, *([proposal.expert_id] if proposal.state == "accepted" else [])]
        found |= {each: turn.person(each) for each in ids}
    return list(found.values())


def _tell_readers(turn: Turn, case: Case, readers: Iterable[Expert]) -> None:
    """Who got the data has to erase them too (art. 19 AVG); the letter names the case by its number only."""
    bare = replace(case, initiator_name="", facts=replace(case.facts, initiative=None, sheet=None))
    for person in readers:
        each = replace(turn, cause=f"{turn.cause}:{case.id}:{person.id}")
        each.to_person(person, bare, "erase_too")


def _tell_person(turn: Turn, address: str, known: list[Case]) -> None:
    """The last letter; whoever wrote on a page has no page any more to read it on."""
    channel = "mail" if "@" in address and ":" not in address else "chat" if address.startswith("telegram:") else ""
    if channel:
        told = replace(turn, channel=channel)
        told.to_writer(address, "", known[0].language if known else "nl", "erasure", step="done")


def _erase_mails(db: Database, settings: Settings, scope: Scope) -> int:
    """Remove the person's mail from the mailbox that is read, in all its folders; returns how many mails."""
    wanted = {name for channel, name in scrubbing.external_ids(db, scope) if channel == "mail"}
    if not settings.imap.host or not wanted:
        return 0
    marks = scrubbing.message_ids(db, scope)
    return imap_erase.erase_mails(imap_settings(settings), wanted, scope.addresses, marks)


def _erase_files(settings: Settings, message_ids: Iterable[str], addresses: Iterable[str]) -> int:
    """Remove the letters that were kept on this machine instead of sent."""
    if not settings.sends_locally:
        return 0
    return local_box.erase(settings.folder / LOCAL_BOX, set(message_ids), set(addresses))


def carry_out(db: Database, wiring: Wiring, shelf: PoolShelf, now: datetime) -> int:
    """Erase for everybody whose wish was confirmed and approved; returns how many. A step of the clock.

    Raises, once all had their turn, what went wrong first: one wish that can't be carried out stops no other.
    """
    done, problems = 0, list[Exception]()
    for erasure in erasures.to_do(db):
        if erasure.state == "approved":
            try:
                take_out_person(db, wiring, shelf, erasure.address, now)
                done += 1
            except IsStaff:  # has to leave the pool first; the wish stays on the desk
                continue
            except Exception as problem:  # told below
                problems.append(problem)
    if problems:
        raise problems[0]
    return done


def forget_told(db: Database, wiring: Wiring, shelf: PoolShelf, now: datetime) -> int:
    """Remove the letters that told people it was done; returns how many. A step of the clock."""
    del shelf
    with transaction(db):
        marks = last_letters.forget_last_words(db, now - TOLD_KEPT, now - NEVER_LEFT)
        _erase_files(wiring.settings, marks, ())  # before the commit: afterwards nobody knows what to look for
        if marks:
            scrubbing.note_taken_out(db, now)
    return len(marks)


def heed_tombstones(db: Database, wiring: Wiring, shelf: PoolShelf, now: datetime) -> int:
    """Erase again what an older database brought back, by the file beside it; returns how many people. A clock step."""
    path = tombstone_file.tombstone_file(wiring.settings.folder)
    size = tombstone_file.size_of(path)
    if size == tombstones.file_bytes(db):
        return 0
    known = tombstone_file.read(path)
    with transaction(db):
        if known is None:
            tombstone_file.add(path, tombstones.salt_of(db), tombstones.everything(db))
        else:
            salt, stones = known
            if salt != tombstones.salt_of(db):
                tombstones.replace_salt(db, salt)
            for stone in stones:
                tombstones.put(db, stone)
    # Whoever asked for it, and whose erasing ended halfway, still has to hear that it is done.
    carry_out(db, wiring, shelf, now)
    people = _erase_again(db, wiring, shelf, {stone.hash: stone for stone in tombstones.everything(db)}, now)
    tombstones.keep_file_bytes(db, tombstone_file.size_of(path))
    return people


def _erase_again(
    db: Database, wiring: Wiring, shelf: PoolShelf, stones: dict[str, tombstones.Tombstone], now: datetime
) -> int:
    people = 0
    for address in scrubbing.buried_people(db, stones):
        why: Why = "retention" if stones[tombstones.hash_here(db, "person", address)].by_retention else "restored"
        with suppress(IsStaff):
            take_out_person(db, wiring, shelf, address, now, why)
            people += 1
    back = scrubbing.buried_messages(db, stones.keys())
    if back:  # of people of whom other cases go on
        erase_words(db, wiring, shelf, now, (), back)
    return people
