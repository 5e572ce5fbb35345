"""Which facts each letter needs. What they say to each other stands in bot/texts; who gets a letter, in bot/flow.py.

`name` is what the reader is called and `reference` the number of the case; both may be "". Any text may be "" where
it is unknown. A fact whose name ends in `_link` is an address of our own pages ("" where there is none); one that
ends in `_email` is a mail address. Objects in a fact may be records or mappings with these fields:

- needs: code, label, evidence · findings: rule, outcome, evidence · why: code, label, evidence, profile
- medium: what came without words we can read, a code of inbox/telegram.py
- refusal: "not_yours", "expired", "used" or "decided"
- missing: names of facts, in the order in which they are asked
- expert: name, organisation, region ("covers", "unknown_place" or ""), load, capacity, why
- alternatives: number, name, organisation, labels, load, capacity · experts: the same (number 0 for one who can't be
  chosen), why, because (reasons to be left out) · what_if: because, name, organisation, or None · answer: texts
- colleagues: name, organisation · action: "ask", "search", "later", "decline" or "reason" · day: a date
- instruments: name, description · similar, other: name, area, needs, agreed (to contact) · left_out: because, count
- budget_sheet: what bot/sheet_facts.py gives, None where no begroting came along
- proposals: reference, initiative, municipality, expert, organisation, since (a date), colleague
- why_you: codes of matcher/routing.py · unclear: "days" or "colleague" · waiting: how many proposals wait
- first_day, last_day: dates
- questions: "helped", "phase", "next" or "again" · step: which of the things that a letter can say, a code
- held: what initiator/own_data.py gives of a case · told: on (a date), own_words · earlier: the number of another case
- subject: a code of inbox/elsewhere.py · goes_to: "colleague" or "expert", for whom `colleague_name` stands
- paragraphs: texts
- cases: reference, asked_on (a date), state, needs; in the weekly report a number
"""

from collections.abc import Mapping


def _facts(names: str) -> frozenset[str]:
    return frozenset(names.split())


_UNDERSTOOD = _facts("name reference needs initiative municipality budget provincial_dependence phase")

FOR_INITIATORS: Mapping[str, frozenset[str]] = {
    "confirmation": _UNDERSTOOD | _facts("budget_sheet first_contact eligibility"),
    "understood": _UNDERSTOOD | _facts("budget_sheet first_contact missing"),
    "question": _UNDERSTOOD | _facts("budget_sheet first_contact missing ask_consent round"),
    "what_differs": _UNDERSTOOD,
    "corrected": _UNDERSTOOD | _facts("step"),
    "did_you_write": _facts("name reference own_words"),
    "same_or_new": _facts("name reference earlier earlier_needs"),
    "clarify": _facts("name reference first_contact own_words round"),
    "review_notice": _facts("budget_sheet name reference first_contact needs findings"),
    "referral": _facts("name reference first_contact municipality province"),
    "consent_request": _facts("name reference needs expert_name expert_organisation profile page_link"),
    "fresh_link": _facts("name reference page_link"),
    "consent_unclear": _facts("name reference own_words expert_organisation page_link"),
    "expert_declined": _facts("name reference expert_name expert_organisation"),
    "decision_thanks": _facts("name reference choice"),
    "introduction_initiator": _facts(
        "name reference adviser_organisation expert_name expert_organisation expert_email why consent reachable"
        " instruments similar sharing_link"
    ),
    "unserved_notice": _facts("name reference needs"),
    "adviser_question": _facts("name reference question adviser_organisation"),
    "initiator_reminder": _facts(
        "name reference needs missing ask_consent expert_name expert_organisation page_link last_day"
    ),
    "case_closed": _facts("name reference after_introduction"),
    "answer_passed_on": _facts("name reference"),
    "status": _facts("name reference cases"),
    "withdrawn": _facts("name reference"),
    "privacy": _facts("name reference request"),
    "own_data": _facts("name reference own_email contact held told more"),
    "erasure": _facts("name reference step"),
    "follow_up": _facts("name reference questions first_time expert_name sharing_link"),
    "from_coordinator": _facts("name reference paragraphs"),
    "person_asked": _facts("name reference"),
    "offer_thanks": _facts("name reference first_contact"),
    "pointer": _facts("name reference first_contact subject"),
    "answer_unknown": _facts("name reference first_contact own_words"),
    "chat_welcome": _facts("name reference first_contact"),
    "chat_ask": _facts("name reference first_contact"),
    "chat_group": _facts("name reference chat_link"),
    "chat_unread": _facts("name reference medium"),
    "chat_link": _facts("name reference link_step"),
    "link_mail": _facts("name reference link_step code sender_name"),
    "press_refused": _facts("name reference refusal"),
}

_PROPOSAL = _facts(
    "name reference initiative municipality needs eligibility findings budget_sheet expert alternatives instruments"
    " similar expert_name what_if page_link"
)
FOR_ADVISERS: Mapping[str, frozenset[str]] = {
    "chat_adviser": _facts("name reference adviser_step"),
    "proposal": _PROPOSAL | _facts("handed_over_by why_you"),
    "reminder": _PROPOSAL,
    "proposal_waits": _PROPOSAL | _facts("day last_day"),
    "not_decided": _facts("name reference goes_to colleague_name colleague_organisation"),
    "initiator_silent": _facts("name reference expert_name"),
    "initiator_answer": _PROPOSAL | _facts("question answer"),
    "more_experts": _facts("name reference own_words gone why_not experts expert_name alternatives page_link"),
    "which_colleague": _facts("name reference own_words colleagues page_link"),
    "handed_over": _facts("name reference colleague_name colleague_organisation"),
    "passed_on": _facts("name reference"),
    "question_passed_on": _facts("name reference question"),
    "later_confirmed": _facts("name reference day"),
    "say_in_words": _facts("name reference action"),
    "unclear_answer": _facts("name reference about own_words expert_name alternatives page_link"),
    "already_decided": _facts("name reference about outcome"),
    "consent_told": _facts("name reference choice expert_name expert_organisation"),
    "initiator_writes": _facts("name reference expert_name expert_organisation own_words"),
    "expert_answer": _facts("name reference expert_name expert_organisation own_words next_step"),
    "words_passed_on": _facts("name reference next_step"),
    "other_address": _facts("name reference about"),
    "decision_confirmed_yes": _facts("name reference expert_name expert_organisation next_step"),
    "decision_confirmed_no": _facts("name reference expert_name expert_organisation reason more_experts"),
    "not_authorised": _facts("name reference"),
    "proposal_withdrawn": _facts("name reference"),
    "open_proposals": _facts("name reference proposals page_link"),
    "proposals_moved": _facts("name reference proposals"),
    "proposals_taken_over": _facts("name reference adviser_name has_left last_day proposals"),
    "adviser_link": _facts("name reference page_link"),
    "contact_wished": _facts("name reference initiative municipality other"),
    "absence_kept": _facts("name reference first_day last_day substitute waiting page_link"),
    "absence_unclear": _facts("name reference unclear own_words page_link"),
    "absence_confirm": _facts("name reference ends first_day last_day substitute page_link"),
    "absence_ended": _facts("name reference page_link"),
    "substitute_asked": _facts("name reference adviser_name first_day last_day"),
    "substitute_released": _facts("name reference adviser_name"),
}

FOR_EXPERTS: Mapping[str, frozenset[str]] = {
    "introduction_expert": _facts(
        "name reference adviser_name adviser_organisation initiative municipality needs consent"
        " initiator_name initiator_email"
    ),
    "contact_told": _facts("name reference initiator_name initiator_email"),
    "erase_too": _facts("name reference"),
}

FOR_COORDINATORS: Mapping[str, frozenset[str]] = {
    "review": _facts(
        "name reference initiative municipality needs findings budget_sheet initiator_name initiator_email page_link"
    ),
    "review_reminder": _facts(
        "name reference initiative municipality needs findings budget_sheet initiator_name initiator_email page_link"
        " day"
    ),
    "review_confirmed": _facts("name reference choice reason"),
    "proposal_unanswered": _facts(
        "name reference initiative municipality needs adviser_name adviser_organisation expert_name"
        " expert_organisation day page_link"
    ),
    "unserved": _facts(
        "name reference initiative municipality needs left_out initiator_name initiator_email page_link"
    ),
    "sign_in": _facts("name reference page_link"),
    "case_handed": _facts("name reference sender_name own_words page_link"),
    "proposals_stuck": _facts("name reference adviser_name has_left last_day proposals"),
    "quarantined": _facts("name reference received_at sender_email subject_line problem page_link"),
    "person_wanted": _facts("name reference sender_name sender_email own_words"),
    "pool_answer": _facts("name reference sender_name sender_email own_words"),
    "offer": _facts("name reference sender_name sender_email own_words page_link"),
    "privacy_request": _facts("name reference request sender_name sender_email own_words page_link"),
    "weekly_report": _facts("name reference week first_day last_day messages cases introductions attention page_link"),
}

FOR_READERS: Mapping[str, frozenset[str]] = {
    "public_report": _facts("name reference week first_day last_day"),
}

TEMPLATES: Mapping[str, frozenset[str]] = {
    **FOR_INITIATORS,
    **FOR_ADVISERS,
    **FOR_EXPERTS,
    **FOR_COORDINATORS,
    **FOR_READERS,
}

CHAT_ONLY = frozenset({"say_in_words"})
"""What a button asks for in the linked chat: there is nothing to keep of it in the mailbox."""
MAILBOX_ONLY = frozenset({"adviser_link", "absence_confirm", "fresh_link"})
"""Letters to advisers that prove something by the mailbox: no linked chat gets them."""
