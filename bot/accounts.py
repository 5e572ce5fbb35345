"""Who is one person over several channels: told by a proof from both sides, a mailbox and a conversation. No wording.

The proof: in a conversation somebody names a mail address; a code goes there by mail; the code comes back in that
same conversation. A name, a From line or a user name proves nothing here.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlite_utils import Database

from bot.store import accounts, cases, choices, expected_words, letters, tokens
from bot.store.accounts import TELEGRAM
from bot.store.accounts import addresses_of as addresses_of
from bot.store.accounts import telegram_of as telegram_of
from bot.turn import Turn
from expertise.experts import Expert
from inbox.addresses import normal_address
from inbox.message import Channel, Message

DIGITS = 8
LIFE = timedelta(minutes=30)
MOST_TRIES = 5
MOST_CODES = ((timedelta(hours=1), 3), (timedelta(days=1), 6))
"""So many codes at most in so long, for one conversation and to one mail address: a mailbox is not to be flooded."""


def same_person(db: Database, a: str, b: str) -> bool:
    """Whether two addresses are of one person: the same address, or linked by proof from both sides."""
    a, b = _plain(a), _plain(b)
    return bool(a and b) and (a == b or b in addresses_of(db, a))


def advisers(turn: Turn) -> list[Expert]:
    """The advisers who may decide: in the pool and active, by id. Whoever has left it decides nothing, in no way."""
    return [one for one in turn.pool.experts if one.role == "adviser" and one.active]


def adviser_with(turn: Turn, adviser_id: str) -> Expert | None:
    """The adviser with this id who may decide; None for who has left."""
    return next((one for one in advisers(turn) if one.id == adviser_id), None)


def adviser_of(turn: Turn, address: str) -> Expert | None:
    """The adviser who may decide and has this address or is linked with it; None for anybody else."""
    own = set(addresses_of(turn.db, address)) if address else set()
    return next((one for one in advisers(turn) if _plain(one.email) in own), None)


def email_in(text: str) -> str:
    """The mail address that a text is, in the form in which addresses are compared; "" when it is none."""
    return normal_address(text.strip().removeprefix("mailto:").strip("<>"))


def follow(turn: Turn, message: Message) -> None:
    """Let a person's cases go on where the latest message came from; a machine or a group moves nothing."""
    marks = message.chat
    apart = message.automatic is not None or (marks is not None and bool(marks.group or marks.event))
    if message.sender and not apart:
        go_on_at(turn, message.sender, message.channel)


def go_on_at(turn: Turn, address: str, channel: Channel) -> None:
    """Let the cases of the person with this address stand under it: letters go there from now on."""
    own = addresses_of(turn.db, address)
    if len(own) > 1:
        cases.move(turn.db, own, address, channel)


def new_code(turn: Turn, live: str, email: str) -> str | None:
    """A fresh code for linking these two, when it may be sent; None tells nobody why not.

    A code goes to an adviser, to somebody with a case, or from a conversation that has a case itself. For all others
    one is kept that nobody can type, so that what the conversation does with digits tells nothing either.
    """
    for life, most in MOST_CODES:
        if accounts.codes_since(turn.db, live, email, turn.now - life) >= most:
            return None
    may = _is_known(turn, email) or bool(cases.of_initiator(turn.db, live))
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}" if may else secrets.token_urlsafe()
    accounts.keep_code(turn.db, live, email, _hash_of(turn, live, email, code), turn.now, turn.now + LIFE)
    return code if may else None


def awaits_code(turn: Turn, live: str) -> bool:
    """Whether this conversation asked for a code a short while ago and has not used it."""
    code = accounts.open_code(turn.db, live)
    return code is not None and code.expires_at > turn.now


def use_code(turn: Turn, live: str, digits: str) -> str | None:
    """Link with the code that this conversation waits for, and return the mail address; None for any other code.

    A code counts once, in the conversation that asked for it, for half an hour and five tries. Raises
    `OtherAdviser` for a right one that `link` refuses.
    """
    code = accounts.open_code(turn.db, live)
    if code is None or code.expires_at <= turn.now or code.tries >= MOST_TRIES:
        return None
    if not hmac.compare_digest(code.hash, _hash_of(turn, live, code.email, digits)):
        accounts.count_try(turn.db, code.id)
        return None
    accounts.end_code(turn.db, code.id, turn.now)
    link(turn, live, code.email)
    return code.email


def link(turn: Turn, live: str, email: str) -> None:
    """Join the two. A mail address has one chat: an earlier one is parted from it, as is a page's earlier address.

    Raises `OtherAdviser` for a chat that is another adviser's: whose decision is it, when both have the same chat?
    """
    if live.startswith(TELEGRAM):
        there, new = adviser_of(turn, live), adviser_of(turn, email)
        if there is not None and new is not None and there.id != new.id:
            raise OtherAdviser
        earlier = telegram_of(turn.db, email)
        if earlier is not None and earlier != live:
            unlink(turn, earlier, email)
    else:
        for other in linked_emails(turn.db, live):
            if other != email:
                unlink(turn, live, other)
    accounts.link(turn.db, live, email, turn.now)
    turn.note(None, "linked", "bot")


class OtherAdviser(RuntimeError):
    """A chat belongs to one adviser; another one wanted to link it too."""


def unlink(turn: Turn, live: str, email: str) -> bool:
    """Part the two; False when they were not linked.

    Every case goes back to the address it was opened from. What the conversation still shows opens nothing more, and
    what was still to be shown there, to the adviser or about such a case, is not sent.
    """
    own = addresses_of(turn.db, live)
    if not accounts.unlink(turn.db, live, email):
        return False
    cases.return_home(turn.db, own)
    letters.park_parted(turn.db, live, addresses_of(turn.db, live))
    tokens.forget_shown(turn.db, live)
    choices.expire_of(turn.db, live, turn.now)
    expected_words.take(turn.db, live, turn.now)
    turn.note(None, "unlinked", "bot")
    return True


def linked_emails(db: Database, live: str) -> tuple[str, ...]:
    """The mail addresses that are linked with one conversation, the newest first."""
    return accounts.emails_of(db, live)


def forget_codes(db: Database, now: datetime) -> None:
    """Codes that no limit looks at any more, with the addresses that they name."""
    accounts.forget_codes(db, now - max(life for life, _ in MOST_CODES))


def _plain(address: str) -> str:
    """An address as it is compared: what the pool writes with capitals is the same mailbox."""
    return normal_address(address) or address


def _is_known(turn: Turn, email: str) -> bool:
    return adviser_of(turn, email) is not None or bool(cases.of_initiator(turn.db, email))


def _hash_of(turn: Turn, live: str, email: str, code: str) -> str:
    """Keyed, so that who reads the store can't try all codes; bound to both sides, so that it fits no other."""
    return hmac.digest(turn.wiring.links.key, f"mixmatch-code {live} {email} {code}".encode(), hashlib.sha256).hex()
