"""An initiator's own data: everything held is shown, put right by words, and erased by a person once that is sure.

Runs inside the transaction of its `Turn`. Erasing itself is bot/privacy/erasing.py, once a coordinator has said yes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.choices import Pressed, choice_in
from bot.initiator.asking import ask_what_differs, what_we_understood
from bot.initiator.stopping import stop_silently
from bot.pressing import Heard, OnPress
from bot.reading import Read
from bot.store import cases, erasures, messages, proposals
from bot.store.accounts import addresses_of
from bot.turn import Turn
from inbox.confirmation import confirms
from inbox.message import LIVE_CHANNELS, Message
from inbox.privacy_right import Right, requested_right
from matcher.proposal import CASE_ENDS, Case

MOST_SHOWN = 20
"""So many of somebody's own messages the overview quotes; it tells how many more there are."""
STAYS_ASKED = timedelta(days=30)
TO_APPROVE = "/bureau/wisverzoeken"
"""The page on which a coordinator says yes; then the clock erases."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose data it is about: who wrote, in which language, in which case (if any), and the words."""

    address: str
    name: str
    language: str
    case: Case | None
    words: str = ""

    @property
    def heard_in(self) -> int | None:
        """The case in which this was heard."""
        return self.case.id if self.case else None


def hear(turn: Turn, read: Read, case: Case | None) -> Heard:
    """See, correct or erase: do what can be done at once, and put the rest before a person."""
    owner = _writer(read, case)
    if not owner.address:
        return "no_sender", None
    return RIGHTS[_right(read.message)](turn, owner), owner.heard_in


def _right(message: Message) -> Right:
    """The right that the words name; the bare command asks what its menu promises: to see."""
    bare_command = message.chat is not None and bool(message.chat.command) and not message.text
    return "see" if bare_command else requested_right(message.text)


def hear_erasure(turn: Turn, read: Read, case: Case | None) -> Heard | None:
    """Take a yes or no to "shall we erase everything?"; None when this is no answer to that."""
    message = read.message
    if not erasures.is_asked(turn.db, message.sender, turn.now - STAYS_ASKED) or not _answers(turn, message):
        return None
    says = confirms(message.text)
    if says is None and requested_right(message.text) == "erase":
        says = True
    return None if says is None else _settle(turn, _writer(read, case), says)


def _writer(read: Read, case: Case | None) -> Owner:
    assert read.understood is not None
    message = read.message
    return Owner(message.sender, message.sender_name, read.understood.language, case, message.text)


def _answers(turn: Turn, message: Message) -> bool:
    """Whether our question was the last thing this person read here, or stands in the thread that a mail answers."""
    if message.channel in LIVE_CHANNELS:
        return erasures.was_asked_last(turn.db, message.sender)
    return erasures.answers_our_letter(turn.db, (message.in_reply_to, *message.references), message.sender)


def _see(turn: Turn, owner: Owner) -> str:
    """The letter goes to the address that the data are of, so who only pretends to be the writer sees nothing."""
    own = cases.of_initiator(turn.db, owner.address)
    written = messages.written_by(turn.db, addresses_of(turn.db, owner.address))
    _write(
        turn,
        owner,
        "own_data",
        ("erase",),
        own_email=owner.address if "@" in owner.address else "",
        contact=next((each.contact for each in own if each.contact), ""),
        held=[_held(turn, each) for each in own],
        told=[{"on": each.received_at.date(), "own_words": each.text} for each in written[:MOST_SHOWN]],
        more=max(len(written) - MOST_SHOWN, 0),
    )
    turn.note(owner.case, "data_shown", "bot")
    return "data_shown"


def _held(turn: Turn, case: Case) -> dict[str, Any]:
    accepted = proposals.accepted_of_case(turn.db, case.id)
    expert = (
        turn.person(accepted.expert_id) if accepted is not None and case.state in ("introduced", "closed") else None
    )
    return {
        "reference": case.reference,
        "asked_on": case.opened_at.date(),
        "state": case.state,
        "consent": case.consent,
        "expert_name": expert.name if expert is not None else "",
        **what_we_understood(turn, case),
    }


def _correct(turn: Turn, owner: Owner) -> str:
    """Ask what is different; who has no single running case is told how, and a person reads along."""
    running = cases.running_of(turn.db, owner.address)
    case = owner.case or (running[0] if len(running) == 1 else None)
    if case is None or case.state in CASE_ENDS:
        return _to_a_person(turn, owner, "correct")
    return ask_what_differs(turn, case)


def _erase(turn: Turn, owner: Owner) -> str:
    """Erasing can't be undone: ask once more."""
    erasures.ask(turn.db, owner.address, turn.now)
    _write(turn, owner, "erasure", ("erase_yes", "erase_no"), step="sure")
    return "asked_erasure"


def _unclear(turn: Turn, owner: Owner) -> str:
    return _to_a_person(turn, owner, "unknown")


RIGHTS: Mapping[Right, Callable[[Turn, Owner], str]] = {
    "see": _see,
    "correct": _correct,
    "erase": _erase,
    "unknown": _unclear,
}


def _to_a_person(turn: Turn, owner: Owner, right: Right) -> str:
    _write(turn, owner, "privacy", ("see", "erase"), request=right)
    _tell_coordinator(turn, owner, right)
    return "privacy"


def _settle(turn: Turn, owner: Owner, sure: bool) -> Heard:
    """Everything of this person stops now; it is erased when a person says yes, within the month that we promise."""
    erasures.answer(turn.db, owner.address, "confirmed" if sure else "kept", turn.now)
    if sure:
        for each in cases.running_of(turn.db, owner.address):
            stop_silently(turn, each)
        _tell_coordinator(turn, owner, "erase")
    _write(turn, owner, "erasure", (), step="yes" if sure else "no")
    return "erasure_confirmed" if sure else "erasure_kept", owner.heard_in


def _tell_coordinator(turn: Turn, owner: Owner, right: Right) -> None:
    page = f"{turn.wiring.links.base_url.rstrip('/')}{TO_APPROVE}" if right == "erase" else ""
    turn.to_coordinator(
        owner.case,
        "privacy_request",
        page_link=page,
        request=right,
        sender_name=owner.name,
        sender_email=owner.address,
        own_words=owner.words,
    )


def _write(turn: Turn, owner: Owner, template: str, actions: tuple[str, ...], **facts: Any) -> None:
    language = owner.case.language if owner.case is not None else owner.language
    choices = [choice_in(language, action) for action in actions]
    if owner.case is not None:
        turn.to_initiator(owner.case, template, choices=choices, **facts)
    else:
        turn.to_writer(owner.address, owner.name, language, template, choices=choices, **facts)


def _on_press(turn: Turn, read: Read, pressed: Pressed) -> Heard | None:
    """See, erase, and whether that is sure; None for a yes or no that was given before."""
    del read
    case = pressed.case
    language = case.language if case is not None else _language_of(turn, pressed.holder)
    owner = Owner(pressed.holder, case.initiator_name if case is not None else "", language, case)
    if pressed.action in ("see", "erase"):
        return RIGHTS["see" if pressed.action == "see" else "erase"](turn, owner), owner.heard_in
    if not erasures.is_asked(turn.db, owner.address, turn.now - STAYS_ASKED):
        return None
    return _settle(turn, owner, pressed.action == "erase_yes")


def _language_of(turn: Turn, address: str) -> str:
    return next((case.language for case in cases.of_initiator(turn.db, address)), "nl")


PRESSED: Mapping[str, OnPress] = dict.fromkeys(("see", "erase", "erase_yes", "erase_no"), _on_press)
