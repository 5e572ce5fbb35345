"""How somebody without a mail address can be reached: checked, kept with the case, passed on to who waits for it.

Whether contact details may be shared is the initiator's own choice (`consent`); without it nothing leaves here.
"""

import re
from dataclasses import replace
from typing import Any

from bot.foreign import one_line
from bot.initiator.asking import what_we_understood
from bot.mail_address import BadAddress, mailable
from bot.pressing import Heard
from bot.reading import Read
from bot.store import cases, proposals
from bot.turn import Turn
from inbox.message import LIVE_CHANNELS, Message
from matcher.proposal import Case, CaseState

LONGEST = 100  # characters
PHONE = re.compile(r"\+?[\d ().-]+")
_EMAIL = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+[a-z]{2,63}", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w./-])(?<![A-Z]{4} )(?:\+|\(?0)[\d ().-]{7,24}\d(?!\w)")
DIGITS = (9, 15)  # a Dutch number with its area code, and the longest of E.164
WITH_COORDINATOR: frozenset[CaseState] = frozenset({"review", "unserved", "closed"})
OVER: frozenset[CaseState] = frozenset({"referred", "withdrawn"})


def readable_contact(told: str) -> str | None:
    """A mail address or phone number on one line, None when it is neither."""
    line = one_line(told)
    if len(line) > LONGEST:
        return None
    if "@" in line:
        try:
            return mailable(line)
        except BadAddress:
            return None
    digits = sum(sign.isdigit() for sign in line)
    return line if line.isascii() and PHONE.fullmatch(line) and DIGITS[0] <= digits <= DIGITS[1] else None


def contact_in(text: str) -> str | None:
    """The mail address or phone number that a text holds, as it is written there; None for none and for several."""
    written = [found[0].strip(" .-") for pattern in (_EMAIL, _NUMBER) for found in pattern.finditer(text)]
    found = {contact for each in written if (contact := readable_contact(each)) is not None}
    return found.pop() if len(found) == 1 else None


def hear(turn: Turn, read: Read, case: Case | None) -> Heard | None:
    """Take in how an expert can reach somebody who agreed to that in a chat and had no address yet."""
    told = contact_in(read.message.text) if read.message.channel in LIVE_CHANNELS else None
    if told is None or case is None or case.state != "introduced" or not case.consent or case.reachable_at:
        return None
    case = keep_contact(turn, case, told)
    turn.to_initiator(case, "corrected", step="contact", **what_we_understood(turn, case))
    return "contact_told", case.id


def told_along(turn: Turn, message: Message, case: Case) -> Case:
    """The case with how its initiator can be reached, where that was told together with a yes."""
    told = contact_in(message.text) if message.channel in LIVE_CHANNELS else None
    return keep_contact(turn, case, told) if told is not None and wants_contact(case) else case


def wants_contact(case: Case) -> bool:
    """Whether somebody may still have to reach the initiator of this case."""
    return "@" not in case.initiator and case.state not in OVER


def keep_contact(turn: Turn, case: Case, contact: str) -> Case:
    """Keep how the initiator can be reached, and tell the expert or the coordinator who should make contact."""
    if contact == case.contact:
        return case
    case = replace(case, contact=contact)
    cases.keep(turn.db, case, cases.question_of(turn.db, case.id), turn.now)
    turn.note(case, "contact_told", "initiator")
    facts: dict[str, Any] = {"initiator_name": case.initiator_name, "initiator_email": contact}
    if case.state in WITH_COORDINATOR:
        turn.to_coordinator(case, "contact_told", **facts)
    proposal = proposals.accepted_of_case(turn.db, case.id)
    if case.state == "introduced" and case.consent and proposal is not None:
        expert, adviser = turn.person(proposal.expert_id), turn.person(proposal.adviser_id)
        turn.to_person(expert if expert.email else adviser, case, "contact_told", **facts)
    return case
