"""Every letter as a sample, to read at the desk and to test; what stands in them is bot/letter_sample_facts.py's."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from bot.letter_facts import FOR_INITIATORS
from bot.letter_sample_facts import SAMPLE, SIMILAR, UNREAD_SHEET
from bot.letters import DEFAULT_LANGUAGE, LANGUAGES, OPTIONAL, TEMPLATES, Letter, write_letter

VARIANTS: tuple[Mapping[str, Any], ...] = (
    {},
    {
        "about": "review",
        "action": "search",
        "after_introduction": True,
        "goes_to": "expert",
        "colleagues": [],
        "experts": [],
        "handed_over_by": "",
        "what_if": None,
        "outcome": "declined",
        "adviser_step": "none",
        "code": "",
        "link_step": "unlinked",
        "alternatives": [],
        "ask_consent": False,
        "budget": None,
        "budget_sheet": None,
        "cases": [],
        "chat_link": "",
        "choice": "no",
        "consent": False,
        "contact": "",
        "earlier_needs": [],
        "eligibility": "review",
        "ends": True,
        "first_contact": False,
        "first_time": False,
        "held": [],
        "initiative": "",
        "initiator_name": "",
        "instruments": [],
        "medium": "file_unavailable",
        "more": 0,
        "more_experts": False,
        "municipality": "",
        "name": "",
        "needs": [],
        "next_step": "introduce",
        "own_email": "",
        "own_words": "",
        "page_link": "",
        "phase": None,
        "profile": "",
        "proposals": [],
        "province": "",
        "provincial_dependence": None,
        "questions": [],
        "reason": "",
        "reference": "",
        "refusal": "not_yours",
        "round": 2,
        "sender_email": "",
        "sender_name": "",
        "similar": [],
        "other": SIMILAR[1],
        "step": "yes",
        "subject": "street",
        "subject_line": "",
        "substitute": "",
        "told": [],
        "unclear": "colleague",
        "waiting": 0,
        "why_you": [],
    },
    {"eligibility": "incomplete", "request": "see", "missing": ["budget"], "budget_sheet": UNREAD_SHEET},
    {"reachable": False, "initiator_email": "", "action": "decline", "own_words": "KNHM", "experts": []},
    {"step": "right", "questions": ["helped"]},
    {"step": "done"},
    {"step": "contact", "next_step": "another"},
    {"step": "adviser"},
    {"step": "added"},
    {"step": "edited", "next_step": "coordinator", "adviser_step": "welcome"},
    {"step": "no", "questions": ["again"], "first_time": False, "own_email": ""},
    {"step": "person", "gone": "Adviseur verdienmodellen", "has_left": True},
    {"eligibility": "outside_area", "request": "unknown", "missing": [], "action": "reason"},
)
"""What makes a template take its other paths."""
OWN_SAMPLE: Mapping[str, Mapping[str, Any]] = {"weekly_report": {"cases": 12}}
"""The one fact that is something else in one letter."""
TOKEN = "MM-0123456789ABCDEFGHJK"  # noqa: S105 - a sample: no letter that was sent carries it


def write_sample(template: str, language: str = DEFAULT_LANGUAGE, **changes: Any) -> Letter:
    """A sample letter, with some facts changed. Raises UnknownLetter."""
    known = {**SAMPLE, **changes, **OWN_SAMPLE.get(template, {})}
    asked = TEMPLATES.get(template, frozenset()) | OPTIONAL.keys()
    facts = {name: value for name, value in known.items() if name in asked}
    return write_letter(
        template, key=f"sample:{template}", recipient="lezer@example.org", language=language, reply_token=TOKEN, **facts
    )


@cache
def samples_of(template: str, language: str) -> tuple[Letter, ...]:
    """Every different letter that the samples make of a template, the ordinary one first. Raises UnknownLetter."""
    numbered = {"reference": SAMPLE["reference"]}  # a letter about a case always has its number
    written = (write_sample(template, language, **{**each, **numbered}) for each in VARIANTS)
    return tuple({(each.subject, each.text): each for each in written}.values())


@cache
def ordinary_sample(template: str) -> Letter:
    """The ordinary sample in Dutch, which every letter has. Raises UnknownLetter."""
    return write_sample(template)


def languages_of(template: str) -> tuple[str, ...]:
    """The languages in which a letter exists."""
    return LANGUAGES if template in FOR_INITIATORS else (DEFAULT_LANGUAGE,)
