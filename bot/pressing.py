"""A button that was pressed: whether it counts, and whose work it then is. What a choice does is done elsewhere.

Runs inside the transaction of its `Turn`, in a private chat or on somebody's own page; a group never gets here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from bot import accounts
from bot.adviser.answering import settle_consent
from bot.choices import Pressed
from bot.letters import DEFAULT_LANGUAGE
from bot.reading import Read
from bot.store import cases, choices, proposals
from bot.store.choices import KeptChoice
from bot.turn import Turn
from matcher.proposal import CASE_ENDS, Case, Proposal

Heard = tuple[str, int | None]
OnPress = Callable[[Turn, Read, Pressed], Heard | None]
"""What a choice does; None when it has been decided meanwhile and nothing was done."""

Refusal = Literal["unknown", "forwarded", "stranger", "expired", "used", "decided"]


@dataclass(frozen=True, slots=True)
class _Found:
    """A press and the choice it is of, with its case and proposal as they stand now."""

    read: Read
    choice: KeptChoice
    case: Case | None
    proposal: Proposal | None


def press(turn: Turn, read: Read, actions: Mapping[str, OnPress]) -> Heard:
    """Take one press: it counts when it is the holder's, in time and the first; everybody else gets a polite answer.

    `actions` tells what each choice does.
    """
    marks = read.message.chat
    assert marks is not None
    choice = choices.find(turn.db, marks.button)
    if choice is None:
        return _refuse(turn, read, "unknown", None)
    found = _found(turn, read, choice)
    refusal = next((code for code, holds in REFUSALS if holds(turn, found)), None)
    heard = _act(turn, found, actions) if refusal is None else None
    return heard or _refuse(turn, read, refusal or "decided", found)


def _found(turn: Turn, read: Read, choice: KeptChoice) -> _Found:
    case = cases.find(turn.db, choice.case_id) if choice.case_id is not None else None
    proposal = proposals.find(turn.db, choice.proposal_id) if choice.proposal_id is not None else None
    return _Found(read, choice, case, proposal)


def _act(turn: Turn, found: _Found, actions: Mapping[str, OnPress]) -> Heard | None:
    choice = found.choice
    if not choice.stays:
        choices.use_up(turn.db, choice.letter_key, turn.now)
    on_press = actions.get(choice.action)
    if on_press is None:  # a button from before the program changed
        return None
    return on_press(turn, found.read, Pressed(choice.action, choice.value, found.case, found.proposal, choice.holder))


def _forwarded(turn: Turn, found: _Found) -> bool:
    """The button stands under a message that is not ours, or not where we wrote it."""
    del turn
    return "forwarded" in found.read.message.defects


def _by_stranger(turn: Turn, found: _Found) -> bool:
    del turn
    return found.read.message.sender != found.choice.holder


def _expired(turn: Turn, found: _Found) -> bool:
    return found.choice.expires_at <= turn.now


def _used(turn: Turn, found: _Found) -> bool:
    del turn
    return found.choice.used_at is not None


def _decided(turn: Turn, found: _Found) -> bool:
    """The proposal was decided, or the case has ended since the letter was written, by whatever channel."""
    del turn
    if found.proposal is not None and found.proposal.state != "open":
        return True
    return found.case is not None and found.case.state in CASE_ENDS and found.choice.case_state not in CASE_ENDS


def _no_longer_theirs(turn: Turn, found: _Found) -> bool:
    """The proposal is another's now, its adviser has left, or the chat is no longer linked with that adviser."""
    if found.proposal is None:
        return False
    adviser = accounts.adviser_with(turn, found.proposal.adviser_id)
    return adviser is None or not accounts.same_person(turn.db, found.read.message.sender, adviser.email)


REFUSALS: tuple[tuple[Refusal, Callable[[Turn, _Found], bool]], ...] = (
    ("forwarded", _forwarded),
    ("stranger", _by_stranger),
    ("expired", _expired),
    ("used", _used),
    ("decided", _decided),
    ("stranger", _no_longer_theirs),
)
"""The first one that holds refuses the press. Who is not the holder is told the same, whatever is the matter."""


def _refuse(turn: Turn, read: Read, refusal: Refusal, found: _Found | None) -> Heard:
    """Say politely that nothing has changed; about the case only to its holder."""
    is_holder = found is not None and refusal in ("expired", "used", "decided")
    case = found.case if found is not None and is_holder else None
    if found is not None and not is_holder:
        turn.note(found.case, "not_authorised", "bot", f"button_{refusal}")
    turn.to_writer(
        read.message.sender,
        read.message.sender_name,
        case.language if case is not None else _language(turn, read),
        "press_refused",
        reference=case.reference if case is not None else "",
        refusal=refusal if is_holder else "not_yours",
    )
    return f"press_{refusal}", case.id if case is not None else None


def _language(turn: Turn, read: Read) -> str:
    """The language of the presser's own question, or else of the own telephone."""
    own = cases.of_initiator(turn.db, read.message.sender)
    marks = read.message.chat
    return own[0].language if own else (marks.language if marks is not None else "") or DEFAULT_LANGUAGE


def _on_consent(turn: Turn, read: Read, pressed: Pressed) -> Heard | None:
    """Yes or no to sharing contact details, while a match waits for it."""
    del read
    case, agreed = pressed.case, pressed.value == "yes"
    if case is None or case.state != "accepted":
        return None
    settle_consent(turn, case, agreed)
    return "consented" if agreed else "consent_refused", case.id


def joined(*tables: Mapping[str, OnPress]) -> Mapping[str, OnPress]:
    """The tables of all who offer choices as one. Raises ValueError for an action that two of them have."""
    actions = [action for table in tables for action in table]
    if len(actions) != len(set(actions)):
        raise ValueError("an action has one owner")
    return {action: on_press for table in tables for action, on_press in table.items()}


PRESSED: Mapping[str, OnPress] = {"consent": _on_consent}
"""What a choice does that belongs to no other file."""
