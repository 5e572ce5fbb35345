"""What an adviser asks for instead of deciding: other names, a name looked up, a question passed on, more time.

None of these decides anything. The whole text has to say it, a greeting and thanks aside: what stands beside a yes, a
no or a condition is weighed in answer.py, and a question that is not understood is nobody's.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from inbox.answer_pick import points_at_number
from inbox.answer_words import consents, kind_of
from inbox.when import WHEN, When, read_when

MAX_QUESTION = 500


@dataclass(frozen=True, slots=True)
class Act:
    """What is asked for: `name` to search, `question` to ask the initiator, `when` to come back."""

    kind: Literal["more", "search", "ask", "later"]
    name: str = ""
    question: str = ""
    when: When | None = None


_YOU = r"(?:je|jij|jullie|u)"
_SMALL = r"(?:(?:ook|nog|misschien|toch|verder|eens|even|eerst|dan|maar|graag|niet|er|hier|alsjeblieft|anders)\s)*"
_PEOPLE = r"(?:experts?|deskundigen?|mensen|namen|keuzes|opties|kandidaten|suggesties)"
_OTHERS = (
    rf"(?:iemand anders|een ander(?:e (?:expert|naam|optie))?|anderen|andere {_PEOPLE}|meer {_PEOPLE}|meer"
    rf"|de volgende(?: (?:drie|{_PEOPLE}))?)"
)
_MORE = re.compile(
    rf"(?:is|zijn|heb|hebben|weet|weten|ken|kennen|kun|kan) (?:{_YOU}|er) {_SMALL}{_OTHERS}"
    r"(?: (?:geven|noemen|laten zien))?"
    rf"|(?:wie|welke {_PEOPLE}) (?:is|zijn|heb|hebben|ken|kennen|weet|weten|kan|kunnen) (?:{_YOU}|er|het|dit)\s?"
    rf"(?:{_SMALL}|nog|ook)(?:nog|ook|meer|anders|doen)(?: meer| doen)?"
    rf"|(?:laat|toon|geef|stuur|noem)(?: me| mij| ons)? {_SMALL}{_OTHERS}(?: (?:zien|graag|maar))*"
    rf"|(?:graag |liever )?(?:meer|nog meer|andere) {_PEOPLE}(?: graag)?|meer(?: graag)?|wie nog meer|wie anders"
    r"|(?:who|anyone|someone|is there (?:anyone|someone)|do you have (?:anyone|someone)) else|more(?: please)?",
    re.IGNORECASE,
)

_NAME = r"(?P<name>[^\W\d_][\w.'’&/-]*(?: [^\W\d_][\w.'’&/-]*){0,4}?)"
_SEARCH = tuple(
    re.compile(pattern.format(name=_NAME, you=_YOU, small=_SMALL), re.IGNORECASE)
    for pattern in (
        r"(?:heb|hebben|ken|kennen|weet|weten|zit|is) (?:{you}|er) {small}iemand (?:van|bij|uit|namens|op) {name}",
        r"(?:kan|is) {small}iemand (?:van|bij|uit) {name} {small}(?:dit doen|beschikbaar|vrij|een optie)",
        r"(?:zoek|kijk) {small}(?:naar|op|bij|iemand van|iemand bij|tussen) {name}",
        r"zoek {name}",
        r"(?:is|zou) {name} {small}(?:beschikbaar|vrij|een optie|een idee|iets|passen)",
        r"(?:hoe zit het met|wat vind {you} van|en wat dacht {you} van|wat dacht {you} van) {name}",
        r"do you have (?:anyone|someone) (?:from|at) {name}",
    )
)
_NO_NAME = re.compile(
    r"\b(?:anders|ander|andere|wie|dit|dat|mij|ons|hem|haar|er|jou|ze|iemand|dichterbij|expertise|ervaring|verder|maar"
    r"|door|niet|wel)\b|^(?:de|het|een|op|naar|voor|met)\b",
    re.IGNORECASE,
)

_THEM = (
    r"(?:ze|hen|hun|hem|haar|them|(?:de|het|deze|dit) (?:initiatiefnemers?|initiatief|groep|aanvragers?|bewoners"
    r"|stichting|vereniging|werkgroep|co[oö]peratie|indieners?|vraagstellers?|mensen))"
)
_ASKED = (
    r"(?P<question>(?:of|wat|wie|wiens|waar\w*|wanneer|hoe\w*|welke?|waarom|in hoeverre|naar|om|if|whether|what|who|how"
    r"|when|where|why)\b.+)"
)
_LITTLE = r"(?:(?:eerst|even|nog|eens|maar|dan|ook|alsjeblieft|graag|please|first|aub|svp)\s)*"
_ASK = tuple(
    re.compile(pattern.format(them=_THEM, q=_ASKED, little=_LITTLE, you=_YOU), re.IGNORECASE)
    for pattern in (
        r"(?:vraag|ask) {little}(?:aan )?{them},? {little}(?:na )?{q}",
        r"(?:vraag|ask) {little}(?:aan )?{them} ?: ?(?P<whole>.+)",
        r"vraag {little}(?:na )?{little}{q}",
        r"(?:wil|kun|kan|zou|willen|kunnen) {you} {little}(?:aan )?{them} {little}(?:vragen|willen vragen),? {q}",
        r"(?:wil|kun|kan|zou) {you} {little}(?:bij {them} )?{little}(?:vragen|navragen)(?: bij {them})?,? {q}",
        r"ik (?:wil|zou) {little}(?:(?:van|aan) {them} )?{little}(?:weten|vragen|willen weten|willen vragen),? {q}",
    )
)
_FURTHER = re.compile(
    r"\b(?:zo ja|zo nee|zo niet|anders|dan (?:is|mag|kan|ga|wil|doe)|if so|otherwise)\b", re.IGNORECASE
)

_BIT = (
    r"(?:er|het|dit|hier|je|jullie|u|me|mij|even|nog|over|na|naar|later|antwoord|eerst|pas|dan|keer|eens|opnieuw"
    r"|weer|graag|aan|op|een|reactie|herinnering|zelf)"
)
_LATER = re.compile(
    rf"(?:ik |we |wij )?(?:kom|komen) (?:ik |we |wij )?(?:er|hier|hierop|daar|daarop) (?:(?:{WHEN}|{_BIT}) )*"
    rf"(?:op )?terug(?: {WHEN})?"
    rf"|(?:herinner|mail|vraag|stuur) (?:het )?(?:me|mij|ons)(?: (?:{WHEN}|{_BIT}))*"
    rf"|(?:ik|we|wij) (?:laat|laten)(?: (?:{WHEN}|{_BIT}))* weten"
    rf"|(?:ik|we|wij) (?:kijk|kijken|antwoord|antwoorden|reageer|reageren)(?: (?:{WHEN}|{_BIT}))* (?:{WHEN}|naar)"
    rf"|(?:ik|we|wij) (?:geef|geven)(?: (?:{WHEN}|{_BIT}))* (?:antwoord|reactie)"
    rf"|(?:ik|we|wij) (?:denk|denken)(?: (?:{WHEN}|{_BIT}))* over na"
    rf"|(?:graag |liever )?(?:later[,:]? )?(?:{WHEN}|later)(?: (?:{_BIT}|verder))*|nu even niet,? later(?: graag)?"
    rf"|remind me(?: again)?(?: {WHEN})?|ask me again(?: {WHEN})?",
    re.IGNORECASE,
)

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_EDGES = " \t\"'“”„‘’.,;:!?*_…-–—"


def read_act(said: str) -> Act | None:
    """What the text asks for, None where it asks for nothing that is known. The text has no closing any more."""
    sentences = [part for part in _SENTENCE_END.split(" ".join(said.split())) if not _is_polite(part)]
    if not sentences:
        return None
    sentences[0] = _without_opening(sentences[0])
    return next((act for read in _READERS if (act := read(sentences)) is not None), None)


def _more(sentences: list[str]) -> Act | None:
    return Act("more") if _MORE.fullmatch(_alone(sentences)) else None


def _search(sentences: list[str]) -> Act | None:
    alone = _alone(sentences)
    for pattern in _SEARCH:
        found = pattern.fullmatch(alone)
        if found and not _NO_NAME.search(found["name"]):
            return Act("search", name=found["name"])
    return None


def _ask(sentences: list[str]) -> Act | None:
    """The question in the adviser's own words; more sentences may follow it when they are questions too."""
    first, *others = sentences
    if any(not other.endswith("?") for other in others):
        return None
    for pattern in _ASK:
        found = pattern.fullmatch(first.strip())
        if found:
            groups = found.groupdict()
            asked = " ".join([groups.get("question") or groups.get("whole") or "", *others]).strip()
            return Act("ask", question=asked) if _only_asks(asked) else None
    return None


def _later(sentences: list[str]) -> Act | None:
    alone = _alone(sentences)
    when = read_when(alone) if _LATER.fullmatch(alone) else None
    return Act("later", when=when) if when is not None else None


_READERS: tuple[Callable[[list[str]], Act | None], ...] = (_more, _search, _ask, _later)


def _alone(sentences: list[str]) -> str:
    """The only sentence without a no in front of it, "" where there are more."""
    if len(sentences) != 1:
        return ""
    return re.sub(r"^(?:nee|no)[,:]\s*(?=\S)", "", sentences[0], flags=re.IGNORECASE).strip(_EDGES)


def _only_asks(asked: str) -> bool:
    """Whether nothing in a question is meant for us: no yes or no of the adviser's own, no number of our list."""
    clauses = [part.strip(_EDGES).lower() for part in re.split(r"[,;.!?]+", asked)[1:]]
    decides = any(part and (kind_of(part) in ("yes", "no", "reason") or consents(part)) for part in clauses)
    return len(asked) <= MAX_QUESTION and not (decides or _FURTHER.search(asked) or points_at_number(asked.lower()))


def _is_polite(sentence: str) -> bool:
    return kind_of(sentence.strip(_EDGES).lower()) in ("filler", "regret")


def _without_opening(sentence: str) -> str:
    """A sentence without a greeting or thanks before its first comma."""
    opening, comma, rest = sentence.partition(",")
    return rest.strip() if comma and rest.strip() and _is_polite(opening) else sentence
