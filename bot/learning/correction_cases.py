"""Corrections by coordinators as labelled cases to learn from, without personal data. Nothing is learned here."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from bot.learning.plain_table import PlainMessage
from bot.store import cases, corrections
from bot.store.corrections import Correction
from expertise.places import places_named
from inbox.privacy import MARK, mask

_NAME_WORD = re.compile(r"[^\W\d_][\w'’-]{2,}")


def labelled_corrections(db: Database) -> list[dict[str, Any]]:
    """The newest correction of each case as a labelled case (cases/GUIDE.md): what it should have been."""
    kept = corrections.newest_of_each_case(db)
    known = cases.with_questions(db, [each.case_id for each in kept])
    return [_labelled(each, known[each.case_id][0].language, known[each.case_id][0].initiator_name) for each in kept]


def as_lines(labelled: Sequence[Mapping[str, Any]]) -> str:
    """One JSON object a line, as bot/learning/cases.py reads them."""
    return "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in labelled)


def plain_requests(phrases: Mapping[str, Sequence[str]]) -> list[PlainMessage]:
    """Sentences by topic as plain messages, without personal data."""
    return [
        PlainMessage("request", (code,), without_person(phrase, "")) for code, own in phrases.items() for phrase in own
    ]


def without_person(text: str, name: str) -> str:
    """A text without private parts, and without the words of the writer's name but for those that name a place."""
    own = [word for word in _NAME_WORD.findall(name) if word[0].isupper() and not places_named(word)]
    masked = mask(text).text
    if own:
        words = "|".join(re.escape(word) for word in sorted(own, key=len, reverse=True))
        masked = re.sub(rf"(?<!\w)(?:{words})(?!\w)", MARK, masked)
    return mask(masked).text


def _labelled(kept: Correction, language: str, name: str) -> dict[str, Any]:
    text, told = without_person(kept.source.text, name), kept.after
    evidence = {code: _left_of(words, text, name) for code, words in told["evidence"].items()}
    return {
        "id": f"correction-{kept.case_id}-{kept.id}",
        "channel": kept.source.channel,
        "lang": language,
        "subject": without_person(kept.source.subject, name) or None,
        "text": text,
        "kind": told["kind"],
        "needs": told["needs"],
        "evidence": {code: words for code, words in evidence.items() if words},
        "facts": told["facts"],
        "eligibility": told["eligibility"] if told["kind"] == "request" else None,
    }


def _left_of(evidence: str, text: str, name: str) -> str:
    """The longest part of the evidence that still stands in a masked text, word for word; "" when none does."""
    return max((part for part in _parts(without_person(evidence, name)) if part in text), key=len, default="")


def _parts(evidence: str) -> Iterator[str]:
    """The whole, and the parts between what was taken out."""
    if evidence.replace(MARK, "").strip():
        yield evidence
    yield from filter(None, (part.strip() for part in evidence.split(MARK)))
