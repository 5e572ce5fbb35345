"""An adviser's reply, in their own words, to a decision; who may decide does not belong here.

Beside a decision a reply may ask for something: other names, a question to the initiator, more time (answer_acts.py).

The rule above all rules: doubt means ask. A wrong "yes" introduces people who should not be, so "yes" needs
every clause to be understood and to fit it; one word that is not, one question mark, one condition, and the
answer is "unclear".
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from inbox.answer_acts import Act, read_act
from inbox.answer_pick import Pick, holds_number, pick_in, points_at_number
from inbox.answer_words import ClauseKind, calls_off, consents, hedges, kind_of, negates, talks
from inbox.automatic_text import looks_automatic
from inbox.quote_marks import is_marked
from inbox.signatures import cut_signature, is_closing
from inbox.when import When

MAX_ANSWER = 1_000
MAX_REASON = 500

_BREAK = re.compile(r"[!;,:()\n/…]+|\.+(?=\s|$)")
_LEADING = re.compile(r"(ja|nee|neen|yes|no|ok|oké|oke|prima|akkoord|sorry|helaas)\s+(?=\S)", re.IGNORECASE)
_KEPT_WHOLE = re.compile(
    r"(?:ja|nee|no) (?:hoor|graag|zeker|thanks|thank|please|dank|problem|objections?|maar)"
    r"|ja ja|nee nee|akkoord (?:hoor|van|met)"
    # Polish "no tak" is "well yes".
    r"|no (?:tak|pewnie|dobrze|jasne|oczywiście|oczywiscie|zgoda)"
    r"|prima hoor|helaas niet|sorry niet|yes please|oké hoor|ok hoor|prima zo|oké zo",
    re.IGNORECASE,
)
_AND = re.compile(r"\s+(?:en|and|want|dus|because)\s+", re.IGNORECASE)
# "Ja, dat is goed. Groet, Piet": the closing gets a line of its own.
_INLINE_CLOSING = re.compile(
    r"[.,!;]\s+"
    r"(?=(?:met (?:vriendelijke|hartelijke) groet|groet(?:en|jes)?|mvg|vr\.? ?gr|gr|(?:kind |best )?regards)\b)",
    re.IGNORECASE,
)
_NUMBER_SIGN = re.compile(r"\b(nr|no)\.\s*(?=\d)", re.IGNORECASE)
_EDGES = " \t\r*_\"'“”„«»‘’[]<>–—-•"
_CHEERS = re.compile("[👍👌🙂😊😀😃😄😁☺✅✔🎉🙏😉💪❤\ufe0f]|[\U0001f3fb-\U0001f3ff]|[:;]-?[)D]")
_GREETING = re.compile(
    r"(?:[Bb]este|[Hh]oi|[Dd]ag|[Hh]allo|[Gg]eachte|[Dd]ear|[Hh]i) ([^\W\d_][\w'’.-]*(?: [\w'’.-]+){0,3})[,!.]?"
)
_CLOSING_WORD = re.compile(
    r".*?\b(?:groet(?:en|jes)?|mvg|gr|grt|hoogachtend|hoogachting|regards|sincerely|cheers|wishes)\b[\s,.:!]*(?:van\b|namens\b)?",
    re.IGNORECASE,
)
_FUNCTION = re.compile(
    r"\b(?:\w*advis\w+|\w*co[oö]rdinator|\w*medewerk\w+|\w*consulent\w*|\w*leider|\w*manager|voorzitter|secretaris|directeur"
    r"|\w*makelaar|\w*ondersteuner|team|afdeling|stichting)\b",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    {"van", "de", "der", "den", "ten", "ter", "te", "het", "von", "en", "in", "bij", "&", "|", "-", "–", "/"}
)
_SECOND_THOUGHT = re.compile(r"[?؟]|\b(?:ja\s*/\s*nee|nee\s*/\s*ja)\b", re.IGNORECASE)


Choice = Literal["yes", "no", "other_expert", "search", "hand_over", "ask", "later", "unclear"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was decided or asked for.

    `reason` goes with a no; `expert_hint` is a number or a name with another expert ("": just somebody else), a name or
    an organisation with "search" and "hand_over" ("": some colleague); `question` goes with "ask", `when` with "later".
    """

    choice: Choice
    reason: str = ""
    expert_hint: str = ""
    question: str = ""
    when: When | None = None


UNCLEAR = Answer("unclear")


@dataclass(frozen=True, slots=True)
class _Clause:
    text: str
    small: str
    kind: ClauseKind
    pick: Pick | None


def read_answer(text: str, sender_name: str = "") -> Answer:
    """Read the new text of a reply, without quotes; `sender_name` lets a name under it be known as one.

    Never raises. Anything but a plain answer is "unclear": empty, a question, both yes and no, a condition,
    an automatic reply, or more than 1,000 characters.
    """
    if len(text) > MAX_ANSWER or any(is_marked(line) for line in text.split("\n")):
        return UNCLEAR
    said = _without_closing(text, sender_name)
    if not said or looks_automatic("", text):
        return UNCLEAR
    act = read_act(said)
    if act is not None:
        return _asked_for(act)
    if _SECOND_THOUGHT.search(text):
        return UNCLEAR
    if re.fullmatch(r"\W*[1-9]\W*", said):
        return Answer("other_expert", expert_hint=re.sub(r"\W", "", said))
    clauses = _clauses(said)
    answer = next((answer for read in _READINGS if (answer := read(clauses)) is not None), UNCLEAR)
    told = answer.choice in ("no", "other_expert", "hand_over")
    return replace(answer, reason=_reason(said, clauses)) if told else answer


def decides_in_part(text: str, sender_name: str = "") -> bool:
    """Whether some part of a text decides, points at somebody or asks for something, whatever the rest of it says."""
    said = _without_closing(text[:MAX_ANSWER], sender_name)
    sentences = (sentence for line in said.split("\n") for sentence in re.split(r"(?<=[.!?])\s+", line))
    return any(
        clause.kind in ("yes", "no", "reason") or clause.pick is not None or points_at_number(clause.small)
        for clause in _clauses(said)
    ) or any(read_act(sentence) is not None for sentence in sentences if sentence.strip())


def takes_back(text: str, sender_name: str = "") -> bool:
    """Whether somebody only says not to go on with what was begun: "laat maar", "toch niet, bedankt"."""
    clauses = _clauses(_without_closing(text[:MAX_ANSWER], sender_name))
    called_off = [calls_off(clause.small) for clause in clauses]
    polite = [clause.kind in ("filler", "regret") or clause.small in ("nee", "no") for clause in clauses]
    return any(called_off) and all(off or aside for off, aside in zip(called_off, polite, strict=True))


def _asked_for(act: Act) -> Answer:
    if act.kind == "more":
        return Answer("other_expert")
    return Answer(act.kind, expert_hint=act.name, question=act.question, when=act.when)


def _read_other_expert(clauses: list[_Clause]) -> Answer | None:
    picks = {clause.pick for clause in clauses if clause.pick is not None}
    if not picks:
        # "Nummer 2 kent de wijk" points at someone, but does not say what to do.
        return UNCLEAR if any(points_at_number(clause.small) for clause in clauses) else None
    others = [clause for clause in clauses if clause.pick is None]
    if len(picks) > 1 or any(hedges(clause.small) or points_at_number(clause.small) for clause in others):
        return UNCLEAR
    refused = any(clause.kind in ("no", "reason") for clause in others)
    if not refused and any(negates(clause.small) for clause in others):
        return UNCLEAR
    pick = picks.pop()
    if pick.hint == "1" and refused:
        return UNCLEAR  # number 1 is the one that was proposed
    return Answer("hand_over" if pick.hands_over else "other_expert", expert_hint=pick.hint)


def _read_yes(clauses: list[_Clause]) -> Answer | None:
    kinds = {clause.kind for clause in clauses}
    plain = kinds <= {"yes", "filler"} and not any(negates(clause.small) for clause in clauses)
    return Answer("yes") if plain and "yes" in kinds else None


def _read_no(clauses: list[_Clause]) -> Answer | None:
    meant = [clause for clause in clauses if clause.kind not in ("filler", "regret")]
    if not meant or not any(clause.kind in ("no", "reason") for clause in meant):
        return None
    if any(_speaks_against_no(clause) for clause in meant if clause.kind in ("unknown", "reason")):
        return None
    if any(clause.kind == "yes" for clause in meant) or meant[0].kind == "unknown":
        return None
    # "Nee, 2 is beter" refuses one expert and may mean another.
    if any(holds_number(clause.small) for clause in meant if clause.kind == "unknown"):
        return UNCLEAR
    return Answer("no")


_READINGS: tuple[Callable[[list[_Clause]], Answer | None], ...] = (_read_other_expert, _read_yes, _read_no)


def _speaks_against_no(clause: _Clause) -> bool:
    return hedges(clause.small) or consents(clause.small)


def _reason(said: str, clauses: list[_Clause]) -> str:
    """The adviser's own words from the first clause that tells something to the last."""
    told = [clause.text for clause in clauses if clause.kind in ("reason", "unknown") and clause.pick is None]
    if not told:
        return ""
    whole = " ".join(said.split())
    start, end = whole.find(told[0]), whole.rfind(told[-1]) + len(told[-1])
    return (whole[start:end] if 0 <= start < end else ", ".join(told))[:MAX_REASON]


def _clauses(said: str) -> list[_Clause]:
    return [
        _Clause(text, text.lower().replace("’", "'"), _kind(text), pick_in(text))
        for piece in _BREAK.split(said)
        for text in _parted(piece)
    ]


def _kind(text: str) -> ClauseKind:
    return kind_of(text.lower().replace("’", "'"))


def _parted(clause: str) -> list[str]:
    """A clause in the pieces that can be judged: "ja doe maar" is two, "ja graag" is one."""
    text = " ".join(clause.strip(_EDGES).split())
    if not text:
        return []
    if _kind(text) != "unknown" or pick_in(text) is not None:
        return [text]
    for conjunction in _AND.finditer(text):
        before, after = text[: conjunction.start()], _parted(text[conjunction.end() :])
        if _kind(before) != "unknown" and all(_kind(piece) != "unknown" for piece in after):
            return [before, *after]
    leading = _LEADING.match(text)
    if leading and not _KEPT_WHOLE.match(text):
        return [leading.group(1), *_parted(text[leading.end() :])]
    return [text]


def _without_closing(text: str, sender_name: str) -> str:
    """The text without cheerful signs, a greeting, contact details, and a closing with only names below it."""
    text = _NUMBER_SIGN.sub(r"\1 ", _INLINE_CLOSING.sub("\n", _CHEERS.sub(" ", text)))
    kept, _ = cut_signature(text.split("\n"))
    lines = [line.strip() for line in kept if line.strip(_EDGES)]
    names = frozenset(word.strip(".,").lower() for word in sender_name.split())
    greeting = _GREETING.fullmatch(lines[0]) if len(lines) > 1 else None
    if greeting and _is_name_line(greeting.group(1), names):
        lines = lines[1:]
    for number, line in enumerate(lines):
        below = [_CLOSING_WORD.sub("", line, count=1), *lines[number + 1 :]]
        if number and is_closing(line) and all(_is_name_line(one, names) for one in below):
            return "\n".join(lines[:number])
    if len(lines) > 1 and names and {word.strip(".,").lower() for word in lines[-1].split()} <= names:
        lines.pop()
    return "\n".join(lines)


def _is_name_line(line: str, names: frozenset[str]) -> bool:
    """A line that can only be a name, a function or an organisation, and no condition added below."""
    small = line.lower()
    if len(line) > 60 or "!" in line or talks(small) or points_at_number(small):
        return False
    if _FUNCTION.search(line) and len(line.split()) <= 6:
        return True
    words = [word.strip(".,()") for word in line.split()]
    return all(not word or word[0].isupper() or word in _PARTICLES or word.lower() in names for word in words)
