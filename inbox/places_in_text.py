"""Which municipality a text is about: the writer's own place among all the places named in it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from expertise.places import Place, is_in_brabant
from inbox.folding import fold
from inbox.place_context import Context, any_word, context_words, matches, phrase_pattern, read_context
from inbox.place_mentions import Mention, find_mentions, read_tokens
from inbox.place_objections import OBJECTIONS, POSTCODE, announcement
from inbox.sentences import Span, split_sentences

_ENOUGH = 1.0
"""Less evidence than a bare name gives no municipality."""
_CLEAR = 0.5
"""By so much the best municipality must lead, else the text names several and none is the writer's."""
_SUBJECT_WEIGHT = 0.8
_CERTAINLY_ELSEWHERE = -5.0
_MOST_MENTIONS = 200
"""Nobody names so many places; more only cost time."""
_COORDINATED = re.compile(r"\s*(?:,|/|&|\s(?:en|of|and|und|i|ve|та|і|و))\s*")
"""Two names side by side: "in Breda en Tilburg" says of both what it says of the first."""
_LIES_IN = re.compile(r"\s*\(|\s+(?:(?:in|van|te|of|w|gemeente|municipality of)\s+)?")
"""Between a place and the one it lies in: "de Schilderswijk van Helmond"."""


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """The municipality of the writer, its province, and the words it rests on."""

    municipality: str
    province: str
    evidence: str


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
    """Of places with one name: those that another name of the text points at, else the best known in Noord-Brabant."""
    municipalities = {place.municipality for place in certain}
    provinces = {place.province for place in certain}
    for fits in (
        [place for place in mention.places if place.municipality in municipalities],
        [place for place in mention.places if place.province in provinces],
        _best_known([place for place in mention.places if is_in_brabant(place.municipality)]),
    ):
        if fits:
            return tuple(fits)
    return mention.places


def _best_known(places: Sequence[Place]) -> list[Place]:
    """A municipality goes before a village of that name, a town's neighbourhood before a hamlet without a position."""
    # Gestel is short for Sint-Michielsgestel, but the name of the neighbourhood in Eindhoven.
    own_name = len({fold(place.name) for place in places}) == 1
    ranks = [
        (own_name and place.kind != "municipality", place.kind == "place" and place.latitude is None)
        for place in places
    ]
    return [place for place, rank in zip(places, ranks, strict=True) if rank == min(ranks)]


def _weigh(text: str, share: float, spans: Sequence[Span] | None) -> list[tuple[float, Mention, str]]:
    tokens = read_tokens(text)
    mentions = find_mentions(text, tokens)[:_MOST_MENTIONS]
    if not mentions:
        return []
    spans = split_sentences(text) if spans is None else spans
    contexts = [read_context(text, tokens, mention, spans, number) for number, mention in enumerate(mentions)]
    weighed: list[tuple[float, Mention, str]] = []
    for number, context in enumerate(contexts):
        if any(objection(context) for objection in OBJECTIONS):
            continue
        weight = share * sum(clue(context) for clue in CLUES)
        if weighed and weighed[-1][1] is contexts[number - 1].mention:
            last, _, _ = weighed[-1]
            gap = text[weighed[-1][1].span[1] : context.mention.span[0]]
            if _COORDINATED.fullmatch(gap):
                weight = max(weight, last)
            elif _LIES_IN.fullmatch(gap) and not _shares_a_place(contexts[number - 1], context):
                weight = max(weight, last)
                weighed.pop()
            elif _is_only_the_home(contexts[number - 1], context, gap):
                weighed.pop()
        weighed.append((weight, context.mention, text))
    return weighed


def _shares_a_place(left: Context, right: Context) -> bool:
    municipalities = {place.municipality for place in left.mention.places}
    return any(place.municipality in municipalities for place in right.mention.places)


def _is_only_the_home(left: Context, right: Context, gap: str) -> bool:
    """ "I live in Best but the club is in Son": the first is no more than where the writer lives."""
    said = left.sentence == right.sentence and any_word(fold(gap), "contrast")
    return said and phrase_pattern("home_before").search(left.clause_before) is not None


def _bare_name(context: Context) -> float:
    mention = context.mention
    weight = {"exact": 1.0, "adjective": 0.9, "inflected": 1.0, "typo": 0.6}[mention.how]
    if mention.ordinary:
        weight = 0.6 if announcement(context) > 0 else 0.3
    if all(place.kind == "neighbourhood" and not _names_its_town(place) for place in mention.places):
        weight -= 0.5
    return weight if context.capital or context.alone or announcement(context) > 0 else weight - 0.5


def _names_its_town(place: Place) -> bool:
    """Helmond-Oost, Tilburg-Noord."""
    return fold(place.name).startswith(fold(place.municipality))


def _own_group(context: Context) -> float:
    own = any_word(context.sentence, "own")
    return 0.8 if own else 0.0


def _group_of_the_place(context: Context) -> float:
    return 0.8 if any(matches(word, "group") for word in context.before[:4]) else 0.0


def _elsewhere(context: Context) -> float:
    if phrase_pattern("here_before").search(context.clause_before):
        return 0.0
    moved = phrase_pattern("moved")
    if moved.search(context.clause_before) or moved.match(context.text_after.lstrip()):
        return 1.2 if context.before[0] in ("naar", "to", "nach", "do") else -1.5
    if phrase_pattern("elsewhere_before").search(context.clause_before):
        return _CERTAINLY_ELSEWHERE
    far = not any(is_in_brabant(place.municipality) for place in context.mention.places)
    if far and phrase_pattern("far_away_before").search(context.clause_before):
        return _CERTAINLY_ELSEWHERE
    if _opens_with("in", context) and phrase_pattern("they_there").match(context.text_after.lstrip()):
        return _CERTAINLY_ELSEWHERE
    near = any(matches(word, "perhaps_elsewhere_near") for word in context.before[:2]) and context.touches_before
    return -1.5 if near or phrase_pattern("perhaps_elsewhere_before").search(context.clause_before) else 0.0


def _opens_with(word: str, context: Context) -> bool:
    """The sentence begins with this word and the place, or with "but" and them."""
    return context.before[:1] == (word,) and len(context.before) <= 2


def _others_want_it(context: Context) -> float:
    return -0.8 if phrase_pattern("others_want").search(context.sentence) else 0.0


def _institution(context: Context) -> float:
    words = context_words()
    before = context.before[:1] and context.before[0] in words["institution_before"]
    after = context.after[:1] and context.after[0] in words["institution_after"]
    return -3.5 if before or after else 0.0


def _named_first(context: Context) -> float:
    return 0.9 if context.number == 0 else 0.0


def _address(context: Context) -> float:
    return 1.0 if POSTCODE.search(context.text_before) else 0.0


def _says_here(context: Context) -> float:
    here = context.after[:1] == ("hier",) or context.alone
    return 1.0 if here else 0.0


def _in_brackets(context: Context) -> float:
    return 0.8 if context.in_brackets else 0.0


def _lives_there_now(context: Context) -> float:
    return 1.2 if "nu" in context.before[:2] or "now" in context.before[:2] else 0.0


def _signature(context: Context) -> float:
    return 0.7 if context.closes_text and not context.touches_before else 0.0


CLUES: tuple[Callable[[Context], float], ...] = (
    _bare_name,
    announcement,
    _own_group,
    _group_of_the_place,
    _elsewhere,
    _others_want_it,
    _institution,
    _named_first,
    _address,
    _says_here,
    _in_brackets,
    _lives_there_now,
    _signature,
)
