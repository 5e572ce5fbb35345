"""Which facts each letter needs. What they say to each other stands in bot/texts; who gets a letter, in bot/flow.py.

`name` is what the reader is called and `reference` the number of the case; both may be "". Any text may be "" where
it is unknown. A fact whose name ends in `_link` is an address of our own pages ("" where there is none); one that
ends in `_email` is a mail address. Objects in a fact may be records or mappings with these fields:

- needs: code, label, evidence · findings: rule, outcome, evidence · why: code, label, evidence, profile
- medium: what came without words we can read, a code of inbox/telegram.py
- missing: names of facts, in the order in which they are asked
- expert: name, organisation, region ("covers" or "unknown_place"), load, capacity, why
- alternatives: name, organisation, labels, load, capacity; the first one is number 2
- instruments: name, description · left_out: because, count
- budget_sheet: what bot/sheet_facts.py gives, None where no begroting came along
- cases: reference, asked_on (a date), state, needs; in the weekly report a number
"""

from collections.abc import Mapping


def _facts(names: str) -> frozenset[str]:
    return frozenset(names.split())


FOR_INITIATORS: Mapping[str, frozenset[str]] = {
    "confirmation": _facts("budget_sheet name reference first_contact needs municipality eligibility"),
    "question": _facts("budget_sheet name reference first_contact needs missing ask_consent round"),
    "clarify": _facts("name reference first_contact own_words"),
    "review_notice": _facts("budget_sheet name reference first_contact needs findings"),
    "referral": _facts("name reference first_contact municipality province"),
    "consent_request": _facts("name reference needs expert_name expert_organisation profile page_link"),
    "consent_unclear": _facts("name reference own_words expert_organisation page_link"),
    "decision_thanks": _facts("name reference choice"),
    "introduction_initiator": _facts(
        "name reference adviser_organisation expert_name expert_organisation expert_email why consent reachable"
        " instruments"
    ),
    "unserved_notice": _facts("name reference needs"),
    "status": _facts("name reference cases"),
    "withdrawn": _facts("name reference"),
    "privacy": _facts("name reference request"),
    "offer_thanks": _facts("name reference first_contact"),
    "pointer": _facts("name reference first_contact"),
    "answer_unknown": _facts("name reference first_contact own_words"),
    "chat_welcome": _facts("name reference first_contact"),
    "chat_ask": _facts("name reference first_contact"),
    "chat_group": _facts("name reference chat_link"),
    "chat_unread": _facts("name reference medium"),
}

FOR_ADVISERS: Mapping[str, frozenset[str]] = {
    "proposal": _facts(
        "name reference initiative municipality needs eligibility findings budget_sheet expert alternatives instruments"
        " page_link"
    ),
    "unclear_answer": _facts("name reference about own_words alternatives page_link"),
    "already_decided": _facts("name reference about outcome"),
    "decision_confirmed_yes": _facts("name reference expert_name expert_organisation next_step"),
    "decision_confirmed_no": _facts("name reference expert_name expert_organisation reason more_experts"),
    "not_authorised": _facts("name reference"),
    "proposal_withdrawn": _facts("name reference"),
}

FOR_EXPERTS: Mapping[str, frozenset[str]] = {
    "introduction_expert": _facts(
        "name reference adviser_name adviser_organisation initiative municipality needs consent"
        " initiator_name initiator_email"
    ),
    "contact_told": _facts("name reference initiator_name initiator_email"),
}

FOR_COORDINATORS: Mapping[str, frozenset[str]] = {
    "review": _facts(
        "name reference initiative municipality needs findings budget_sheet initiator_name initiator_email page_link"
    ),
    "review_confirmed": _facts("name reference choice reason"),
    "unserved": _facts(
        "name reference initiative municipality needs left_out initiator_name initiator_email page_link"
    ),
    "quarantined": _facts("name reference received_at sender_email subject_line problem page_link"),
    "offer": _facts("name reference sender_name sender_email own_words page_link"),
    "privacy_request": _facts("name reference request sender_name sender_email own_words page_link"),
    "weekly_report": _facts("name reference week first_day last_day messages cases introductions attention page_link"),
}

TEMPLATES: Mapping[str, frozenset[str]] = {**FOR_INITIATORS, **FOR_ADVISERS, **FOR_EXPERTS, **FOR_COORDINATORS}
