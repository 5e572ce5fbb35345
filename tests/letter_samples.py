"""Sample facts for every letter; nobody in them exists."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.letters import TEMPLATES, Letter, write_letter

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
        "name": "Adviseur governance",
        "organisation": "Zet",
        "labels": ["Governance en rechtsvorm"],
        "load": 0,
        "capacity": 2,
    },
    {
        "name": "Onderzoeker",
        "organisation": "Fontys",
        "labels": ["Ontwerpend werken", "Leren"],
        "load": 2,
        "capacity": 4,
    },
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

SAMPLE: Mapping[str, Any] = {
    "about": "proposal",
    "adviser_name": "Adviseur West",
    "adviser_organisation": "Zorgbelang",
    "alternatives": ALTERNATIVES,
    "ask_consent": True,
    "attention": 3,
    "budget_sheet": SHEET,
    "cases": [{"reference": "SV-2026-0001", "asked_on": date(2026, 3, 9), "state": "proposed", "needs": NEEDS}],
    "chat_link": "https://t.me/mixmatch_bot",
    "choice": "yes",
    "consent": True,
    "eligibility": "eligible",
    "expert": EXPERT,
    "expert_email": "expert@example.org",
    "expert_name": "Adviseur verdienmodellen",
    "expert_organisation": "KNHM",
    "findings": FINDINGS,
    "first_contact": True,
    "first_day": date(2026, 11, 16),
    "initiative": "De Buurtkas",
    "initiator_email": "initiatief@example.org",
    "initiator_name": "Voorzitter buurtvereniging",
    "instruments": [{"name": "Waarderende dialoog", "description": "Een gesprek over wat goed gaat."}],
    "introductions": 5,
    "last_day": date(2026, 11, 22),
    "left_out": [{"because": "full", "count": 2}, {"because": "region", "count": 9}],
    "medium": "voice",
    "messages": 40,
    "missing": ["municipality", "budget", "provincial_dependence"],
    "more_experts": True,
    "municipality": "Oss",
    "name": "Voorzitter",
    "needs": NEEDS,
    "next_step": "ask_consent",
    "outcome": "accepted",
    "own_words": "Ik denk het wel.",
    "page_link": "https://example.org/besluit/abc.DEF-1",
    "problem": "UnreadableMail",
    "profile": "Maakt verdienmodellen met bewoners.",
    "province": "Utrecht",
    "reachable": True,
    "reason": "Te druk.",
    "received_at": date(2026, 11, 20),
    "reference": "SV-2026-0001",
    "request": "erase",
    "round": 1,
    "sender_email": "afzender@example.org",
    "sender_name": "Bewoner",
    "subject_line": "Vraag",
    "week": "week 47 van 2026",
    "why": WHY,
}

# What makes a template take its other paths.
VARIANTS: tuple[Mapping[str, Any], ...] = (
    {},
    {
        "about": "review",
        "outcome": "declined",
        "alternatives": [],
        "ask_consent": False,
        "budget_sheet": None,
        "cases": [],
        "chat_link": "",
        "choice": "no",
        "consent": False,
        "eligibility": "review",
        "first_contact": False,
        "initiative": "",
        "initiator_name": "",
        "instruments": [],
        "medium": "file_unavailable",
        "more_experts": False,
        "municipality": "",
        "name": "",
        "needs": [],
        "next_step": "introduce",
        "own_words": "",
        "page_link": "",
        "profile": "",
        "province": "",
        "reason": "",
        "reference": "",
        "round": 2,
        "sender_email": "",
        "sender_name": "",
        "subject_line": "",
    },
    {"eligibility": "incomplete", "request": "see", "missing": ["budget"], "budget_sheet": UNREAD_SHEET},
    {"reachable": False, "initiator_email": ""},
    {"eligibility": "outside_area", "request": "unknown", "missing": []},
)
# The one fact that is something else in one letter.
OWN_SAMPLE: Mapping[str, Mapping[str, Any]] = {"weekly_report": {"cases": 12}}
TOKEN = "MM-0123456789ABCDEFGHJK"


def write_sample(template: str, language: str = "nl", **changes: Any) -> Letter:
    """A sample letter, with some facts changed."""
    known = {**SAMPLE, **changes, **OWN_SAMPLE.get(template, {})}
    asked = TEMPLATES[template] | {"keep_months"}
    facts = {name: value for name, value in known.items() if name in asked}
    return write_letter(
        template, key=f"sample:{template}", recipient="lezer@example.org", language=language, reply_token=TOKEN, **facts
    )
