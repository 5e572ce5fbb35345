"""Which municipality a text is about: the writer's own place among all the places named in it."""

import functools
import re
from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from expertise.places import Place, is_in_brabant
from inbox.folding import fold
from inbox.place_mentions import Mention, Token, find_mentions, place_words, read_tokens
from inbox.sentences import Span, split_sentences

_ENOUGH = 1.0
"""Less evidence than a bare name gives no municipality."""
_CLEAR = 0.5
"""By so much the best municipality must lead, else the text names several and none is the writer's."""
_SUBJECT_WEIGHT = 0.8
_CERTAINLY_ELSEWHERE = -5.0
_REACH = 8
_MOST_MENTIONS = 200
"""Nobody names so many places; more only cost time."""
_COORDINATED = re.compile(r"\s*(?:,|/|&|\s(?:en|of|and|und|i|ve|та|і|و))\s*")
"""Two names side by side: "in Breda en Tilburg" says of both what it says of the first."""
_CLAUSE_MARK = re.compile(r"[,;:()]")
_TOUCH_MARK = re.compile(r"[,.;:!?()]")
_POSTCODE = re.compile(r"(?<!\d)[1-9]\d{3} ?[A-Z]{2}\s+$")


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """The municipality of the writer, its province, and the words it rests on."""

    municipality: str
    province: str
    evidence: str


@dataclass(frozen=True, slots=True)
class _Context:
    """A mention with its surroundings: the words before and after it in its sentence, folded, nearest first."""

    mention: Mention
    before: tuple[str, ...]
    after: tuple[str, ...]
    touches_before: bool
    text_before: str
    clause_before: str
    capital: bool
    after_a_name: bool
    after_a_capital: bool
    sentence: str
    number: int
    alone: bool
    closes_text: bool


def find_place(text: str, subject: str = "", spans: Sequence[Span] | None = None) -> PlaceReading | None:
    """The writer's own municipality, None when the text names none or does not tell which of several it is.

    `spans` are the sentences of the text, when the caller has them already.
    """
    weighed = _weigh(text, 1.0, spans)
    weighed += _weigh(subject, _SUBJECT_WEIGHT, None)
    weighed = [(weight, mention, source) for weight, mention, source in weighed if weight > 0]
    if not weighed:
        return None
    scores = _scores([(weight, mention) for weight, mention, _ in weighed])
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    best, score = ranked[0]
    runner_up = ranked[1][1] if len(ranked) > 1 else 0.0
    if score < _ENOUGH or score - runner_up < _CLEAR:
        return None
    _, mention, source = max(
        (found for found in weighed if any(place.municipality == best for place in found[1].places)),
        key=lambda found: found[0],
    )
    province = next(place.province for place in mention.places if place.municipality == best)
    return PlaceReading(best, province, source[slice(*mention.span)])


def _scores(weighed: Sequence[tuple[float, Mention]]) -> dict[str, float]:
    """Evidence for each municipality: its best mention, and a little for each further one."""
    certain = [mention.places[0] for _, mention in weighed if len({p.municipality for p in mention.places}) == 1]
    found: dict[str, list[float]] = {}
    for weight, mention in weighed:
        for name in {place.municipality for place in _meant(mention, certain)}:
            found.setdefault(name, []).append(weight)
    return {name: max(weights) + 0.3 * (sum(weights) - max(weights)) for name, weights in found.items()}


def _meant(mention: Mention, certain: Sequence[Place]) -> tuple[Place, ...]:
    """Of places with one name: those that another name of the text points at, else those in Noord-Brabant."""
    municipalities = {place.municipality for place in certain}
    provinces = {place.province for place in certain}
    for fits in (
        [place for place in mention.places if place.municipality in municipalities],
        [place for place in mention.places if place.province in provinces],
        [place for place in mention.places if is_in_brabant(place.municipality)],
    ):
        if fits:
            return tuple(fits)
    return mention.places


def _weigh(text: str, share: float, spans: Sequence[Span] | None) -> list[tuple[float, Mention, str]]:
    tokens = read_tokens(text)
    mentions = find_mentions(text, tokens)[:_MOST_MENTIONS]
    if not mentions:
        return []
    spans = split_sentences(text) if spans is None else spans
    contexts = [_context(text, tokens, mention, spans, number) for number, mention in enumerate(mentions)]
    weighed: list[tuple[float, Mention, str]] = []
    for context in contexts:
        if any(objection(context) for objection in OBJECTIONS):
            continue
        weight = share * sum(clue(context) for clue in CLUES)
        if weighed and _COORDINATED.fullmatch(text, weighed[-1][1].span[1], context.mention.span[0]):
            weight = max(weight, weighed[-1][0])
        weighed.append((weight, context.mention, text))
    return weighed


def _context(text: str, tokens: Sequence[Token], mention: Mention, spans: Sequence[Span], number: int) -> _Context:
    begin, _ = mention.span
    start, end = spans[max(0, bisect(spans, (begin, len(text))) - 1)]
    before = [token for token in tokens[max(0, mention.first - _REACH) : mention.first] if token.span[0] >= start]
    after = [token for token in tokens[mention.last + 1 : mention.last + 1 + _REACH] if token.span[0] < end]
    gap = text[before[-1].span[1] if before else begin : begin]
    return _Context(
        mention=mention,
        before=tuple(token.plain for token in reversed(before)),
        after=tuple(token.plain for token in after),
        touches_before=bool(before) and not _TOUCH_MARK.search(gap),
        text_before=text[max(0, begin - 12) : begin],
        clause_before=" ".join(_CLAUSE_MARK.split(fold(text[max(start, begin - 90) : begin]))[-1].split()[-_REACH:]),
        capital=tokens[mention.first].is_capital,
        after_a_name="," not in gap and _is_after_a_name(before),
        after_a_capital=bool(before) and before[-1].text[0].isupper() and not _matches(before[-1].plain, "group"),
        sentence=fold(text[start:end]),
        number=number,
        alone=len(before) + len(after) <= 3,
        closes_text=end == spans[-1][1] and not after,
    )


def _is_after_a_name(before: Sequence[Token]) -> bool:
    """True for what follows "Harrie van", "mevr. van", "Van" or an initial: then it is a surname."""
    words = _context_words()
    if before and len(before[-1].text) == 1 and before[-1].text.isupper():
        return True
    if not before or before[-1].plain not in words["surname_before"]:
        return False
    if before[-1].text[0].isupper() and len(before) > 1:
        return True
    named = before[-2] if len(before) > 1 else None
    if named is None or named.plain in words["no_first_names"] or _matches(named.plain, "group"):
        return False
    return named.text[0].isupper() or named.plain in words["titles"]


def _is_a_surname(context: _Context) -> bool:
    """After a name, or the last word of the text right behind a word with a capital ("Gijs Hoornaar")."""
    if _POSTCODE.search(context.text_before):
        return False
    signed = context.closes_text and context.alone and context.touches_before and context.after_a_capital
    return context.after_a_name or (signed and _announcement(context) <= 0)


def _is_an_everyday_word(context: _Context) -> bool:
    """Best, Made, Son: only with a capital that does not come from the start of the sentence."""
    if not context.mention.ordinary:
        return False
    if not context.capital:
        return _announcement(context) < 2.5
    return not context.before and _announcement(context) < 1.2


def _is_a_province(context: _Context) -> bool:
    """Zeeland, Utrecht, Limburg as a province; the village Zeeland only when the sentence speaks of a village."""
    words = _context_words()
    if any(word in words["not_the_village"] for word in context.before[:2]):
        return True
    if not any(fold(place.name) == "zeeland" for place in context.mention.places):
        return False
    return not any(_matches(word, "village_words") for word in re.findall(r"\w+", context.sentence))


OBJECTIONS: tuple[Callable[[_Context], bool], ...] = (_is_a_surname, _is_an_everyday_word, _is_a_province)


def _bare_name(context: _Context) -> float:
    mention = context.mention
    weight = {"exact": 1.0, "adjective": 0.9, "inflected": 1.0, "typo": 0.6}[mention.how]
    if mention.ordinary:
        weight = 0.6 if _announcement(context) > 0 else 0.3
    if all(place.kind == "neighbourhood" for place in mention.places):
        weight -= 0.5
    return weight if context.capital or context.alone or _announcement(context) > 0 else weight - 0.5


def _announcement(context: _Context) -> float:
    """How strongly the words right before the name say that a place follows."""
    announces: dict[str, float] = place_words()["before"]
    if not context.before or not context.touches_before:
        return 0.0
    nearest = announces.get(context.before[0], 0.0)
    if context.before[0] in ("van", "of", "de", "het") and len(context.before) > 1:
        nearest = max(nearest, announces.get(context.before[1], 0.0))
    return nearest


def _own_group(context: _Context) -> float:
    own = _any_word(context.sentence, "own")
    return 0.8 if own else 0.0


def _group_of_the_place(context: _Context) -> float:
    return 0.8 if any(_matches(word, "group") for word in context.before[:4]) else 0.0


def _elsewhere(context: _Context) -> float:
    if _phrase_pattern("elsewhere_before").search(context.clause_before):
        return _CERTAINLY_ELSEWHERE
    near = any(_matches(word, "perhaps_elsewhere_near") for word in context.before[:2]) and context.touches_before
    return -1.5 if near or _phrase_pattern("perhaps_elsewhere_before").search(context.clause_before) else 0.0


def _others_want_it(context: _Context) -> float:
    return -0.8 if _phrase_pattern("others_want").search(context.sentence) else 0.0


def _institution(context: _Context) -> float:
    words = _context_words()
    before = context.before[:1] and context.before[0] in words["institution_before"]
    after = context.after[:1] and context.after[0] in words["institution_after"]
    return -2.5 if before or after else 0.0


def _named_first(context: _Context) -> float:
    return 0.9 if context.number == 0 else 0.0


def _address(context: _Context) -> float:
    return 1.0 if _POSTCODE.search(context.text_before) else 0.0


def _says_here(context: _Context) -> float:
    here = context.after[:1] == ("hier",) or context.alone
    return 1.0 if here else 0.0


def _signature(context: _Context) -> float:
    return 0.7 if context.closes_text and not context.touches_before else 0.0


CLUES: tuple[Callable[[_Context], float], ...] = (
    _bare_name,
    _announcement,
    _own_group,
    _group_of_the_place,
    _elsewhere,
    _others_want_it,
    _institution,
    _named_first,
    _address,
    _says_here,
    _signature,
)


@functools.cache
def _context_words() -> Mapping[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in place_words()["context"].items()}


def _matches(word: str, name: str) -> bool:
    return _word_pattern(name).fullmatch(word) is not None


def _any_word(sentence: str, name: str) -> bool:
    return _phrase_pattern(name).search(sentence) is not None


@functools.cache
def _word_pattern(name: str) -> re.Pattern[str]:
    entries = (re.escape(entry).replace(r"\*", r"\w*") for entry in place_words()["context"][name])
    return re.compile("|".join(entries))


@functools.cache
def _phrase_pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_word_pattern(name).pattern})(?!\w)")
