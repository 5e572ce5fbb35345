"""Sample facts of every kind that a letter asks for. Nobody in them exists: people are named by what they do.

Which letters are written from them is bot/letter_samples.py's.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

NEEDS = [
    {
        "code": "financing",
        "label": "Financieringsmodel en businessplan",
        "evidence": "Hoe verdienen we ons geld terug?",
    },
    {"code": "dialogue", "label": "Dialoog en participatie", "evidence": "De buurt is boos."},
]
WHY = [{**need, "profile": "Maakt verdienmodellen met bewoners."} for need in NEEDS]
FINDINGS = [
    {"rule": "in_noord_brabant", "outcome": "hit", "evidence": "Wij zitten in Oss."},
    {"rule": "closes_budget_or_may", "outcome": "miss", "evidence": "We komen geld tekort."},
    {"rule": "independent_of_province", "outcome": "unknown", "evidence": ""},
]
EXPERT = {
    "name": "Adviseur verdienmodellen",
    "organisation": "KNHM",
    "region": "covers",
    "load": 1,
    "capacity": 3,
    "why": WHY,
}
ALTERNATIVES = [
    {
        "number": 2,
        "name": "Adviseur governance",
        "organisation": "Zet",
        "labels": ["Governance en rechtsvorm"],
        "load": 0,
        "capacity": 2,
    },
    {
        "number": 3,
        "name": "Onderzoeker",
        "organisation": "Fontys",
        "labels": ["Ontwerpend werken", "Leren"],
        "load": 2,
        "capacity": 4,
    },
]

SIMILAR = [
    {"name": "Dorpstuin", "area": "Altena", "needs": NEEDS, "agreed": True},
    {"name": "Helmond", "area": "", "needs": [], "agreed": False},
]

PROPOSALS = [
    {
        "reference": "SV-2026-0001",
        "initiative": "De Buurtkas",
        "municipality": "Oss",
        "expert": "Adviseur verdienmodellen",
        "organisation": "KNHM",
        "since": date(2026, 11, 16),
        "colleague": "Adviseur Noord",
    },
    {
        "reference": "SV-2026-0002",
        "initiative": "",
        "municipality": "",
        "expert": "Onderzoeker",
        "organisation": "Fontys",
        "since": date(2026, 11, 17),
        "colleague": "",
    },
]

FOUND = [
    {**ALTERNATIVES[0], "number": 4, "why": WHY, "because": ["region"]},
    {**ALTERNATIVES[1], "number": 0, "why": [], "because": ["away", "full"]},
]

SHEET = {
    "name": "begroting.xlsx",
    "refusal": "",
    "years": [
        {
            "year": "2027", "income": "12.000", "costs": "12.500", "short": True, "difference": "500",
            "requested": "1.000", "provincial": "2.000",
        },
        {
            "year": "", "income": "12.000", "costs": "11.500", "short": False, "difference": "500",
            "requested": "", "provincial": "",
        },
    ],
    "budget": "not_closing",
    "provincial_dependence": None,
    "notes": ["missing_income", "macros"],
    "contradictions": [
        {"told": "budget.closing", "shown": "budget.not_closing", "evidence": "Onze begroting sluit."},
        {"told": "provincial_dependence.no", "shown": "provincial_dependence.yes", "evidence": ""},
    ],
}  # fmt: skip
UNREAD_SHEET = {"name": "begroting.xls", "refusal": "encrypted", "years": [], "notes": [], "contradictions": []}

HELD = [
    {
        "reference": "SV-2026-0001",
        "asked_on": date(2026, 3, 9),
        "state": "introduced",
        "needs": NEEDS,
        "initiative": "De Buurtkas",
        "municipality": "Oss",
        "budget": "prospect",
        "provincial_dependence": False,
        "phase": 3,
        "consent": True,
        "expert_name": "Adviseur verdienmodellen",
    },
    {
        "reference": "SV-2026-0002",
        "asked_on": date(2026, 5, 9),
        "state": "asking",
        "needs": [],
        "initiative": "",
        "municipality": "",
        "budget": None,
        "provincial_dependence": None,
        "phase": None,
        "consent": None,
        "expert_name": "",
    },
]

SAMPLE: Mapping[str, Any] = {
    "about": "proposal",
    "action": "ask",
    "adviser_name": "Adviseur West",
    "adviser_organisation": "Zorgbelang",
    "adviser_step": "which",
    "after_introduction": False,
    "alternatives": ALTERNATIVES,
    "answer": ["Ja, de gemeente doet mee.", "Dat hoorden we vorige week."],
    "ask_consent": True,
    "attention": 3,
    "budget": "closing",
    "budget_sheet": SHEET,
    "cases": [{"reference": "SV-2026-0001", "asked_on": date(2026, 3, 9), "state": "proposed", "needs": NEEDS}],
    "chat_link": "https://t.me/mixmatch_bot",
    "code": "01234567",
    "choice": "yes",
    "colleague_name": "Adviseur zorg dichtbij",
    "colleague_organisation": "Zorgbelang",
    "colleagues": [{"name": "Adviseur zorg dichtbij", "organisation": "Zorgbelang"}],
    "consent": True,
    "day": date(2026, 11, 23),
    "contact": "06 12345678",
    "earlier": "SV-2026-0001",
    "earlier_needs": NEEDS,
    "eligibility": "eligible",
    "ends": False,
    "expert": EXPERT,
    "expert_email": "expert@example.org",
    "expert_name": "Adviseur verdienmodellen",
    "expert_organisation": "KNHM",
    "experts": FOUND,
    "findings": FINDINGS,
    "first_contact": True,
    "first_time": True,
    "goes_to": "colleague",
    "gone": "",
    "has_left": False,
    "held": HELD,
    "first_day": date(2026, 11, 16),
    "handed_over_by": "Adviseur Noord",
    "initiative": "De Buurtkas",
    "initiator_email": "initiatief@example.org",
    "initiator_name": "Voorzitter buurtvereniging",
    "instruments": [{"name": "Waarderende dialoog", "description": "Een gesprek over wat goed gaat."}],
    "introductions": 5,
    "last_day": date(2026, 11, 22),
    "link_step": "linked",
    "left_out": [{"because": "full", "count": 2}, {"because": "region", "count": 9}],
    "medium": "voice",
    "messages": 40,
    "missing": ["municipality", "budget", "provincial_dependence"],
    "more": 3,
    "more_experts": True,
    "municipality": "Oss",
    "name": "Voorzitter",
    "needs": NEEDS,
    "next_step": "ask_consent",
    "outcome": "accepted",
    "own_email": "voorzitter@example.org",
    "own_words": "Ik denk het wel.",
    "page_link": "https://example.org/besluit/abc.DEF-1",
    "paragraphs": ["We spraken je bestuur.", "Kun je nog zeggen wanneer je begint?"],
    "phase": 2,
    "problem": "UnreadableMail",
    "profile": "Maakt verdienmodellen met bewoners.",
    "proposals": PROPOSALS,
    "province": "Utrecht",
    "question": "Of de gemeente meedoet.",
    "provincial_dependence": False,
    "questions": ["helped", "phase", "next"],
    "reachable": True,
    "reason": "Te druk.",
    "received_at": date(2026, 11, 20),
    "reference": "SV-2026-0001",
    "refusal": "used",
    "request": "erase",
    "round": 1,
    "sharing_link": "https://example.org/delen/abc.DEF-1",
    "similar": SIMILAR,
    "other": SIMILAR[0],
    "sender_email": "afzender@example.org",
    "sender_name": "Bewoner",
    "step": "sure",
    "subject": "unknown",
    "subject_line": "Vraag",
    "substitute": "Adviseur Noord",
    "told": [{"on": date(2026, 3, 9), "own_words": "Hoe verdienen we ons geld terug?"}],
    "unclear": "days",
    "waiting": 2,
    "week": "week 47 van 2026",
    "what_if": {"because": "full", "name": "Docent ondernemen", "organisation": "Fontys"},
    "why": WHY,
    "why_not": "inactive",
    "why_you": ["organisation", "topics", "least_busy"],
}
